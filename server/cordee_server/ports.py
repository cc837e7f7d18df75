"""What the relay needs from outside, in its own words.

Each docstring is a contract: ``tests/contract/`` checks it on every adapter.
Rules for all stores:

1. A method that changes something is durable when it returns.
2. ``Unavailable`` means nothing was changed and trying again later may work. One
   exception: a caller that was cancelled while waiting does not know.
3. Times are Unix milliseconds of the caller's clock; a store has no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cordee_shared.billing.agreed import Deal
from cordee_shared.billing.correction import Correction
from cordee_shared.billing.facts import EngagementFact
from cordee_shared.billing.particulars import Particulars
from cordee_shared.billing.policy import Policy, Tariff
from cordee_shared.ids import EngagementId, RecordId, SessionId, TechnicianId
from cordee_shared.journal.entry import Entry, Moment
from cordee_shared.session.offer import Offer
from cordee_shared.session.states import Event, Remark

from .roles import Role


class Clock(Protocol):
    """The relay's clocks. Tests bring their own (``tests/clock.py``)."""

    def now_ms(self) -> int:
        """Return the time of day, Unix milliseconds: a label, it may jump."""
        ...

    def monotonic_ms(self) -> int:
        """Return milliseconds that never go back within one run."""
        ...

    def moment(self) -> Moment:
        """Return both clocks in one reading, for an entry."""
        ...


class Entropy(Protocol):
    """Where random bytes come from."""

    def token(self, size: int) -> bytes:
        """Return ``size`` bytes that nobody can guess."""
        ...

    def below(self, bound: int) -> int:
        """Return a number from 0 to ``bound - 1``, all equally likely."""
        ...


# --- the journal -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A billing record on its way out: its names and its exact bytes.

    Either the end of ``session`` made this revision, or the engagement's fact number
    ``fact``. At most one record exists for a session, for a fact, and for each
    revision of an engagement.
    """

    id: RecordId
    engagement: EngagementId
    revision: int
    session: SessionId | None
    #: Canonical JSON, one line of the export without its line feed.
    raw: bytes = field(repr=False)
    fact: int | None = None


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One session as ``cordee journal show`` lists it."""

    session: SessionId
    engagement: EngagementId | None
    started_ms: int
    #: State after its last entry.
    state: str
    entries: int


def engagement_named(entry: Entry) -> EngagementId | None:
    """Return the engagement that an entry puts its session under, if it does.

    ``code_issued`` (the console invites) or ``code_claimed`` (the agent shows a code)
    name it in their data.
    """
    if entry.kind in (Remark.CODE_ISSUED, Event.CODE_CLAIMED):
        named = entry.data.get("engagement")
        if isinstance(named, str) and named:
            return EngagementId(named)
    return None


class JournalStore(Protocol):
    """Append-only, ordered, durable when ``append`` returns."""

    async def append(
        self, entries: Sequence[Entry], record: Outgoing | None = None
    ) -> None:
        """Append ``entries`` in order and, with them, a billing record: all or none.

        A session's entries are numbered 0, 1, 2 … without gap, and nothing follows
        the entry that left the session ended.

        Raises:
            LocalViolation: an entry is not the next of its session, or the record's
                session, or its engagement's revision, has one already; nothing was
                stored.
            Unavailable: nothing was stored, or nobody waited for the answer.
        """
        ...

    async def entries_of(self, session: SessionId) -> list[Entry]:
        """Return a session's entries by number; empty for an unknown session."""
        ...

    async def sessions_of(self, engagement: EngagementId) -> list[SessionId]:
        """Return the engagement's sessions, by their first mention of it.

        The first entry with an :func:`engagement_named` counts.
        """
        ...

    async def ended_of(self, engagement: EngagementId) -> list[SessionId]:
        """Return those of the engagement's sessions that are over, by their end."""
        ...

    async def engagement_of(self, session: SessionId) -> EngagementId | None:
        """Return the engagement of a session, if it has got one."""
        ...

    async def unfinished(self) -> list[SessionId]:
        """Return the sessions that have entries and have not ended, oldest first."""
        ...

    async def without_record(self) -> list[SessionId]:
        """Return ended sessions with an engagement and no record, by their end."""
        ...

    async def summaries(self, limit: int) -> list[SessionSummary]:
        """Return the latest ``limit`` sessions, the latest first."""
        ...

    async def last_at_ms(self) -> int | None:
        """Return the wall time of the newest entry; ``None`` for an empty journal."""
        ...


class BillingOutbox(Protocol):
    """The billing records that :meth:`JournalStore.append` stored.

    And those that :meth:`FactStore.append` did.
    """

    async def records(self) -> list[Outgoing]:
        """Return every record, in the order of the ends and facts that made them."""
        ...

    async def records_of(self, engagement: EngagementId) -> list[Outgoing]:
        """Return an engagement's records by revision."""
        ...

    async def add(self, record: Outgoing) -> None:
        """Store a record that was derived later, of a session that has ended.

        Storing the very same record again changes nothing.

        Raises:
            LocalViolation: another record has its id, session, fact or revision, the
                session has not ended, or there is no such fact.
            Unavailable: nothing was stored.
        """
        ...


class FactStore(Protocol):
    """Facts of engagements: append-only, numbered, on the journal's own ground."""

    async def append(
        self, fact: EngagementFact, record: Outgoing | None = None
    ) -> None:
        """Append a fact and, with it, the record that it makes: both or none.

        An engagement's facts are numbered 0, 1, 2 … without gap.

        Raises:
            LocalViolation: it is not the engagement's next, or another record stands
                in place of this one; nothing was stored.
            Unavailable: nothing was stored.
        """
        ...

    async def of(self, engagement: EngagementId) -> list[EngagementFact]:
        """Return an engagement's facts by number; empty when there are none."""
        ...

    async def without_record(self) -> list[EngagementFact]:
        """Return the facts that made no record, in the order of their appending."""
        ...


