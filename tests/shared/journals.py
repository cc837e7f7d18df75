"""Writes a session's journal as a relay would: real keys, real acts, the real table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_shared.billing.policy import (
    LAW_CORRECTED_2026,
    Policy,
    Tariff,
)
from cordee_shared.billing.record import Agreed
from cordee_shared.canonical import Json
from cordee_shared.ids import EngagementId, SessionId, TechnicianId
from cordee_shared.journal.act import NONE, Act, ActWriter
from cordee_shared.journal.entry import Entry, Moment, write_act, write_fact
from cordee_shared.session.machine import Kind, Session
from cordee_shared.session.states import Event, Remark, Side, State

CUSTOMER, TECHNICIAN = Side.CUSTOMER, Side.TECHNICIAN
E, R = Event, Remark

#: 2026-11-23 09:00:00 UTC.
WALL_MS: Final = 1_795_424_400_000
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND


def key(name: str) -> Ed25519PrivateKey:
    """Return the test key of this name: always the same."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def public(private: Ed25519PrivateKey) -> bytes:
    """Return the 32 bytes of its public half."""
    return private.public_key().public_bytes_raw()


RELAY: Final = key("relay")
OFFER_HASH: Final = hashlib.sha256(b"offer").hexdigest()


class Journal:
    """One session being written. Its clocks move only by :meth:`wait`."""

    def __init__(
        self,
        number: int = 1,
        *,
        boot: str = "boot-1",
        at_us: int = 0,
        at_ms: int = WALL_MS,
    ) -> None:
        """Begin with no entry.

        Args:
            number: names the session and its keys.
            boot: names the run of the relay's monotonic clock.
            at_us: where that clock stands.
            at_ms: the wall clock.
        """
        self.id = SessionId(f"{number:032x}")
        self.boot = boot
        self.at_us = at_us
        self.at_ms = at_ms
        self.session = Session()
        self.entries: list[Entry] = []
        self.keys = {
            side: key(f"{side.value} {number}") for side in (CUSTOMER, TECHNICIAN)
        }
        self.th = hashlib.sha256(b"pairing of " + self.id.encode()).digest()
        self._writers = {
            side: ActWriter(self.id, side, private, self.th, 0)
            for side, private in self.keys.items()
        }
        self._last = {CUSTOMER: NONE, TECHNICIAN: NONE}

    # --- clocks

    def wait(self, seconds: int = 0, *, us: int = 0) -> Journal:
        """Let time pass, on both clocks."""
        passed = seconds * SECOND + us
        self.at_us += passed
        self.at_ms += passed // 1000
        return self

    def step_wall(self, ms: int) -> Journal:
        """Set the wall clock, as an administrator might."""
        self.at_ms += ms
        return self

    @property
    def moment(self) -> Moment:
        """What the relay's clocks show."""
        return Moment(self.boot, self.at_us, self.at_ms)

    # --- entries

    def fact(self, kind: Kind, data: Mapping[str, Json] | None = None) -> Journal:
        """Append a fact of the relay."""
        after = self.session.follow(kind, Side.RELAY, self.at_us)
        self.entries.append(
            write_fact(
                len(self.entries), self.moment, self.id, kind, after, data or {}, RELAY
            )
        )
        return self

    def write(
        self, side: Side, kind: Kind, data: Mapping[str, Json] | None = None
    ) -> Act:
        """Write an act that is still on the wire."""
        other = TECHNICIAN if side is CUSTOMER else CUSTOMER
        act = self._writers[side].write(
            kind,
            self.at_us // 1000,
            len(self.entries) - 1,
            self._last[other],
            data or {},
        )
        self._last[side] = act.hash
        return act

    def append(self, act: Act, *, late: bool = False) -> Journal:
        """Append an act that has arrived."""
        after = self.session.follow(act.kind, act.side, self.at_us, late=late)
        self.entries.append(
            write_act(len(self.entries), self.moment, act, after, late=late)
        )
        return self

    def act(
        self, side: Side, kind: Kind, data: Mapping[str, Json] | None = None
    ) -> Journal:
        """Append an act as it is written."""
        return self.append(self.write(side, kind, data))

    # --- what usually happens

    def pair(self) -> Journal:
        """From the code to the question: no time passes."""
        self.fact(R.CODE_ISSUED).fact(E.CODE_CLAIMED)
        for side in (CUSTOMER, TECHNICIAN):
            self.act(side, R.BIND, {"pairing": self.th.hex()})
        return self.fact(E.KEYS_CONFIRMED)

    def grant_view(self) -> Journal:
        """The customer shows the screen."""
        return self.act(CUSTOMER, E.VIEW_GRANTED, consent("view"))

    def grant_control(self) -> Journal:
        """The customer lends mouse and keyboard, as asked."""
        self.act(TECHNICIAN, R.CONTROL_REQUESTED)
        return self.act(CUSTOMER, E.CONTROL_GRANTED, consent("control"))

    def help(self) -> Journal:
        """From the code to control: no time passes."""
        return self.pair().grant_view().grant_control()

    def reclaim(self) -> Journal:
        """The customer moves the mouse."""
        return self.act(CUSTOMER, E.RECLAIMED, {"cause": "pointer"})

    def lose(self, *, customer_us: int, technician_us: int) -> Journal:
        """A link is found lost; the readings are the last proofs of life."""
        return self.fact(
            E.LINK_LOST,
            {
                "side": "technician",
                "customer_us": customer_us,
                "technician_us": technician_us,
            },
        )

    def checkpoint(self) -> Journal:
        """Both ends are alive, says the relay."""
        now = self.at_us
        return self.fact(R.CHECKPOINT, {"customer_us": now, "technician_us": now})

    def end(
        self,
        side: Side = CUSTOMER,
        reason: str = "",
        more: Mapping[str, Json] | None = None,
    ) -> Journal:
        """Somebody ends; with the relay it takes a reason."""
        data = {"reason": reason or f"{side.value}_ended"} | dict(more or {})
        return (
            self.fact(E.ENDED, data)
            if side is Side.RELAY
            else self.act(side, E.ENDED, data)
        )

    def recover(self, *, boot: str, at_us: int) -> Journal:
        """Another process ends what a dead relay left."""
        self.entries.append(
            write_fact(
                len(self.entries),
                Moment(boot, at_us, self.at_ms + 3_600_000),
                self.id,
                E.ENDED,
                State.ENDED,
                {"reason": "relay_stopped", "recovered": True},
                RELAY,
            )
        )
        return self


