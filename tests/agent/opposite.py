"""The relay and the console, as the agent meets them: real rules, no sockets.

Pairing, records, acts and entries are the real ones; only the network is missing.
What the agent sends is queued, and :meth:`Opposite.pump` lets the other side act.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_agent.assist import Assist
from cordee_agent.meeting import Meeting
from cordee_agent.ports import Parts
from cordee_agent.sealed import read_said, said_act
from cordee_agent.window import model
from cordee_shared.canonical import Json, b64, sha256_hex, transcript_hash, unb64
from cordee_shared.code import Code
from cordee_shared.ids import EngagementId, Nameplate, session_id
from cordee_shared.journal.act import ActReader, ActWriter
from cordee_shared.journal.entry import Entry, write_act, write_fact
from cordee_shared.pairing.channel import SealedChannel
from cordee_shared.pairing.machine import Pairing
from cordee_shared.pairing.resume import Resume
from cordee_shared.pairing.schedule import Role
from cordee_shared.session.consent import Language
from cordee_shared.session.machine import Kind, Session, Verdict
from cordee_shared.session.offer import Attestation, Offer
from cordee_shared.session.states import Event, Remark, Side
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.terms import Gathering, in_pieces
from tests.clock import ManualClock

ORIGIN = "https://relay.example"
CODE = Code(Nameplate("482"), "91307")
#: The general terms of :data:`OFFER`.
TERMS = "1 - VALIDITÉ DU CONTRAT\nLe client adhère aux présentes conditions.\n" * 200
OFFER = Offer(
    engagement=EngagementId("e-00000000000000aa"),
    organisation="Micro-Alpes",
    phone="04 79 07 11 96",
    customer="Mme Durand",
    purpose="l’imprimante ne répond plus",
    tariff="remote",
    tariff_hash="1" * 64,
    price_cents=2500,
    currency="EUR",
    unit_s=1800,
    minimum_units=1,
    service_opens="control",
    reclaimed="pause",
    policy="law-corrected-2026",
    policy_hash="2" * 64,
    terms_version="2021-11-01",
    terms_hash=sha256_hex(TERMS.encode()),
    confirmed_ms=ManualClock.START_MS,
)


class Dice:
    """Bytes that differ each time and are the same in each run."""

    def __init__(self, start: int) -> None:
        """Begin at ``start``."""
        self._next = start

    def __call__(self, size: int) -> bytes:
        """Return the next bytes."""
        self._next += 1
        return self._next.to_bytes(4, "big") * (size // 4)


class FakeHands:
    """A guard that only notes what it was told."""

    def __init__(self) -> None:
        """Start shut."""
        self.is_open = False
        self.asking = False
        self.injected: list[bytes] = []
        self.signs_of_life = 0

    def open(self) -> None:
        """Note it."""
        self.is_open = True

    def shut(self) -> None:
        """Note it."""
        self.is_open = False

    def inject(self, batch: bytes) -> None:
        """Note it."""
        self.injected.append(batch)

    def alive(self) -> None:
        """Note it."""
        self.signs_of_life += 1

    def question(self, open: bool) -> None:
        """Note it."""
        self.asking = open


class FakePictures:
    """A picture that is on from its run to its cancelling."""

    def __init__(self, send: Callable[[bytes], Awaitable[None]]) -> None:
        """Keep what sends."""
        self.send = send
        self.runs = 0
        self.acknowledgements: list[bytes] = []

    async def run(self) -> None:
        """Run until cancelled."""
        self.runs += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.runs -= 1

    def acknowledged(self, payload: bytes) -> None:
        """Note it."""
        self.acknowledgements.append(payload)


class FakeLink:
    """A link whose other end is an :class:`Opposite`."""

    def __init__(self, opposite: Opposite) -> None:
        """Stand."""
        self._opposite = opposite
        self.is_up = True
        self.is_closed = False

    def send(self, message: control.Message) -> None:
        """Queue a message for the other side."""
        if self.is_up:
            self._opposite.heard.append(message)

    def send_record(self, frame: bytes) -> None:
        """Queue a record for the other side."""
        if self.is_up:
            self._opposite.heard.append(frame)

    async def wait_room(self) -> None:
        """There is always room."""

    def close(self) -> None:
        """Note it."""
        self.is_closed = True


@dataclass
class Opposite:
    """Relay and console in one, driven by the test."""

    clock: ManualClock = field(default_factory=ManualClock)
    secret: str = CODE.secret
    heard: deque[control.Message | bytes] = field(default_factory=deque)
    entries: list[Entry] = field(default_factory=list)
    #: Payloads that the console opened, by channel.
    opened: list[tuple[Channel, bytes]] = field(default_factory=list)
    views: list[model.View] = field(default_factory=list)
    #: While true the relay journals nothing: acts wait.
    journal_waits: bool = False
    #: What the relay brings as the terms.
    terms: str = TERMS

    def __post_init__(self) -> None:
        """Make keys, console and relay."""
        self.relay_key = Ed25519PrivateKey.generate()
        self.relay_pk = self.relay_key.public_key().public_bytes_raw()
        self.key = Ed25519PrivateKey.generate()
        self.pk = self.key.public_key().public_bytes_raw()
        self.session = session_id(b"s" * 16)
        self.table = Session()
        self.offer = OFFER.signed(self.relay_key)
        self.att = Attestation(
            OFFER.organisation, "Claire Martin", b64(self.pk), self.clock.wall() + 43200
        ).signed(self.relay_key)
        self.pairing = Pairing(
            Role.CONSOLE,
            code=Code(CODE.nameplate, self.secret),
            direction="b",
            origin=ORIGIN,
            pk=self.pk,
            entropy=Dice(1000),
            att={"text": self.att.text, "sig": self.att.sig},
        )
        self.paired = control.Paired(
            session=self.session,
            rs=b64(b"r" * 16),
            np=CODE.nameplate,
            dir="b",
            n=1,
            offer=control.Statement(self.offer.text, self.offer.sig),
            att=control.Statement(self.att.text, self.att.sig),
            token="first",
            consent_s=120,
        )
        self.hands = FakeHands()
        self.pictures: list[FakePictures] = []
        self.link = FakeLink(self)
        self.channel: SealedChannel | None = None
        self.resume: Resume | None = None
        self.assist: Assist | None = None
        self.acts: list[control.ActSent] = []
        self._fact(Remark.CODE_ISSUED, {})

    def parts(self, language: Language = Language.FR) -> Parts:
        """Return what the agent works with."""
        return Parts(
            hands=self.hands,
            pictures=self._picture,
            show=self.views.append,
            clock=self.clock,
            entropy=Dice(1),
            origin=ORIGIN,
            relay_pk=self.relay_pk,
            pinned=True,
            organisation=OFFER.organisation,
            language=language,
            version="0.1.0",
        )

    def meeting(self) -> Meeting:
        """Return a run at the code that has just begun."""
        terms = Gathering()
        for piece in in_pieces(self.terms):
            terms.take(piece)
        return Meeting(self.parts(), self.link, CODE, "b", self.paired, terms)  # type: ignore[arg-type]  # a link all the same

    def meet(self) -> Meeting:
        """Pair with the agent; look at the meeting for how it went."""
        meeting = self.meeting()
        meeting.on_message(self._said(self._fact(Event.CODE_CLAIMED, {})))
        h1 = self.pairing.receive(self.paired)
        assert isinstance(h1, control.H1)
        meeting.on_message(h1)
        h2 = self.heard.popleft()
        assert isinstance(h2, control.H2)
        h3 = self.pairing.receive(h2)
        assert isinstance(h3, control.H3)
        meeting.on_message(h3)
        self.h1, self.h2, self.h3 = h1, h2, h3
        return meeting

    def begin(self, group: asyncio.TaskGroup) -> Assist:
        """Pair and bring the session to the first question."""
        meeting = self.meet()
        assert meeting.met is not None
        h4 = self.heard.popleft()
        assert isinstance(h4, control.H4)
        self.pairing.receive(h4)
        agreement = self.pairing.agreement
        assert agreement is not None
        self.agreement = agreement
        self.channel = SealedChannel(
            Role.CONSOLE, agreement.keys, self.clock.monotonic()
        )
        self.th = transcript_hash(
            unb64(self.h2.y), unb64(self.h2.ad), unb64(self.h3.y), unb64(self.h1.ad)
        )
        self.customer = ActReader(
            self.session, Side.CUSTOMER, agreement.peer_pk, self.th
        )
        self.technician = ActReader(self.session, Side.TECHNICIAN, self.pk, self.th)
        self.writer = ActWriter(
            self.session, Side.TECHNICIAN, self.key, self.th, started_ms=0
        )
        self.assist = Assist(self.parts(), group, meeting.met)
        self.say(Remark.BIND, {"pairing": self.th.hex()})
        self.pump()
        self.fact(Event.KEYS_CONFIRMED, {})
        return self.assist

    # --- the other side's moves ----------------------------------------------------

    def pump(self) -> None:
        """Let the relay and the console hear everything that was sent."""
        while self.heard:
            match self.heard.popleft():
                case bytes() as frame:
                    if self.channel is not None and self.channel.is_open:
                        opened = self.channel.open(frame)
                        self.opened.append((opened.channel, opened.payload))
                case control.ActSent() as sent:
                    self.acts.append(sent)
                    if not self.journal_waits:
                        self.journal()

    def journal(self) -> None:
        """Verify, judge and append every act that waits, and tell the agent."""
        while self.acts:
            sent = self.acts.pop(0)
            self._journal(self.customer, sent.act, sent.sig)
            self.pump()

    def fact(self, kind: Kind, data: Mapping[str, Json]) -> None:
        """Journal a fact of the relay's and tell the agent."""
        self._tell(self._fact(kind, data))
        self.pump()

    def say(self, kind: Kind, data: Mapping[str, Json]) -> None:
        """Let the technician act: mirrored to the agent, journaled, told."""
        act = self.writer.write(
            kind,
            self.clock.monotonic_ms(),
            self.table.next_entry - 1,
            self.customer.last,
            data,
        )
        text, sig = act.raw.decode("ascii"), act.signature.hex()
        self.send(Channel.CONTROL, said_act(text, sig))
        self._journal(self.technician, text, sig)
        self.pump()

    def send(self, channel: Channel, payload: bytes) -> None:
        """Send a sealed record to the agent."""
        assert self.channel is not None
        assert self.assist is not None
        self.assist.on_record(
            self.channel.seal(channel, payload, self.clock.monotonic())
        )
        self.pump()

    def mirrored(self) -> list[str]:
        """Return the acts that the console has seen through the sealed channel."""
        said = [read_said(p) for channel, p in self.opened if channel == 0]
        return [message.act for message in said if message.t == "act"]

    def kinds(self) -> list[str]:
        """Return the journal's kinds in order, ticks left out."""
        return [e.kind.value for e in self.entries if e.kind is not Remark.TICK]

    # --- how they are done ------------------------------------------------------------

    def _picture(self, send: Callable[[bytes], Awaitable[None]]) -> FakePictures:
        self.pictures.append(FakePictures(send))
        return self.pictures[-1]

    def _journal(self, reader: ActReader, text: str, sig: str) -> None:
        act = reader.read(text.encode(), bytes.fromhex(sig))
        late = self.table.judge(act.kind, act.side, act.seen) is Verdict.LATE
        moment = self.clock.moment()
        n = self.table.next_entry
        after = self.table.follow(act.kind, act.side, moment.mono_us, late=late)
        entry = write_act(n, moment, act, after, late=late)
        self.entries.append(entry)
        self._tell(entry)

    def _fact(self, kind: Kind, data: Mapping[str, Json]) -> Entry:
        moment = self.clock.moment()
        n = self.table.next_entry
        after = self.table.follow(kind, Side.RELAY, moment.mono_us)
        entry = write_fact(n, moment, self.session, kind, after, data, self.relay_key)
        self.entries.append(entry)
        return entry

    def _said(self, entry: Entry) -> control.EntryMade:
        return control.EntryMade(entry=entry.raw.decode("ascii"))

    def _tell(self, entry: Entry) -> None:
        if self.assist is not None:
            self.assist.on_message(self._said(entry))
