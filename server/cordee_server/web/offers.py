"""The agent's files that the relay offers: what they are, byte for byte.

A file counts as it lies in the folder now: whoever replaces one need not restart the
relay. Its size and SHA-256 are read again when its date or size has changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from cordee_shared.provision import Provision

from .systems import System, system_for

#: More than one person would choose from.
MOST: Final = 12
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
_PIECE: Final = 1 << 20

_log = structlog.get_logger("cordee.offers")


@dataclass(frozen=True, slots=True)
class Offer:
    """One file for one system."""

    system: System
    #: As it lies in the folder, and in the address.
    name: str
    #: As it is saved: with the relay that it belongs to, where there is one.
    saved_as: str
    size: int
    sha256: str
    path: Path


class Offers:
    """What lies in the folder. Owned by the event loop; files are read in threads."""

    def __init__(self, folder: Path, belongs_to: Provision | None) -> None:
        self._folder = folder
        self._belongs_to = belongs_to
        #: Path → (modified, size, SHA-256), as last read.
        self._read: dict[Path, tuple[int, int, str]] = {}

    async def all(self) -> list[Offer]:
        """Return what is offered now, by system and name; empty without a folder."""
        return await asyncio.to_thread(self._look)

    async def find(self, name: str) -> Offer | None:
        """Return the offer of this name."""
        return next((one for one in await self.all() if one.name == name), None)

    def _look(self) -> list[Offer]:
        found = []
        try:
            paths = sorted(self._folder.iterdir())
        except OSError:
            return []
        for path in paths:
            system = system_for(path.name)
            if system is None or not _NAME.fullmatch(path.name):
                continue
            try:
                if path.is_symlink() or not path.is_file():
                    continue
                size, digest = self._facts(path)
            except OSError as error:
                _log.warning("unreadable", name=path.name, why=error.strerror)
                continue
            saved = self._saved_as(path.name)
            found.append(Offer(system, path.name, saved, size, digest, path))
        return sorted(found[:MOST], key=lambda one: (one.system, one.name))

    def _facts(self, path: Path) -> tuple[int, str]:
        seen = path.stat()
        known = self._read.get(path)
        if known is None or known[:2] != (seen.st_mtime_ns, seen.st_size):
            hashed = hashlib.sha256()
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    hashed.update(piece)
            known = (seen.st_mtime_ns, seen.st_size, hashed.hexdigest())
            self._read[path] = known
        return known[1], known[2]

    def _saved_as(self, name: str) -> str:
        """Return the name that tells the agent its relay, if it can stand in one."""
        if self._belongs_to is None:
            return name
        try:
            return self._belongs_to.file_name(name)
        except ValueError:
            return name  # an address by http, of this very machine: it tells nothing
