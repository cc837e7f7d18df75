"""Writes the facts of an engagement as a relay would: numbered, in order, signed."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from cordee_shared.billing.facts import EngagementFact, FactKind, write_fact_of
from cordee_shared.canonical import Json
from cordee_shared.session.states import Side
from tests.shared.journals import RELAY, WALL_MS, agreed

PARIS = ZoneInfo("Europe/Paris")
#: A slot of the afternoon of 23 November 2026, in Paris: 14:00 to 16:00.
SLOT_MS = 1_795_438_800_000
HOUR_MS = 3_600_000
TEXT = "a" * 64


def paris_ms(*local: int, fold: int = 0) -> int:
    """Return the wall label of a local time in Paris: year, month, day, hour …"""
    year, month, day, hour, minute, second = (*local, 0, 0)[:6]
    at = dt.datetime(year, month, day, hour, minute, second, fold=fold, tzinfo=PARIS)
    return int(at.timestamp()) * 1000


class Told:
    """The facts of one engagement, as they are told."""

    def __init__(self, at_ms: int = WALL_MS) -> None:
        self.facts: list[EngagementFact] = []
        self.after = 0
        self.at_ms = at_ms

    def session(self) -> Told:
        """A session is over."""
        self.after += 1
        return self

    def at(self, at_ms: int) -> Told:
        """Set the wall clock."""
        self.at_ms = at_ms
        return self

    def tell(self, kind: FactKind, side: Side = Side.TECHNICIAN, **data: Json) -> Told:
        """Journal a fact."""
        return self._say(kind, side, data)

    def _say(self, kind: FactKind, side: Side, data: dict[str, Json]) -> Told:
        author = "luc" if side is Side.TECHNICIAN else ""
        self.facts.append(
            write_fact_of(
                agreed().engagement,
                len(self.facts),
                self.after,
                kind,
                self.at_ms,
                side,
                author,
                data,
                RELAY,
            )
        )
        return self

    # --- what is often told

    def slot(self, from_ms: int = SLOT_MS, hours: int = 2) -> Told:
        """Day and hour are agreed."""
        until = from_ms + hours * HOUR_MS
        return self.tell(FactKind.SLOT_CONFIRMED, from_ms=from_ms, until_ms=until)

    def attempts(self, count: int) -> Told:
        """The technician calls, and calls again."""
        for _ in range(count):
            self.tell(FactKind.CONTACT_ATTEMPT, channel="phone")
        return self

    def no_show(self) -> Told:
        """Nobody came, says the technician."""
        return self.tell(FactKind.NO_SHOW, note="Personne n’a répondu")

    def early_start(self) -> Told:
        """The customer asked to begin at once."""
        kind = FactKind.EARLY_START_REQUESTED
        return self.tell(kind, Side.CUSTOMER, text=TEXT)

    def acknowledged(self) -> Told:
        """The customer knows what complete performance means."""
        return self.tell(FactKind.LOSS_ACKNOWLEDGED, Side.CUSTOMER, text=TEXT)

    def performed(self) -> Told:
        """All of it is done."""
        return self.tell(FactKind.PERFORMED, note="Imprimante installée")

    def withdrawn(self, **other: Json) -> Told:
        """The customer withdraws by phone, in time."""
        data: dict[str, Json] = {
            "channel": "phone",
            "wording": "Je ne veux plus de votre intervention.",
            "consumer": True,
            "informed": True,
            "concluded": "2026-11-20",
            "stated": "2026-11-24",
        }
        return self._say(FactKind.WITHDRAWN, Side.TECHNICIAN, data | other)

    def follow_up(self, **other: Json) -> Told:
        """The same fault again, told in writing after three days."""
        data: dict[str, Json] = {
            "engagement": "e-00000000000000aa",
            "performed": "2026-11-20",
            "notified": "2026-11-23",
            "written": True,
            "same_fault": True,
            "same_machine": True,
            "same_site": True,
            "reserves": False,
            "cause": "",
        }
        return self._say(FactKind.FOLLOW_UP_OF, Side.TECHNICIAN, data | other)

    def released(self) -> Told:
        """A person lets it out."""
        return self.tell(FactKind.RELEASED, reason="Vérifié avec le client")
