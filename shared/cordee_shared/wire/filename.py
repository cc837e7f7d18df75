"""The name that a received file gets, whatever its sender called it (S-39).

A name is a peer's bytes. What :func:`safe_name` returns names one file in the folder
that the receiver chose, on POSIX and on Windows alike, whichever of the two either
side is:

1. Only what follows the last ``/`` or ``\\`` counts: no folder, drive or share.
2. Nothing invisible stays: controls, half characters, marks that turn the reading
   direction, characters without width. Every kind of space is one plain space, and
   never two together: an ending cannot be pushed out of sight.
3. What Windows gives a meaning becomes ``_``: ``<>:"|?*``, and the letters that look
   like a separator or that an old code page turns into one.
4. No dot or space at the end, which Windows drops, and none in front: no hidden file.
5. Names of devices (``CON``, ``LPT1.txt``), names that a desktop obeys
   (``desktop.ini``), and names that read as an option (``-rf``) get a ``_`` in front.
6. At most ``FILE_NAME_BYTES_MAX`` bytes in UTF-8. The stem is cut, not the ending.

The result is its own result: a sender shows what the receiver will write. It never
overwrites: whoever writes creates exclusively and without following links, under a
temporary name first, and asks :func:`numbered` for the next name when one is taken.

`console/wire/filename.js` does the same; `shared/vectors/filename.json` keeps both
honest.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from cordee_shared.errors import NameRefused
from cordee_shared.limits import FILE_NAME_ANNOUNCED_MAX, FILE_NAME_BYTES_MAX

#: Controls, half characters, and what is drawn as nothing (Unicode's
#: Default_Ignorable_Code_Point), written out: two versions of Unicode agree on it.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SPACES: Final = re.compile(
    "[\t\n\x0b\x0c\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000]+"
)
#: Windows's own, then look-alikes of : / \\ and what code pages, Samba and WSL (U+F0xx)
#: turn into them.
_MEANT: Final = re.compile(
    '[<>:"|?*\u02d0\u02f8\u0589\u05c3\u2024\u2025\u2044\u2215\u2216\u2236\u29f5'
    "\u29f8\u29f9\ua789\uf000-\uf0ff\ufe13\ufe52\ufe55\ufe68\uff02\uff0a\uff0e\uff0f\uff1a\uff1c"
    "\uff1e\uff1f\uff3c\uff5c]"
)
#: Devices of Windows, with or without an ending; its digits include superscripts.
_DEVICE: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])"
    r" *(?:\.|\Z)",
    re.IGNORECASE | re.ASCII,
)
#: Files that a desktop reads and obeys when it shows their folder.
_OBEYED: Final = frozenset({"autorun.inf", "desktop.ini", "thumbs.db"})
#: The longest ending that is kept when a name is cut, in bytes of UTF-8.
_ENDING_BYTES: Final = 24


def safe_name(announced: str) -> str:
    """Return the name that a file may have in the receiver's folder.

    Args:
        announced: the name as the peer gave it.

    Raises:
        NameRefused: longer than ``FILE_NAME_ANNOUNCED_MAX`` characters, or nothing is
            left of it that could name a file.
    """
    if len(announced) > FILE_NAME_ANNOUNCED_MAX:
        raise NameRefused
    name = re.split(r"[/\\]", announced)[-1]
    name = _SPACES.sub(" ", _UNSEEN.sub("", name))
    name = _MEANT.sub("_", unicodedata.normalize("NFC", name))
    name = name.lstrip(" ").rstrip(" .")
    if not name.strip("._ "):
        raise NameRefused
    if name[0] == ".":
        name = "_" + name[1:].lstrip(" ")
    elif name[0] == "-":
        name = "_" + name
    if _DEVICE.match(name) or name.lower() in _OBEYED:
        name = "_" + name
    return _cut(name, FILE_NAME_BYTES_MAX)


def numbered(name: str, number: int) -> str:
    """Return the name to try when ``name`` is taken: ``photo (2).jpg``.

    Args:
        name: a name that :func:`safe_name` returned.
        number: 2 for the first other name; at most 9999.
    """
    stem, ending = _parts(name)
    mark = f" ({number})"
    room = FILE_NAME_BYTES_MAX - len((mark + ending).encode())
    return _shorter(stem, room) + mark + ending


def _cut(name: str, most: int) -> str:
    """Return ``name`` in at most ``most`` bytes, with its ending."""
    if len(name.encode()) <= most:
        return name
    stem, ending = _parts(name)
    return _shorter(stem, most - len(ending.encode())) + ending


def _shorter(stem: str, most: int) -> str:
    return stem.encode()[:most].decode(errors="ignore").rstrip(" .")


def _parts(name: str) -> tuple[str, str]:
    """Return the stem and the ending with its dot; a long ending is none."""
    at = name.rfind(".")
    if at <= 0 or len(name[at:].encode()) > _ENDING_BYTES:
        return name, ""
    return name[:at], name[at:]
