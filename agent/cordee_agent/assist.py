"""One session at the customer's side: asks, shows, obeys the hand.

Everything that happens arrives here one at a time, in order: the relay's messages,
the console's records, the guard's events, the customer's clicks, and the passing of
time. Nothing in here waits; what has to wait (pictures, the network) is elsewhere.

Rules:

1. A withdrawal works before it is written, signed or sent: gate, picture, then act.
2. A grant works when its entry has come back from the journal, not before.
3. Records of the console are obeyed only in the state that allows them (S-20).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from cordee_agent.channels import Channels, Ground
from cordee_agent.consent import is_about_seeing, no_to, why_not, yes_to
from cordee_agent.keeping import Keeping
from cordee_agent.link import Link
from cordee_agent.meeting import Met
from cordee_agent.ports import Parts
from cordee_agent.power import Power
from cordee_agent.sealed import read_said, said_act, said_ping
from cordee_agent.showing import cost_of, ended, under_way
from cordee_agent.together.table import handlers
from cordee_agent.window import model
from cordee_agent.window.model import Answer, Over
from cordee_shared.canonical import Json
from cordee_shared.errors import (
    MalformedFrame,
    ProtocolViolation,
    Tampered,
)
from cordee_shared.journal.act import Act
from cordee_shared.journal.entry import Entry
from cordee_shared.limits import RESUME_S, TICK_S
from cordee_shared.session.consent import Scope
from cordee_shared.session.extra import Extra
from cordee_shared.session.machine import Kind, is_allowed
from cordee_shared.session.states import (
    DRIVEN,
    VISIBLE,
    EndReason,
    Event,
    Remark,
    Side,
    State,
)
from cordee_shared.wire import control
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.picture import Kind as PictureKind

#: How often the console is asked for a sign of life while it has control: four
#: chances before the guard releases what is held (limits.GUARD_SILENCE_S).
PING_S = 0.5
#: How what answers pictures begins; no JSON does (wire/picture.py).
_FOR_PICTURES = tuple(bytes((kind,)) for kind in (PictureKind.ACK, PictureKind.TAKES))
#: How long the end waits for the relay to confirm it and to say the price.
FAREWELL_S = 5.0


class Assist:
    """One session, from the moment both ends hold keys to the end."""

    def __init__(self, parts: Parts, group: asyncio.TaskGroup, met: Met) -> None:
        """Bind this side to the pairing. Picture tasks live in ``group``."""
        self._parts = parts
        self._power = Power(parts, group, self._on_screen_lost)
        self._line = met.line
        self._ledger = met.ledger
        self._consent = met.consent
        self._keeping = Keeping(met, parts.relay_pk, parts.language)
        self._consent_s = met.paired.consent_s
        self._token = met.paired.token
        clock, language = parts.clock, parts.language
        say = (self._line.seal, self._line.send, self._act, self._settle)
        more = (lambda: self._power.layout, group, parts.origin)
        self._channels = Channels(handlers(Ground(*say, clock, language, *more)), clock)
        self._since: float | None = None
        self._reclaims = 0
        self._next_tick = 0.0
        self._next_ping = 0.0
        self._lost_at: float | None = None
        self._over: Over | None = None
        self._over_at = 0.0
        self._shown: model.View | None = None
        #: Nothing more is expected for this session.
        self.is_finished = False
        self._act(Remark.BIND, {"pairing": met.th.hex()})
        self._settle()

    # --- what the app asks ----------------------------------------------------------

    @property
    def is_over(self) -> bool:
        """Whether the end is shown: nobody can see or drive any more."""
        return self._over is not None

    @property
    def open_question(self) -> model.Question | None:
        """What the customer is being asked."""
        return self._consent.open

    # --- what arrives ---------------------------------------------------------------

    def on_message(self, message: control.ToAgent) -> None:
        """Take a message of the relay's."""
        match message:
            case control.EntryMade(entry=text):
                self._on_entry(text.encode("ascii", "replace"))
            case control.Resumed(token=token):
                self._token = token
                self._ledger.cool()
                self._line.resume(message)
            case control.R1() | control.R3():
                # Open again; what the relay may have missed was said before.
                if self._line.resume(message) is not None:
                    self._lost_at = None
            case control.Bill() if self._over is not None:
                self._farewell(cost_of(message))
            case control.Proof() if self._over is not None:
                self._over = self._keeping.take(message, self._over)
            case control.RefusedNow(about="resume"):
                self._finish(EndReason.LINK_EXPIRED, Side.RELAY)
            case control.RefusedNow(about="session"):
                # No entry can say so any more: the journal is what is missing (S-34).
                self._finish(EndReason.JOURNAL_UNAVAILABLE, Side.RELAY)
        self._settle()

    def on_record(self, frame: bytes) -> None:
        """Take a sealed record of the console's."""
        try:
            opened = self._line.open(frame)
            if opened is not None:
                self._parts.hands.alive()
                self._on_opened(opened.channel, opened.payload)
        except (ProtocolViolation, Tampered):
            self._finish(EndReason.VIOLATION, Side.CUSTOMER)
        self._settle()

    def on_reclaim(self, cause: str) -> None:
        """The guard saw the customer's hand; its gate is shut already."""
        if self._state is State.CONTROLLING:
            self._act(Event.RECLAIMED, {"cause": cause})
        self._settle()

    def on_command(self, command: model.Command) -> None:
        """Take a click of the customer's."""
        state = self._state
        match command:
            case Answer():
                self._on_answer(command)
            case model.TakeBack() if state is State.CONTROLLING:
                self._parts.hands.shut()
                self._act(Event.RECLAIMED, {"cause": "banner"})
            case model.GiveBack() if state is State.RECLAIMED:
                self._ask(Scope.CONTROL)
            case model.HideScreen() if is_allowed(Event.PAUSED, state):
                self._power.stop()
                self._act(Event.PAUSED, {})
            case model.ShowScreen() if state is State.PAUSED and self._line.is_open:
                self._act(Event.CONTINUED, {})
            case model.Report():
                self._finish(EndReason.REPORTED, Side.CUSTOMER)
            case model.EndSession() | model.Quit():
                self._finish(EndReason.CUSTOMER_ENDED, Side.CUSTOMER)
            case _ if self._over is None:
                self._channels.command(command)
        self._settle()

    def _on_screen_lost(self) -> None:
        """The system lets us see no more: a technician who sees nothing is no help."""
        self._finish(EndReason.SCREEN_LOST, Side.CUSTOMER)
        self._settle()

    def on_link_down(self) -> None:
        """This computer's link is gone: control ends here and now."""
        self._lost_at = self._parts.clock.monotonic()
        self._line.drop()
        self._ledger.cool()
        self._power.stop()
        if self._over is not None and not self.is_finished:
            self._farewell(None)  # nothing more will come, least of all a price
        self._settle()

    def on_link_up(self, link: Link) -> None:
        """A new link stands and the relay has greeted: ask for the session back."""
        self._line.link = link
        ledger = self._ledger
        link.send(
            control.Resume(session=ledger.session, token=self._token, seen=ledger.seen)
        )
        # At once and in order: before the line is open again a yes from before the loss
        # is late, and what is clicked meanwhile does not overtake it (S-18).
        for act in ledger.unconfirmed:
            self._say(act)

    def on_time(self) -> None:
        """Time has passed: deadlines, signs of life."""
        now = self._parts.clock.monotonic()
        if self._over is not None:
            if now - self._over_at > FAREWELL_S and not self.is_finished:
                self._farewell(None)
            return
        if (question := self._consent.expired(now)) is not None:
            self._refuse(question, "timeout", EndReason.CONSENT_EXPIRED)
        if self._lost_at is not None and now - self._lost_at > RESUME_S:
            self._finish(EndReason.LINK_EXPIRED, Side.RELAY)
        if self._line.is_open:
            ticks = is_allowed(Remark.TICK, self._ledger.table.state)
            if ticks and now >= self._next_tick:
                self._next_tick = now + TICK_S
                self._act(Remark.TICK, {})
            if self._state in DRIVEN and now >= self._next_ping:
                self._next_ping = now + PING_S
                self._line.seal(Channel.CONTROL, said_ping())
        self._channels.on_time()
        self._settle()

    # --- the journal ----------------------------------------------------------------

    def _on_entry(self, raw: bytes) -> None:
        try:
            entry = self._ledger.follow(raw)
        except (ProtocolViolation, Tampered):
            self._finish(EndReason.VIOLATION, Side.CUSTOMER)
            return
        if entry.late:
            return
        match entry.kind:
            case Event.KEYS_CONFIRMED:
                self._ask(Scope.VIEW)
            case Remark.CONTROL_REQUESTED:
                self._ask(Scope.CONTROL)
            case Remark.EXTRA_PROPOSED:
                self._on_extra(entry)
            case Remark.SCREENSHOT_TAKEN:
                self._channels.announce("screenshot")
            case Event.VIEW_GRANTED:
                self._since = self._parts.clock.monotonic()
            case Event.RECLAIMED:
                self._reclaims += 1
            case Event.LINK_LOST if entry.data.get("side") == Side.TECHNICIAN:
                # The console's keys are gone with its link; a resume brings new ones.
                self._line.drop()
            case Event.ENDED:
                self._on_ended(entry)

    def _on_ended(self, entry: Entry) -> None:
        if self._over is not None:
            self._over = replace(self._over, confirmed=True)
            return
        self._power.stop()
        self._line.drop()
        reason = str(entry.data.get("reason"))
        known = reason in EndReason._value2member_map_
        self._end(EndReason(reason) if known else EndReason.VIOLATION, entry.side, True)

    def _act(self, kind: Kind, data: Mapping[str, Json]) -> None:
        """Write the customer's act, mirror it to the console, send it to the relay."""
        now_ms = int(self._parts.clock.monotonic() * 1000)
        act = self._ledger.write(kind, now_ms, data)
        self._say(act)

    def _say(self, act: Act) -> None:
        text, sig = act.raw.decode("ascii"), act.signature.hex()
        self._line.seal(Channel.CONTROL, said_act(text, sig))
        if act.kind is Event.ENDED:
            # The close comes first: once the relay knows of the end it carries nothing.
            self._line.close(str(act.data["reason"]))
        self._line.link.send(control.ActSent(act=text, sig=sig))

    def _on_opened(self, channel: Channel, payload: bytes) -> None:
        match channel:
            case Channel.CONTROL if payload.startswith(_FOR_PICTURES):
                self._power.acknowledged(payload)
            case Channel.CONTROL:
                said = read_said(payload)
                if said.t == "act":
                    self._ledger.mirrored(said.raw, said.signature)
            case Channel.INPUT:
                # In any other state it crossed a withdrawal on the wire (S-20).
                if self._state in DRIVEN:
                    self._parts.hands.inject(payload)
            case Channel.CLOSE:
                self._line.drop()
            case _:
                self._channels.take(channel, payload, self._state)

    # --- questions ------------------------------------------------------------------

    def _ask(self, scope: Scope) -> None:
        if self._line.is_open:
            until = self._parts.clock.monotonic() + self._consent_s
            self._consent.ask(scope, until)

    def _on_answer(self, answer: Answer) -> None:
        if (question := self._consent.answered(answer)) is None:
            return
        if not answer.yes:
            self._refuse(question, why_not(answer), EndReason.CONSENT_DENIED)
            return
        grant = yes_to(question)
        if self._line.is_open and is_allowed(grant, self._state):
            self._act(grant, self._consent.yes(question, answer))

    def _refuse(self, question: model.Question, why: str, end: EndReason) -> None:
        refusal = no_to(question)
        if is_allowed(refusal, self._ledger.table.state):
            self._act(refusal, self._consent.no(question, why))
        if is_about_seeing(question):
            self._finish(end, Side.CUSTOMER)

    def _on_extra(self, entry: Entry) -> None:
        assert entry.act is not None, "a proposal is an act"
        try:
            self._consent.propose(entry.act.hash, Extra.read(entry.data))
        except MalformedFrame:
            self._finish(EndReason.VIOLATION, Side.CUSTOMER)

    # --- power ----------------------------------------------------------------------

    @property
    def _state(self) -> State:
        """What counts here: never more than journal, hold and link allow."""
        if self._over is not None:
            return State.ENDED
        state = self._ledger.state
        if state in VISIBLE and not self._line.is_open:
            return State.INTERRUPTED
        return state

    def _settle(self) -> None:
        """Bring gate, picture and window in line with the state that counts."""
        if self._line.is_open and self._over is None and self._ledger.is_cold:
            self._act(Event.RECLAIMED, {"cause": "link"})
        state, consent = self._state, self._consent
        asking = consent.open
        if asking is not None and not is_allowed(yes_to(asking), state):
            # The question has lost its sense: somebody hid, lost or ended.
            consent.withdraw()
            asking = None
        if asking is None and is_allowed(Remark.EXTRA_ACCEPTED, state):
            until = self._parts.clock.monotonic() + self._consent_s
            asking = consent.ask_extra(until)
        self._power.settle(state, self._line.send_picture)
        # Hidden is hidden, link or not; but nothing is shared without one.
        self._channels.settle(state if self._line.is_open else State.INTERRUPTED)
        shared = self._channels.shared
        view = self._over or under_way(
            state,
            asking,
            consent,
            since=self._since,
            linked=self._line.link.is_up,
            shared=shared,
        )
        if view != self._shown:
            self._shown = view
            self._parts.hands.question(asking is not None or shared.asks)
            self._parts.show(view)

    # --- the end --------------------------------------------------------------------

    def _finish(self, reason: EndReason, by: Side) -> None:
        """End from this side: everything stops now, then it is told."""
        if self._over is not None:
            return
        self._power.stop()
        if by is Side.CUSTOMER:
            self._act(Event.ENDED, {"reason": reason.value})
        self._end(reason, by, False)

    def _end(self, reason: EndReason, by: Side, confirmed: bool) -> None:
        self._channels.stop()
        now = self._parts.clock.monotonic()
        self._over_at = now
        self._over = ended(
            reason,
            by,
            self._consent,
            seconds=0 if self._since is None else now - self._since,
            reclaims=self._reclaims,
            confirmed=confirmed,
        )
        if not self._line.link.is_up:
            self._farewell(None)

    def _farewell(self, cost: model.Cost | None) -> None:
        """Show what the session comes to, and let the link go."""
        assert self._over is not None  # only after the end
        self._over = replace(self._over, cost=cost, pending=False)
        self._line.link.close()
        self.is_finished = True
        self._settle()
