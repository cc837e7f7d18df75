"""Small things that many tests of the relay need, made in one line."""

import hashlib
from pathlib import Path

from sqlalchemy import create_engine, text

from cordee_server.adapters.sql.migrate import migrate
from cordee_server.ports import Engagement, Outgoing, engagement_named
from cordee_shared.billing.policy import LAW_CORRECTED_2026
from cordee_shared.ids import EngagementId, TechnicianId, record_id
from cordee_shared.journal.entry import Entry
from cordee_shared.journal.merkle import leaf_hash
from cordee_shared.session.offer import Offer
from cordee_shared.session.states import Event, Remark
from tests.shared.journals import TARIFF, Journal

AGREED = EngagementId("e-0123456789abcdef")
OTHER = EngagementId("e-fedcba9876543210")
LUC = TechnicianId("luc")
#: 2025-03-14 09:00:00 UTC, as ``tests.clock``.
CONFIRMED_MS = 1_741_942_800_000


class Dice:
    """Entropy that a test can repeat."""

    def __init__(self, seed: str = "dice") -> None:
        self._seed = seed
        self._drawn = 0

    def token(self, size: int) -> bytes:
        """Return bytes that look random and are always the same."""
        self._drawn += 1
        name = f"{self._seed} {self._drawn}".encode()
        return hashlib.shake_128(name).digest(size)

    def below(self, bound: int) -> int:
        """Return a number from 0 to ``bound - 1``."""
        return int.from_bytes(self.token(8), "big") % bound


def invited(number: int = 1, engagement: EngagementId | None = AGREED) -> Journal:
    """Return a session whose code was issued for an engagement."""
    journal = Journal(number)
    return journal.fact(
        Remark.CODE_ISSUED, {} if engagement is None else {"engagement": engagement}
    )


def ended(number: int = 1, engagement: EngagementId | None = AGREED) -> Journal:
    """Return a session that ended before anybody claimed its code."""
    journal = invited(number, engagement)
    return journal.wait(1).fact(Event.ENDED, {"reason": "code_cancelled"})


def outgoing(journal: Journal, *, revision: int = 1, text: bytes = b"{}") -> Outgoing:
    """Return a record that the end of this session made."""
    return Outgoing(
        id=record_id("relay", AGREED, revision),
        engagement=AGREED,
        revision=revision,
        session=journal.id,
        raw=text,
    )


def engagement(
    id: EngagementId = AGREED, *, by: TechnicianId = LUC, customer: str = "Mme Martin"
) -> Engagement:
    """Return what was agreed with a customer."""
    return Engagement(
        offer=Offer(
            engagement=id,
            organisation="Aide & Cie",
            phone="01 23 45 67 89",
            customer=customer,
            purpose="Imprimante muette",
            tariff=TARIFF.id,
            tariff_hash=TARIFF.hash,
            price_cents=TARIFF.price_cents,
            currency=TARIFF.currency,
            unit_s=TARIFF.unit_s,
            minimum_units=TARIFF.minimum_units,
            policy=LAW_CORRECTED_2026.id,
            policy_hash=LAW_CORRECTED_2026.hash,
            terms_version="2021-11-01",
            terms_hash=hashlib.sha256(b"terms").hexdigest(),
            confirmed_ms=CONFIRMED_MS,
        ),
        policy=LAW_CORRECTED_2026,
        tariff=TARIFF,
        confirmed_by=by,
        channel="phone",
    )


def make_older(file: Path, revision: str, *journals: Journal) -> None:
    """Make a database as an older version left it, with these sessions in it."""
    engine = create_engine(f"sqlite:///{file}")
    migrate(engine, revision)
    rows = [
        {
            "session": entry.session,
            "n": entry.n,
            "state": entry.state.value,
            "at_ms": entry.moment.at_ms,
            "engagement": engagement_named(entry),
            "leaf": leaf_hash(entry.raw),
            "bytes": entry.raw,
        }
        for journal in journals
        for entry in journal.entries
    ]
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO entries"
                " (session, n, state, at_ms, engagement, leaf, bytes) VALUES"
                " (:session, :n, :state, :at_ms, :engagement, :leaf, :bytes)"
            ),
            rows,
        )
    engine.dispose()


def raw(entries: list[Entry]) -> list[bytes]:
    """Return entries as they are stored, to compare them."""
    return [entry.raw for entry in entries]
