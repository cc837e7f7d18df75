"""Writing the receipt where the customer says: two files, by one dialog.

Nothing is written before she has chosen a place, and nothing but what she chose: this
program leaves no trace of its own (terms, R20).
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from cordee_agent.window.model import Kept


def ask_where(parent: QWidget, title: str, receipt: Kept) -> Path | None:
    """Ask for a place, her documents first; ``None`` when she wants none after all."""
    folder = QStandardPaths.writableLocation(
        QStandardPaths.StandardLocation.DocumentsLocation
    )
    chosen, _ = QFileDialog.getSaveFileName(
        parent, title, str(Path(folder) / f"{receipt.name}.json"), "JSON (*.json)"
    )
    return Path(chosen) if chosen else None


def write_receipt(where: Path, receipt: Kept) -> None:
    """Write the file, and the page to read it by beside it.

    Raises:
        OSError: it cannot be written there.
    """
    where.write_bytes(receipt.raw)
    where.with_suffix(".html").write_text(receipt.page, encoding="utf-8")
