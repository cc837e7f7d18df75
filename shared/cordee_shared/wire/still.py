"""How large a picture file is, read from its head before anybody unfolds it (S-41).

A file's own decoder would make room for whatever size the head announces, so the
head is read here first, and only the plain forms that our agents write are known:

1. WEBP: one ``VP8`` key frame; LOSSLESS: one ``VP8L`` (RFC 9649). The extended form,
   which holds several pictures, a palette of metadata or another size, is refused.
2. PNG: ``IHDR`` comes first (PNG specification, 5.6).
3. JPEG: the first frame header of baseline or progressive kind (ITU-T T.81, B.2.2).

`console/wire/still.js` does the same; `shared/vectors/still.json` keeps them honest.
"""

from __future__ import annotations

from typing import Final

from cordee_shared.errors import MalformedFrame

_PNG: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"
#: Markers of JPEG that are followed by no length.
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})


def is_size_of(size: tuple[int, int], shown: tuple[int, int], least: int) -> bool:
    """Whether a file of ``size`` may show an area, reduced up to ``least`` times."""
    return any(
        size == (-(-shown[0] // by), -(-shown[1] // by)) for by in range(1, least + 1)
    )


def check_size(
    coding: str, data: bytes, shown: tuple[int, int], least: int = 1
) -> None:
    """Refuse a file that is not of the size of what it shows, or reduced.

    Raises:
        MalformedFrame: not such a file, or one of another size (S-41).
    """
    if not is_size_of(still_size(coding, data), shown, least):
        raise MalformedFrame(f"a {coding} file of another size than what it shows")


def still_size(coding: str, data: bytes) -> tuple[int, int]:
    """Return width and height that a file announces.

    Args:
        coding: WEBP, LOSSLESS, PNG or JPEG.
        data: the file.

    Raises:
        MalformedFrame: not such a file.
    """
    try:
        if coding == "WEBP":
            return _webp(data)
        if coding == "LOSSLESS":
            return _lossless(data)
        return _png(data) if coding == "PNG" else _jpeg(data)
    except IndexError:
        raise MalformedFrame(f"a {coding} file that ends early") from None


def _riff(data: bytes, chunk: bytes) -> None:
    if data[:4] != b"RIFF" or data[8:16] != b"WEBP" + chunk:
        raise MalformedFrame("not a plain WebP file")
    # What a file holds beyond its one chunk nobody has checked.
    inside = int.from_bytes(data[16:20], "little")
    if int.from_bytes(data[4:8], "little") != len(data) - 8 or not (
        len(data) - 21 <= inside <= len(data) - 20
    ):
        raise MalformedFrame("a WebP file of another length")


def _webp(data: bytes) -> tuple[int, int]:
    _riff(data, b"VP8 ")
    if data[20] & 1 or data[23:26] != b"\x9d\x01\x2a":
        raise MalformedFrame("a WebP file without a key frame")
    width = data[26] | data[27] << 8
    height = data[28] | data[29] << 8
    return width & 0x3FFF, height & 0x3FFF


def _lossless(data: bytes) -> tuple[int, int]:
    _riff(data, b"VP8L")
    if data[20] != 0x2F:
        raise MalformedFrame("not a lossless WebP file")
    bits = data[21] | data[22] << 8 | data[23] << 16 | data[24] << 24
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _png(data: bytes) -> tuple[int, int]:
    if data[:16] != _PNG or len(data) < 33:
        raise MalformedFrame("not a PNG file")
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _jpeg(data: bytes) -> tuple[int, int]:
    if data[:2] != b"\xff\xd8":
        raise MalformedFrame("not a JPEG file")
    at = 2
    while True:
        if data[at] != 0xFF:
            raise MalformedFrame("a JPEG file without a frame")
        marker = data[at + 1]
        if marker in (0xC0, 0xC1, 0xC2):
            height = data[at + 5] << 8 | data[at + 6]
            return data[at + 7] << 8 | data[at + 8], height
        if marker in _BARE or marker in (0xD9, 0xDA):
            raise MalformedFrame("a JPEG file without a frame")
        at += 2 + (data[at + 2] << 8 | data[at + 3])