def consent(scope: str) -> dict[str, Json]:
    """Return what a consent says, as far as billing reads it."""
    return {
        "scope": scope,
        "language": "fr",
        "version": "2026-11-23",
        "text": hashlib.sha256(scope.encode()).hexdigest(),
        "offer": OFFER_HASH,
        "hand": "pointer",
    }


def helped(seconds: int = 0, *, us: int = 0, number: int = 1) -> Journal:
    """Return a session with so much control, ended by the customer."""
    return Journal(number).help().wait(seconds, us=us).end()


TARIFF: Final = Tariff(
    id="remote",
    label="demi-heure d’assistance à distance",
    price_cents=2500,
    currency="EUR",
    unit_s=1800,
    minimum_units=1,
    valid_from_ms=0,
)


def agreed(policy: Policy = LAW_CORRECTED_2026, tariff: Tariff = TARIFF) -> Agreed:
    """Return an engagement's facts under these rules."""
    return Agreed(
        engagement=EngagementId("e-0123456789abcdef"),
        customer="Mme Martin",
        purpose="Imprimante muette",
        technician=TechnicianId("luc"),
        tariff=tariff.id,
        tariff_hash=tariff.hash,
        policy=policy.id,
        policy_hash=policy.hash,
        terms_version="2021-11-01",
        terms_hash=hashlib.sha256(b"terms").hexdigest(),
        confirmed_ms=WALL_MS - 86_400_000,
        offer_hash=OFFER_HASH,
    )
