"""Words between the two people: kept here while the session lasts, and nowhere else.

Rules:

1. Nothing said is lost with a link: what was not acknowledged is said again, under its
   number, once the line is open (wire/talk.py, rule 1).
2. Nothing is logged, journaled or written to a disk; the end forgets all of it.
3. Only ``SAID_KEPT`` messages are kept: a peer that floods fills nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from cordee_agent.channels import Ground
from cordee_agent.window.sharing import Chat, Fate, Line, ReadChat, SayIt, Shared
from cordee_shared.errors import MalformedFrame
from cordee_shared.limits import SAID_KEPT
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.talk import Got, Say, SeenUpTo, encode, words


class Words:
    """One side's numbers: what was said, what arrived, what was seen."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self.said = 0
        self.got = 0
        self.seen = 0


class Conversation:
    """The chat at the customer's side. Owned by the session's talk."""

    def __init__(self, ground: Ground) -> None:
        """Begin with nothing said."""
        self._ground = ground
        self._is_open = False
        self._mine = Words()
        self._theirs = Words()
        self._kept: deque[tuple[bool, int, str, int]] = deque(maxlen=SAID_KEPT)

    # --- what arrives -----------------------------------------------------------------

    def on_say(self, say: Say) -> None:
        """Take words of the technician's.

        Raises:
            MalformedFrame: numbers were left out.
        """
        theirs = self._theirs
        if say.id > theirs.said + 1:
            raise MalformedFrame(f"words {say.id} after {theirs.said}")
        if say.id == theirs.said + 1:
            theirs.said = say.id
            self._kept.append((False, say.id, say.text, self._ground.clock.wall()))
        self._seal(Got(id=theirs.said))

    def on_got(self, got: Got) -> None:
        """Our words up to a number have arrived.

        Raises:
            MalformedFrame: they were never said.
        """
        self._mine.got = max(self._mine.got, self._said(got.id))

    def on_seen(self, seen: SeenUpTo) -> None:
        """Our words up to a number were read.

        Raises:
            MalformedFrame: they were never said.
        """
        self._mine.got = max(self._mine.got, self._said(seen.id))
        self._mine.seen = max(self._mine.seen, seen.id)

    def command(self, command: object) -> None:
        """Say what the customer typed, or note that the window was looked at."""
        match command:
            case SayIt(text=typed) if text := words(typed):
                self._mine.said += 1
                say = Say(id=self._mine.said, text=text)
                self._kept.append((True, say.id, text, self._ground.clock.wall()))
                self._seal(say)
            case ReadChat():
                self._read()

    def settle(self, is_open: bool) -> None:
        """Say again what may have been lost, once the two may share."""
        opened = is_open and not self._is_open
        self._is_open = is_open
        if opened:
            for mine, number, text, _ in tuple(self._kept):
                if mine and number > self._mine.got:
                    self._seal(Say(id=number, text=text))
            if self._theirs.said:
                self._seal(Got(id=self._theirs.said))
            if self._theirs.seen:
                self._seal(SeenUpTo(id=self._theirs.seen))

    def stop(self) -> None:
        """Forget all of it."""
        self._is_open = False
        self._kept.clear()
        self._mine, self._theirs = Words(), Words()

    def show(self, shared: Shared) -> Shared:
        """Return what the window shows, with the chat."""
        lines = tuple(
            Line(mine, number, text, at, self._fate(number) if mine else Fate.SEEN)
            for mine, number, text, at in self._kept
        )
        unread = self._theirs.said - self._theirs.seen
        return replace(shared, chat=Chat(lines, unread))

    # --- inside -----------------------------------------------------------------------

    def _fate(self, number: int) -> Fate:
        if number <= self._mine.seen:
            return Fate.SEEN
        return Fate.ARRIVED if number <= self._mine.got else Fate.SAID

    def _said(self, number: int) -> int:
        if number > self._mine.said:
            raise MalformedFrame(f"words {number} were never said")
        return number

    def _read(self) -> None:
        if self._theirs.seen < self._theirs.said:
            self._theirs.seen = self._theirs.said
            self._seal(SeenUpTo(id=self._theirs.seen))

    def _seal(self, talk: Say | Got | SeenUpTo) -> None:
        if self._is_open:
            self._ground.seal(Channel.CHAT, encode(talk))
