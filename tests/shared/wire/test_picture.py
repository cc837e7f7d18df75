import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.errors import (
    FrameTooLarge,
    LocalViolation,
    MalformedFrame,
    RemoteViolation,
    UnexpectedMessage,
)
from cordee_shared.limits import RECORD_PLAINTEXT_MAX
from cordee_shared.wire.input import pixel
from cordee_shared.wire.picture import (
    Ack,
    Coding,
    FromAgent,
    Layout,
    Monitor,
    Ping,
    Pointer,
    Rect,
    Rects,
    Shape,
    Takes,
    decode,
    decode_ack,
    decode_takes,
    encode,
)

_FILE = Path(__file__).parents[3] / "shared" / "vectors" / "picture.json"
VECTORS: dict[str, Any] = json.loads(_FILE.read_text())


def _built(of: dict[str, Any]) -> FromAgent:
    """Make the message that a vector describes."""
    match of["kind"]:
        case "layout":
            monitors = tuple(
                Monitor(one["id"], one["primary"], Rect(**one["rect"]))
                for one in of["monitors"]
            )
            return Layout(
                of["epoch"],
                of["cfg"],
                of["windowLog"],
                of["width"],
                of["height"],
                monitors,
            )
        case "rects":
            rects = tuple(Rect(**one) for one in of["rects"])
            payload = bytes.fromhex(of["payload"])
            return Rects(of["seq"], Coding[of["coding"].upper()], rects, payload)
        case "shape":
            return Shape(
                of["seq"],
                of["width"],
                of["height"],
                of["hotX"],
                of["hotY"],
                bytes.fromhex(of["payload"]),
            )
        case "pointer":
            return Pointer(of["seq"], of["x"], of["y"])
    return Ping(of["seq"], of["tripMs"], of["rateKbit"])


def _screen() -> Layout:
    screen = decode(bytes.fromhex(VECTORS["screen"]), None)
    assert isinstance(screen, Layout)
    return screen


@pytest.mark.parametrize(
    "vector", VECTORS["messages"], ids=[one["name"] for one in VECTORS["messages"]]
)
def test_a_message_has_exactly_these_bytes(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    assert encode(_built(vector["message"])) == data
    assert decode(data, _screen()) == _built(vector["message"])


@pytest.mark.parametrize(
    "vector", VECTORS["refused"], ids=[one["name"] for one in VECTORS["refused"]]
)
def test_what_is_no_message_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(RemoteViolation) as caught:
        decode(bytes.fromhex(vector["hex"]), _screen())
    assert type(caught.value).__name__ == vector["error"]


@pytest.mark.parametrize("data", VECTORS["beforeLayout"])
def test_no_picture_comes_before_its_layout(data: str) -> None:
    with pytest.raises(UnexpectedMessage):
        decode(bytes.fromhex(data), None)


def test_an_acknowledgement_has_exactly_these_bytes() -> None:
    for vector in VECTORS["acks"]:
        ack = Ack(vector["epoch"], vector["seq"])
        assert encode(ack).hex() == vector["hex"]
        assert decode_ack(bytes.fromhex(vector["hex"])) == ack


@pytest.mark.parametrize("data", VECTORS["refusedAcks"])
def test_what_is_no_acknowledgement_is_refused(data: str) -> None:
    with pytest.raises(MalformedFrame):
        decode_ack(bytes.fromhex(data))


def test_what_a_console_takes_has_exactly_these_bytes() -> None:
    for vector in VECTORS["takes"]:
        takes = Takes(frozenset(Coding[name.upper()] for name in vector["codings"]))
        assert encode(takes).hex() == vector["hex"]
        assert decode_takes(bytes.fromhex(vector["hex"])) == takes


def test_codings_that_are_not_known_yet_are_left_out() -> None:
    assert decode_takes(b"\x11\xff\xff") == Takes(frozenset(Coding))


@pytest.mark.parametrize("data", VECTORS["refusedTakes"])
def test_what_does_not_say_what_is_taken_is_refused(data: str) -> None:
    with pytest.raises(MalformedFrame):
        decode_takes(bytes.fromhex(data))


def test_without_a_stream_nothing_comes_through_it() -> None:
    layout = next(
        one["hex"] for one in VECTORS["messages"] if one["name"].endswith("a stream")
    )
    screen = decode(bytes.fromhex(layout), None)
    assert isinstance(screen, Layout)
    message = encode(Rects(1, Coding.COLUMNS, (Rect(0, 0, 1, 1),), b"x"))
    with pytest.raises(MalformedFrame, match="stream"):
        decode(message, screen)


def test_nothing_longer_than_a_record_is_read() -> None:
    with pytest.raises(FrameTooLarge):
        decode(b"\x02" + bytes(RECORD_PLAINTEXT_MAX), _screen())


@pytest.mark.parametrize(
    "message",
    [
        Pointer(-1, 0, 0),
        Pointer(0, 65536, 0),
        Ping(2**32),
        Rects(1, Coding.EXACT, (), b"x"),
        Rects(1, Coding.EXACT, (Rect(0, 0, 600, 600),), b"x"),
        Rects(1, Coding.EXACT, (Rect(0, 0, 9, 9),), bytes(RECORD_PLAINTEXT_MAX)),
        Shape(1, 300, 1, 0, 0, b"x"),
        Layout(0, 0, 25, 0, 1, (Monitor(0, True, Rect(0, 0, 1, 1)),)),
        Layout(0, 0, 25, 9, 9, ()),
    ],
)
def test_this_side_never_sends_what_the_other_would_refuse(message: FromAgent) -> None:
    with pytest.raises(LocalViolation):
        encode(message)


def test_the_recorded_epoch_unfolds_to_the_recorded_screen() -> None:
    stream = VECTORS["stream"]
    width, height = stream["width"], stream["height"]
    shown = bytearray(width * height * 3)
    unfolder = zstandard.ZstdDecompressor(max_window_size=2**26).decompressobj()
    screen: Layout | None = None
    for step in stream["messages"]:
        message = decode(bytes.fromhex(step["hex"]), screen)
        if isinstance(message, Layout):
            screen = message
        elif isinstance(message, Shape):
            assert unfolder.decompress(message.payload).hex() == step["rgba"]
        elif isinstance(message, Rects):
            pixels = unfolder.decompress(message.payload)
            for rect in message.rects:
                for row in range(rect.y, rect.y + rect.h):
                    at = (row * width + rect.x) * 3
                    shown[at : at + rect.w * 3] = pixels[: rect.w * 3]
                    pixels = pixels[rect.w * 3 :]
            assert pixels == b""
        assert hashlib.sha256(shown).hexdigest() == step["rgb"]


@pytest.mark.parametrize("place", VECTORS["places"])
def test_the_agent_finds_back_the_pixel_the_console_meant(
    place: dict[str, int],
) -> None:
    assert pixel(place["place"], 0, place["size"]) == place["offset"]


@given(data=st.binary(max_size=200), kind=st.integers(0, 17), known=st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, kind: int, known: bool) -> None:
    try:
        message = decode(bytes([kind]) + data, _screen() if known else None)
    except RemoteViolation:
        return
    assert encode(message) == bytes([kind]) + data
