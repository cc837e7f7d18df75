"""A pairing succeeds between two ends with one code, and in no other way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from cordee_shared.canonical import (
    b64,
    canonical,
    lv_cat,
    transcript,
    transcript_hash,
    unb64,
)
from cordee_shared.code import Code
from cordee_shared.errors import LocalViolation, PairingFailed
from cordee_shared.ids import Nameplate
from cordee_shared.limits import PAIRING_MAX
from cordee_shared.pairing import pake
from cordee_shared.pairing.machine import Pairing
from cordee_shared.pairing.schedule import session_keys
from cordee_shared.wire import control
from tests.shared.pairing.ends import (
    CODE,
    ORIGIN,
    Dice,
    agent,
    agreed,
    alter,
    as_keys,
    console,
    honest,
    paired,
    public_key,
    talk,
    wire,
)

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "shared/vectors/pairing.json").read_text("ascii")
)


def replay(draws: list[str]) -> Callable[[int], bytes]:
    """Return entropy that gives these draws, and insists on their sizes."""
    left = [bytes.fromhex(draw) for draw in draws]

    def draw(size: int) -> bytes:
        assert len(left[0]) == size
        return left.pop(0)

    return draw


@pytest.mark.parametrize("case", VECTORS["exchanges"], ids=lambda case: case["name"])
def test_the_golden_exchange_is_said_again_word_for_word(case: dict[str, Any]) -> None:
    both: dict[str, Any] = {
        "code": Code(case["nameplate"], case["secret"]),
        "direction": case["direction"],
        "origin": case["origin"],
    }
    here, there = case["agent"], case["console"]
    at_agent = agent(
        **both,
        pk=bytes.fromhex(here["pk"]),
        ver=here["ver"],
        caps=here["caps"],
        entropy=replay(here["draws"]),
    )
    at_console = console(
        **both,
        pk=bytes.fromhex(there["pk"]),
        att=there["att"],
        caps=there["caps"],
        entropy=replay(there["draws"]),
    )
    h0 = paired(case["h0"]["np"], case["h0"]["dir"], unb64(case["h0"]["rs"]))
    said = talk(at_agent, at_console, h0)
    assert [wire(message) for message in said] == case["messages"]
    for end in (at_agent, at_console):
        assert end.agreement is not None
        assert end.agreement.th.hex() == case["th"]
        assert as_keys(end.agreement.keys) == case["keys"]
    assert VECTORS["pairing_max"] == PAIRING_MAX


def test_both_ends_hold_the_same_and_know_each_other() -> None:
    here, there = agreed()
    assert here.keys == there.keys
    assert here.evidence == there.evidence
    assert here.th == there.th
    said = here.evidence
    assert transcript_hash(said.ya, said.ad_a, said.yb, said.ad_b) == here.th
    assert said.rs == bytes(range(16))
    assert here.peer_pk == public_key("console")
    assert there.peer_pk == public_key("agent")
    assert here.peer_ad["att"] == {"text": "{}", "sig": ""}
    assert there.peer_ad["ver"] == "0.1.0"
    assert here.spare is None
    assert there.spare is None


@pytest.mark.slow
def test_s03_500_random_pairings_agree() -> None:
    for n in range(500):
        code = Code(Nameplate(f"{n:03d}"), f"{(n * 7919) % 100000:05d}")
        here = agent(f"a{n}", code=code, caps={"n": n})
        there = console(f"c{n}", code=code, att=None if n % 2 else {"n": n})
        talk(here, there, paired(code.nameplate, "a", Dice(f"rs{n}")(16)))
        assert here.agreement is not None
        assert there.agreement is not None
        assert here.agreement.keys == there.agreement.keys


def test_another_secret_pairs_with_nobody() -> None:
    for digit in range(10):
        guess = Code(Nameplate("482"), f"{digit}1307")
        here, there = agent(), console(code=guess)
        if guess == CODE:
            talk(here, there, paired())
            continue
        with pytest.raises(PairingFailed, match="another code"):
            talk(here, there, paired())
        assert (here.agreement, there.agreement) == (None, None)
        assert here.run_spent
        assert there.run_spent


# --- one message per state ------------------------------------------------------------


def test_only_the_message_that_is_due_is_taken() -> None:
    said = honest()
    due = {"agent": [0, 1, 3], "console": [0, 2, 4]}
    for make, order in ((agent, due["agent"]), (console, due["console"])):
        for good in range(4):
            for wrong in range(5):
                if good < 3 and order[good] == wrong:
                    continue
                end = make()
                for index in order[:good]:
                    end.receive(said[index])
                with pytest.raises(PairingFailed, match="out of turn"):
                    end.receive(said[wrong])
                with pytest.raises(PairingFailed, match="out of turn"):
                    end.receive(said[order[min(good, 2)]])


def test_a_message_of_something_else_is_no_pairing_message() -> None:
    with pytest.raises(PairingFailed, match="out of turn"):
        agent().receive(control.R3(tag=""))


def test_a_pairing_message_has_4_kib_at_most() -> None:
    long = "A" * PAIRING_MAX
    for kind, name in ((control.H1, "ad"), (control.H2, "ad"), (control.H3, "tag")):
        with pytest.raises(PairingFailed, match="4 KiB"):
            talk(agent(), console(), paired(), alter(kind, **{name: long}))


def test_an_end_does_not_start_with_data_that_do_not_fit() -> None:
    with pytest.raises(LocalViolation, match="associated data"):
        console(att={"text": "x" * 3000})
    with pytest.raises(LocalViolation, match="32 bytes"):
        agent(pk=bytes(33))
    here, there = agent(), console(att={"text": "x" * 2600})
    talk(here, there, paired())
    assert here.agreement is not None


def test_fields_of_a_later_version_are_ignored() -> None:
    here, there = agent(), console()
    there._ad = canonical(json.loads(there._ad) | {"later": [1, 2]})
    talk(here, there, paired())
    assert here.agreement is not None
    assert here.agreement.peer_ad["later"] == [1, 2]


# --- S-11: what a run costs -----------------------------------------------------------


def test_s11_a_run_is_spent_when_a_tag_went_out_or_a_wrong_one_came_in() -> None:
    here, there = agent(), console()
    spent = []

    def note(message: control.Message) -> control.Message:
        spent.append((here.run_spent, there.run_spent))
        return message

    talk(here, there, paired(), note)
    before, h3, h4 = (False, False), (False, True), (True, True)
    assert spent == [before, before, before, h3, h4]


def test_s11_a_wrong_tag_spends_the_run_however_it_is_wrong() -> None:
    for tag in ("", "*", b64(bytes(63)), b64(bytes(64))):
        here, there = agent(), console()
        with pytest.raises(PairingFailed):
            talk(here, there, paired(), alter(control.H3, tag=tag))
        assert here.run_spent


def test_s11_what_fails_before_any_tag_spends_nothing() -> None:
    here, there = agent(), console()
    with pytest.raises(PairingFailed):
        talk(here, there, paired(), alter(control.H1, ad="AAAA"))
    assert not here.run_spent
    assert not there.run_spent
    here, there = agent(), console()
    with pytest.raises(PairingFailed):
        talk(here, there, paired(), alter(control.H2, ad="AAAA"))
    assert not there.run_spent


# --- S-05: what remains ---------------------------------------------------------------


def reachable(thing: object) -> Iterator[bytes]:
    """Return every byte string that can be reached from an object."""
    if isinstance(thing, bytes):
        yield thing
    elif isinstance(thing, str):
        yield thing.encode()
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from reachable(value)
    elif isinstance(thing, tuple | list):
        for value in thing:
            yield from reachable(value)
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from reachable(getattr(thing, field.name))
    elif isinstance(thing, Pairing):
        for name, value in vars(thing).items():
            if name != "_entropy":  # the test's dice remember; the system's do not
                yield from reachable(value)


def test_s05_after_a_pairing_neither_k_nor_isk_nor_scalar_nor_secret_remain() -> None:
    dice = {"agent": Dice("agent"), "console": Dice("console")}
    here, there = agent(entropy=dice["agent"]), console(entropy=dice["console"])
    talk(here, there, paired())
    assert here.agreement is not None
    said = here.agreement.evidence
    nonces = dice["console"].drawn[0] + dice["agent"].drawn[0]
    sid = said.rs + nonces
    scalar_a, scalar_b = dice["agent"].drawn[-1], dice["console"].drawn[-1]
    k = pake.scalar_mult(scalar_a, said.yb)
    isk = pake.intermediate_key(
        sid, k, transcript(said.ya, said.ad_a, said.yb, said.ad_b)
    )
    assert session_keys(isk, sid, here.agreement.th) == here.agreement.keys
    ci = lv_cat(b"ra1", ORIGIN.encode(), b"482", b"a")
    g = pake.generator(CODE.secret.encode(), ci, sid, Dice("g"))
    for end in (here, there):
        held = set(reachable(end))
        assert here.agreement.th in held
        assert held.isdisjoint({k, isk, scalar_a, scalar_b, g, CODE.secret.encode()})


def test_s05_a_failed_run_keeps_no_secret_either() -> None:
    here, there = agent(), console()
    with pytest.raises(PairingFailed):
        talk(here, there, paired(), alter(control.H3, tag=b64(bytes(64))))
    assert CODE.secret.encode() not in set(reachable(here))
    assert here._scalar == b""


def test_s05_no_key_and_no_secret_is_in_a_repr() -> None:
    here, _ = agreed()
    text = repr(here)
    for key in as_keys(here.keys).values():
        assert key not in text
        assert repr(bytes.fromhex(key)) not in text
    assert "91307" not in repr(CODE)


def test_s09_the_secret_is_in_no_message() -> None:
    for message in honest():
        text = control.encode(message)
        assert "91307" not in text
        for part in wire(message).values():
            if isinstance(part, str):
                assert "91307" not in part
    ads = [unb64(wire(message)["ad"]) for message in honest()[1:3]]
    assert not any(b"91307" in ad for ad in ads)
