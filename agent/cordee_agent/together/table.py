"""Who takes which channel: the one place that puts the handlers together."""

from __future__ import annotations

from cordee_agent.channels import Ground, Handler
from cordee_agent.machine import Machine
from cordee_agent.together.chat import Conversation
from cordee_agent.together.clip import Clipboard
from cordee_agent.together.files import Files
from cordee_agent.together.glance import Glance
from cordee_agent.together.marks import Marks
from cordee_agent.together.talk import Talk
from cordee_shared.wire.frames import Channel


def handlers(ground: Ground) -> dict[Channel, Handler]:
    """Return a session's handlers, by the channel whose records they take."""
    machine = Machine(ground.language, ground.clock.wall)
    clipboard = Clipboard(ground)
    talk = Talk(
        Conversation(ground), clipboard, Marks(ground), Glance(ground, machine.summary)
    )
    files = Files(ground, ground.origin)
    return {Channel.CHAT: talk, Channel.CLIPBOARD: clipboard, Channel.FILE: files}
