"""A file that arrives: written beside its place, then put there, whole or not at all.

Rules (S-39, R20):

1. It goes into the folder that the customer chose, under the name that
   ``wire/filename.py`` made of the sender's, or that name with a number. It never
   overwrites and never follows a link.
2. Until it is whole and its SHA-256 is right it has no name. Linux gives a file without
   one (``O_TMPFILE``): whatever happens to this program, nothing of it stays. Where the
   file system does not, it has a hidden name of its own and is removed at the end.
3. It can be read and written by its owner, run by nobody, and is marked as coming from
   outside (``marking.py``). Nothing here opens it.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cordee_agent.transfer.marking import mark
from cordee_shared.wire.filename import numbered

#: Read and write for its owner; no execute bit for anybody.
_MODE: Final = 0o600
_BINARY: Final = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
#: The last number that is tried behind a name.
_NUMBERS: Final = 9999
#: What stays free beside a file, in bytes: a full disk harms everything else.
_SPARE: Final = 64 * 1024 * 1024


def has_room(folder: Path, size: int) -> bool:
    """Whether a file of ``size`` bytes fits into ``folder``; no when nobody knows."""
    try:
        return shutil.disk_usage(folder).free >= size + _SPARE
    except OSError:
        return False


class Incoming:
    """One file without a name yet. Every method blocks: called in the files' thread."""

    def __init__(self, folder: Path, draw: Callable[[int], bytes]) -> None:
        """Make an empty file in ``folder``.

        Args:
            folder: chosen by the customer; it has to be there.
            draw: random bytes, for a hidden name where there has to be one.

        Raises:
            OSError: nothing can be written there.
        """
        self._folder = folder
        #: Its hidden name; ``None`` where it has none.
        self._hidden: Path | None = None
        self._fd = self._open_nameless()
        if self._fd < 0:
            self._hidden = folder / f".cordee-{draw(8).hex()}.part"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
            self._fd = os.open(self._hidden, flags, _MODE)

    def write(self, data: bytes) -> None:
        """Append ``data``.

        Raises:
            OSError: the disk does not take it.
        """
        left = memoryview(data)
        while left:
            left = left[os.write(self._fd, left) :]

    def place(self, name: str, origin: str) -> Path:
        """Make it durable and give it its name; the file is closed afterwards.

        Args:
            name: as ``wire/filename.py`` returned it.
            origin: the relay's address, for the mark.

        Returns:
            Where it is: ``name``, or the first name with a number that was free.

        Raises:
            OSError: it cannot be put there; :meth:`discard` is still to be called.
        """
        os.fsync(self._fd)
        for number in range(1, _NUMBERS + 1):
            tried = self._folder / (name if number == 1 else numbered(name, number))
            try:
                self._name(tried)
            except FileExistsError:
                continue
            self._close()
            mark(tried, origin)
            _sync_folder(self._folder)
            return tried
        raise FileExistsError(errno.EEXIST, "every name is taken", name)

    def discard(self) -> None:
        """Leave nothing of it; may be called at any time, and again."""
        self._close()
        if self._hidden is not None:
            self._hidden.unlink(missing_ok=True)
            self._hidden = None

    def _open_nameless(self) -> int:
        flag = getattr(os, "O_TMPFILE", 0)
        if not flag:
            return -1
        try:
            return os.open(self._folder, os.O_WRONLY | flag | _BINARY, _MODE)
        except OSError as error:
            # What the kernel says where the file system knows no such thing.
            if error.errno in (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL):
                return -1
            raise

    def _name(self, path: Path) -> None:
        """Give it a name that nothing has.

        Raises:
            FileExistsError: something has it.
        """
        if self._hidden is None:
            folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.link(f"/proc/self/fd/{self._fd}", path.name, dst_dir_fd=folder)
            finally:
                os.close(folder)
        elif os.name == "nt":
            self._close()
            self._hidden.rename(path)
            self._hidden = None
        else:
            self._name_hidden(path, self._hidden)

    def _name_hidden(self, path: Path, hidden: Path) -> None:
        try:
            os.link(hidden, path, follow_symlinks=False)
            hidden.unlink()
        except FileExistsError:
            raise
        except OSError:
            # A file system without links (FAT): take the name first, then move over
            # what is ours.
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE))
            hidden.replace(path)
        self._hidden = None

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, where folders can be synced at all."""
    if os.name == "nt":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    except OSError:
        return  # some file systems of the network refuse; the file itself is safe
    finally:
        os.close(fd)
