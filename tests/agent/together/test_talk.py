"""Each message of the chat channel reaches whom it concerns."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cordee_agent.together.chat import Conversation
from cordee_agent.together.clip import Clipboard
from cordee_agent.together.glance import Glance
from cordee_agent.together.marks import Marks
from cordee_agent.together.talk import Talk
from cordee_agent.window.sharing import Pleased, ReadChat, SayIt, Shared
from cordee_shared.errors import MalformedFrame
from cordee_shared.wire import talk
from tests.agent.together.grounds import Did, ground
from tests.agent.together.test_marks import LAYOUT


@asynccontextmanager
async def channel() -> AsyncIterator[tuple[Talk, Clipboard, Did]]:
    did = Did(layout=LAYOUT)
    async with asyncio.TaskGroup() as group:
        on = ground(group, did)
        clipboard = Clipboard(on)
        made = Talk(
            Conversation(on), clipboard, Marks(on), Glance(on, lambda: ("Debian",))
        )
        made.settle(True)
        clipboard.settle(True)
        yield made, clipboard, did


async def test_each_message_is_taken_by_whom_it_concerns() -> None:
    async with channel() as (made, clipboard, _):
        made.command(SayIt("un"))
        for message in (
            talk.Say(id=1, text="Bonjour"),
            talk.Got(id=1),
            talk.SeenUpTo(id=1),
            talk.ClipAsk(n=1),
            talk.MachineAsk(n=2),
            talk.ClipOffer(n=3),
            talk.Mark(id=1, mon=0, cfg=LAYOUT.cfg, points=((0, 0),)),
        ):
            made.take(talk.encode(message))
        clipboard.take(b"x")
        shared = clipboard.show(made.show(Shared()))
        assert [line.text for line in shared.chat.lines] == ["un", "Bonjour"]
        assert [please.key for please in shared.pleases] == ["machine", "give", "take"]
        assert len(shared.marks) == 1
        made.take(talk.encode(talk.Unmark()))
        made.on_time()
        assert made.show(Shared()).marks == ()


async def test_clicks_reach_chat_and_summary() -> None:
    async with channel() as (made, _, did):
        made.take(talk.encode(talk.Say(id=1, text="Bonjour")))
        made.take(talk.encode(talk.MachineAsk(n=1)))
        made.command(ReadChat())
        made.command(Pleased("machine", 1, True))
        said = [talk.from_agent(payload) for _, payload in did.sealed]
        assert said == [
            talk.Got(id=1),
            talk.SeenUpTo(id=1),
            talk.Machine(n=1, lines=("Debian",)),
        ]


async def test_what_a_console_does_not_say_is_a_violation() -> None:
    async with channel() as (made, _, _did):
        for payload in (b"", b"{}", b'{"t":"clip","n":1,"yes":true}'):
            with pytest.raises(MalformedFrame):
                made.take(payload)


async def test_the_end_leaves_nothing() -> None:
    async with channel() as (made, _, _did):
        made.take(talk.encode(talk.Say(id=1, text="Bonjour")))
        made.take(talk.encode(talk.MachineAsk(n=1)))
        made.stop()
        assert made.show(Shared()) == Shared()
