"""A lost link comes back for the two who held it, and for nobody else."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from cordee_shared.canonical import b64, unb64
from cordee_shared.errors import PairingFailed
from cordee_shared.pairing.channel import SealedChannel
from cordee_shared.pairing.machine import Agreement
from cordee_shared.pairing.resume import Resume
from cordee_shared.pairing.schedule import Role
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel
from tests.shared.pairing.ends import (
    Dice,
    agreed,
    alter,
    as_keys,
    changed_text,
    resumed,
    talk,
    wire,
)
from tests.shared.pairing.test_machine import VECTORS, replay


def resumes(
    before: tuple[Agreement, Agreement], seed: str = ""
) -> tuple[Resume, Resume]:
    here, there = before
    return Resume(here, Dice(f"ra{seed}")), Resume(there, Dice(f"rc{seed}"))


def after(ends: tuple[Resume, Resume]) -> tuple[Agreement, Agreement]:
    here, there = (end.agreement for end in ends)
    assert here is not None
    assert there is not None
    return here, there


@pytest.mark.parametrize("case", VECTORS["exchanges"], ids=lambda case: case["name"])
def test_the_golden_resume_is_said_again_word_for_word(case: dict[str, Any]) -> None:
    here, there = agreed()
    keys = {name: bytes.fromhex(key) for name, key in case["keys"].items()}
    th = bytes.fromhex(case["th"])
    here = replace(here, th=th, keys=type(here.keys)(**keys))
    there = replace(there, th=th, keys=here.keys)
    golden = case["resume"]
    ends = (
        Resume(here, replay(golden["agent"]["draws"])),
        Resume(there, replay(golden["console"]["draws"])),
    )
    said = talk(*ends, resumed(unb64(golden["h0"]["rs"])))
    assert [wire(message) for message in said] == golden["messages"]
    assert [as_keys(held.keys) for held in after(ends)] == [golden["keys"]] * 2


def test_s18_the_keys_are_new_and_the_pairing_is_the_same() -> None:
    before = agreed()
    ends = resumes(before)
    talk(*ends, resumed())
    here, there = after(ends)
    assert here.keys == there.keys
    for held, old in zip((here, there), before, strict=True):
        assert (held.th, held.peer_pk, held.evidence) == (
            old.th,
            old.peer_pk,
            old.evidence,
        )
        assert held.keys.exp == old.keys.exp
    new, old_keys = as_keys(here.keys), as_keys(before[0].keys)
    assert {name for name in new if new[name] == old_keys[name]} == {"exp"}
    agent = SealedChannel(Role.AGENT, here.keys, 0)
    console = SealedChannel(Role.CONSOLE, there.keys, 0)
    assert console.open(agent.seal(Channel.CHAT, b"back", 0)).payload == b"back"


def test_a_link_may_be_lost_again_and_again() -> None:
    held = agreed()
    seen = {as_keys(held[0].keys)["a2c"]}
    for n in range(20):
        ends = resumes(held, str(n))
        talk(*ends, resumed(Dice(f"rs{n}")(16)))
        held = after(ends)
        assert held[0].keys == held[1].keys
        seen.add(as_keys(held[0].keys)["a2c"])
    assert len(seen) == 21


def test_s18_who_does_not_hold_the_resume_key_gets_nowhere() -> None:
    here, there = agreed()
    for lost in (here, there):
        stranger = replace(lost, keys=replace(lost.keys, res=bytes(32)))
        pair = (stranger, there) if lost is here else (here, stranger)
        ends = resumes(pair)
        with pytest.raises(PairingFailed, match="not the one of this session"):
            talk(*ends, resumed())
        assert [end.agreement for end in ends] == [None, None]


def test_s18_a_resume_key_of_another_session_is_worth_nothing() -> None:
    here, _ = agreed("one")
    _, there = agreed("two")
    with pytest.raises(PairingFailed, match="not the one of this session"):
        talk(*resumes((here, there)), resumed())


def test_another_pairing_under_the_same_key_does_not_resume() -> None:
    here, there = agreed()
    other = replace(there, th=bytes(32))
    with pytest.raises(PairingFailed, match="not the one of this session"):
        talk(*resumes((here, other)), resumed())


FIELDS = [
    (kind, name)
    for kind, names in (
        (control.R1, "y n"),
        (control.R2, "y n tag"),
        (control.R3, "tag"),
    )
    for name in names.split()
]


@pytest.mark.parametrize(
    ("kind", "name"), FIELDS, ids=[f"{kind.__name__}.{name}" for kind, name in FIELDS]
)
def test_s07_a_change_to_any_field_is_the_end(
    kind: type[control.Message], name: str
) -> None:
    before = agreed()
    value = next(
        wire(message)[name]
        for message in talk(*resumes(before), resumed())
        if type(message) is kind
    )
    for other in changed_text(value):
        ends = resumes(before)
        with pytest.raises(PairingFailed):
            talk(*ends, resumed(), alter(kind, **{name: other}))
        assert ends[0].agreement is None
        # The console that has sent r3 cannot know that it was changed: rule 3.
        assert ends[1].agreement is None or kind is control.R3


def test_s07_the_relays_bytes_are_the_same_for_both() -> None:
    here, there = resumes(agreed())
    here.receive(resumed(bytes(16)))
    r1 = there.receive(resumed(bytes(15) + b"\x01"))
    assert r1 is not None
    r2 = here.receive(r1)
    assert r2 is not None
    with pytest.raises(PairingFailed, match="not the one of this session"):
        there.receive(r2)


@pytest.mark.parametrize("rs", [b"", bytes(15), bytes(17)])
def test_the_relay_gives_16_bytes(rs: bytes) -> None:
    for end in resumes(agreed()):
        with pytest.raises(PairingFailed, match="where 16 belong"):
            end.receive(resumed(rs))


def test_s07_an_older_resume_replayed_is_refused() -> None:
    before = agreed()
    r1, r2, r3 = talk(*resumes(before, "old"), resumed())
    here, there = resumes(before, "new")
    here.receive(resumed())
    there.receive(resumed())
    here.receive(r1)
    with pytest.raises(PairingFailed):
        here.receive(r3)
    with pytest.raises(PairingFailed):
        there.receive(r2)


def test_s07_messages_reflected_to_their_author_are_refused() -> None:
    here, there = resumes(agreed())
    here.receive(resumed())
    r1 = there.receive(resumed())
    assert isinstance(r1, control.R1)
    with pytest.raises(PairingFailed, match="own nonce"):
        there.receive(control.R2(y=r1.y, n=r1.n, tag=b64(bytes(64))))
    r2 = here.receive(r1)
    assert isinstance(r2, control.R2)
    with pytest.raises(PairingFailed):
        here.receive(control.R3(tag=r2.tag))


@pytest.mark.parametrize("zero", [bytes(32), bytes([1]) + bytes(31)])
def test_s02_a_share_of_low_order_aborts(zero: bytes) -> None:
    for kind in (control.R1, control.R2):
        with pytest.raises(PairingFailed, match="low order"):
            talk(*resumes(agreed()), resumed(), alter(kind, y=b64(zero)))


def test_only_the_message_that_is_due_is_taken() -> None:
    before = agreed()
    said = [resumed(), *talk(*resumes(before), resumed())]
    for which, order in ((0, [0, 1, 3]), (1, [0, 2])):
        for good in range(len(order) + 1):
            for wrong in range(4):
                if good < len(order) and order[good] == wrong:
                    continue
                end = resumes(before)[which]
                for index in order[:good]:
                    end.receive(said[index])
                with pytest.raises(PairingFailed, match="out of turn"):
                    end.receive(said[wrong])


# --- rule 3: the link is lost while it is being taken up ------------------------------

#: How far each of the three messages gets before the link is lost again.
LOST_AFTER = (0, 1, 2)


def lose(ends: tuple[Resume, Resume], carried: int) -> None:
    """Carry that many messages of a resume, and lose the next."""
    here, there = ends
    here.receive(resumed())
    message = there.receive(resumed())
    turn, other = here, there
    for _ in range(carried):
        assert message is not None
        message = turn.receive(message)
        turn, other = other, turn


@pytest.mark.parametrize(
    "losses", [*combinations(LOST_AFTER * 3, 3), (2, 2, 2, 2), (2, 0, 2, 1)]
)
def test_however_often_r3_is_lost_the_next_resume_succeeds(
    losses: tuple[int, ...],
) -> None:
    held = agreed()
    for n, carried in enumerate(losses):
        ends = resumes(held, str(n))
        lose(ends, carried)
        held = (ends[0].agreement or held[0], ends[1].agreement or held[1])
    ends = resumes(held, "last")
    talk(*ends, resumed())
    here, there = after(ends)
    assert here.keys == there.keys


def test_without_the_spare_a_lost_r3_would_end_the_session() -> None:
    held = agreed()
    ends = resumes(held, "lost")
    lose(ends, 2)
    assert ends[0].agreement is None
    there = ends[1].agreement
    assert there is not None
    assert there.spare == held[1].keys.res
    with pytest.raises(PairingFailed):
        talk(*resumes((held[0], replace(there, spare=None))), resumed())
    talk(*resumes((held[0], there)), resumed())


def test_the_agent_never_keeps_a_spare() -> None:
    ends = resumes(agreed())
    talk(*ends, resumed())
    here, there = after(ends)
    assert here.spare is None
    assert there.spare is not None
    assert there.spare.hex() not in repr(there)


def test_s05_the_scalar_does_not_outlive_the_resume() -> None:
    refuse = alter(control.R3, tag=b64(bytes(64)))
    good, bad = resumes(agreed()), resumes(agreed())
    talk(*good, resumed())
    with pytest.raises(PairingFailed):
        talk(*bad, resumed(), refuse)
    assert [end._scalar for end in (*good, bad[0])] == [b""] * 3
