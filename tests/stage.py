"""The relay's services with both ends on stage: everything real but sockets and time.

Links carry nothing by themselves: :meth:`Stage.play` hands frames over, one at a
time, until nobody has anything to say. So each dialogue runs the same way each time.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_server.adapters.memory import MemoryEngagements, MemoryFacts, MemoryJournal
from cordee_server.adapters.memory_log import MemoryLog
from cordee_server.ports import Technician
from cordee_server.relay.hub import Hub
from cordee_server.relay.metrics import Parting
from cordee_server.relay.peer import Peer, Who
from cordee_server.relay.room import Room
from cordee_server.services.billing import BillingService
from cordee_server.services.claims import attest
from cordee_server.services.facts import Facts
from cordee_server.services.journal import JournalService
from cordee_server.services.node import Node
from cordee_server.services.sessions import Sessions
from cordee_server.services.throttle import Throttle
from cordee_shared.canonical import b64, sha256_hex
from cordee_shared.code import Code
from cordee_shared.errors import NotAllowed, Unavailable
from cordee_shared.ids import EngagementId, TechnicianId
from cordee_shared.journal.checkpoint import Signer
from cordee_shared.journal.entry import Entry
from cordee_shared.session.consent import Scope
from cordee_shared.session.offer import Offer
from cordee_shared.session.states import Remark, State
from cordee_shared.wire import control
from tests.builders import AGREED, LUC, Dice, engagement
from tests.clock import ManualClock
from tests.ends import AgentEnd, ConsoleEnd, End
from tests.links import FakeLink

_End = TypeVar("_End", bound=End)

ORIGIN = "https://relay.example"
TECHNICIAN = Technician(LUC, "Luc Bernard", "", b"", 0)


class FlakyJournal(MemoryJournal):
    """A journal whose disk fails when a test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.is_broken = False

    async def append(self, entries: Sequence[Entry], record: object = None) -> None:
        """Append, or say that it cannot be done."""
        if self.is_broken:
            raise Unavailable("the disk is full")
        await super().append(entries, record)  # type: ignore[arg-type]  # passed on


#: The general terms of ``builders.engagement``.
TERMS = "terms"


class OneText:
    """Keeps the one text that ``tests.builders`` has customers agree to."""

    async def names(self) -> set[str]:
        """Return its name."""
        return {f"{sha256_hex(TERMS.encode())}.txt"}

    async def read(self, name: str) -> bytes | None:
        """Return it."""
        return TERMS.encode() if name in await self.names() else None

    async def write(self, name: str, content: bytes) -> None:
        """Keep nothing else."""
        raise AssertionError(f"{name} is not written here")


