"""The real agent, an honest technician, and a relay that does what it likes.

The agent is its own code (``Meeting``, ``Assist``, ``Ledger``, ``Hold``, sealed line);
the technician has real keys and the real table. Between them stands a relay that
holds its own key: it may drop, keep, swap, double and alter whatever passes, say facts
of its own, and call acts late. What it can do to others is everything it can do at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from cordee_agent.assist import Assist
from cordee_agent.window import model
from cordee_shared.canonical import b64
from cordee_shared.errors import CordeeError
from cordee_shared.journal.entry import Entry, read_entry, write_act, write_fact
from cordee_shared.pairing.channel import SealedChannel
from cordee_shared.pairing.resume import Resume
from cordee_shared.pairing.schedule import Role
from cordee_shared.session.machine import Kind, is_allowed
from cordee_shared.session.states import TRANSITIONS, Event, Side, State
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel
from tests.agent.opposite import Dice, FakeHands, FakeLink, Opposite

#: What waits on its way to the agent.
OnTheWay = control.EntryMade | bytes


class WatchedHands(FakeHands):
    """A guard that notes what reached it against the customer's last word."""

    def __init__(self) -> None:
        super().__init__()
        #: What the customer's own clicks and hand allow at this moment.
        self.is_wanted: Callable[[], bool] = lambda: True
        self.unwanted: list[bytes] = []

    def inject(self, batch: bytes) -> None:
        """Note it, and whether anybody wanted it."""
        super().inject(batch)
        if not self.is_wanted():
            self.unwanted.append(batch)


