import asyncio
import os
from pathlib import Path

import pytest

from cordee_server.commands import say, time_text, with_parts
from cordee_server.parts import Parts, initialise
from cordee_server.settings import load
from cordee_server.starter import starter
from cordee_shared.canonical import sha256_hex
from cordee_shared.errors import SettingsError, Unavailable
from tests.house import TERMS


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The settings of a relay that was made."""
    file = tmp_path / "cordee.toml"
    file.write_text(
        starter(
            organisation="Aide & Cie",
            phone="01 23 45 67 89",
            terms_version="2021-11-01",
            terms_hash=sha256_hex(TERMS.encode()),
            price_cents=2500,
        ),
        encoding="utf-8",
    )
    file.with_name("terms.txt").write_text(TERMS, encoding="utf-8")
    initialise(load(file, {}))
    return file


def test_work_is_given_the_parts_and_they_are_closed_after(config: Path) -> None:
    held: list[Parts] = []

    async def work(parts: Parts) -> int:
        held.append(parts)
        return len(await parts.journal.summaries())

    assert with_parts(config, work) == 0

    async def late() -> None:
        await held[0].journal.summaries()

    with pytest.raises(Unavailable, match="closed"):
        asyncio.run(late())


def test_without_settings_nothing_is_opened(tmp_path: Path) -> None:
    async def work(parts: Parts) -> None:
        pytest.fail("it was opened")

    with pytest.raises(SettingsError, match="cannot be read"):
        with_parts(tmp_path / "none.toml", work)
    assert os.listdir(tmp_path) == []


def test_lines_are_written_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    long = "x" * 300
    say("[bold]no markup[/bold]", long)
    assert capsys.readouterr().out == f"[bold]no markup[/bold]\n{long}\n"


def test_a_time_is_read_by_people() -> None:
    assert time_text(1_795_424_400_999) == "2026-11-23 09:00:00Z"
