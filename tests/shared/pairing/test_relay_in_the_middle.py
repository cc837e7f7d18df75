"""A relay in the middle may try what it likes: all it gets is no pairing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from cordee_shared.canonical import b64, canonical, unb64
from cordee_shared.code import Code
from cordee_shared.errors import PairingFailed
from cordee_shared.ids import Nameplate
from cordee_shared.wire import control
from tests.shared.pairing.ends import (
    CODE,
    agent,
    alter,
    changed_text,
    console,
    honest,
    paired,
    talk,
    wire,
)

FIELDS = [
    (type(message), name, value)
    for message in honest()
    for name, value in wire(message).items()
    if name in {"rs", "np", "dir", "ad", "y", "tag"}
]


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    FIELDS,
    ids=[f"{kind.__name__}.{name}" for kind, name, _ in FIELDS],
)
def test_s07_a_change_to_any_field_of_any_message_is_the_end(
    kind: type[control.Message], name: str, value: str
) -> None:
    for other in changed_text(value):
        here, there = agent(), console()
        with pytest.raises(PairingFailed):
            talk(here, there, paired(), alter(kind, **{name: other}))
        assert there.agreement is None
        # An agent that has sent h4 cannot know that it was changed: it hears of
        # nobody, since the console has no keys to seal with.
        assert here.agreement is None or kind is control.H4


@pytest.mark.slow
def test_s07_a_flip_of_any_bit_of_associated_data_is_the_end() -> None:
    said = honest()
    for index, kind in ((1, control.H1), (2, control.H2)):
        ad = unb64(wire(said[index])["ad"])
        for at in range(len(ad)):
            flipped = bytearray(ad)
            flipped[at] ^= 1 << at % 8
            here, there = agent(), console()
            with pytest.raises(PairingFailed):
                talk(here, there, paired(), alter(kind, ad=b64(bytes(flipped))))
            assert (here.agreement, there.agreement) == (None, None)


AD_CHANGES: list[tuple[str, object]] = [
    ("v", 2),
    ("v", True),
    ("v", "1"),
    ("suite", "CPACE-RISTR255-SHA512"),
    ("role", "console"),
    ("role", "agent"),
    ("role", None),
    ("n", b64(bytes(16))),
    ("n", b64(bytes(15))),
    ("n", 7),
    ("pk", b64(bytes(32))),
    ("pk", b64(bytes(31))),
    ("pk", None),
    ("att", {"text": "{}", "sig": "other"}),
    ("att", "text"),
    ("ver", "9.9.9"),
    ("ver", 1),
    ("ver", "x" * 201),
    ("caps", {"more": True}),
    ("caps", []),
    ("caps", None),
    ("new", "field"),
]


@pytest.mark.parametrize("kind", [control.H1, control.H2])
@pytest.mark.parametrize(("name", "value"), AD_CHANGES)
def test_s08_any_change_inside_associated_data_is_the_end(
    kind: type[control.Message], name: str, value: object
) -> None:
    def meddle(message: control.Message) -> control.Message:
        if type(message) is not kind:
            return message
        ad: dict[str, Any] = json.loads(unb64(wire(message)["ad"]))
        same = ad.get(name) == value and type(ad.get(name)) is type(value)
        ad[name] = "changed anyway" if same else value
        return msgspec.structs.replace(message, ad=b64(canonical(ad)))

    here, there = agent(), console()
    with pytest.raises(PairingFailed):
        talk(here, there, paired(), meddle)
    assert (here.agreement, there.agreement) == (None, None)


ALWAYS = ("v", "suite", "role", "n", "pk", "caps")
MANDATORY = [
    *((control.H1, field) for field in (*ALWAYS, "att")),
    *((control.H2, field) for field in (*ALWAYS, "ver")),
]


@pytest.mark.parametrize(("kind", "field"), MANDATORY)
def test_s08_a_field_that_is_missing_is_the_end(
    kind: type[control.Message], field: str
) -> None:
    def meddle(message: control.Message) -> control.Message:
        if type(message) is not kind:
            return message
        ad = json.loads(unb64(wire(message)["ad"]))
        del ad[field]
        return msgspec.structs.replace(message, ad=b64(canonical(ad)))

    here, there = agent(), console()
    with pytest.raises(PairingFailed):
        talk(here, there, paired(), meddle)
    # Found by reading, before any tag.
    assert (here.run_spent, there.run_spent) == (False, False)


def test_s08_associated_data_with_a_key_twice_are_refused() -> None:
    there = console()
    here = agent()
    here.receive(paired())
    h1 = there.receive(paired())
    assert isinstance(h1, control.H1)
    ad = unb64(h1.ad)
    twice = ad[:-1] + b',"v":1}'
    with pytest.raises(PairingFailed, match="twice"):
        here.receive(control.H1(ad=b64(twice)))


@pytest.mark.parametrize(
    "other",
    [
        {"origin": "https://aide.example.evil.example"},
        {"origin": "https://aide.example/"},
        {"origin": ""},
        {"code": Code(Nameplate("482"), "91308")},
    ],
)
def test_s08_ends_that_believe_otherwise_do_not_pair(other: Mapping[str, Any]) -> None:
    for here, there in ((agent(**other), console()), (agent(), console(**other))):
        with pytest.raises(PairingFailed, match="another code"):
            talk(here, there, paired())
        assert (here.agreement, there.agreement) == (None, None)


@pytest.mark.parametrize(
    "h0",
    [paired(np="483"), paired(direction="b"), paired(rs=bytes(15)), paired(rs=b"")],
)
def test_s08_a_relay_that_speaks_of_another_code_is_not_believed(
    h0: control.Paired,
) -> None:
    for end in (agent(), console()):
        with pytest.raises(PairingFailed):
            end.receive(h0)
        assert not end.run_spent


@pytest.mark.parametrize(
    "other", [{"code": Code(Nameplate("483"), "91307")}, {"direction": "b"}]
)
def test_s08_the_relay_cannot_tell_each_end_its_own_story(
    other: dict[str, Any],
) -> None:
    here, there = agent(), console(**other)
    here.receive(paired())
    plate = other.get("code", CODE).nameplate
    message = there.receive(paired(plate, other.get("direction", "a")))
    assert message is not None
    h2 = here.receive(message)
    assert h2 is not None
    h3 = there.receive(h2)
    assert h3 is not None
    with pytest.raises(PairingFailed, match="another code"):
        here.receive(h3)


def test_s07_messages_reflected_to_their_author_are_refused() -> None:
    there = console()
    h1 = there.receive(paired())
    assert isinstance(h1, control.H1)
    with pytest.raises(PairingFailed, match="own role"):
        there.receive(control.H2(ad=h1.ad, y=b64(bytes([9]) + bytes(31))))
    here = agent()
    here.receive(paired())
    h2 = talk(agent(), console(), paired())[1]
    assert isinstance(h2, control.H2)
    with pytest.raises(PairingFailed, match="own role"):
        here.receive(control.H1(ad=h2.ad))


def test_s07_an_end_that_hears_its_own_nonce_stops() -> None:
    # A program that plays the other role, fed with our nonce by the relay.
    with pytest.raises(PairingFailed, match="own nonce"):
        talk(agent("same"), console("same"), paired())


def test_s07_an_older_session_replayed_is_refused_by_both() -> None:
    old = talk(agent("old a"), console("old c"), paired())
    h1, h2, h3, h4 = old
    here = agent("new a")
    here.receive(paired())
    here.receive(h1)
    with pytest.raises(PairingFailed, match="another code"):
        here.receive(h3)
    there = console("new c")
    there.receive(paired())
    there.receive(h2)
    with pytest.raises(PairingFailed, match="another code"):
        there.receive(h4)


def test_s07_ends_of_two_sessions_with_one_code_cannot_be_crossed() -> None:
    ends = {n: (agent(f"a{n}"), console(f"c{n}")) for n in (1, 2)}
    h1 = {n: ends[n][1].receive(paired(rs=bytes([n]) * 16)) for n in ends}
    for n in ends:
        ends[n][0].receive(paired(rs=bytes([n]) * 16))
    h2 = {n: ends[n][0].receive(said) for n, said in h1.items() if said is not None}
    h3 = {n: ends[n][1].receive(said) for n, said in h2.items() if said is not None}
    crossed = h3[2]
    assert crossed is not None
    with pytest.raises(PairingFailed):
        ends[1][0].receive(crossed)


def test_s02_a_share_of_low_order_spends_no_key() -> None:
    for zero in (bytes(32), bytes([1]) + bytes(31)):
        for kind in (control.H2, control.H3):
            here, there = agent(), console()
            with pytest.raises(PairingFailed, match="low order"):
                talk(here, there, paired(), alter(kind, y=b64(zero)))
            assert (here.agreement, there.agreement) == (None, None)
