"""A copied text passes, each way by a click of its owner and a yes of the other (S-40).

Rules:

1. The clipboard is never read or written by the session: the window reads it while it
   shows the customer what would go, and writes it at the customer's click.
2. What goes is what was shown. The act comes first: what it says is its size alone.
3. A question dies with the link: nobody answers what was asked before.
"""

from __future__ import annotations

from dataclasses import replace

from cordee_agent.channels import Ground
from cordee_agent.window.sharing import Please, Pleased, Shared
from cordee_shared.errors import MalformedFrame, TextRefused
from cordee_shared.session.glance import clipboard_passed
from cordee_shared.session.states import Remark, Side
from cordee_shared.wire.clipboard import read_text, write_text
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.talk import ClipAnswer, ClipAsk, ClipOffer, encode

#: Names of the questions; their words stand in ``window/text``.
GIVE = "give"
TAKE = "take"


class Clipboard:
    """Takes the clipboard channel. Owned by the session's channels."""

    def __init__(self, ground: Ground) -> None:
        """Begin with nothing asked."""
        self._ground = ground
        self._is_open = False
        self._last = 0
        self._asked: int | None = None
        #: The number of a text that is announced, or here and waits for a yes.
        self._offered: int | None = None
        self._text = ""

    def on_ask(self, ask: ClipAsk) -> None:
        """The technician asks for what the customer copied.

        Raises:
            MalformedFrame: another question waits, or the number is an old one.
        """
        self._asked = self._next(ask.n, self._asked)

    def on_offer(self, offer: ClipOffer) -> None:
        """The technician announces a text.

        Raises:
            MalformedFrame: another one waits, or the number is an old one.
        """
        self._offered = self._next(offer.n, self._offered)

    def take(self, payload: bytes) -> None:
        """Take the text that was announced.

        Raises:
            MalformedFrame, FrameTooLarge: none was announced, or it is no text.
        """
        if self._offered is None or self._text:
            raise MalformedFrame("a text that nobody announced")
        self._text = read_text(payload)

    def command(self, command: object) -> None:
        """Obey the customer's answer; a text may be given unasked as well."""
        match command:
            case Pleased(key="give", number=number) if self._is_open:
                if number in (0, self._asked):
                    self._give(command)
            case Pleased(key="take", number=number, yes=yes) if self._is_open:
                if number == self._offered and self._text:
                    size = len(self._text.encode())
                    self._offered, self._text = None, ""
                    if yes:
                        self._note(Side.CUSTOMER, size)
                    self._answer(number, yes)

    def settle(self, is_open: bool) -> None:
        """Drop what was asked when the two may not share any more."""
        self._is_open = is_open
        if not is_open:
            self._asked = self._offered = None
            self._text = ""

    def on_time(self) -> None:
        """Questions wait for the customer as long as the session does."""

    def stop(self) -> None:
        """Forget what was offered."""
        self.settle(False)

    def show(self, shared: Shared) -> Shared:
        """Return what the window shows, with what waits for the customer."""
        waiting = []
        if self._asked is not None:
            waiting.append(Please(GIVE, self._asked))
        if self._offered is not None and self._text:
            waiting.append(Please(TAKE, self._offered, self._text))
        return replace(shared, pleases=(*shared.pleases, *waiting))

    # --- inside -----------------------------------------------------------------------

    def _next(self, number: int, waiting: int | None) -> int:
        if waiting is not None or number <= self._last:
            raise MalformedFrame(f"question {number} after {self._last}")
        self._last = number
        return number

    def _give(self, said: Pleased) -> None:
        payload = b""
        if said.yes:
            try:
                payload = write_text(said.body)
            except TextRefused:
                payload = b""  # nothing that can pass was copied: that is a no
        if payload:
            self._note(Side.TECHNICIAN, len(payload))
            self._ground.seal(Channel.CLIPBOARD, payload)
        if said.number == self._asked:
            self._asked = None
            self._answer(said.number, bool(payload))

    def _note(self, to: Side, size: int) -> None:
        self._ground.act(Remark.CLIPBOARD_PASSED, clipboard_passed(to, size))

    def _answer(self, number: int, yes: bool) -> None:
        self._ground.seal(Channel.CHAT, encode(ClipAnswer(n=number, yes=yes)))
