"""What the customer is asked about files, one thing at a time; silence means no."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from cordee_agent.clock import Clock
from cordee_agent.window.filing import FileAsked, FileWanted
from cordee_shared.limits import CONSENT_S

#: Looking for a file takes longer than saying yes.
CHOOSING_S: Final = 600.0


class Wishes:
    """The questions about files. Owned by the session's files."""

    def __init__(self, clock: Clock, folder: Callable[[], Path]) -> None:
        """Ask nothing; ``folder`` is proposed for what comes in."""
        self._clock = clock
        self._folder = folder
        #: What the customer is being asked.
        self.open: FileAsked | FileWanted | None = None
        #: The files that wait for their question: number, name, size.
        self._waiting: list[tuple[int, str, int]] = []
        self._wanted = 0

    def ask(self, id: int, name: str, size: int) -> None:
        """Ask about a file, now or after what is asked already."""
        self._waiting.append((id, name, size))
        self._next()

    def want(self, *, is_asked: bool) -> None:
        """Ask for a file to send; not while something else is asked."""
        if self.open is None:
            self._wanted += 1
            until = self._clock.monotonic() + CHOOSING_S
            self.open = FileWanted(self._wanted, is_asked, until)

    def answered(self, id: int) -> bool:
        """Close the question about this file; whether it was the open one."""
        if not isinstance(self.open, FileAsked) or self.open.id != id:
            return False
        self._close()
        return True

    def chosen(self, number: int) -> bool | None:
        """Close the wish for a file: whether the technician had asked.

        ``None``: it is not open any more.
        """
        wish = self.open
        if not isinstance(wish, FileWanted) or wish.number != number:
            return None
        self._close()
        return wish.is_asked

    def withdraw(self, id: int) -> None:
        """The sender takes its file back."""
        self._waiting = [each for each in self._waiting if each[0] != id]
        self.answered(id)

    def expired(self) -> FileAsked | FileWanted | None:
        """Close and return the question whose time is over."""
        wish = self.open
        if wish is None or self._clock.monotonic() < wish.until:
            return None
        self._close()
        return wish

    def forget(self) -> None:
        """Ask nothing any more."""
        self.open = None
        self._waiting.clear()

    def _close(self) -> None:
        self.open = None
        self._next()

    def _next(self) -> None:
        if self.open is None and self._waiting:
            id, name, size = self._waiting.pop(0)
            until = self._clock.monotonic() + CONSENT_S
            self.open = FileAsked(id, name, size, str(self._folder()), until)
