"""Messages between an end and the relay: bounded, tagged, read in their direction."""

from __future__ import annotations

import json
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.errors import FrameTooLarge, MalformedFrame
from cordee_shared.limits import CONTROL_MAX
from cordee_shared.wire import control
from cordee_shared.wire.control import (
    H1,
    H2,
    H3,
    H4,
    R1,
    R2,
    R3,
    ActSent,
    Bill,
    Cancel,
    Claim,
    CodeGiven,
    EntryMade,
    FromAgent,
    FromConsole,
    Hello,
    Invite,
    Message,
    Paired,
    Proof,
    RefusedNow,
    Resume,
    Resumed,
    RunFailed,
    ShowCode,
    Statement,
    Terms,
    ToAgent,
    ToConsole,
    Welcome,
    decode,
    encode,
)

STATED = Statement(text="{}", sig="c2ln")

#: One of each, with nothing left at its default.
ONE_OF_EACH: tuple[Message, ...] = (
    Hello(v=1, ver="0.1.0", lang="en", pk="a2V5"),
    ShowCode(),
    Invite(engagement="e-0123456789abcdef"),
    Claim(np="482", engagement="e-0123456789abcdef"),
    Cancel(),
    RunFailed(left=2),
    ActSent(act='{"v":1}', sig="0a" * 64),
    Resume(session="0" * 32, token="dG9rZW4", seen=7),
    H1(ad="YWQ"),
    H2(ad="YWQ", y="eQ"),
    H3(y="eQ", tag="dGFn"),
    H4(tag="dGFn"),
    R1(y="eQ", n="bg"),
    R2(y="eQ", n="bg", tag="dGFn"),
    R3(tag="dGFn"),
    Welcome(v=1, pk="a2V5", organisation="Micro-Alpes", phone="06", att=STATED),
    CodeGiven(session="0" * 32, np="482", runs=3, lifetime_s=900),
    Terms(part=0, of=1, text="1 - VALIDITÉ DU CONTRAT\n"),
    Paired(
        session="0" * 32,
        rs="cnM",
        np="482",
        dir="a",
        n=2,
        offer=STATED,
        att=STATED,
        token="dG9rZW4",
        consent_s=120,
    ),
    Resumed(session="0" * 32, rs="cnM", token="dG9rZW4"),
    EntryMade(entry='{"v":1}'),
    Proof(part=0, of=1, text="{}"),
    Bill(seconds=1801, units=2, amount_cents=5000, currency="EUR", record="id"),
    RefusedNow(code="code_invalid", about="claim"),
)

DIRECTIONS: dict[str, tuple[msgspec.json.Decoder[Any], tuple[type[Message], ...]]] = {
    "from_agent": (control.from_agent, get_args(FromAgent)),
    "from_console": (control.from_console, get_args(FromConsole)),
    "to_agent": (control.to_agent, get_args(ToAgent)),
    "to_console": (control.to_console, get_args(ToConsole)),
}


def test_there_is_one_of_each_message_here() -> None:
    every = {kind for _, kinds in DIRECTIONS.values() for kind in kinds}
    assert {type(message) for message in ONE_OF_EACH} == every


@pytest.mark.parametrize("message", ONE_OF_EACH, ids=lambda m: type(m).__name__)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_message_reads_back_in_its_direction_and_in_no_other(
    message: Message, direction: str
) -> None:
    decoder, kinds = DIRECTIONS[direction]
    if type(message) in kinds:
        assert decode(encode(message), decoder) == message
    else:
        with pytest.raises(MalformedFrame):
            decode(encode(message), decoder)


