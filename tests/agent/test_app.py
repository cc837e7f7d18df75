"""The agent put together, against a real relay: only window, guard and screen are
the test's own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cordee_agent.app import App
from cordee_agent.clock import SystemClock
from cordee_agent.guard.pipe import Died, Reclaimed
from cordee_agent.pins import Pins
from cordee_agent.settings import Settings
from cordee_agent.window import model
from cordee_server.keyfiles import public_bytes
from cordee_shared.canonical import b64
from cordee_shared.code import Code, read_code
from cordee_shared.ids import Nameplate
from cordee_shared.journal.receipt import Receipt
from cordee_shared.journal.receipt_check import check
from cordee_shared.session.consent import Language
from cordee_shared.session.states import EndReason, Event, Remark, Side, State
from tests.agent.opposite import FakeHands, FakePictures
from tests.ends import ConsoleEnd, connected
from tests.house import House, house

PATIENCE_S = 10


class FakeGuard(FakeHands):
    """A guard whose reports the test makes up."""

    def __init__(self) -> None:
        super().__init__()
        self.reports: asyncio.Queue[object] = asyncio.Queue()
        self.is_running = False

    async def start(self, display: str | None = None, dead_zone_px: int = 4) -> None:
        self.is_running = True

    async def stop(self) -> None:
        self.is_running = False

    async def wait_still(self, quiet_s: float = 0.5, within_s: float = 3.0) -> bool:
        return True

    async def events(self) -> AsyncIterator[object]:
        while True:
            yield await self.reports.get()


@dataclass
class Seat:
    """Where the customer sits: what is shown, and what they do."""

    app: App
    guard: FakeGuard
    views: list[model.View] = field(default_factory=list)
    pictures: list[FakePictures] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def show(self, view: model.View) -> None:
        self.views.append(view)
        self._news.set()

    def pressed(self, time_ms: int, *, customer: bool) -> None:
        """Nothing here asks whose press it was."""

    async def sees(
        self, kind: type[model.View], fact: Callable[[model.View], bool] = bool
    ) -> model.View:
        """Wait until this is what is shown."""
        async with asyncio.timeout(PATIENCE_S):
            while not (
                self.views and isinstance(self.views[-1], kind) and fact(self.views[-1])
            ):
                self._news.clear()
                await self._news.wait()
        return self.views[-1]

    async def answers(self, *, yes: bool) -> None:
        view = await self.sees(
            object,  # type: ignore[arg-type]  # any view that asks
            lambda shown: question_of(shown) is not None,
        )
        question = question_of(view)
        assert question is not None
        self.app.deliver(model.Answer(question.id, yes, model.Hand.MOUSE))


def gate_is_open(seat: Seat) -> bool:
    return seat.guard.is_open


def question_of(view: model.View) -> model.Question | None:
    if isinstance(view, model.Live):
        return view.question
    return view if isinstance(view, model.Question) else None


class Wire:
    """A stretch of network before the relay, which can be cut."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._writers: list[asyncio.StreamWriter] = []
        self.port = 0

    @asynccontextmanager
    async def laid(self) -> AsyncIterator["Wire"]:
        async with await asyncio.start_server(self._carry, "127.0.0.1", 0) as server:
            self.port = server.sockets[0].getsockname()[1]
            yield self
            self.cut()

    def cut(self) -> None:
        """Tear every connection down, as a router that loses its power."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        to_relay, from_relay = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers += [writer, from_relay]
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pass(reader, from_relay))
            group.create_task(self._pass(to_relay, writer))

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def seat(
    relay: House, *, key: str = "", port: int | None = None
) -> AsyncIterator[Seat]:
    """Run the agent until the block ends."""
    origin = f"http://127.0.0.1:{port or relay.port}"
    pins = Pins(relay.parts.settings.data / "relays.json", key)
    settings = Settings(origin, Language.FR, pins, dead_zone_px=4)
    guard = FakeGuard()

    def pictures(send: object) -> FakePictures:
        made = FakePictures(send)  # type: ignore[arg-type]  # what the app gives
        sitting.pictures.append(made)
        return made

    class Window:
        def show(self, view: model.View) -> None:
            sitting.show(view)

        def pressed(self, time_ms: int, *, customer: bool) -> None:
            sitting.pressed(time_ms, customer=customer)

    app = App(settings, Window(), SystemClock(), guard, pictures)  # type: ignore[arg-type]  # a guard all the same
    sitting = Seat(app, guard)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(app.run())
        try:
            yield sitting
        finally:
            for _ in range(2):
                app.deliver(model.Quit())
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.wait({running})
            assert not guard.is_running


@asynccontextmanager
async def console(
    relay: House, *, port: int | None = None
) -> AsyncIterator[ConsoleEnd]:
    """Sign a technician in at a console of the test's own."""
    end = ConsoleEnd(f"http://127.0.0.1:{port or relay.port}")
    headers = relay.headers(await relay.sign_in())
    async with connected(end, relay.console_url, headers):
        yield end


