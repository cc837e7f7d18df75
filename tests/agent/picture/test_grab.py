import pytest

from cordee_agent.desktops.base import Cursor, Frame, Monitor, NoDesktop
from cordee_agent.picture.epoch import CHUNK_BYTES
from cordee_agent.picture.grab import (
    ANYWAY_S,
    IDLE_AFTER_S,
    IDLE_LOOK_S,
    LOOK_S,
    TOGETHER_BYTES,
    Drawn,
    Grabber,
)
from cordee_shared.wire import picture as wire
from tests.agent.picture import screens

SIZE = (640, 256)


class Bench:
    """A grabber, its screen, its viewer and its time."""

    def __init__(self, screen: screens.Rgb, **parts: object) -> None:
        self.now = 50.0
        self.screen = screens.ScriptedScreen(screen, tick=self.tick)
        for name, part in parts.items():
            setattr(self.screen, name, part)
        self.viewer = screens.Viewer()
        self.grabber = Grabber(
            lambda: self.screen, lambda: self.now, epoch=3, level=9, sleep=self.tick
        )

    def tick(self, seconds: float) -> None:
        self.now += seconds

    def draw(self) -> wire.FromAgent | None:
        return self._receive(self.grabber.draw())

    def draw_urgent(self) -> wire.FromAgent | None:
        return self._receive(self.grabber.draw_urgent())

    def _receive(self, drawn: Drawn | None) -> wire.FromAgent | None:
        if drawn is None:
            return None
        message = self.viewer.receive(drawn.payload)
        assert self.viewer.layout is not None
        assert drawn.epoch == self.viewer.layout.epoch
        assert drawn.seq == (0 if isinstance(message, wire.Layout) else self.viewer.seq)
        return message

    def settle(self) -> list[wire.FromAgent]:
        """Draw until there is nothing more to show."""
        drawn: list[wire.FromAgent] = []
        quiet = 0
        while quiet < 3:
            message = self.draw()
            quiet = quiet + 1 if message is None else 0
            drawn += [] if message is None else [message]
        return drawn


def settled(screen: screens.Rgb, **parts: object) -> Bench:
    bench = Bench(screen, **parts)
    bench.settle()
    return bench


def test_an_epoch_opens_with_its_layout() -> None:
    bench = Bench(screens.page(1, *SIZE))
    message = bench.draw()
    assert isinstance(message, wire.Layout)
    assert (message.epoch, message.width, message.height) == (3, *SIZE)
    assert message.cfg == bench.screen.layout().cfg
    assert message.monitors == (wire.Monitor(0, True, wire.Rect(0, 0, *SIZE)),)


def test_everything_is_shown_exactly() -> None:
    page = screens.page(1, *SIZE)
    bench = settled(page)
    assert bench.viewer.shows(page)
    after = screens.typed(page, 300, 200, "q")
    bench.screen.show(after)
    assert bench.settle() != []
    assert bench.viewer.shows(after)


def test_nothing_is_grabbed_while_nothing_changes() -> None:
    bench = settled(screens.page(1, *SIZE))
    before, since = bench.screen.grabs, bench.now
    while bench.now - since < 10.0:
        assert bench.draw() is None
    # Once a second anyway: some drivers forget to tell.
    assert bench.screen.grabs - before <= 10 / ANYWAY_S


def test_a_change_nobody_told_of_is_seen_within_a_second() -> None:
    page = screens.page(1, *SIZE)
    bench = settled(page)
    after = screens.typed(page, 300, 200, "q")
    bench.screen.show(after, quietly=True)
    since = bench.now
    while not bench.viewer.shows(after):
        bench.draw()
        assert bench.now - since <= ANYWAY_S + IDLE_LOOK_S


def test_a_desktop_that_does_not_tell_is_looked_at_ten_times_a_second() -> None:
    bench = settled(screens.page(1, *SIZE), tells=False)
    bench.tick(IDLE_AFTER_S)
    before, since = bench.screen.grabs, bench.now
    while bench.now - since < 10.0:
        bench.draw()
    assert 95 <= bench.screen.grabs - before <= 102


