"""``cordee billing document`` and ``daily``, in this process, on real parts."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cordee_server import document_commands
from cordee_server.billing_commands import billing
from cordee_server.parts import open_parts
from cordee_server.settings import load
from cordee_shared.billing.cii_check import wrong_with
from cordee_shared.billing.record import BillingRecord
from cordee_shared.errors import BadInput, NotAllowed, SettingsError
from tests.server.test_billing_commands import bill
from tests.server.test_commands import config
from tests.shared.billing.test_provider import WHOLE

__all__ = ["config"]

Run = Callable[..., Result]


@pytest.fixture
def run(config: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, in the folder of a relay whose provider's facts are there."""
    monkeypatch.chdir(config.parent)
    name = load(config, {}).provider.organisation
    whole = WHOLE.replace('name = "Micro-Alpes"', f'name = "{name}"')
    (config.parent / "provider.toml").write_text(whole, encoding="utf-8")

    def call(*words: str) -> Result:
        done = CliRunner().invoke(billing, [*words, "--config", str(config)])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return call


@pytest.fixture
def record(config: Path) -> BillingRecord:
    """What the relay has to document."""
    parts = open_parts(load(config, {}))
    try:
        return asyncio.run(bill(parts))
    finally:
        parts.close()


def test_R42_the_document_is_written_the_same_each_time(
    run: Run, record: BillingRecord, config: Path
) -> None:
    assert run("document", record.id).exit_code == 0
    file = config.parent / f"justificatif-{record.id[:8]}.pdf"
    first = file.read_bytes()
    assert first.startswith(b"%PDF-")
    run("document", record.id, "--out", "again.pdf")
    assert (config.parent / "again.pdf").read_bytes() == first


def test_the_draft_alone_adds_up(run: Run, record: BillingRecord, config: Path) -> None:
    run("document", record.id, "--form", "xml", "--out", "draft.xml")
    assert wrong_with((config.parent / "draft.xml").read_bytes()) == []


def test_a_record_that_is_not_there_is_said(run: Run, record: BillingRecord) -> None:
    with pytest.raises(NotAllowed):
        run("document", "x")


def test_missing_facts_are_named(run: Run, record: BillingRecord, config: Path) -> None:
    (config.parent / "provider.toml").unlink()
    with pytest.raises(SettingsError, match="billing cannot start"):
        run("document", record.id)
    with pytest.raises(SettingsError, match="billing cannot start"):
        run("daily", "2026-11-23")


def test_the_days_sum_is_a_table_or_lines(
    run: Run, record: BillingRecord, config: Path
) -> None:
    said = run("daily", "2026-11-23").output
    assert said.startswith("1 interventions of consumers in")
    rows = (config.parent / "b2c-2026-11-23.csv").read_text("utf-8-sig").splitlines()
    assert rows[1:] == ["2026-11-23;prestation de services;EUR;0,00;1;50,00;0,00;50,00"]
    run("daily", "2026-11-23", "--form", "json")
    assert b'"total_cents":5000' in (config.parent / "b2c-2026-11-23.json").read_bytes()
    assert run("daily", "2026-11-24").output.startswith("0 interventions")


def test_both_are_commands_of_billing() -> None:
    names = {one.callback for one in billing.registered_commands}
    assert {document_commands.document, document_commands.daily} <= names


def test_a_day_that_is_none_is_said(run: Run) -> None:
    with pytest.raises(BadInput, match="expected one like 2026-11-23"):
        run("daily", "yesterday")
