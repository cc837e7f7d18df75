"""What machine this is: asked, shown, and sent as it was shown."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cordee_agent.together.glance import Glance, plain
from cordee_agent.window.sharing import Please, Pleased, Shared
from cordee_shared.errors import MalformedFrame
from cordee_shared.limits import MACHINE_LINES_MAX
from cordee_shared.session.states import Remark
from cordee_shared.wire.frames import Channel
from cordee_shared.wire.talk import Machine, MachineAsk, encode
from tests.agent.together.grounds import Did, ground

LINES = ("Système : Debian 12", "", "Mémoire :\t8 Go\x00")
SENT = ("Système : Debian 12", "Mémoire : 8 Go")


class Eyes:
    def __init__(self, lines: tuple[str, ...] = LINES) -> None:
        self.lines = lines
        self.looked = 0

    def __call__(self) -> tuple[str, ...]:
        self.looked += 1
        return self.lines


@asynccontextmanager
async def glance(eyes: Eyes) -> AsyncIterator[tuple[Glance, Did]]:
    did = Did()
    async with asyncio.TaskGroup() as group:
        yield Glance(ground(group, did), eyes), did


def asked(made: Glance) -> tuple[Please, ...]:
    return made.show(Shared()).pleases


async def test_it_is_read_when_it_is_asked_for_and_goes_as_it_was_shown() -> None:
    eyes = Eyes()
    async with glance(eyes) as (made, did):
        assert (eyes.looked, asked(made)) == (0, ())
        made.on_ask(MachineAsk(n=1))
        assert asked(made) == (Please("machine", 1, "\n".join(SENT)),)
        eyes.lines = ("autre chose",)
        assert did.sealed == []
        made.command(Pleased("machine", 1, True))
        assert did.sealed == [(Channel.CHAT, encode(Machine(n=1, lines=SENT)))]
        assert did.acts == [(Remark.MACHINE_SHOWN, {"lines": 2})]
        assert (eyes.looked, asked(made)) == (1, ())


async def test_a_no_sends_no_line_and_journals_nothing() -> None:
    async with glance(Eyes()) as (made, did):
        made.on_ask(MachineAsk(n=1))
        made.command(Pleased("give", 1, True))
        made.command(Pleased("machine", 2, True))
        assert did.sealed == []
        made.command(Pleased("machine", 1, False))
        assert did.sealed == [(Channel.CHAT, encode(Machine(n=1, lines=())))]
        assert did.acts == []


async def test_an_old_question_is_a_violation_and_a_lost_link_drops_it() -> None:
    async with glance(Eyes()) as (made, did):
        made.on_ask(MachineAsk(n=1))
        with pytest.raises(MalformedFrame):
            made.on_ask(MachineAsk(n=2))
        made.settle(False)
        made.command(Pleased("machine", 1, True))
        assert (did.sealed, asked(made)) == ([], ())
        with pytest.raises(MalformedFrame):
            made.on_ask(MachineAsk(n=1))
        made.on_ask(MachineAsk(n=2))
        made.stop()
        assert made._lines == ()


async def test_a_machine_with_a_hundred_disks_says_as_much_as_fits() -> None:
    async with glance(Eyes(("disque " * 60,) * 100)) as (made, did):
        made.on_ask(MachineAsk(n=1))
        made.command(Pleased("machine", 1, True))
        ((_, payload),) = did.sealed
        assert payload.count(b"disque disque") >= MACHINE_LINES_MAX


def test_a_line_is_printable_and_in_one_piece() -> None:
    assert plain(" a\n\x1b[2J\u2028 b ") == "a [2J b"
