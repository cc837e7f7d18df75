"""Both ends of a session, for tests of the relay: real pairing, real acts, no window.

Pure: :meth:`End.take` takes what the relay sent and fills :attr:`End.out`. Who
carries it is the test's choice: ``tests/stage.py`` without any socket,
:func:`connected` over a real one.
"""

import asyncio
import json
import os
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from cordee_shared.canonical import Json, b64, unb64
from cordee_shared.code import Code, secret_from
from cordee_shared.errors import PairingFailed
from cordee_shared.ids import SessionId, read_nameplate, read_session_id
from cordee_shared.journal.act import Act, ActReader, ActWriter
from cordee_shared.journal.entry import Entry, read_entry, verify_fact
from cordee_shared.limits import FRAME_MAX
from cordee_shared.pairing.channel import Opened, SealedChannel
from cordee_shared.pairing.machine import Agreement, Direction, Pairing
from cordee_shared.pairing.resume import Resume
from cordee_shared.pairing.schedule import Role
from cordee_shared.session.consent import (
    ConsentText,
    Language,
    Scope,
    consent_data,
    render,
)
from cordee_shared.session.machine import Kind, Session
from cordee_shared.session.offer import Attestation, Offer, Signed
from cordee_shared.session.states import Event, Remark, Side, State
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.terms import Gathering
from tests.clock import ManualClock

#: How long a test over a socket waits before it fails.
PATIENCE_S = 60.0


