"""R20: nothing is written before she says where."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from cordee_agent.window.model import Kept
from cordee_agent.window.qt.keeping import ask_where, write_receipt
from cordee_agent.window.qt.window import QtWindow

RECEIPT = Kept("recu-2026-11-23-00000000", b"{}\n", "<!doctype html>reçu")


def test_r20_two_files_stand_where_she_said_and_nothing_else(tmp_path: Path) -> None:
    write_receipt(tmp_path / "mien.json", RECEIPT)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "mien.html",
        "mien.json",
    ]
    assert (tmp_path / "mien.json").read_bytes() == RECEIPT.raw
    assert (tmp_path / "mien.html").read_text("utf-8") == RECEIPT.page


def test_she_is_asked_and_may_want_none(
    window: QtWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    def answer(_: QWidget, title: str, proposed: str, kinds: str) -> tuple[str, str]:
        asked.append(proposed)
        return (str(tmp_path / "a.json"), kinds) if len(asked) == 1 else ("", "")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    assert ask_where(window.main, "Où ?", RECEIPT) == tmp_path / "a.json"
    assert asked[0].endswith(f"{RECEIPT.name}.json")
    assert ask_where(window.main, "Où ?", RECEIPT) is None
