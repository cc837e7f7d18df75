"""What arrives gets a free name in its folder, whole, or leaves nothing (S-39, R20)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cordee_agent.transfer import incoming as module
from cordee_agent.transfer.incoming import Incoming, has_room

ORIGIN = "https://aide.example"


def draw(size: int) -> bytes:
    """Return bytes that are no dice."""
    return bytes(range(size))


@pytest.fixture(params=["nameless", "hidden", "no links"])
def folder(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder of each kind of file system: with O_TMPFILE, without, and like FAT."""
    if request.param != "nameless":
        monkeypatch.setattr(os, "O_TMPFILE", 0)
    if request.param == "no links":

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError("links are not known here")

        monkeypatch.setattr(os, "link", refuse)
    return tmp_path


def arrive(folder: Path, name: str, data: bytes) -> Path:
    """Receive a whole file."""
    incoming = Incoming(folder, draw)
    incoming.write(data[:3])
    incoming.write(data[3:])
    return incoming.place(name, ORIGIN)


def test_a_whole_file_is_in_its_place_for_its_owner_alone(folder: Path) -> None:
    path = arrive(folder, "a.pdf", b"content")
    assert path == folder / "a.pdf"
    assert path.read_bytes() == b"content"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in folder.iterdir()] == ["a.pdf"]


def test_S39_nothing_is_overwritten_and_no_link_is_followed(folder: Path) -> None:
    (folder / "a.pdf").write_bytes(b"hers")
    outside = folder / "outside"
    (folder / "a (2).pdf").symlink_to(outside)
    path = arrive(folder, "a.pdf", b"content")
    assert path.name == "a (3).pdf"
    assert (folder / "a.pdf").read_bytes() == b"hers"
    assert not outside.exists()


def test_R20_what_is_not_whole_leaves_nothing(folder: Path) -> None:
    incoming = Incoming(folder, draw)
    incoming.write(b"half")
    assert not (folder / "a.pdf").exists()
    incoming.discard()
    incoming.discard()
    assert list(folder.iterdir()) == []


def test_R20_where_linux_keeps_it_nameless_even_a_kill_leaves_nothing(
    tmp_path: Path,
) -> None:
    incoming = Incoming(tmp_path, draw)
    incoming.write(b"half")
    assert list(tmp_path.iterdir()) == []
    incoming.discard()


def test_a_folder_that_is_gone_or_shut_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Incoming(tmp_path / "gone", draw)


def test_what_cannot_be_placed_is_still_discarded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_NUMBERS", 1)
    (folder / "a").write_bytes(b"hers")
    incoming = Incoming(folder, draw)
    with pytest.raises(FileExistsError):
        incoming.place("a", ORIGIN)
    incoming.discard()
    assert [each.name for each in folder.iterdir()] == ["a"]


def test_room_is_asked_for_before_anything_is_taken(tmp_path: Path) -> None:
    assert has_room(tmp_path, 1)
    assert not has_room(tmp_path, 1 << 60)
    assert not has_room(tmp_path / "gone", 1)
