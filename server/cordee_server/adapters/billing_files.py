"""Records as files in a folder: the export's, and one for each record.

A file is written beside, synced, renamed: whoever looks sees all of it or none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from cordee_shared.billing.webhook import Envelope, body_of
from cordee_shared.canonical import sha256_hex
from cordee_shared.errors import CordeeError, Unavailable
from cordee_shared.ids import RecordId

from ..services.billing import replace_file
from ..sinks import Answer, Outcome


class Files:
    """A :class:`~cordee_server.sinks.BillingFolder`: names are taken as paths."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def write(self, files: Mapping[str, bytes]) -> None:
        """Give each file its content, whole or not at all, in this order."""
        for name, content in files.items():
            await asyncio.to_thread(replace_file, self._folder / name, content)


class FolderSink:
    """A :class:`~cordee_server.sinks.BillingSink`: ``<id>.json`` for each record.

    What is in a file is what a webhook would send. A receiver that takes files away
    has to remember ids: a record may be put there again.
    """

    def __init__(self, folder: Path, envelope: Envelope = Envelope.STANDARD) -> None:
        self.name = sha256_hex(str(folder).encode())
        self._folder = folder
        self._envelope = envelope

    async def hand_over(self, record: RecordId, raw: bytes) -> Answer:
        """Put one file there."""
        try:
            body = body_of(raw, self._envelope)
            file = self._folder / f"{record}.json"
            await asyncio.to_thread(replace_file, file, body)
        except Unavailable:
            return Answer(Outcome.FAILED, why="folder")
        except CordeeError:
            return Answer(Outcome.FAILED, why="record")
        return Answer(Outcome.DELIVERED)

    async def close(self) -> None:
        """Nothing stays open."""