def test_there_are_thirty_looks_a_second_at_most() -> None:
    bench = settled(screens.page(1, *SIZE))
    before, since = bench.screen.grabs, bench.now
    for step in range(60):
        bench.screen.show(screens.page(step, *SIZE))
        bench.draw()
    assert bench.screen.grabs - before <= round((bench.now - since) / LOOK_S) + 1


def test_the_pointer_is_told_apart_from_the_pixels() -> None:
    bench = settled(screens.page(1, *SIZE), pointer=screens.ARROW)
    assert bench.viewer.shape == screens.ARROW.rgba
    assert bench.viewer.pointer == (5, 6)
    moved = Cursor(1, 70, 80, 0, 0, 2, 2, screens.ARROW.rgba)
    bench.screen.pointer = moved
    grabs = bench.screen.grabs
    messages = bench.settle()
    assert [type(one) for one in messages] == [wire.Pointer]
    assert bench.viewer.pointer == (70, 80)
    assert bench.screen.grabs == grabs


def test_a_pointer_beyond_the_edge_is_shown_at_it() -> None:
    bench = settled(screens.page(1, *SIZE), pointer=Cursor(1, 640, -3, 0, 0, 0, 0, b""))
    assert bench.viewer.pointer == (639, 0)
    assert bench.viewer.shape == b""


def test_a_letter_passes_a_page_under_way() -> None:
    bench = settled(screens.paper(1920, 1080, (9, 9, 9)))
    page = screens.page(1)
    bench.screen.show(page)
    first = bench.draw()
    assert isinstance(first, wire.Rects)
    bench.tick(2 * LOOK_S)
    letter = screens.typed(page, 900, 10, "q")  # that piece has been sent
    bench.screen.show(letter)
    second = bench.draw()
    assert isinstance(second, wire.Rects)
    assert second.rects[0].y < 64
    assert second.rects[0].w < 64
    bench.settle()
    assert bench.viewer.shows(letter)


def test_with_a_full_window_only_what_is_urgent_is_drawn() -> None:
    bench = Bench(screens.page(1))
    assert bench.draw_urgent() is None
    bench.draw()
    assert bench.draw_urgent() is None  # a whole page waits, and goes on waiting
    bench.draw()
    bench.tick(2 * LOOK_S)
    assert bench.draw_urgent() is None
    bench.screen.pointer = screens.ARROW
    bench.tick(2 * LOOK_S)
    assert isinstance(bench.draw_urgent(), wire.Shape)
    assert isinstance(bench.draw_urgent(), wire.Pointer)
    assert bench.draw_urgent() is None


def test_chunks_shrink_where_tiles_are_heavy() -> None:
    bench = Bench(screens.noise(1, *SIZE))
    messages = [one for one in bench.settle() if isinstance(one, wire.Rects)]
    assert bench.viewer.shows(screens.noise(1, *SIZE))
    # A tile of noise has 12 kB: it cannot be cut, and goes alone.
    assert all(len(one.payload) < 3 * CHUNK_BYTES for one in messages[4:])


def test_a_new_layout_is_a_new_epoch() -> None:
    bench = settled(screens.page(1, *SIZE), pointer=screens.ARROW)
    wider = screens.page(2, 700, 300)
    bench.screen.show(wider)
    messages = bench.settle()
    assert isinstance(messages[0], wire.Layout)
    assert (messages[0].epoch, messages[0].width) == (4, 700)
    assert bench.viewer.shows(wider)
    assert bench.viewer.pointer == (5, 6)


def test_a_screen_that_shrinks_under_the_look_does_no_harm() -> None:
    bench = settled(screens.page(1, *SIZE))
    smaller = screens.page(2, 320, 200)
    layout = bench.screen.layout()
    honest = bench.screen.layout
    bench.screen.layout = lambda: layout  # type: ignore[method-assign] # the race
    bench.screen.show(smaller)
    assert bench.draw() is None
    bench.screen.layout = honest  # type: ignore[method-assign] # it is over
    bench.settle()
    assert bench.viewer.shows(smaller)