async def invited(relay: House, end: ConsoleEnd) -> str:
    end.invite(relay.engagement)
    await end.until(lambda: end.code)
    assert end.code is not None
    return end.code.spoken


async def to_viewing(relay: House, end: ConsoleEnd, customer: Seat) -> None:
    spoken = await invited(relay, end)
    await customer.sees(model.Home, lambda view: getattr(view, "ready", False))
    customer.app.deliver(model.CodeTyped(spoken))
    await customer.answers(yes=True)
    await end.until_state(State.VIEWING)


async def test_a_session_from_the_code_to_the_bill(tmp_path: Path) -> None:
    async with house(tmp_path) as relay, console(relay) as claire, seat(relay) as her:
        await to_viewing(relay, claire, her)
        claire.act(Remark.CONTROL_REQUESTED)
        await her.answers(yes=True)
        await claire.until_state(State.CONTROLLING)
        assert gate_is_open(her)
        her.guard.reports.put_nowait(Reclaimed("pointer", 0))
        await claire.until_state(State.RECLAIMED)
        assert not gate_is_open(her)
        her.app.deliver(model.EndSession())
        view = await her.sees(
            model.Over, lambda shown: not getattr(shown, "pending", True)
        )
        assert isinstance(view, model.Over)
        assert (view.reason, view.confirmed) == (EndReason.CUSTOMER_ENDED, True)
        assert view.reclaims == 1
        assert view.cost is not None
        assert her.pictures[-1].runs == 0
        # S-28: what she may carry away is there with the end, and checked.
        assert view.receipt is not None, view.unproved
        relay_pk = public_bytes(relay.parts.relay_key)
        found = check(Receipt.read(view.receipt.raw), relay_pk)
        kinds = [entry.kind for entry in found.entries]
        assert kinds[-1] is Event.ENDED
        assert Event.CONTROL_GRANTED in kinds
        assert len(found.texts) == 2