class End(ABC):
    """One side of a session. What it has heard is kept, in order."""

    side: Side
    role: Role

    def __init__(self, origin: str, clock: ManualClock | None = None) -> None:
        self.origin = origin
        self.clock = clock or ManualClock()
        self.key = Ed25519PrivateKey.generate()
        self.pk = self.key.public_key().public_bytes_raw()
        #: Frames for the relay.
        self.out: list[str | bytes] = []
        #: Every message of the relay's, in order.
        self.heard: list[control.Message] = []
        #: Every record that opened, in order.
        self.opened: list[Opened] = []
        self.entries: list[Entry] = []
        self.code: Code | None = None
        self.session: SessionId | None = None
        self.state = State.WAITING
        self.agreement: Agreement | None = None
        self.token = ""
        #: The relay closed the link; its close code where there is one.
        self.closed: int | str | None = None
        #: How often the relay has greeted.
        self.welcomes = 0
        #: Leave out what it would answer by itself: these kinds of acts.
        self.silent: set[Kind] = set()
        #: The general terms that came before ``paired``, to a customer.
        self.terms = Gathering()
        self._relay_pk = b""
        self._att: control.Statement | None = None
        self._statement: Signed | None = None
        self._table: Session | None = None
        self._pairing: Pairing | None = None
        self._resume: Resume | None = None
        self._channel: SealedChannel | None = None
        self._writer: ActWriter | None = None
        self._reader: ActReader | None = None
        self._changed = asyncio.Event()

    # --- what a test looks at -----------------------------------------------------

    @property
    def seen(self) -> int:
        """Number of the last entry that was followed; -1 before the first."""
        return self.entries[-1].n if self.entries else -1

    def kinds(self) -> list[str]:
        """Return the kinds of the entries it was told."""
        return [entry.kind.value for entry in self.entries]

    def last(self, kind: type[control.Message]) -> control.Message | None:
        """Return the last message of a kind."""
        found = [message for message in self.heard if isinstance(message, kind)]
        return found[-1] if found else None

    def refusals(self) -> list[str]:
        """Return the codes of everything that was refused."""
        return [m.code for m in self.heard if isinstance(m, control.RefusedNow)]

    @property
    def bill(self) -> control.Bill | None:
        """What the relay says the session comes to."""
        found = self.last(control.Bill)
        return found if isinstance(found, control.Bill) else None

    async def until(self, fact: Callable[[], object]) -> None:
        """Wait until ``fact`` holds; looked at after everything that arrives."""
        async with asyncio.timeout(PATIENCE_S):
            while not fact():
                self._changed.clear()
                await self._changed.wait()

    async def until_state(self, state: State) -> None:
        """Wait until the entries have led to ``state``."""
        await self.until(lambda: self.state is state)

    # --- what it says -------------------------------------------------------------

    @abstractmethod
    def hello(self) -> None:
        """Say hello, as the first thing on every link."""

    def say(self, message: control.Message) -> None:
        """Send a message to the relay."""
        self.out.append(control.encode(message))
        self._changed.set()

    def seal(self, channel: Channel, payload: bytes) -> None:
        """Send a sealed record to the other end."""
        assert self._channel is not None, "no keys yet"
        self.out.append(self._channel.seal(channel, payload, self.clock.monotonic()))
        self._changed.set()

    def claim(self, code: Code, engagement: str = "") -> None:
        """Type a code; only its nameplate is sent."""
        self.code = code
        self.say(control.Claim(np=code.nameplate, engagement=engagement))

    def write(self, kind: Kind, data: Mapping[str, Json] | None = None) -> Act:
        """Write the next act without sending it."""
        assert self._writer is not None, "acts are written under a pairing"
        assert self._reader is not None, "acts are written under a pairing"
        at_ms = self.clock.monotonic_ms()
        return self._writer.write(kind, at_ms, self.seen, self._reader.last, data or {})

    def send_act(self, act: Act) -> None:
        """Send an act to the relay."""
        self.say(control.ActSent(act=act.raw.decode("ascii"), sig=act.signature.hex()))

    def act(self, kind: Kind, data: Mapping[str, Json] | None = None) -> Act:
        """Write an act, mirror it to the other end, send it to the relay."""
        act = self.write(kind, data)
        if self._channel is not None and self._channel.is_open:
            mirror = {
                "t": "act",
                "act": act.raw.decode("ascii"),
                "sig": act.signature.hex(),
            }
            self.seal(Channel.CONTROL, json.dumps(mirror).encode())
        self.send_act(act)
        return act

    def end(self, reason: str) -> None:
        """End the session."""
        self.act(Event.ENDED, {"reason": reason})

    def come_back(self) -> None:
        """On a new link: ask for the session back."""
        assert self.session is not None, "there is nothing to come back to"
        self._channel = None
        self.closed = None
        self.say(control.Resume(session=self.session, token=self.token, seen=self.seen))

    # --- what it hears ------------------------------------------------------------

    def take(self, frame: str | bytes) -> None:
        """Take one frame of the relay's, and answer it."""
        if isinstance(frame, bytes):
            self._take_record(frame)
        else:
            message = self._decode(frame)
            self.heard.append(message)
            self._take_message(message)
        self._changed.set()

    def _decode(self, text: str) -> control.Message:
        if self.side is Side.CUSTOMER:
            return control.decode(text, control.to_agent)
        return control.decode(text, control.to_console)

    def hang_up(self, why: int | str) -> None:
        """Take note that the link is gone."""
        self.closed = why
        self._channel = None
        self._changed.set()

    def _take_message(self, message: control.Message) -> None:
        match message:
            case control.Welcome():
                self.welcomes += 1
                self._relay_pk = unb64(message.pk)
                self._att = message.att
            case control.CodeGiven(np=np, session=session):
                secret = secret_from(int.from_bytes(os.urandom(4), "big") % 10**5)
                self.code = Code(read_nameplate(np), secret)
                self._begin(read_session_id(session), 0)
            case control.Terms():
                self.terms.take(message)
            case control.Paired():
                self._meet(message)
            case control.H1() | control.H2() | control.H3() | control.H4():
                self._pair(message)
            case control.Resumed(token=token):
                assert self.agreement is not None, "only a paired end resumes"
                self.token, self._channel = token, None
                self._resume = Resume(self.agreement, os.urandom)
                self._take_up(message)
            case control.R1() | control.R2() | control.R3():
                self._take_up(message)
            case control.EntryMade(entry=text):
                self._follow(read_entry(text.encode("ascii")))

    def _begin(self, session: SessionId, first: int) -> None:
        self.session, self.entries = session, []
        self.state = State.WAITING
        self._table = Session(first=first)
        self._channel = self._writer = self._reader = None

    def _meet(self, paired: control.Paired) -> None:
        assert self.code is not None, "somebody holds a code"
        session = read_session_id(paired.session)
        if self.session != session:
            self._begin(session, paired.n)
        self.token = paired.token
        self._statement = Signed(paired.offer.text, paired.offer.sig)
        self.attested = Signed(paired.att.text, paired.att.sig)
        direction: Direction = "a" if paired.dir == "a" else "b"
        self._pairing = self._new_pairing(self.code, direction)
        self._pair(paired)

    @abstractmethod
    def _new_pairing(self, code: Code, direction: Direction) -> Pairing:
        """Get ready to pair under a code."""

    def _pair(self, message: control.Message) -> None:
        assert self._pairing is not None, "a run is under way"
        try:
            answer = self._pairing.receive(message)
        except PairingFailed:
            self.say(control.RunFailed())
            return
        if answer is not None:
            self.say(answer)
        self.agreement = self._pairing.agreement
        if self.agreement is not None:
            self._bind(self.agreement)

    def _bind(self, agreement: Agreement) -> None:
        assert self.session is not None, "the relay has named the session"
        other = Side.CUSTOMER if self.side is Side.TECHNICIAN else Side.TECHNICIAN
        now = self.clock.monotonic()
        self._channel = SealedChannel(self.role, agreement.keys, now)
        self._writer = ActWriter(
            self.session, self.side, self.key, agreement.th, self.clock.monotonic_ms()
        )
        self._reader = ActReader(self.session, other, agreement.peer_pk, agreement.th)
        if Remark.BIND not in self.silent:
            self.act(Remark.BIND, {"pairing": agreement.th.hex()})

    def _take_up(self, message: control.Message) -> None:
        assert self._resume is not None, "resumed comes first"
        answer = self._resume.receive(message)
        if answer is not None:
            self.say(answer)
        if self._resume.agreement is not None:
            self.agreement = self._resume.agreement
            now = self.clock.monotonic()
            self._channel = SealedChannel(self.role, self.agreement.keys, now)

    def _take_record(self, frame: bytes) -> None:
        assert self._channel is not None, "a record without keys"
        opened = self._channel.open(frame)
        self.opened.append(opened)
        if opened.channel is Channel.CONTROL and opened.payload[:1] == b"{":
            said = json.loads(opened.payload)
            if said["t"] == "act":
                assert self._reader is not None, "keys come with a pairing"
                self._reader.read(said["act"].encode(), bytes.fromhex(said["sig"]))

    def _follow(self, entry: Entry) -> None:
        assert self._table is not None, "entries come within a session"
        assert entry.n == self._table.next_entry, "entries come in order"
        if entry.act is None:
            verify_fact(entry, self._relay_pk)
        self.state = self._table.follow(
            entry.kind, entry.side, entry.moment.mono_us, late=entry.late
        )
        assert self.state is entry.state, "the relay runs the same table"
        self.entries.append(entry)

    def _offer(self) -> Offer:
        assert self._statement is not None, "the offer comes with paired"
        return Offer.read(self._statement, self._relay_pk)


