"""What came from outside says so, in the system's own way."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from cordee_agent.transfer import marking

ORIGIN = "https://aide.example"


def test_where_it_came_from_is_noted_as_freedesktop_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: dict[str, bytes] = {}

    def note(path: Path, name: str, value: bytes) -> None:
        noted[f"{path.name}:{name}"] = value

    monkeypatch.setattr(os, "setxattr", note)
    monkeypatch.setattr(sys, "platform", "linux")
    marking.mark(tmp_path / "a", ORIGIN)
    assert noted == {"a:user.xdg.origin.url": ORIGIN.encode()}


def test_windows_gets_its_zone_and_asks_before_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    marking.mark(tmp_path / "a.exe", ORIGIN)
    # Elsewhere a stream's name is a file's name.
    stream = tmp_path / "a.exe:Zone.Identifier"
    assert stream.read_bytes() == (
        b"[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://aide.example\r\n"
    )


def test_a_file_system_that_cannot_keep_the_mark_keeps_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "not here")

    monkeypatch.setattr(os, "setxattr", refuse)
    monkeypatch.setattr(sys, "platform", "linux")
    path = tmp_path / "a"
    path.write_bytes(b"content")
    marking.mark(path, ORIGIN)
    assert path.read_bytes() == b"content"