@pytest.mark.parametrize("message", ONE_OF_EACH, ids=lambda m: type(m).__name__)
def test_a_message_fits_into_a_control_frame_and_names_itself(message: Message) -> None:
    text = encode(message)
    assert len(text) <= CONTROL_MAX
    assert json.loads(text)["t"] == type(message).__struct_config__.tag


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '"hello"',
        '{"v":1}',
        '{"t":"hello"}',
        '{"t":"hello","v":"1"}',
        '{"t":"hello","v":true}',
        '{"t":"hello","v":1.5}',
        '{"t":"seize"}',
        '{"t":["hello"],"v":1}',
        '{"t":"claim","np":"48"}',
        '{"t":"claim","np":"48291"}',
        '{"t":"claim","np":"\uff14\uff18\uff12"}',
        '{"t":"claim","np":482}',
        '{"t":"claim","np":"482\\n"}',
        '{"t":"act","act":"{}","sig":"00"}',
        '{"t":"act","act":"{}","sig":"' + "a" * 128 + '\\n"}',
        '{"t":"h4","tag":"ab\\n"}',
        '{"t":"act","act":"{}","sig":"' + "A" * 128 + '"}',
        '{"t":"h4","tag":"a b"}',
        '{"t":"h4","tag":"ab=="}',
        '{"t":"run_failed","left":-1}',
        '{"t":"run_failed","left":9007199254740992}',
        '{"t":"resume","session":"x","token":"","seen":null}',
        '{"t":"hello","v":1',
        "{" * 5000,
        "[" * 5000,
        "\ud800",
    ],
)
def test_what_is_no_message_of_an_agent_is_refused(text: str) -> None:
    with pytest.raises(MalformedFrame):
        decode(text, control.from_agent)


def test_the_console_may_claim_nothing_that_an_agent_says_alone() -> None:
    for text in ('{"t":"show_code"}', encode(H2(ad="", y="")), encode(H4(tag=""))):
        with pytest.raises(MalformedFrame):
            decode(text, control.from_console)


def test_a_field_that_is_not_known_yet_is_ignored() -> None:
    assert decode('{"t":"cancel","why":"later"}', control.from_agent) == Cancel()


def test_an_oversize_message_is_refused_before_it_is_read() -> None:
    with pytest.raises(FrameTooLarge):
        decode("x" * (2 * CONTROL_MAX + 1025), control.from_agent)
    with pytest.raises(MalformedFrame):
        decode("x" * (2 * CONTROL_MAX + 1024), control.from_agent)


@pytest.mark.parametrize(
    "message",
    [
        Hello(v=1, ver="x" * 201),
        Invite(engagement="x" * 201),
        H1(ad="x" * 4097),
        ActSent(act="x" * (CONTROL_MAX + 1), sig="00" * 64),
    ],
    ids=lambda m: type(m).__name__,
)
def test_an_oversize_field_is_refused(message: Message) -> None:
    with pytest.raises(MalformedFrame):
        decode(encode(message), control.from_console)


def test_the_longest_entry_still_fits() -> None:
    text = encode(EntryMade(entry="x" * 2 * CONTROL_MAX))
    assert decode(text, control.to_agent) == EntryMade(entry="x" * 2 * CONTROL_MAX)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
_NAMES = sorted({str(type(m).__struct_config__.tag) for m in ONE_OF_EACH})
_FIELDS = sorted({name for m in ONE_OF_EACH for name in m.__struct_fields__})


@given(
    tag=st.sampled_from(_NAMES),
    fields=st.dictionaries(st.sampled_from(_FIELDS), _JSON),
    direction=st.sampled_from(sorted(DIRECTIONS)),
)
def test_only_documented_errors_come_out_of_hostile_json(
    tag: str, fields: dict[str, Any], direction: str
) -> None:
    decoder, kinds = DIRECTIONS[direction]
    try:
        message = decode(json.dumps({"t": tag} | fields), decoder)
    except (MalformedFrame, FrameTooLarge):
        return
    assert type(message) in kinds


@given(text=st.text(max_size=100), direction=st.sampled_from(sorted(DIRECTIONS)))
def test_only_documented_errors_come_out_of_hostile_text(
    text: str, direction: str
) -> None:
    decoder, _ = DIRECTIONS[direction]
    with pytest.raises((MalformedFrame, FrameTooLarge)):
        decode(text, decoder)
