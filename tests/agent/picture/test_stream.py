import zstandard

from cordee_agent.desktops.base import Frame
from cordee_agent.picture.differ import Differ, pixels_of
from cordee_agent.picture.stream import (
    PictureStream,
    level_for,
    measure_level,
    pack,
    window_log,
)
from cordee_shared.wire import picture as wire
from cordee_shared.wire.picture import Rect
from tests.agent.picture import screens

SIZE = (1280, 720)


class Line:
    """A stream and the console at its end; says what each change costs."""

    def __init__(self, screen: screens.Rgb) -> None:
        height, width = screen.shape[:2]
        self._stream = PictureStream(9)
        self._differ = Differ(width, height)
        self.viewer = screens.Viewer()
        monitors = (wire.Monitor(0, True, Rect(0, 0, width, height)),)
        self.viewer.receive(
            wire.encode(
                wire.Layout(1, 1, self._stream.window_log, width, height, monitors)
            )
        )
        self._seq = 0
        self.first = self.change(screen)

    def change(self, screen: screens.Rgb) -> int:
        """Show a screen; return the bytes of all its messages."""
        before = self.viewer.bytes
        frame = screens.frame_of(screen)
        self._differ.look(pixels_of(frame))
        while self._differ.dirty_tiles:
            self._seq += 1
            rects = self._differ.take(15)
            self.viewer.receive(self._stream.rects(self._seq, frame, rects))
        assert self.viewer.shows(screen)
        return self.viewer.bytes - before


def test_a_key_pressed_costs_80_bytes_at_most() -> None:
    before = screens.page(1, *SIZE)
    line = Line(before)
    costs = []
    x = 700
    for letter in "eaisnrtoluep":
        x += 9
        before = screens.typed(before, x, 690, letter)
        costs.append(line.change(before))
    # Header, rectangle and pixels; the median as in codec.md 12.
    assert sorted(costs)[len(costs) // 2] <= 80


def test_scrolling_by_a_line_costs_3_kilobytes_at_most() -> None:
    page = screens.page(2, *SIZE)
    line = Line(page)
    costs = []
    for step in range(8):
        page = screens.scrolled(page, 100 + step, rows=1)
        costs.append(line.change(page))
    # The first ones find rows of another length in the stream (differ.py, rule 4).
    assert sorted(costs)[len(costs) // 2] <= 3_000


def test_a_new_page_is_exact_and_costs_200_kilobytes_at_most() -> None:
    line = Line(screens.page(3, *SIZE))
    assert line.first <= 200_000
    assert line.change(screens.page(13, *SIZE)) <= 200_000


def test_a_page_seen_before_costs_a_tenth() -> None:
    first, second = screens.page(4, *SIZE), screens.page(14, *SIZE)
    line = Line(first)
    new = line.change(second)
    line.change(first)
    assert line.change(second) <= new / 10


def test_what_cannot_be_compressed_still_fits_into_records() -> None:
    line = Line(screens.noise(5, 1024, 128))
    assert line.viewer.shows(screens.noise(5, 1024, 128))


def test_pixels_are_packed_as_rgb_rows_whatever_the_stride() -> None:
    data = bytearray(3 * 20)
    data[20 + 4 : 20 + 8] = (3, 2, 1, 99)  # blue, green, red, padding
    data[20 + 8 : 20 + 12] = (6, 5, 4, 99)
    frame = Frame(4, 3, 20, memoryview(data))
    assert pack(frame, Rect(1, 1, 2, 1)) == bytes((1, 2, 3, 4, 5, 6))
    assert pack(frame, Rect(1, 0, 1, 3)) == bytes((0, 0, 0, 1, 2, 3, 0, 0, 0))
    # The last pixel needs no padding behind it.
    tight = Frame(4, 3, 20, memoryview(data)[: 2 * 20 + 16])
    assert pack(tight, Rect(3, 2, 1, 1)) == bytes(3)


def test_a_pointer_goes_through_the_same_stream() -> None:
    stream = PictureStream(6)
    message = wire.decode(
        stream.shape(1, screens.ARROW),
        wire.Layout(1, 1, 25, 9, 9, (wire.Monitor(0, True, Rect(0, 0, 9, 9)),)),
    )
    assert isinstance(message, wire.Shape)
    assert (message.width, message.height) == (2, 2)
    unfold = zstandard.ZstdDecompressor().decompressobj()
    assert unfold.decompress(message.payload) == screens.ARROW.rgba


def test_the_frame_header_is_the_plain_one_the_console_insists_on() -> None:
    for level in (9, 6, 3):
        stream = PictureStream(level)
        head = stream.rects(
            1, screens.frame_of(screens.page(1, 64, 64)), [Rect(0, 0, 8, 8)]
        )
        window = (window_log(level) - 10) << 3
        assert head[16:22] == bytes((0x28, 0xB5, 0x2F, 0xFD, 0, window))
        assert stream.window_log == window_log(level)


def test_the_level_follows_the_computer() -> None:
    assert [level_for(ms) for ms in (1.0, 4.9, 5.0, 20.0, 20.1)] == [9, 9, 6, 6, 3]
    assert [window_log(level) for level in (9, 6, 3)] == [25, 25, 24]


def test_measuring_the_level_works_on_any_size() -> None:
    for width, height in ((1, 1), (65, 63), (640, 200)):
        assert measure_level(screens.frame_of(screens.page(1, width, height))) in (
            9,
            6,
            3,
        )
