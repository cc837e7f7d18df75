"""A file is read piece by piece, as it was when it was chosen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cordee_agent.transfer.outgoing import Outgoing


def test_pieces_are_read_from_where_they_are_wanted(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"0123456789")
    outgoing = Outgoing(path)
    assert outgoing.size == 10
    # In order, again after a cut, and beyond the end.
    assert [outgoing.read(at, 4) for at in (0, 4, 8, 2)] == [
        b"0123",
        b"4567",
        b"89",
        b"2345",
    ]
    assert outgoing.is_as_it_was()
    outgoing.close()


def test_somebody_who_writes_to_it_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"0123456789")
    outgoing = Outgoing(path)
    with path.open("ab") as other:
        other.write(b"x")
    assert not outgoing.is_as_it_was()
    outgoing.close()


def test_a_pipe_or_a_folder_is_no_file_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(OSError, match="no ordinary file"):
            Outgoing(path)
    with pytest.raises(FileNotFoundError):
        Outgoing(tmp_path / "missing")
