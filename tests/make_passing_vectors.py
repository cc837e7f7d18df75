"""Write the names and texts that both languages have to make safe (S-39, S-40).

Run once, read by a person, then committed::

    python -m tests.make_passing_vectors

What stands in ``NAMES`` is the list that security.md asks for: each name is a way to
leave the folder, to overwrite, to hide an ending or to be obeyed, on POSIX or Windows.
"""

from __future__ import annotations

import json
from typing import Any, Final

from cordee_shared.errors import CordeeError, NameRefused, TextRefused
from cordee_shared.limits import CLIPBOARD_MAX, FILE_NAME_ANNOUNCED_MAX
from cordee_shared.wire.clipboard import read_text, write_text
from cordee_shared.wire.filename import numbered, safe_name
from tests.make_vectors import VECTORS

#: What the name tries, and the name.
NAMES: Final[tuple[tuple[str, str], ...]] = (
    ("an ordinary name", "facture.pdf"),
    ("French, with accents and spaces", "Relevé d’août – n° 7.pdf"),
    ("letters and accents apart", "e\u0301te\u0301.txt"),
    ("another writing", "請求書.pdf"),
    ("up a folder, POSIX", "../../etc/passwd"),
    ("up a folder, Windows", "..\\..\\Windows\\System32\\drivers\\etc\\hosts"),
    ("both separators", "..\\../a\\b/c.txt"),
    ("from the root", "/etc/shadow"),
    ("from the home", "~/.ssh/authorized_keys"),
    ("a drive", "C:\\Users\\Public\\a.exe"),
    ("a drive without a folder", "C:a.exe"),
    ("a share", "\\\\server\\share\\a.txt"),
    ("a device's path", "\\\\.\\PhysicalDrive0"),
    ("a long path's prefix", "\\\\?\\C:\\a.txt"),
    ("a second stream of a file", "facture.pdf:virus.exe"),
    ("the first stream of a file", "facture.pdf::$DATA"),
    ("dots at the end", "facture.pdf..."),
    ("spaces and dots at the end", "facture.exe . . "),
    ("a space in front", "  facture.pdf"),
    ("a device", "CON"),
    ("a device with an ending", "nul.tar.gz"),
    ("a device with a space", "Lpt1 .txt"),
    ("a device with a superscript digit", "COM¹.txt"),
    ("a device's console", "CONOUT$"),
    ("nothing", ""),
    ("this folder", "."),
    ("the folder above", ".."),
    ("a folder", "dossier/"),
    ("only dots and spaces", " . . "),
    ("only characters that nobody sees", "\u200b\u202e\u2060"),
    ("a hidden file", ".bashrc"),
    ("a hidden file behind a space", ". .profile"),
    ("a folder's orders", "Desktop.INI"),
    ("a disk's orders", "autorun.inf"),
    ("an option of a command", "-rf"),
    ("a name that ends early", "facture.pdf\x00.exe"),
    ("a line of its own", "facture\r\nContent-Type: text.html"),
    ("a terminal's orders", "\x1b[2Jfacture.pdf"),
    ("the reading turned round", "facture_\u202efdp.exe"),
    ("an ending out of sight", "facture.pdf" + " " * 200 + ".exe"),
    ("an ending out of sight, by wide spaces", "facture.pdf\u3000\u2003\xa0.exe"),
    ("what Windows forbids", 'a<b>c:d"e|f?g*h.txt'),
    ("look-alikes of separators", "..\uff0f..\uff3ca\u2215b\u2044c\uff1ad.txt"),
    ("half a character", "a\ud83db.txt"),
    ("letters that file servers turn into separators", "a\uf022b\uf03ac\uf05cd.txt"),
    ("a very long name", "é" * 300 + ".pdf"),
    ("a very long ending", "a." + "b" * 300),
    ("a name cut at a space", "a" * 195 + " b" * 50 + ".pdf"),
    ("as long as may be announced", "x" * FILE_NAME_ANNOUNCED_MAX),
    ("longer than may be announced", "x" * (FILE_NAME_ANNOUNCED_MAX + 1)),
    ("emoji, each four bytes", "🧗" * 120 + ".png"),
)


def filename_vectors() -> dict[str, Any]:
    """Names, what becomes of them, and the next one when that is taken."""
    names: list[dict[str, Any]] = []
    for tries, announced in NAMES:
        made: dict[str, Any] = {"tries": tries, "announced": announced}
        try:
            made["name"] = safe_name(announced)
        except NameRefused:
            made["refused"] = True
        names.append(made)
    numbers = [
        {"name": name, "number": number, "next": numbered(name, number)}
        for name, number in (
            ("photo.jpg", 2),
            ("photo", 9999),
            ("archive.tar.gz", 3),
            (safe_name("é" * 300 + ".pdf"), 12),
            (safe_name("a." + "b" * 300), 2),
        )
    ]
    return {"names": names, "numbered": numbers}


#: Texts that a person may have copied; ``times`` says how often each is repeated.
TEXTS: Final[tuple[tuple[str, int], ...]] = (
    ("bonjour", 1),
    ("été\t1\r\n2\r3\n", 1),
    ("sudo rm -rf /\x1b[2J\x00\x07\x9b31m", 1),
    ("\ufeffgarde sa marque", 1),
    ("", 1),
    ("\x00\x01", 1),
    ("a\ud83db", 1),
    ("x", CLIPBOARD_MAX),
    ("é", CLIPBOARD_MAX // 2),
    ("x", CLIPBOARD_MAX + 1),
    ("é", CLIPBOARD_MAX // 2 + 1),
)
#: Payloads that no sender writes, or that are just right: hexadecimal, repeated.
PAYLOADS: Final[tuple[tuple[str, int], ...]] = (
    ("", 1),
    ("62c3a9", 1),
    ("efbbbf61", 1),
    ("ff", 1),
    ("c3", 1),
    ("c080", 1),
    ("eda080", 1),
    ("610d0a62", 1),
    ("611b62", 1),
    ("6100", 1),
    ("61", CLIPBOARD_MAX),
    ("61", CLIPBOARD_MAX + 1),
)


def clipboard_vectors() -> dict[str, Any]:
    """Texts with their payloads; payloads with what they are refused for."""
    written: list[dict[str, Any]] = []
    for text, times in TEXTS:
        made: dict[str, Any] = {"text": text, "times": times}
        try:
            payload = write_text(text * times)
            made["bytes"] = len(payload)
            made |= {"payload": payload.hex()} if times == 1 else {}
        except TextRefused:
            made["refused"] = True
        written.append(made)
    read: list[dict[str, Any]] = []
    for payload_hex, times in PAYLOADS:
        made = {"payload": payload_hex, "times": times}
        try:
            text = read_text(bytes.fromhex(payload_hex) * times)
            made |= {"text": text} if times == 1 else {"length": len(text)}
        except CordeeError as error:
            made["error"] = type(error).__name__
        read.append(made)
    return {"most": CLIPBOARD_MAX, "written": written, "read": read}


def texts() -> dict[str, str]:
    """Return each file's name and its exact text."""
    made = {"filename.json": filename_vectors(), "clipboard.json": clipboard_vectors()}
    return {name: json.dumps(value, indent=1) + "\n" for name, value in made.items()}


def main() -> None:
    """Write both files."""
    for name, text in texts().items():
        (VECTORS / name).write_text(text, "ascii")


if __name__ == "__main__":
    main()
