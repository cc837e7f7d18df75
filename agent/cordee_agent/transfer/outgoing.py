"""A file that the customer chose, read piece by piece; never whole in memory."""

from __future__ import annotations

import os
import stat
from pathlib import Path


class Outgoing:
    """One open file. Every method blocks: called in the files' own thread."""

    def __init__(self, path: Path) -> None:
        """Open it for reading, as it is now.

        Raises:
            OSError: it cannot be read, or is no ordinary file: a pipe or a device
                would never end.
        """
        # Not waiting for a pipe's other end; an ordinary file knows no waiting.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        self._fd = os.open(path, flags)
        try:
            found = os.fstat(self._fd)
            if not stat.S_ISREG(found.st_mode):
                raise OSError(f"{path.name} is no ordinary file")
        except BaseException:
            os.close(self._fd)
            raise
        #: Bytes, when it was opened.
        self.size = found.st_size
        self._as_it_was = (found.st_size, found.st_mtime_ns)
        self._at = 0

    def read(self, at: int, size: int) -> bytes:
        """Return ``size`` bytes from ``at``; fewer when the file has become shorter.

        Raises:
            OSError: the disk does not give them.
        """
        if at != self._at:
            os.lseek(self._fd, at, os.SEEK_SET)
        found = os.read(self._fd, size)
        while found and len(found) < size:
            more = os.read(self._fd, size - len(found))
            if not more:
                break
            found += more
        self._at = at + len(found)
        return found

    def is_as_it_was(self) -> bool:
        """Whether nobody has written to it since it was opened."""
        found = os.fstat(self._fd)
        return (found.st_size, found.st_mtime_ns) == self._as_it_was

    def close(self) -> None:
        """Let it go; called once."""
        os.close(self._fd)
