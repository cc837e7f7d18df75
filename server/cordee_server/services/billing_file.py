"""The file of JSON Lines: a line is appended, and all is written anew in any doubt.

Rules:

1. What is there is trusted only while it is exactly what this process left: anything
   else – another process, a hand, a restart, a torn write – and all of it is written
   beside, synced and renamed.
2. A line counts once its line feed is there: a reader leaves a last line without one.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from cordee_shared.errors import Unavailable

#: What a file is called while it is being written.
_PART: Final = ".billing-"


class BillingFile:
    """One file that only grows. Every method blocks; one caller at a time."""

    def __init__(self, file: Path) -> None:
        self._file = file
        #: Inode, size and time of the last change as this process left them.
        self._left: tuple[int, int, int] | None = None

    def write(self, lines: bytes) -> None:
        """Write all of it anew, whole or not at all.

        Raises:
            Unavailable: it cannot be written; the former content stands.
        """
        self._left = None
        replace_file(self._file, lines)
        with suppress(OSError):
            self._left = _stamp(self._file.stat())

    def append(self, line: bytes) -> bool:
        """Add a line, durably; ``False``: it has to be written anew instead."""
        left, self._left = self._left, None
        if left is None:
            return False
        try:
            handle = os.open(self._file, os.O_WRONLY | os.O_APPEND)
        except OSError:
            return False
        try:
            if _stamp(os.fstat(handle)) != left:
                return False
            written = os.write(handle, line)
            os.fsync(handle)
            after = os.fstat(handle)
            # Somebody may have put another file in its place meanwhile.
            if written != len(line) or self._file.stat().st_ino != after.st_ino:
                return False
        except OSError:
            return False
        finally:
            os.close(handle)
        self._left = _stamp(after)
        return True


def replace_file(file: Path, content: bytes) -> None:
    """Give ``file`` this content, whole or not at all, whatever happens.

    Raises:
        Unavailable: it cannot be written; the former content stands.
    """
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=_PART, dir=file.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
        part = None
        _sync_folder(file.parent)
    except OSError as error:
        raise Unavailable(f"{file}: cannot be written ({error.strerror})") from None
    finally:
        if part is not None:
            with suppress(OSError):
                part.unlink()


def _stamp(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where a folder can be opened (not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