# --- engagements ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Engagement:
    """What was agreed, fixed when it was confirmed (billing_legal.md R01, R05).

    Policy and tariff stand here whole: a bill can be derived again when the settings
    have long changed.
    """

    offer: Offer
    policy: Policy
    tariff: Tariff
    confirmed_by: TechnicianId
    #: How the customer confirmed: ``phone`` or ``email``.
    channel: str
    #: The rest of what was agreed, named by the offer's hash; ``None``: from before
    #: engagements held it.
    particulars: Particulars | None = None
    #: What the books know of a customer whose particulars were erased; from stores.
    deal: Deal | None = None
    #: What the customer had put right since.
    corrected: Correction | None = None

    @property
    def id(self) -> EngagementId:
        """The engagement's id."""
        return self.offer.engagement


class EngagementStore(Protocol):
    """Engagements, never changed once stored."""

    async def add(self, engagement: Engagement) -> None:
        """Store a new engagement.

        Raises:
            LocalViolation: one with this id exists; it stays as it is.
            Unavailable: nothing was stored.
        """
        ...

    async def find(self, engagement: EngagementId) -> Engagement | None:
        """Return the engagement, or ``None``."""
        ...

    async def of(self, technician: TechnicianId, limit: int) -> list[Engagement]:
        """Return the latest ``limit`` that this technician confirmed, latest first."""
        ...


# --- technicians -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Technician:
    """An account. The secrets are left out of its repr."""

    id: TechnicianId
    #: Shown to customers, under the relay's attestation.
    display_name: str
    #: PHC string of Argon2id.
    password: str = field(repr=False)
    #: Seed of the second factor, sealed with the seed key.
    totp: bytes = field(repr=False)
    created_ms: int
    role: Role = Role.TECHNICIAN
    #: By an admin, until an admin unlocks it.
    locked: bool = False


@dataclass(frozen=True, slots=True)
class SignIn:
    """One signed-in browser; ``token`` is the SHA-256 of what its cookie holds."""

    token: bytes = field(repr=False)
    technician: TechnicianId
    since_ms: int
    #: When it was last used.
    seen_ms: int
    #: Kind of browser and system, for whoever looks through the list; no more of it.
    browser: str = ""


class TechnicianStore(Protocol):
    """Accounts, their second factor's steps, attempts and sign-ins."""

    async def add(self, technician: Technician) -> None:
        """Store a new account.

        Raises:
            NotAllowed: one of this name exists; it stays as it is.
            Unavailable: nothing was stored.
        """
        ...

    async def find(self, technician: TechnicianId) -> Technician | None:
        """Return the account, or ``None``."""
        ...

    async def all(self) -> list[Technician]:
        """Return every account, by name."""
        ...

    async def replace(self, technician: Technician) -> bool:
        """Replace an account's display name and secrets; sign it out everywhere.

        The second factor starts afresh and its lock is lifted. Returns whether there
        is such an account.
        """
        ...

    async def rehash(self, technician: TechnicianId, password: str) -> None:
        """Replace only the password's hash; sign-ins stay."""
        ...

    async def remove(self, technician: TechnicianId) -> bool:
        """Remove an account and sign it out everywhere; whether it existed."""
        ...

    async def use_step(self, technician: TechnicianId, step: int) -> bool:
        """Use up a step of the second factor.

        Returns ``True`` once for a step above every one used before; of parallel
        calls with one step exactly one gets ``True`` (S-48).
        """
        ...

    async def attempt(self, name: str, now_ms: int, pauses_ms: Sequence[int]) -> int:
        """Count one attempt to sign in under ``name``, existing account or not.

        Attempt number *n* blocks the name for ``pauses_ms[n - 1]`` from now on (the
        last pause stands for all later ones), before its outcome is known: parallel
        guesses gain nothing. Returns 0 when the attempt may go on; else the name is
        blocked: nothing was counted, and the answer is the milliseconds left.
        """
        ...

    async def block(self, name: str, until_ms: int) -> None:
        """Let :meth:`attempt` refuse ``name`` until then; a longer block stays."""
        ...

    async def blocked_until(self, name: str) -> int:
        """Return until when ``name`` is blocked; 0 when it is not known here."""
        ...

    async def forget_attempts(self, name: str) -> None:
        """Start counting ``name`` from zero, and lift its block."""
        ...

    async def sign_in(self, sign_in: SignIn) -> None:
        """Remember a sign-in.

        Raises:
            NotAllowed: the account is gone.
            Unavailable: nothing was stored.
        """
        ...

    async def signed_in(self, token: bytes) -> SignIn | None:
        """Return the sign-in with this token's hash, however old, or ``None``."""
        ...

    async def seen(self, token: bytes, now_ms: int) -> None:
        """Note that a sign-in was used; nothing happens when it is gone."""
        ...

    async def sign_out(self, token: bytes) -> None:
        """Forget one sign-in, if it is there."""
        ...

    async def sign_out_everywhere(self, technician: TechnicianId) -> None:
        """Forget all sign-ins of an account."""
        ...

    async def forget_before(
        self, since_ms: int, seen_ms: int, attempts_ms: int
    ) -> None:
        """Forget what is too old to matter.

        That is: sign-ins made before ``since_ms`` or last used before ``seen_ms``,
        and attempts under names last tried, and not blocked any more, before
        ``attempts_ms``.
        """
        ...
