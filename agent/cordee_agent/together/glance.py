"""What machine this is: read when it is asked for, shown, and sent as it was shown.

Nothing is read before the technician asks, and nothing goes before the customer's yes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cordee_agent.channels import Ground
from cordee_agent.window.sharing import Please, Pleased, Shared
from cordee_shared.errors import MalformedFrame
from cordee_shared.limits import MACHINE_LINES_MAX, TEXT_MAX
from cordee_shared.session.glance import machine_shown
from cordee_shared.session.states import Remark
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.talk import Machine, MachineAsk, encode

#: Name of the question; its words stand in ``window/text``.
MACHINE = "machine"


class Glance:
    """The summary of this machine. Owned by the session's talk."""

    def __init__(self, ground: Ground, look: Callable[[], tuple[str, ...]]) -> None:
        """Begin with nothing asked.

        Args:
            ground: what the session gives.
            look: reads the machine, in a few milliseconds; one line a fact.
        """
        self._ground = ground
        self._look = look
        self._last = 0
        self._asked: int | None = None
        self._lines: tuple[str, ...] = ()

    def on_ask(self, ask: MachineAsk) -> None:
        """Look, and show the customer what would be sent.

        Raises:
            MalformedFrame: the same question waits, or the number is an old one.
        """
        if self._asked is not None or ask.n <= self._last:
            raise MalformedFrame(f"question {ask.n} after {self._last}")
        self._last = self._asked = ask.n
        lines = (plain(line) for line in self._look())
        self._lines = tuple(line for line in lines if line)[:MACHINE_LINES_MAX]

    def command(self, command: object) -> None:
        """Obey the customer's answer."""
        match command:
            case Pleased(key="machine", number=number, yes=yes):
                if number == self._asked:
                    lines = self._lines if yes else ()
                    self._forget()
                    if lines:
                        said = machine_shown(len(lines))
                        self._ground.act(Remark.MACHINE_SHOWN, said)
                    answer = Machine(n=number, lines=lines)
                    self._ground.seal(Channel.CHAT, encode(answer))

    def settle(self, is_open: bool) -> None:
        """Drop what was asked when the two may not share any more."""
        if not is_open:
            self._forget()

    def stop(self) -> None:
        """Forget what was read."""
        self._forget()

    def show(self, shared: Shared) -> Shared:
        """Return what the window shows, with the question if it is asked."""
        if self._asked is None:
            return shared
        please = Please(MACHINE, self._asked, "\n".join(self._lines))
        return replace(shared, pleases=(*shared.pleases, please))

    def _forget(self) -> None:
        self._asked, self._lines = None, ()


def plain(line: str) -> str:
    """Return a line as it may be sent: printable, in one piece, not too long."""
    kept = "".join(each if each.isprintable() else " " for each in line)
    return " ".join(kept.split())[:TEXT_MAX]
