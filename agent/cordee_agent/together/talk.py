"""The chat channel at the customer's side: each message to whom it concerns."""

from __future__ import annotations

from cordee_agent.together.chat import Conversation
from cordee_agent.together.clip import Clipboard
from cordee_agent.together.glance import Glance
from cordee_agent.together.marks import Marks
from cordee_agent.window.sharing import Shared
from cordee_shared.wire import talk


class Talk:
    """Takes the chat channel. Owned by the session's channels."""

    def __init__(
        self,
        conversation: Conversation,
        clipboard: Clipboard,
        marks: Marks,
        glance: Glance,
    ) -> None:
        """Know whom what concerns; the clipboard has a channel of its own as well."""
        self._conversation = conversation
        self._clipboard = clipboard
        self._marks = marks
        self._glance = glance
        self._parts = (conversation, marks, glance)

    def take(self, payload: bytes) -> None:
        """Take a record of the console's.

        Raises:
            MalformedFrame, FrameTooLarge: it is nothing that a console says here.
        """
        match talk.from_console(payload):
            case talk.Say() as say:
                self._conversation.on_say(say)
            case talk.Got() as got:
                self._conversation.on_got(got)
            case talk.SeenUpTo() as seen:
                self._conversation.on_seen(seen)
            case talk.ClipAsk() as ask:
                self._clipboard.on_ask(ask)
            case talk.ClipOffer() as offer:
                self._clipboard.on_offer(offer)
            case talk.MachineAsk() as wish:
                self._glance.on_ask(wish)
            case talk.Mark() as mark:
                self._marks.on_mark(mark)
            case talk.Unmark():
                self._marks.on_unmark()

    def command(self, command: object) -> None:
        """Tell of a click whom it may concern."""
        self._conversation.command(command)
        self._glance.command(command)

    def settle(self, is_open: bool) -> None:
        """Tell every part whether the two may share."""
        for part in self._parts:
            part.settle(is_open)

    def on_time(self) -> None:
        """Let marks fade."""
        self._marks.on_time()

    def stop(self) -> None:
        """Let every part forget."""
        for part in self._parts:
            part.stop()

    def show(self, shared: Shared) -> Shared:
        """Return what the window shows, with every part's."""
        for part in self._parts:
            shared = part.show(shared)
        return shared
