"""Write the golden vectors of files on their way: messages, transfers, the window.

Run once, read by a person, then committed::

    python -m tests.make_file_vectors

Running it again must change nothing. JavaScript reads the same file.
"""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any, Final

from cordee_shared.errors import CordeeError
from cordee_shared.limits import FILE_FLIGHT_MAX, FILE_PIECE_MAX, FILE_SIZE_MAX
from cordee_shared.wire import files
from cordee_shared.wire.courtesy import Courtesy
from cordee_shared.wire.files import Piece, Why
from cordee_shared.wire.transfer import EMPTY, Receiving, Sending
from tests.make_vectors import VECTORS as VECTORS

_SHA: Final = "a" * 64

GOOD: Final[list[dict[str, Any]]] = [
    {"t": "offer", "id": 2, "name": "facture été.pdf", "size": 1234},
    {"t": "offer", "id": 2**31 - 1, "name": "\U0001f600" * 1024, "size": FILE_SIZE_MAX},
    {"t": "offer", "id": 1, "name": "..\\..\\a", "size": 0},
    {"t": "accept", "id": 3, "at": 0, "sha256": EMPTY},
    {"t": "ack", "id": 3, "at": 32768},
    {"t": "done", "id": 3, "sha256": _SHA},
    {"t": "kept", "id": 3},
    *({"t": "stop", "id": 3, "why": why.value} for why in Why),
    {"t": "want"},
    {"t": "none"},
]

BAD: Final[dict[str, bytes]] = {
    "nothing": b"",
    "no JSON": b"{",
    "no object": b'["offer"]',
    "null": b"null",
    "no type": b'{"id":1}',
    "a type of Object's": b'{"t":"constructor"}',
    "another type": b'{"t":"get","id":1}',
    "half UTF-8": b'{"t":"offer","id":1,"size":1,"name":"\xc3"}',
    "half a character": b'{"t":"offer","id":1,"size":1,"name":"\\ud800"}',
    "a field too many": b'{"t":"kept","id":1,"path":"/etc"}',
    "a field too few": b'{"t":"ack","id":1}',
    "id 0": b'{"t":"kept","id":0}',
    "id too large": b'{"t":"kept","id":2147483648}',
    "id as text": b'{"t":"kept","id":"1"}',
    "id true": b'{"t":"kept","id":true}',
    "half an id": b'{"t":"kept","id":1.5}',
    "no name": b'{"t":"offer","id":1,"size":1,"name":""}',
    "a name too long": b'{"t":"offer","id":1,"size":1,"name":"' + b"a" * 1025 + b'"}',
    "a negative size": b'{"t":"offer","id":1,"size":-1,"name":"a"}',
    "a size too large": b'{"t":"offer","id":1,"size":1099511627777,"name":"a"}',
    "a short hash": b'{"t":"done","id":1,"sha256":"aa"}',
    "a hash in capitals": b'{"t":"done","id":1,"sha256":"' + b"A" * 64 + b'"}',
    "a hash and a line": b'{"t":"done","id":1,"sha256":"' + b"a" * 64 + b'\\n"}',
    "no reason": b'{"t":"stop","id":1,"why":"because"}',
    "a piece of nothing": files.encode_piece(1, 0, b""),
    "a piece without its place": b"\x01\x00\x00\x00\x01",
    "a piece of no file": files.encode_piece(0, 0, b"a"),
    "a piece of a far id": b"\x01\x80" + bytes(11) + b"a",
    "a piece beyond the end": files.encode_piece(1, FILE_SIZE_MAX, b"a"),
    "a piece far beyond": b"\x01\x00\x00\x00\x01" + b"\xff" * 8 + b"a",
}


def _refused(payload: bytes) -> str:
    try:
        files.decode(payload)
    except CordeeError as error:
        return type(error).__name__
    raise AssertionError("it was to be refused")


def _messages() -> dict[str, Any]:
    good = []
    for said in GOOD:
        payload = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        decoded = files.decode(payload)
        assert not isinstance(decoded, Piece)
        assert files.decode(files.encode(decoded)) == decoded
        good.append(said)
    return {
        "good": good,
        "bad": [
            {"name": name, "hex": payload.hex(), "error": _refused(payload)}
            for name, payload in BAD.items()
        ],
        "pieces": [
            {
                "id": id,
                "at": at,
                "data": data.hex(),
                "hex": files.encode_piece(id, at, data).hex(),
            }
            for id, at, data in ((1, 0, b"a"), (2**31 - 1, 2**40 - 3, b"\x00\xff\x01"))
        ],
        "longest_piece": FILE_PIECE_MAX,
    }