class Stage:
    """One node, its journal, and whoever is connected to it."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock()
        self.entropy = Dice()
        self.key = Ed25519PrivateKey.generate()
        self.store = FlakyJournal()
        self.engagements = MemoryEngagements()
        self.locked: list[TechnicianId] = []
        journal = JournalService(self.store)
        self.billing_file = folder / "billing.jsonl"
        self.node = Node(
            hub=Hub(self.clock, self.entropy),
            journal=journal,
            billing=BillingService(
                journal,
                self.store,
                self.engagements,
                self.key,
                self.clock,
                self.billing_file,
                facts=Facts(MemoryFacts(self.store), self.key, self.clock),
            ),
            offers=self,
            throttle=Throttle(self.clock, self._lock),
            clock=self.clock,
            entropy=self.entropy,
            key=self.key,
            terms=OneText(),
            prover=MemoryLog(self.store, Signer(self.key)),
        )
        self.sessions = Sessions(self.node)
        self.ends: dict[End, Peer] = {}
        #: Frames of the ends that wait; while set, an end's frames are kept back.
        self.held: set[End] = set()

    async def _lock(self, technician: TechnicianId) -> None:
        self.locked.append(technician)

    async def offer_for(self, engagement: str, technician: TechnicianId) -> Offer:
        """Return an offer as ``services/engagements.py`` does."""
        found = await self.engagements.find(EngagementId(engagement))
        if found is None or found.confirmed_by != technician:
            raise NotAllowed
        return found.offer

    # --- who is there -------------------------------------------------------------

    async def agent(
        self, end: AgentEnd | None = None, address: str = "192.0.2.7"
    ) -> AgentEnd:
        """Connect an agent, a new one or one that comes back."""
        end = end or AgentEnd(ORIGIN, self.clock)
        return self._connect(end, Who(end.side, address))

    async def console(
        self, end: ConsoleEnd | None = None, technician: Technician = TECHNICIAN
    ) -> ConsoleEnd:
        """Connect a signed-in console, a new one or one that comes back."""
        end = end or ConsoleEnd(ORIGIN, self.clock)
        if await self.engagements.find(AGREED) is None:
            await self.engagements.add(engagement())
        pk = b64(end.pk)
        name = technician.display_name
        att = attest(self.node, "Aide & Cie", name, pk, 43_200)
        who = Who(end.side, "198.51.100.9", technician, pk, att)
        return self._connect(end, who)

    def _connect(self, end: _End, who: Who) -> _End:
        node = self.node
        peer = Peer(FakeLink(), who, self.clock, node.times, node.metrics)
        self.sessions.arrive(peer)
        self.ends[end] = peer
        att = who.attestation
        end.closed = None
        end.take(
            control.encode(
                control.Welcome(
                    v=1,
                    pk=b64(self.key.public_key().public_bytes_raw()),
                    organisation="Aide & Cie",
                    phone="01 23 45 67 89",
                    att=None if att is None else control.Statement(att.text, att.sig),
                )
            )
        )
        return end

    async def play(self) -> None:
        """Carry frames both ways until nobody has anything to say."""
        is_moving = True
        while is_moving:
            is_moving = False
            for end, peer in tuple(self.ends.items()):
                while len(peer.outbox):
                    frame = await peer.outbox.get()
                    assert frame is not None, "there was one"
                    end.take(frame)
                    is_moving = True
                while end.out and end not in self.held and peer.parting is None:
                    await self.sessions.hear(peer, end.out.pop(0))
                    is_moving = True
                if peer.parting is not None and not len(peer.outbox):
                    await self._hang_up(end, peer.parting)
                    is_moving = True

    async def lose(self, end: End, why: Parting | str = "gone") -> None:
        """Tear an end's link."""
        await self._hang_up(end, why)
        await self.play()

    async def _hang_up(self, end: End, why: Parting | str) -> None:
        peer = self.ends.pop(end)
        end.out.clear()
        end.hang_up(str(why))
        await self.sessions.gone(peer)

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, tend once, and let everybody hear of it."""
        self.clock.advance(seconds=seconds)
        for peer in self.ends.values():
            peer.alive_us = peer.now_us()
        await self.sessions.tend()
        await self.play()

    # --- how far a session has come -----------------------------------------------

    async def paired(self, direction: str = "a") -> tuple[AgentEnd, ConsoleEnd]:
        """Bring an agent and a console together under a code."""
        agent, console = await self.agent(), await self.console()
        if direction == "a":
            agent.show_code()
            await self.play()
            console.claim(known(agent), AGREED)
        else:
            console.invite(AGREED)
            await self.play()
            agent.claim(known(console))
        await self.play()
        return agent, console

    async def viewing(self, direction: str = "a") -> tuple[AgentEnd, ConsoleEnd]:
        """Bring a session to where the technician sees."""
        agent, console = await self.paired(direction)
        agent.grant(Scope.VIEW)
        await self.play()
        assert agent.state is State.VIEWING
        return agent, console

    async def controlling(self, direction: str = "a") -> tuple[AgentEnd, ConsoleEnd]:
        """Bring a session to where the technician drives."""
        agent, console = await self.viewing(direction)
        console.act(Remark.CONTROL_REQUESTED)
        await self.play()
        agent.grant(Scope.CONTROL)
        await self.play()
        assert agent.state is State.CONTROLLING
        return agent, console

    def room(self, end: End) -> Room:
        """Return the room of an end's session."""
        assert end.session is not None
        room = self.node.hub.find(end.session)
        assert room is not None
        return room

    async def journaled(self, end: End) -> list[Entry]:
        """Return what the journal holds of an end's session."""
        assert end.session is not None
        return await self.store.entries_of(end.session)


def known(end: End) -> Code:
    """Return the code that an end holds, as it would be read out on the phone."""
    assert end.code is not None
    return end.code


def wrong(code: Code) -> Code:
    """Return a code with one digit of its secret misheard."""
    first = str((int(code.secret[0]) + 1) % 10)
    return Code(code.nameplate, first + code.secret[1:])
