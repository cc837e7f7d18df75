import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.errors import FrameTooLarge, LocalViolation, MalformedFrame
from cordee_shared.limits import INPUT_BATCH_MAX, INPUT_MAX, TYPED_MAX
from cordee_shared.wire.input import (
    FAR,
    Button,
    InputEvent,
    Key,
    Mod,
    Pointer,
    Release,
    Text,
    Wheel,
    decode_batch,
    encode_batch,
    pixel,
)

ONE_OF_EACH: list[tuple[dict[str, object], InputEvent]] = [
    (
        {
            "t": "k",
            "code": "KeyQ",
            "key": "a",
            "loc": 0,
            "down": 1,
            "mods": 5,
            "rep": 0,
        },
        Key(code="KeyQ", key="a", loc=0, down=1, mods=Mod.SHIFT | Mod.ALT, rep=0),
    ),
    ({"t": "t", "s": "à 5 €\n\t😀"}, Text(s="à 5 €\n\t😀")),
    (
        {"t": "p", "mon": 1, "cfg": 3, "x": 0, "y": FAR},
        Pointer(mon=1, cfg=3, x=0, y=FAR),
    ),
    (
        {"t": "b", "mon": 0, "cfg": 3, "x": 7, "y": 8, "btn": 4, "down": 0},
        Button(mon=0, cfg=3, x=7, y=8, btn=4, down=0),
    ),
    (
        {"t": "w", "mon": 0, "cfg": 3, "x": 7, "y": 8, "dx120": 0, "dy120": -120},
        Wheel(mon=0, cfg=3, x=7, y=8, dx120=0, dy120=-120),
    ),
    ({"t": "r"}, Release()),
]


@pytest.mark.parametrize(("as_json", "event"), ONE_OF_EACH)
def test_an_event_is_read_as_it_was_written(
    as_json: dict[str, object], event: InputEvent
) -> None:
    assert decode_batch(json.dumps([as_json]).encode()) == [event]
    assert json.loads(encode_batch([event])) == [as_json]


def test_a_batch_keeps_its_order() -> None:
    events = [event for _, event in ONE_OF_EACH] * 2
    assert decode_batch(encode_batch(events)) == events


def without(field: str) -> dict[str, object]:
    event = dict(ONE_OF_EACH[3][0])
    del event[field]
    return event


def changed(index: int, **fields: object) -> dict[str, object]:
    return {**ONE_OF_EACH[index][0], **fields}


@pytest.mark.parametrize(
    "event",
    [
        {"t": "x"},
        {},
        7,
        "r",
        without("x"),
        without("cfg"),
        without("btn"),
        changed(0, code="Key Q"),
        changed(0, code="é"),
        changed(0, code="KeyA\n"),
        changed(0, code="K" * 33),
        changed(0, key=""),
        changed(0, key="A" * 33),
        changed(0, loc=4),
        changed(0, down=2),
        changed(0, down=True),
        changed(0, mods=128),
        changed(0, mods=-1),
        changed(1, s=""),
        changed(1, s="a" * (TYPED_MAX + 1)),
        changed(1, s="\x1b[2J"),
        changed(1, s="a\x7f"),
        changed(1, s="a\x00"),
        changed(2, x=-1),
        changed(2, x=FAR + 1),
        changed(2, y=1.5),
        changed(2, y="1"),
        changed(2, mon=256),
        changed(2, cfg=-1),
        changed(2, cfg=2**53),
        changed(3, btn=5),
        changed(4, dx120=12001),
        changed(4, dy120=-12001),
    ],
)
def test_what_is_out_of_bounds_is_refused(event: object) -> None:
    with pytest.raises(MalformedFrame):
        decode_batch(json.dumps([event]).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b'{"t":"r"}',
        b'[{"t":"r"}',
        b'[{"t":"r"}] x',
        b'[{"t":"t","s":"\xff"}]',
        b'[{"t":"t","s":"\\ud800"}]',
        b'[{"t":"p","mon":0,"cfg":0,"x":NaN,"y":0}]',
        b"[" * 5000,
    ],
)
def test_bytes_that_are_no_batch_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedFrame):
        decode_batch(data)


def test_a_batch_is_bounded_in_events_and_in_bytes() -> None:
    assert len(decode_batch(encode_batch([Release()] * INPUT_BATCH_MAX))) == 128
    with pytest.raises(MalformedFrame):
        decode_batch(b"[" + b'{"t":"r"},' * INPUT_BATCH_MAX + b'{"t":"r"}]')
    with pytest.raises(FrameTooLarge):
        decode_batch(b'[{"t":"r"}]' + b" " * INPUT_MAX)


def test_the_longest_batch_of_moves_fits() -> None:
    far = Pointer(mon=255, cfg=2**53 - 1, x=FAR, y=FAR)
    assert len(encode_batch([far] * INPUT_BATCH_MAX)) <= INPUT_MAX


def test_what_the_peer_would_refuse_is_not_sent() -> None:
    with pytest.raises(LocalViolation):
        encode_batch([])
    with pytest.raises(LocalViolation):
        encode_batch([Pointer(mon=0, cfg=0, x=FAR + 1, y=0)])


@given(st.binary(max_size=200))
def test_any_bytes_are_a_batch_or_a_documented_error(data: bytes) -> None:
    with contextlib.suppress(MalformedFrame):
        assert len(decode_batch(data)) >= 1


@given(
    start=st.integers(-4000, 4000),
    size=st.integers(1, 16000),
    offset=st.integers(0, 15999),
)
def test_every_pixel_of_a_monitor_can_be_pointed_at(
    start: int, size: int, offset: int
) -> None:
    offset %= size
    place = 0 if size == 1 else round(offset * FAR / (size - 1))
    assert pixel(place, start, size) == start + offset


@given(place=st.integers(0, FAR), size=st.integers(1, 16000))
def test_no_place_falls_outside_its_monitor(place: int, size: int) -> None:
    assert 100 <= pixel(place, 100, size) < 100 + size
