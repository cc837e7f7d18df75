"""Marks a received file as coming from outside, in the system's own way.

Windows asks before it runs a file with a Zone.Identifier of zone 3, and Office opens it
in its protected view; macOS asks for what is in quarantine; freedesktop systems show
where it came from. A file system that cannot keep the mark keeps the file.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path


def mark(path: Path, origin: str) -> None:
    """Note on ``path`` that it came through the relay at ``origin``."""
    with suppress(OSError):
        if sys.platform == "win32":
            _zone(path, origin)
        elif sys.platform == "darwin":
            _quarantine(path)
        else:
            # freedesktop.org, CommonExtendedAttributes.
            os.setxattr(path, "user.xdg.origin.url", origin.encode())


def _zone(path: Path, origin: str) -> None:
    """Write the alternate data stream that Windows reads ([MS-FSCC] 5.6.1)."""
    text = f"[ZoneTransfer]\r\nZoneId=3\r\nHostUrl={origin}\r\n"
    with open(f"{path}:Zone.Identifier", "w", encoding="ascii", newline="") as stream:
        stream.write(text)


def _quarantine(path: Path) -> None:
    """Set the attribute that Gatekeeper reads; Python has no call for it there."""
    value = b"0081;;Cordee;"
    libc = ctypes.CDLL("libc.dylib", use_errno=True)
    # int setxattr(path, name, value, size, position, options): sys/xattr.h
    libc.setxattr(os.fsencode(path), b"com.apple.quarantine", value, len(value), 0, 0)
