"""Documents as files of one folder, readable by the relay's account alone."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Final

from cordee_shared.errors import Unavailable

from ..services.billing import replace_file

_FOLDER_MODE: Final = 0o700


class FileShelf:
    """See :class:`~cordee_server.papers.DocumentShelf`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def names(self) -> set[str]:
        """Return every name there is."""
        return await asyncio.to_thread(self._names)

    async def read(self, name: str) -> bytes | None:
        """Return what is kept under a name, or ``None``.

        Raises:
            Unavailable: it cannot be read.
        """
        return await asyncio.to_thread(self._read, name)

    async def write(self, name: str, content: bytes) -> None:
        """Keep something under a name, whole or not at all.

        Raises:
            Unavailable: it cannot be written.
        """
        await asyncio.to_thread(self._write, name, content)

    def _names(self) -> set[str]:
        try:
            return set(os.listdir(self._folder))
        except FileNotFoundError:
            return set()
        except OSError as error:
            raise Unavailable(f"{self._folder}: {error.strerror}") from None

    def _read(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable(f"{self._folder / name}: {error.strerror}") from None

    def _write(self, name: str, content: bytes) -> None:
        try:
            self._folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(
                f"{self._folder}: cannot be made ({error.strerror})"
            ) from None
        replace_file(self._folder / name, content)