def test_monitors_are_clipped_to_the_screen() -> None:
    monitors = (
        Monitor(0, -10, 0, 110, 256, True),
        Monitor(1, 600, 200, 100, 100, False),
        Monitor(2, 700, 0, 10, 10, False),
    )
    bench = Bench(screens.page(1, *SIZE), monitors=monitors)
    message = bench.draw()
    assert isinstance(message, wire.Layout)
    assert [one.rect for one in message.monitors] == [
        wire.Rect(0, 0, 100, 256),
        wire.Rect(600, 200, 40, 56),
    ]
    assert [one.id for one in message.monitors] == [0, 1]


def test_a_desktop_without_monitors_or_too_large_says_so() -> None:
    gone = Bench(screens.page(1, *SIZE), monitors=(Monitor(0, 700, 0, 9, 9, True),))
    with pytest.raises(NoDesktop, match="no monitor"):
        gone.draw()
    large = Bench(screens.paper(5000, 4000, (0, 0, 0)))
    with pytest.raises(NoDesktop, match="switch a monitor off"):
        large.draw()


def test_a_ping_shows_nothing_and_counts() -> None:
    bench = Bench(screens.page(1, *SIZE))
    assert bench.grabber.ping() is None  # before a layout it would be a violation
    bench.draw()
    drawn = bench.grabber.ping()
    assert drawn is not None
    assert bench.viewer.receive(drawn.payload) == wire.Ping(1)


def test_the_level_is_measured_when_it_is_not_known() -> None:
    screen = screens.ScriptedScreen(screens.page(1, *SIZE), tick=lambda _: None)
    grabber = Grabber(lambda: screen, lambda: 0.0, epoch=1)
    grabber.draw()
    assert grabber.level in (9, 6, 3)
    grabber.close()
    assert screen.is_closed


def test_a_step_of_scrolling_goes_whole_from_one_look() -> None:
    page = screens.page(1, *SIZE)
    bench = settled(page)
    bench.screen.show(screens.scrolled(page, 2))
    after = screens.scrolled(page, 2, rows=3)
    grabs = bench.screen.grabs
    bench.tick(LOOK_S)
    together = bench.grabber.draw_together()
    # What changes while they are drawn belongs to the next look.
    bench.screen.show(after)
    assert len(together) > 1
    assert bench.screen.grabs == grabs + 1
    assert sum(len(one.payload) for one in together[:-1]) < TOGETHER_BYTES
    for one in together:
        bench.viewer.receive(one.payload)
    assert bench.viewer.shows(screens.scrolled(page, 2))
    bench.settle()
    assert bench.viewer.shows(after)


def test_what_costs_much_goes_one_piece_at_a_time() -> None:
    bench = settled(screens.page(1, *SIZE))
    bench.screen.show(screens.noise(4, *SIZE))
    bench.tick(LOOK_S)
    assert len(bench.grabber.draw_together()) == 1


def test_a_clock_on_the_screen_does_not_keep_the_computer_awake() -> None:
    page = screens.page(1, *SIZE)
    bench = settled(page)
    turns = 0
    for second in range(4):
        page = screens.typed(page, 300 + 12 * second, 200, "q")
        bench.screen.show(page)
        since = bench.now
        while bench.now - since < 1.0:
            bench.draw()
            turns += second > 0
    assert bench.viewer.shows(page)
    # Half of each second at thirty, half of it at ten, and what is drawn.
    assert turns <= 3 * 25


def test_a_computer_that_looks_slowly_shows_something_all_the_same() -> None:
    page = screens.page(1, *SIZE)
    bench = Bench(page)
    quick = bench.screen.grab

    def slow() -> Frame:
        bench.tick(4 * LOOK_S)
        return quick()

    bench.screen.grab = slow  # type: ignore[method-assign]
    for _ in range(200):
        bench.draw()
        if bench.viewer.shows(page):
            break
    assert bench.viewer.shows(page)
