import hashlib
import os
from pathlib import Path

import pytest

from cordee_server.web.offers import MOST, Offers
from cordee_server.web.systems import System
from cordee_shared.provision import Provision, from_file_name

KEY = "A" * 43
HERE = Provision("https://aide.example.fr", KEY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cordee-agent.exe").write_bytes(b"MZ program")
    (tmp_path / "cordee-agent").write_bytes(b"ELF program")
    return tmp_path


async def test_each_file_is_offered_with_its_size_and_hash(folder: Path) -> None:
    linux, windows = await Offers(folder, None).all()
    assert (linux.system, windows.system) == (System.LINUX, System.WINDOWS)
    assert windows.size == 10
    assert windows.sha256 == hashlib.sha256(b"MZ program").hexdigest()


async def test_it_is_saved_under_the_name_that_tells_its_relay(folder: Path) -> None:
    for offer in await Offers(folder, HERE).all():
        assert from_file_name(offer.saved_as) == HERE
    assert [o.saved_as for o in await Offers(folder, None).all()] == [
        "cordee-agent",
        "cordee-agent.exe",
    ]


async def test_on_this_machine_a_name_tells_nothing(folder: Path) -> None:
    here = Provision("http://localhost:8080", KEY)
    (_, windows) = await Offers(folder, here).all()
    assert windows.saved_as == "cordee-agent.exe"


async def test_a_replaced_file_is_offered_as_it_is_now(folder: Path) -> None:
    offers = Offers(folder, None)
    before = await offers.find("cordee-agent.exe")
    file = folder / "cordee-agent.exe"
    file.write_bytes(b"MZ another")
    os.utime(file, ns=(1, 1))
    after = await offers.find("cordee-agent.exe")
    assert before is not None
    assert after is not None
    assert before.sha256 != after.sha256
    assert after.sha256 == hashlib.sha256(b"MZ another").hexdigest()


async def test_what_is_no_program_is_not_offered(folder: Path, tmp_path: Path) -> None:
    (folder / "readme.txt").write_text("no")
    (folder / ".hidden.exe").write_text("no")
    (folder / 'a"b.exe').write_text("no")
    (folder / "folder.exe").mkdir()
    outside = tmp_path.parent / "outside.exe"
    outside.write_text("no")
    (folder / "link.exe").symlink_to(outside)
    names = [offer.name for offer in await Offers(folder, None).all()]
    assert names == ["cordee-agent", "cordee-agent.exe"]
    for name in ("readme.txt", "../outside.exe", "link.exe", ""):
        assert await Offers(folder, None).find(name) is None


async def test_without_a_folder_nothing_is_offered(tmp_path: Path) -> None:
    assert await Offers(tmp_path / "nowhere", None).all() == []


async def test_only_so_many_are_offered(tmp_path: Path) -> None:
    for number in range(MOST + 3):
        (tmp_path / f"agent-{number}.exe").write_text("x")
    assert len(await Offers(tmp_path, None).all()) == MOST
