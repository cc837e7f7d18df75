"""Words between the two people."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cordee_agent.together.chat import Conversation
from cordee_agent.window.sharing import Chat, Fate, ReadChat, SayIt, Shared
from cordee_shared.errors import MalformedFrame
from cordee_shared.limits import SAID_KEPT, SAID_MAX
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.talk import Got, Say, SeenUpTo, from_agent
from tests.agent.together.grounds import Did, ground


@asynccontextmanager
async def talking() -> AsyncIterator[tuple[Conversation, Did]]:
    did = Did()
    async with asyncio.TaskGroup() as group:
        conversation = Conversation(ground(group, did))
        conversation.settle(True)
        yield conversation, did


def said(did: Did) -> list[object]:
    assert {channel for channel, _ in did.sealed} <= {Channel.CHAT}
    return [from_agent(payload) for _, payload in did.sealed]


def shown(conversation: Conversation) -> Chat:
    return conversation.show(Shared()).chat


async def test_what_is_typed_goes_out_and_stands_there() -> None:
    async with talking() as (conversation, did):
        conversation.command(SayIt("  Bonjour,\r\nje ne vois rien  "))
        conversation.command(SayIt("\x00 \n"))
        assert said(did) == [Say(id=1, text="Bonjour,\nje ne vois rien")]
        (line,) = shown(conversation).lines
        assert (line.mine, line.text, line.fate) == (
            True,
            "Bonjour,\nje ne vois rien",
            Fate.SAID,
        )
        assert line.at == did.clock.wall()


async def test_the_author_learns_that_it_arrived_and_was_read() -> None:
    async with talking() as (conversation, _):
        conversation.command(SayIt("un"))
        conversation.command(SayIt("deux"))
        conversation.on_got(Got(id=2))
        conversation.on_seen(SeenUpTo(id=1))
        fates = [line.fate for line in shown(conversation).lines]
        assert fates == [Fate.SEEN, Fate.ARRIVED]
        conversation.on_got(Got(id=1))
        assert [line.fate for line in shown(conversation).lines] == fates


async def test_what_comes_is_acknowledged_counted_and_read_once() -> None:
    async with talking() as (conversation, did):
        conversation.on_say(Say(id=1, text="Bonjour"))
        conversation.on_say(Say(id=2, text="Vous m’entendez ?"))
        assert shown(conversation).unread == 2
        conversation.command(ReadChat())
        conversation.command(ReadChat())
        assert shown(conversation).unread == 0
        assert said(did) == [Got(id=1), Got(id=2), SeenUpTo(id=2)]


async def test_what_was_not_acknowledged_is_said_again_after_a_loss() -> None:
    async with talking() as (conversation, did):
        for text in ("un", "deux", "trois"):
            conversation.command(SayIt(text))
        conversation.on_got(Got(id=1))
        conversation.on_say(Say(id=1, text="oui ?"))
        conversation.command(ReadChat())
        conversation.settle(False)
        conversation.command(SayIt("quatre"))
        del did.sealed[:]
        conversation.settle(True)
        conversation.settle(True)
        assert said(did) == [
            Say(id=2, text="deux"),
            Say(id=3, text="trois"),
            Say(id=4, text="quatre"),
            Got(id=1),
            SeenUpTo(id=1),
        ]


async def test_words_that_are_said_again_are_shown_once() -> None:
    async with talking() as (conversation, did):
        conversation.on_say(Say(id=1, text="Bonjour"))
        conversation.on_say(Say(id=1, text="Bonjour"))
        assert [line.text for line in shown(conversation).lines] == ["Bonjour"]
        assert said(did) == [Got(id=1), Got(id=1)]


async def test_numbers_that_cannot_be_are_a_violation() -> None:
    async with talking() as (conversation, _):
        with pytest.raises(MalformedFrame):
            conversation.on_say(Say(id=2, text="la première manque"))
        with pytest.raises(MalformedFrame):
            conversation.on_got(Got(id=1))
        with pytest.raises(MalformedFrame):
            conversation.on_seen(SeenUpTo(id=1))
        assert shown(conversation) == Chat()


async def test_a_flood_fills_no_memory() -> None:
    async with talking() as (conversation, _):
        for number in range(1, SAID_KEPT + 50):
            conversation.on_say(Say(id=number, text=str(number)))
        lines = shown(conversation).lines
        assert (len(lines), lines[-1].text) == (SAID_KEPT, str(SAID_KEPT + 49))


async def test_a_book_is_cut_to_a_page() -> None:
    async with talking() as (conversation, did):
        conversation.command(SayIt("é" * (SAID_MAX + 1)))
        assert said(did) == [Say(id=1, text="é" * SAID_MAX)]


async def test_the_end_forgets_every_word() -> None:
    async with talking() as (conversation, did):
        conversation.command(SayIt("secret"))
        conversation.on_say(Say(id=1, text="secret"))
        conversation.stop()
        assert shown(conversation) == Chat()
        assert "secret" not in repr(conversation._kept)
        conversation.settle(True)
        assert said(did) == [Say(id=1, text="secret"), Got(id=1)]