@dataclass
class Hostile(Opposite):
    """Relay and technician as before, but nothing reaches the agent by itself."""

    #: Towards the agent, the oldest first.
    waiting: list[OnTheWay] = field(default_factory=list)
    #: Everything that was handed over, for whoever likes to say it again.
    past: list[OnTheWay] = field(default_factory=list)
    #: Batches of input that the technician sealed, in order.
    batches: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make keys, console and relay, and watch the hands."""
        super().__post_init__()
        self.hands: WatchedHands = WatchedHands()

    # --- what the honest parts send waits -----------------------------------------

    def send(self, channel: Channel, payload: bytes) -> None:
        """Seal a record; the relay has it now."""
        if self.channel is None or not self.channel.is_open:
            return
        frame = self.channel.seal(channel, payload, self.clock.monotonic())
        self.waiting.append(frame)

    def _tell(self, entry: Entry) -> None:
        if self.assist is not None:
            self.waiting.append(self._said(entry))

    def drive(self, number: int) -> None:
        """Let the technician send input, allowed or not."""
        batch = b"input %d" % number
        self.batches.append(batch)
        self.send(Channel.INPUT, batch)

    # --- what the relay does --------------------------------------------------------

    def deliver(self, count: int = 1) -> None:
        """Hand over what waits, the oldest first."""
        for _ in range(min(count, len(self.waiting))):
            self.past.append(self.waiting[0])
            self._hand(self.waiting.pop(0))

    def _hand(self, one: OnTheWay) -> None:
        assert self.assist is not None, "the session has begun"
        if isinstance(one, bytes):
            self.assist.on_record(one)
        else:
            self.assist.on_message(one)
        self.listen()

    def listen(self) -> None:
        """Take what the agent said; an agent that hung up is not heard."""
        try:
            self.pump()
        except (CordeeError, KeyError):
            # The relay's own lies have led it into a corner: it journals no more.
            self.heard.clear()
            self.acts.clear()

    def say_again(self, at: int) -> None:
        """Say something old once more, right now."""
        if self.past:
            self._hand(self.past[at % len(self.past)])

    def alter(self, by: int) -> bool:
        """Change one byte of what comes next.

        Returns:
            Whether nobody may take it so. When, and with which words around it, an act
            was journaled is the relay's to say; the act itself is not.
        """
        one = self.waiting[0]
        if isinstance(one, bytes):
            place = by % len(one)
            changed = bytes((one[place] ^ (1 + by % 255),))
            self.waiting[0] = one[:place] + changed + one[place + 1 :]
            return True
        text = one.entry
        place = by % len(text)
        other = "0" if text[place] != "0" else "1"
        changed_text = text[:place] + other + text[place + 1 :]
        self.waiting[0] = control.EntryMade(entry=changed_text)
        before = read_entry(text.encode())
        try:
            after = read_entry(changed_text.encode())
        except CordeeError:
            return True
        return before.act is None or after.act != before.act

    def swap(self) -> None:
        """Put the second of what waits before the first."""
        if len(self.waiting) > 1:
            self.waiting[:2] = self.waiting[1::-1]

    def lie(self, kind: Kind) -> None:
        """Journal a fact of the relay's own, signed as the relay can sign it."""
        if self.table.state is State.ENDED or not is_allowed(kind, self.table.state):
            return
        try:
            self._tell(self._fact(kind, {"side": "technician", "reason": "idle"}))
        except CordeeError:
            return  # not the relay's to say: it cannot sign it either way

    def forge(self, kind: Kind) -> None:
        """Say in the customer's name what the customer did not say."""
        assert self.assist is not None, "the session has begun"
        own = [entry for entry in self.entries if entry.side is Side.CUSTOMER]
        if not own or own[-1].act is None:
            return
        state = self.table.state
        after = (
            TRANSITIONS[state].get(kind, state) if isinstance(kind, Event) else state
        )
        n = self.table.next_entry
        moment = self.clock.moment()
        # An old act of theirs, under the next number; or a fact of the relay's under
        # a kind that is a person's to say.
        again = write_act(n, moment, own[-1].act, state, late=False)
        fact = write_fact(n, moment, self.session, kind, after, {}, self.relay_key)
        self._hand(self._said(again if kind is own[-1].kind else fact))

    def call_late(self) -> None:
        """Journal the customer's next act as late, whatever the table says."""
        if not self.acts:
            return
        sent = self.acts.pop(0)
        try:
            act = self.customer.read(sent.act.encode(), bytes.fromhex(sent.sig))
        except CordeeError:
            return
        entry = write_act(
            self.table.next_entry, self.clock.moment(), act, self.table.state, late=True
        )
        self._hand(self._said(entry))

    # --- links ------------------------------------------------------------------------

    def cut(self) -> None:
        """Tear the customer's link."""
        assert self.assist is not None, "the session has begun"
        self.link.is_up = False
        self.waiting.clear()
        self.heard.clear()
        self.assist.on_link_down()

    def restore(self, *, hides: bool = False) -> None:
        """Let the customer back in, with new keys on both ends.

        Args:
            hides: the journal is told of no loss at all.
        """
        assert self.assist is not None, "the session has begun"
        assist = self.assist
        self.link = FakeLink(self)
        assist.on_link_up(self.link)  # type: ignore[arg-type]  # a link all the same
        resumed = control.Resumed(
            session=self.session, rs=b64(b"q" * 16), token="again"
        )
        said = [one for one in self.heard if isinstance(one, control.ActSent)]
        self.heard.clear()
        known = {entry.act.raw for entry in self.entries if entry.act is not None}
        if not hides and is_allowed(Event.LINK_LOST, self.table.state):
            self._tell(self._fact(Event.LINK_LOST, {"side": "customer"}))
        self.acts += [one for one in said if one.act.encode() not in known]
        self.deliver(len(self.waiting))
        assist.on_message(resumed)
        resume = Resume(self.agreement, Dice(5000 + len(self.past)))
        r1 = resume.receive(resumed)
        assert isinstance(r1, control.R1)
        assist.on_message(r1)
        r2 = next((one for one in self.heard if isinstance(one, control.R2)), None)
        if r2 is None:
            return  # it had ended
        self.heard.remove(r2)
        r3 = resume.receive(r2)
        assert isinstance(r3, control.R3)
        assert resume.agreement is not None
        self.agreement = resume.agreement
        self.channel = SealedChannel(
            Role.CONSOLE, self.agreement.keys, self.clock.monotonic()
        )
        self.past = [one for one in self.past if not isinstance(one, bytes)]
        if not hides and is_allowed(Event.LINK_RESTORED, self.table.state):
            self._tell(self._fact(Event.LINK_RESTORED, {}))
        assist.on_message(r3)
        self.deliver(len(self.waiting))
        self.listen()

    @property
    def is_seen(self) -> bool:
        """Whether the screen is being sent."""
        return any(pictures.runs for pictures in self.pictures)


def begun(group: asyncio.TaskGroup) -> tuple[Hostile, Assist]:
    """Return a session whose first question stands on the screen."""
    hostile = Hostile()
    assist = hostile.begin(group)
    hostile.deliver(len(hostile.waiting))
    assert isinstance(hostile.views[-1], model.Question)
    return hostile, assist
