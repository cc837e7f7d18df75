"""A copied text passes, each way by two people's clicks (S-40)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cordee_agent.together.clip import Clipboard
from cordee_agent.window.sharing import Please, Pleased, Shared
from cordee_shared.errors import MalformedFrame
from cordee_shared.limits import CLIPBOARD_MAX
from cordee_shared.session.states import Remark
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.talk import ClipAnswer, ClipAsk, ClipOffer, encode
from tests.agent.together.grounds import Did, ground

TEXT = "IBAN de l’école :\n12 34"


@asynccontextmanager
async def clipboard() -> AsyncIterator[tuple[Clipboard, Did]]:
    did = Did()
    async with asyncio.TaskGroup() as group:
        made = Clipboard(ground(group, did))
        made.settle(True)
        yield made, did


def asked(made: Clipboard) -> tuple[Please, ...]:
    return made.show(Shared()).pleases


def answer(number: int, yes: bool) -> tuple[Channel, bytes]:
    return Channel.CHAT, encode(ClipAnswer(n=number, yes=yes))


async def test_s40_nothing_goes_before_the_customer_has_seen_it_and_said_yes() -> None:
    async with clipboard() as (made, did):
        made.on_ask(ClipAsk(n=1))
        assert asked(made) == (Please("give", 1),)
        assert did.sealed == []
        made.command(Pleased("give", 1, True, TEXT))
        text = (Channel.CLIPBOARD, TEXT.encode())
        assert did.sealed == [text, answer(1, True)]
        size = len(TEXT.encode())
        assert did.acts == [
            (Remark.CLIPBOARD_PASSED, {"bytes": size, "to": "technician"})
        ]
        assert asked(made) == ()


async def test_s40_a_no_sends_nothing_but_the_no() -> None:
    async with clipboard() as (made, did):
        made.on_ask(ClipAsk(n=1))
        made.command(Pleased("give", 1, False, TEXT))
        assert (did.sealed, did.acts) == ([answer(1, False)], [])


@pytest.mark.parametrize("body", ["", "\x00", "x" * (CLIPBOARD_MAX + 1)])
async def test_s40_what_cannot_pass_is_a_no(body: str) -> None:
    async with clipboard() as (made, did):
        made.on_ask(ClipAsk(n=1))
        made.command(Pleased("give", 1, True, body))
        assert (did.sealed, did.acts) == ([answer(1, False)], [])


async def test_s40_the_customer_may_send_a_text_unasked() -> None:
    async with clipboard() as (made, did):
        made.command(Pleased("give", 0, True, TEXT))
        assert did.sealed == [(Channel.CLIPBOARD, TEXT.encode())]
        assert [kind for kind, _ in did.acts] == [Remark.CLIPBOARD_PASSED]
        made.on_ask(ClipAsk(n=1))
        made.command(Pleased("give", 0, False))
        assert asked(made) == (Please("give", 1),)


async def test_s40_a_text_for_the_customer_waits_for_a_yes() -> None:
    async with clipboard() as (made, did):
        made.on_offer(ClipOffer(n=3))
        assert asked(made) == ()
        made.take(TEXT.encode())
        assert asked(made) == (Please("take", 3, TEXT),)
        assert (did.sealed, did.acts) == ([], [])
        made.command(Pleased("take", 3, True))
        assert did.sealed == [answer(3, True)]
        size = len(TEXT.encode())
        assert did.acts == [
            (Remark.CLIPBOARD_PASSED, {"bytes": size, "to": "customer"})
        ]
        made.command(Pleased("take", 3, True))
        assert len(did.acts) == 1


async def test_s40_a_text_that_was_refused_is_forgotten_and_not_journaled() -> None:
    async with clipboard() as (made, did):
        made.on_offer(ClipOffer(n=1))
        made.take(TEXT.encode())
        made.command(Pleased("take", 1, False))
        assert (did.sealed, did.acts) == ([answer(1, False)], [])
        assert made._text == ""


@pytest.mark.parametrize(
    "payload", [b"", b"\xff", b"a\x1b[2J", b"x" * (CLIPBOARD_MAX + 1)]
)
async def test_s40_bytes_that_are_no_text_are_a_violation(payload: bytes) -> None:
    async with clipboard() as (made, _):
        made.on_offer(ClipOffer(n=1))
        with pytest.raises(Exception, match=r".") as caught:
            made.take(payload)
        assert caught.type.__name__ in ("MalformedFrame", "FrameTooLarge")
        assert asked(made) == ()


async def test_s40_a_text_that_nobody_announced_is_a_violation() -> None:
    async with clipboard() as (made, _):
        with pytest.raises(MalformedFrame):
            made.take(b"x")
        made.on_offer(ClipOffer(n=1))
        made.take(b"x")
        with pytest.raises(MalformedFrame):
            made.take(b"y")


async def test_one_question_of_a_sort_at_a_time_and_never_an_old_one() -> None:
    async with clipboard() as (made, _):
        made.on_ask(ClipAsk(n=2))
        with pytest.raises(MalformedFrame):
            made.on_ask(ClipAsk(n=3))
        made.command(Pleased("give", 2, False))
        with pytest.raises(MalformedFrame):
            made.on_offer(ClipOffer(n=2))
        made.on_offer(ClipOffer(n=3))


async def test_a_question_dies_with_the_link_and_with_the_session() -> None:
    async with clipboard() as (made, did):
        made.on_ask(ClipAsk(n=1))
        made.on_offer(ClipOffer(n=2))
        made.take(TEXT.encode())
        assert len(asked(made)) == 2
        made.settle(False)
        assert asked(made) == ()
        made.settle(True)
        made.command(Pleased("give", 1, True, TEXT))
        made.command(Pleased("take", 2, True))
        assert (did.sealed, did.acts) == ([], [])
        made.on_ask(ClipAsk(n=3))
        made.stop()
        made.on_time()
        assert asked(made) == ()
