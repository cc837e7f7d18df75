"""What is good to know, and the general terms: a window of its own, without network.

The text came sealed by its hash in the signed offer (R09). It is shown as it stands,
as plain text, and a copy can be kept. The notices are those of the terms, 7.2, 7.3 and
10.4, with what is really needed in place of what was in 2021 (R29, R30, R32, R33, R37).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Qt

from cordee_agent.window.qt.hand import Judge
from cordee_agent.window.qt.look import label
from cordee_agent.window.qt.pages import Now, Page, Tell
from cordee_shared.canonical import sha256_hex
from cordee_shared.session.consent import Language

#: Keys of the notices, in the order shown.
NOTICES: Final = (
    "terms.needs",
    "terms.antivirus",
    "terms.data",
    "terms.internet",
    "terms.warranty",
)


class TermsPage(Page):
    """The notices, then every word of the terms."""

    #: A line of a text that was set for paper stands in one line.
    width_px = 900

    def __init__(
        self,
        language: Language,
        judge: Judge,
        tell: Tell,
        now: Now,
        terms: str,
        close: Callable[[], None],
        folder: Path | None = None,
    ) -> None:
        """Show ``terms``; without any, the notices alone.

        Args:
            language: of the notices; the terms have their own.
            judge: tells whose press it was.
            tell: takes commands; there are none here.
            now: monotonic seconds.
            terms: the whole text, or nothing.
            close: puts the window away.
            folder: where a copy is kept; ``None``: the system's folder of downloads.
        """
        super().__init__(language, judge, tell, now)
        self._terms = terms
        self._folder = folder
        self.column.addWidget(label(self.text["terms.title"], 24, bold=True))
        inside = self.card()
        self.notices = [label(self.text[key], 18) for key in NOTICES]
        for notice in self.notices:
            inside.addWidget(notice)
        self.words = label(terms, 17)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        if terms:
            self.column.addWidget(label(self.text["terms.text"], 22, bold=True))
            self.column.addWidget(self.words)
        self.column.addStretch()
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.said = label("", 17)
        self.said.setVisible(False)
        self.foot.addWidget(self.said)
        self.save = self.button("terms.save", lambda _: self._save(), "link")
        self.save.setVisible(bool(terms))
        self.foot.addWidget(self.save)
        self.close_button = self.button("terms.close", lambda _: close(), "main")
        self.foot.addWidget(self.close_button)

    def _save(self) -> None:
        folder = self._folder or Path(
            QStandardPaths.writableLocation(
                QStandardPaths.StandardLocation.DownloadLocation
            )
        )
        kept = keep_copy(self._terms, folder)
        found = "terms.saved" if kept is not None else "terms.unsaved"
        self.said.setText(self.text[found].format(file=kept))
        self.said.setVisible(True)


def keep_copy(terms: str, folder: Path) -> Path | None:
    """Write the terms into a folder; ``None`` when that cannot be.

    The same text has the same name, so that a second copy is no second file.
    """
    file = folder / f"conditions-{sha256_hex(terms.encode())[:8]}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_bytes(terms.encode())
    except OSError:
        return None
    return file
