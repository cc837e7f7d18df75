"""The agent believes nothing about acts and entries that does not verify."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_agent.ledger import Ledger
from cordee_shared.errors import Tampered, UnexpectedMessage
from cordee_shared.ids import SessionId
from cordee_shared.journal.act import Act, ActWriter, read_act
from cordee_shared.journal.entry import Entry, Moment, write_act, write_fact
from cordee_shared.session.machine import Kind, Session
from cordee_shared.session.states import Event, Remark, Side, State

SESSION = SessionId("5" * 32)
TH = b"t" * 32


class Relay:
    """Writes the entries that a relay would."""

    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.technician = Ed25519PrivateKey.generate()
        self.writer = ActWriter(
            SESSION, Side.TECHNICIAN, self.technician, TH, started_ms=0
        )
        self.table = Session()
        self.ledger = Ledger(
            session=SESSION,
            key=Ed25519PrivateKey.generate(),
            th=TH,
            peer_pk=self.technician.public_key().public_bytes_raw(),
            relay_pk=self.key.public_key().public_bytes_raw(),
            table=Session(),
            started_ms=0,
        )

    def fact(self, kind: Kind, data: dict[str, str] | None = None) -> Entry:
        n, at = self.table.next_entry, self.table.next_entry * 1000
        after = self.table.follow(kind, Side.RELAY, at)
        return write_fact(
            n, Moment("boot", at, at), SESSION, kind, after, data or {}, self.key
        )

    def entry(self, act: Act, *, late: bool = False) -> Entry:
        n, at = self.table.next_entry, self.table.next_entry * 1000
        after = self.table.follow(act.kind, act.side, at, late=late)
        return write_act(n, Moment("boot", at, at), act, after, late=late)

    def technicians(self, kind: Kind) -> Act:
        return self.writer.write(kind, 0, self.table.next_entry - 1, "0" * 64, {})

    def to_viewing(self) -> None:
        for kind in (Remark.CODE_ISSUED, Event.CODE_CLAIMED, Event.KEYS_CONFIRMED):
            self.ledger.follow(self.fact(kind).raw)
        yes = self.ledger.write(Event.VIEW_GRANTED, 0, {})
        self.ledger.follow(self.entry(yes).raw)


@pytest.fixture
def relay() -> Relay:
    made = Relay()
    made.to_viewing()
    return made


def test_it_follows_the_journal(relay: Relay) -> None:
    assert relay.ledger.state is State.VIEWING
    assert relay.ledger.seen == 3
    assert list(relay.ledger.unconfirmed) == []


def test_a_withdrawal_counts_before_its_entry_and_after(relay: Relay) -> None:
    hidden = relay.ledger.write(Event.PAUSED, 1, {})
    assert relay.ledger.state is State.PAUSED
    assert list(relay.ledger.unconfirmed) == [hidden]
    relay.ledger.follow(relay.entry(hidden).raw)
    assert relay.ledger.state is State.PAUSED
    assert len(relay.ledger.unconfirmed) == 0


def test_an_act_comes_once_by_the_mirror_and_once_in_its_entry(relay: Relay) -> None:
    act = relay.technicians(Remark.CONTROL_REQUESTED)
    assert relay.ledger.mirrored(act.raw, act.signature) == act
    relay.ledger.follow(relay.entry(act).raw)
    again = relay.technicians(Remark.CONTROL_REQUESTED)
    relay.ledger.follow(relay.entry(again).raw)
    assert relay.ledger.mirrored(again.raw, again.signature) is None


def test_an_old_act_of_the_technicians_cannot_be_said_again(relay: Relay) -> None:
    act = relay.technicians(Remark.CONTROL_REQUESTED)
    relay.ledger.follow(relay.entry(act).raw)
    with pytest.raises(Tampered, match="not the technician's next act"):
        relay.ledger.follow(relay.entry(act).raw)


def test_an_act_of_the_technicians_cannot_be_left_out(relay: Relay) -> None:
    acts = [relay.technicians(Remark.CONTROL_REQUESTED) for _ in range(2)]
    for act in acts:
        relay.ledger.mirrored(act.raw, act.signature)
    with pytest.raises(Tampered, match="not the technician's next act"):
        relay.ledger.follow(relay.entry(acts[1]).raw)


def test_s27_an_entry_out_of_turn_is_refused(relay: Relay) -> None:
    act = relay.technicians(Remark.CONTROL_REQUESTED)
    entry = relay.entry(act)
    relay.ledger.follow(entry.raw)
    with pytest.raises(UnexpectedMessage, match="out of turn"):
        relay.ledger.follow(entry.raw)


def test_s26_an_act_signed_by_another_key_is_refused(relay: Relay) -> None:
    stranger = ActWriter(
        SESSION, Side.TECHNICIAN, Ed25519PrivateKey.generate(), TH, started_ms=0
    )
    act = stranger.write(Remark.CONTROL_REQUESTED, 0, 3, "0" * 64, {})
    with pytest.raises(Tampered):
        relay.ledger.follow(relay.entry(act).raw)


def test_a_consent_we_never_gave_is_refused(relay: Relay) -> None:
    forged = ActWriter(
        SESSION, Side.CUSTOMER, Ed25519PrivateKey.generate(), TH, started_ms=0
    ).write(Event.CONTROL_GRANTED, 0, 3, "0" * 64, {})
    with pytest.raises(Tampered, match="not the act we wrote"):
        relay.ledger.follow(relay.entry(forged).raw)


def test_our_acts_are_journaled_in_the_order_we_wrote_them(relay: Relay) -> None:
    relay.ledger.write(Remark.TICK, 1, {})
    second = relay.ledger.write(Event.PAUSED, 2, {})
    with pytest.raises(Tampered, match="not the act we wrote"):
        relay.ledger.follow(relay.entry(second).raw)


def test_a_fact_that_the_relay_did_not_sign_is_refused(relay: Relay) -> None:
    entry = write_fact(
        4,
        Moment("boot", 9000, 9000),
        SESSION,
        Event.LINK_LOST,
        State.INTERRUPTED,
        {"side": "technician"},
        Ed25519PrivateKey.generate(),
    )
    with pytest.raises(Tampered, match="entry 4"):
        relay.ledger.follow(entry.raw)


def test_an_entry_that_claims_another_state_is_refused(relay: Relay) -> None:
    entry = write_fact(
        4,
        Moment("boot", 9000, 9000),
        SESSION,
        Event.LINK_LOST,
        State.CONTROLLING,
        {"side": "technician"},
        relay.key,
    )
    with pytest.raises(Tampered, match="the table"):
        relay.ledger.follow(entry.raw)


def test_s26_the_entrys_own_copy_of_a_signature_is_checked_as_well(
    relay: Relay,
) -> None:
    act = relay.technicians(Remark.CONTROL_REQUESTED)
    relay.ledger.mirrored(act.raw, act.signature)
    forged = read_act(act.raw, bytes(64))
    with pytest.raises(Tampered, match="signature"):
        relay.ledger.follow(relay.entry(forged).raw)


def test_s26_our_own_act_comes_back_as_we_signed_it(relay: Relay) -> None:
    ours = relay.ledger.write(Event.PAUSED, 1, {})
    forged = read_act(ours.raw, bytes(64))
    with pytest.raises(Tampered, match="not signed as we signed it"):
        relay.ledger.follow(relay.entry(forged).raw)


def test_s28_what_the_relay_withholds_is_kept(relay: Relay) -> None:
    theirs = relay.technicians(Remark.CONTROL_REQUESTED)
    relay.ledger.mirrored(theirs.raw, theirs.signature)
    ours = relay.ledger.write(Event.PAUSED, 1, {})
    assert list(relay.ledger.withheld) == [theirs, ours]
    relay.ledger.follow(relay.entry(theirs).raw)
    assert list(relay.ledger.withheld) == [ours]
    assert [entry.n for entry in relay.ledger.entries] == [0, 1, 2, 3, 4]
