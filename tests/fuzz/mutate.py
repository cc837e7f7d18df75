"""Changes bytes as strangers do: a little, a lot, in the middle, and twice over."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

#: What parsers have stumbled over elsewhere.
_PIECES: Final = (
    b"\x00",
    b"\xff" * 8,
    b"\x7f\xff\xff\xff",
    b"-1",
    b"99999999999999999999999999",
    b"1e999",
    b"NaN",
    b"null",
    b"true",
    b"[]",
    b"{}",
    b'"',
    b"\\ud800",
    b"\\u0000",
    b"\xed\xa0\x80",
    b"\xc0\x80",
    "\u202e\u2028é🧗".encode(),
    b"[" * 600,
    b'{"a":' * 400,
    b"A" * 5000,
)
#: No input is longer: what is longer is refused by its length alone.
LONGEST: Final = 40_000


def mutate(seeds: Sequence[bytes], dice: random.Random) -> bytes:
    """Return a changed copy of one of the seeds."""
    data = bytearray(dice.choice(seeds))
    for _ in range(1 + int(dice.expovariate(0.7))):
        _change(data, seeds, dice)
    return bytes(data[:LONGEST])


def _change(data: bytearray, seeds: Sequence[bytes], dice: random.Random) -> None:
    at = dice.randrange(len(data) + 1)
    size = min(len(data) - at, 1 + int(dice.expovariate(0.2)))
    match dice.randrange(9):
        case 0 if data:
            data[at % len(data)] ^= 1 << dice.randrange(8)
        case 1 if data:
            data[at % len(data)] = dice.randrange(256)
        case 2:
            del data[at : at + size]
        case 3:
            del data[at:]
        case 4:
            data[at:at] = data[at : at + size] * dice.randint(1, 4)
        case 5:
            data[at:at] = dice.choice(_PIECES)
        case 6:
            data[at : at + size] = dice.choice(_PIECES)
        case 7:
            other = dice.choice(seeds)
            start = dice.randrange(len(other) + 1)
            data[at:] = other[start:]
        case _:
            data[at:at] = dice.randbytes(size)
