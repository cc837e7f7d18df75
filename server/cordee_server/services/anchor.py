"""The journal's newest checkpoint, put elsewhere once a day, if somebody says where.

Rules:

1. Whoever holds the relay's key and disk could cut the journal's end; a checkpoint that
   lies elsewhere tells. So the folder should be another machine's.
2. One file a day, named by the day in UTC: ``2026-11-23.note``. What lies there is
   never replaced: a journal that was cut since must not cover its own trace.
3. It is what ``cordee journal checkpoint`` writes; ``cordee journal verify`` reads it
   after ``--from`` and ``--to``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import structlog

from ..evidence import LogStore
from ..papers import DocumentShelf
from ..ports import Clock

#: How a checkpoint's file ends.
ENDING: Final = ".note"

_log = structlog.get_logger("cordee.anchor")


class Anchor:
    """Puts a checkpoint into a folder, once a day."""

    def __init__(self, log: LogStore, folder: DocumentShelf, clock: Clock) -> None:
        """Read from the log; write to the folder and nowhere else."""
        self._log = log
        self._folder = folder
        self._clock = clock

    async def drop(self) -> str | None:
        """Write today's checkpoint; return its file's name.

        ``None``: today's lies there already, or the journal is empty.

        Raises:
            Unavailable: the folder cannot be read or written.
        """
        today = datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC).date()
        name = f"{today.isoformat()}{ENDING}"
        if name in await self._folder.names():
            return None
        note = await self._log.checkpoint()
        if note is None:
            return None
        await self._folder.write(name, note.encode())
        _log.info("anchored", file=name)
        return name