def content(size: int) -> bytes:
    """Return bytes that differ from their neighbours: 7 n + n / 256 modulo 256."""
    return bytes((7 * at + (at >> 8)) & 0xFF for at in range(size))


def _transfers() -> list[dict[str, Any]]:
    """Random lives of a transfer, with cuts, as steps and what each comes to."""
    dice = random.Random(20261123)
    return [_life(dice, size) for size in (0, 1, 700, 5000, 90_000)]


def _life(dice: random.Random, size: int) -> dict[str, Any]:
    body, steps = content(size), []
    sending, receiving = Sending(4, size), Receiving(4, size)
    way: list[bytes] = []

    def note(what: str, *values: object) -> None:
        steps.append([what, *values, sending.at, sending.acked, receiving.at])

    def connect() -> None:
        way.clear()
        sending.cut()
        said = files.decode(receiving.accept())
        assert isinstance(said, files.Accept)
        note("accept", said.at, said.sha256, sending.accept(said.at, said.sha256))

    connect()
    while receiving.written < size:
        if dice.random() < 0.08:
            connect()
        elif dice.random() < 0.6 and sending.left > 0:
            length = min(dice.randint(1, 3000), sending.left)
            way.append(sending.piece(body[sending.at : sending.at + length]))
            note("piece", length, hashlib.sha256(way[-1]).hexdigest())
        elif way:
            piece = files.decode(way.pop(0))
            assert isinstance(piece, Piece)
            receiving.take(piece.at, piece.data)
            said = files.decode(receiving.wrote(len(piece.data)))
            assert isinstance(said, files.Ack)
            sending.ack(said.at)
            note("ack", said.at)
    last = sending.done()
    assert last is not None
    done = files.decode(last)
    assert isinstance(done, files.Done)
    assert receiving.is_right(done.sha256)
    note("done", done.sha256)
    return {"size": size, "steps": steps}


def _windows() -> list[dict[str, Any]]:
    """Lines as a file meets them: what may be sent when, to the last bit."""
    lines = {
        "1 Mbit/s": (125_000.0, 0.030, 0.0),
        "100 Mbit/s": (12_500_000.0, 0.008, 0.0),
        "1 Mbit/s and a film": (125_000.0, 0.030, 0.060),
    }
    return [
        {"name": name, "steps": _ride(rate, trip, other)}
        for name, (rate, trip, other) in lines.items()
    ]


def _ride(rate: float, trip: float, other: float) -> list[list[float]]:
    """Send over a line of ``rate`` bytes a second whose queue others fill by half."""
    courtesy, steps, now, at, free = Courtesy(), [], 0.0, 0, 0.0
    courtesy.begin(0)
    way: list[tuple[float, int]] = []
    for turn in range(400):
        while (size := courtesy.may_send(now)) > 0:
            courtesy.sent(size, now)
            at += size
            queue = other if turn % 100 >= 50 else 0.0
            free = max(free, now + queue) + size / rate
            way.append((free + trip, at))
            steps.append([now, 0, size])
        if way:
            now, acked = way.pop(0)
            courtesy.acked(acked, now)
            steps.append([now, 1, acked, courtesy.window])
        else:
            now += courtesy.wait_s(now) + 1e-6
    return steps


def file_vectors() -> dict[str, Any]:
    """Everything that both languages do alike."""
    return {
        "messages": _messages(),
        "flight_max": FILE_FLIGHT_MAX,
        "transfers": _transfers(),
        "windows": _windows(),
    }


def texts() -> dict[str, str]:
    """Return each file's name and its exact text."""
    return {"files.json": json.dumps(file_vectors()) + "\n"}


def main() -> None:
    """Write every file."""
    VECTORS.mkdir(exist_ok=True)
    for name, text in texts().items():
        (VECTORS / name).write_text(text, "ascii")


if __name__ == "__main__":
    main()