async def test_the_systems_wish_to_end_is_journaled_before_the_program_leaves(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as relay, console(relay) as claire, seat(relay) as her:
        await to_viewing(relay, claire, her)
        for command in (model.EndSession(), model.Quit()):  # as cli.py does at SIGTERM
            her.app.deliver(command)
        await claire.until_state(State.ENDED)
        view = await her.sees(
            model.Over, lambda shown: getattr(shown, "confirmed", False)
        )
        assert isinstance(view, model.Over)
        assert view.reason is EndReason.CUSTOMER_ENDED


async def test_the_customer_may_show_the_code(tmp_path: Path) -> None:
    async with house(tmp_path) as relay, console(relay) as claire, seat(relay) as her:
        await her.sees(model.Home, lambda view: getattr(view, "ready", False))
        her.app.deliver(model.CodeWanted())
        shown = await her.sees(model.ShowingCode)
        assert isinstance(shown, model.ShowingCode)
        claire.claim(read_code(shown.spoken), relay.engagement)
        await her.answers(yes=True)
        await claire.until_state(State.VIEWING)


async def test_s10_a_mistyped_code_is_found_without_a_message(tmp_path: Path) -> None:
    async with house(tmp_path) as relay, console(relay) as claire, seat(relay) as her:
        spoken = await invited(relay, claire)
        wrong = spoken[:-1] + str((int(spoken[-1]) + 1) % 10)
        await her.sees(model.Home, lambda view: getattr(view, "ready", False))
        her.app.deliver(model.CodeTyped(wrong))
        await her.sees(
            model.Home, lambda view: getattr(view, "trouble", "") == "code_mistyped"
        )
        assert claire.kinds() == ["code_issued"]


async def test_s11_a_wrong_code_may_be_typed_again(tmp_path: Path) -> None:
    async with house(tmp_path) as relay, console(relay) as claire, seat(relay) as her:
        right = await invited(relay, claire)
        assert claire.code is not None
        other = f"{(int(claire.code.secret) + 1) % 100_000:05d}"
        wrong = Code(Nameplate(claire.code.nameplate), other).spoken
        await her.sees(model.Home, lambda view: getattr(view, "ready", False))
        her.app.deliver(model.CodeTyped(wrong))
        await her.sees(
            model.Home, lambda view: getattr(view, "trouble", "") == "code_wrong"
        )
        her.app.deliver(model.CodeTyped(right))
        await her.answers(yes=True)
        await claire.until_state(State.VIEWING)


async def test_s11_a_shown_code_that_was_typed_wrong_is_said_to_be_burnt(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as relay, console(relay) as claire, seat(relay) as her:
        await her.sees(model.Home, lambda view: getattr(view, "ready", False))
        her.app.deliver(model.CodeWanted())
        shown = await her.sees(model.ShowingCode)
        assert isinstance(shown, model.ShowingCode)
        right = read_code(shown.spoken)
        other = f"{(int(right.secret) + 1) % 100_000:05d}"
        claire.claim(Code(right.nameplate, other), relay.engagement)
        # The relay lets this link go and a new one comes: the sentence stays.
        up = model.Home("Aide & Cie", ready=True, trouble="code_refused")
        await her.sees(model.Home, lambda view: view == up)
        await her.sees(model.Home, lambda view: her.views.count(up) > 1)


async def test_an_unknown_code_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    async with house(tmp_path) as relay, seat(relay) as her:
        await her.sees(model.Home, lambda view: getattr(view, "ready", False))
        her.app.deliver(model.CodeTyped(Code(Nameplate("999"), "12345").spoken))
        await her.sees(
            model.Home, lambda view: getattr(view, "trouble", "") == "code_invalid"
        )


async def test_s24_a_relay_with_another_key_gets_no_code(tmp_path: Path) -> None:
    async with house(tmp_path) as relay, seat(relay, key=b64(b"k" * 32)) as her:
        view = await her.sees(model.Stopped)
        assert view == model.Stopped("relay_changed")


async def test_a_dead_guard_ends_the_session(tmp_path: Path) -> None:
    async with house(tmp_path) as relay, console(relay) as claire, seat(relay) as her:
        await to_viewing(relay, claire, her)
        her.guard.reports.put_nowait(Died("killed"))
        await her.sees(model.Over)
        await claire.until_state(State.ENDED)


async def test_the_technicians_end_is_the_customers_end(tmp_path: Path) -> None:
    async with house(tmp_path) as relay, console(relay) as claire, seat(relay) as her:
        await to_viewing(relay, claire, her)
        claire.act(Event.ENDED, {"reason": "technician_ended"})
        view = await her.sees(model.Over)
        assert isinstance(view, model.Over)
        assert view.reason is EndReason.TECHNICIAN_ENDED


async def test_a_relay_that_is_not_there_is_said_and_tried_again(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as relay:
        relay.port, real = 1, relay.port
        async with seat(relay) as her:
            await her.sees(
                model.Home,
                lambda view: getattr(view, "trouble", "") == "link_unreachable",
            )
        relay.port = real


@pytest.mark.slow
async def test_a_torn_link_comes_back_by_itself(tmp_path: Path) -> None:
    async with (
        house(tmp_path) as relay,
        Wire(relay.port).laid() as wire,
        console(relay, port=wire.port) as claire,
        seat(relay, port=wire.port) as her,
    ):
        await to_viewing(relay, claire, her)
        wire.cut()
        await her.sees(
            model.Live, lambda view: getattr(view, "state", None) is State.INTERRUPTED
        )
        await claire.until(lambda: "link_restored" in claire.kinds())
        await claire.until_state(State.VIEWING)
        await her.sees(
            model.Live, lambda view: getattr(view, "state", None) is State.VIEWING
        )


async def test_a_report_ends_at_once_stands_in_the_journal_and_both_are_told(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as relay, console(relay) as claire, seat(relay) as her:
        await to_viewing(relay, claire, her)
        claire.act(Remark.CONTROL_REQUESTED)
        await her.sees(
            model.Live, lambda view: getattr(view, "question", None) is not None
        )
        her.app.deliver(model.Report())
        view = await her.sees(
            model.Over, lambda shown: getattr(shown, "confirmed", False)
        )
        assert isinstance(view, model.Over)
        assert (view.reason, view.by) == (EndReason.REPORTED, Side.CUSTOMER)
        assert her.pictures[-1].runs == 0
        await claire.until_state(State.ENDED)
        last = claire.entries[-1]
        assert (last.side, last.data) == (Side.CUSTOMER, {"reason": "reported"})
        await relay.until_ended()
        assert (await relay.last_entries())[-1].raw == last.raw