class AgentEnd(End):
    """The customer's side."""

    side, role = Side.CUSTOMER, Role.AGENT
    #: What it says of itself; a hostile agent says what it likes.
    ver = "0.1.0"

    def hello(self) -> None:
        """Say hello."""
        self.say(control.Hello(v=1, ver=self.ver))

    def show_code(self) -> None:
        """Ask for a nameplate, to show a code."""
        self.say(control.ShowCode())

    def grant(
        self,
        scope: Scope,
        hand: str = "mouse",
        answers: Mapping[str, str] | None = None,
    ) -> Act:
        """Say yes to the question as the offer and the attestation make it."""
        kind = Event.VIEW_GRANTED if scope is Scope.VIEW else Event.CONTROL_GRANTED
        return self.act(kind, self.grant_data(scope, hand, answers))

    def grant_data(
        self,
        scope: Scope,
        hand: str = "mouse",
        answers: Mapping[str, str] | None = None,
    ) -> dict[str, Json]:
        """Return what a yes says."""
        assert self._statement is not None, "the question is made of it"
        # Nobody says yes to terms that did not come, whole (R09).
        self.terms.joined(self._offer().terms_hash)
        return consent_data(
            self.question(scope),
            self._statement.hash,
            hand,
            answers or {},
            self._offer().backup_cents,
            self._offer().terms_hash,
        )

    def question(self, scope: Scope) -> ConsentText:
        """Return the text that the customer is shown."""
        now = self.clock.wall()
        attested = Attestation.read(self.attested, self._relay_pk, now)
        return render(scope, Language.FR, self._offer(), attested.technician)

    def _new_pairing(self, code: Code, direction: Direction) -> Pairing:
        return Pairing(
            self.role,
            code=code,
            direction=direction,
            origin=self.origin,
            pk=self.pk,
            entropy=os.urandom,
            ver=self.ver,
        )


class ConsoleEnd(End):
    """The technician's side."""

    side, role = Side.TECHNICIAN, Role.CONSOLE

    def hello(self) -> None:
        """Say hello, with the key that the relay shall attest."""
        self.say(control.Hello(v=1, pk=b64(self.pk)))

    def invite(self, engagement: str) -> None:
        """Ask for a nameplate, to dictate a code."""
        self.say(control.Invite(engagement=engagement))

    def _new_pairing(self, code: Code, direction: Direction) -> Pairing:
        att = self._att
        return Pairing(
            self.role,
            code=code,
            direction=direction,
            origin=self.origin,
            pk=self.pk,
            entropy=os.urandom,
            att=None if att is None else {"text": att.text, "sig": att.sig},
        )


@asynccontextmanager
async def connected(
    end: End, url: str, headers: Mapping[str, str] | None = None
) -> AsyncIterator[ClientConnection]:
    """Carry an end's frames over a real WebSocket; hello is said first.

    The block's end closes the link. To tear it down without a word, call
    ``connection.transport.abort()``.
    """
    async with connect(
        url,
        additional_headers=dict(headers or {}),
        compression=None,
        max_size=FRAME_MAX,
        ping_interval=None,
        close_timeout=2,
    ) as connection:
        end.closed = None
        del end.out[:]
        welcomes = end.welcomes
        end.hello()
        async with asyncio.TaskGroup() as group:
            writer = group.create_task(_write(end, connection))
            reader = group.create_task(_read(end, connection))
            try:
                await end.until(lambda: end.welcomes > welcomes or end.closed)
                yield connection
            finally:
                await connection.close()
                await reader
                writer.cancel()


async def _write(end: End, connection: ClientConnection) -> None:
    try:
        while True:
            while end.out:
                await connection.send(end.out.pop(0))
            end._changed.clear()
            await end._changed.wait()
    except ConnectionClosed:
        return


async def _read(end: End, connection: ClientConnection) -> None:
    try:
        async for frame in connection:
            end.take(frame)
    except ConnectionClosed:
        pass
    end.hang_up(connection.close_code or "lost")
