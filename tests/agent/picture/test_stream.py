import zstandard

from cordee_agent.desktops.base import Frame
from cordee_agent.picture.differ import pixels_of
from cordee_agent.picture.stream import (
    PictureStream,
    level_for,
    measure_level,
    memory_bytes,
    pack,
    window_log,
)
from cordee_shared.wire import picture as wire
from cordee_shared.wire.picture import Rect
from tests.agent.picture import screens

SIZE = (1280, 720)


def test_columns_unfold_to_the_same_pixels() -> None:
    page = screens.page(1, *SIZE)
    stream = PictureStream(9)
    viewer = screens.Viewer()
    monitors = (wire.Monitor(0, True, Rect(0, 0, *SIZE)),)
    viewer.receive(wire.encode(wire.Layout(1, 1, stream.window_log, *SIZE, monitors)))
    pixels = pixels_of(screens.frame_of(page))
    bands = [Rect(0, y, SIZE[0], min(64, SIZE[1] - y)) for y in range(0, SIZE[1], 64)]
    for seq, band in enumerate(bands, 1):
        viewer.receive(stream.columns(seq, pixels, [band]))
    assert viewer.shows(page)


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


def test_large_screens_get_a_larger_window_where_there_is_memory() -> None:
    large, small, gib = 1920 * 1080, 1366 * 768, 2**30
    assert window_log(9, large, 8 * gib) == 26
    assert window_log(9, large, 2 * gib) == 25
    assert window_log(9, small, 8 * gib) == 25
    assert window_log(3, large, 8 * gib) == 24
    assert memory_bytes() >= 0


def test_measuring_the_level_works_on_any_size() -> None:
    for width, height in ((1, 1), (65, 63), (640, 200)):
        assert measure_level(screens.frame_of(screens.page(1, width, height))) in (
            9,
            6,
            3,
        )
