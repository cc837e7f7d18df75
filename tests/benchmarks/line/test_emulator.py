"""The proxy carries every byte in order, slowly; whose line it is, it tells apart."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from benchmarks.line.emulator import line
from benchmarks.line.pipe import PROFILES, SEGMENT

pytestmark = pytest.mark.slow

PATIENCE_S = 30.0


@contextlib.contextmanager
def taking(count: int) -> Iterator[tuple[int, list[bytes], threading.Event]]:
    """Listen; take that many bytes of one connection, and answer with one."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        got: list[bytes] = []
        done = threading.Event()

        def take() -> None:
            near, _ = server.accept()
            with near:
                while sum(map(len, got)) < count:
                    got.append(near.recv(65536))
                near.sendall(b"!")
                done.set()

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield server.getsockname()[1], got, done
        thread.join(PATIENCE_S)


def carried(begin: bytes, count: int, only: str) -> tuple[float, bytes, int]:
    """Send so much through an adsl line; return seconds, what came, what it counted."""
    sent = begin + bytes(at % 251 for at in range(count - len(begin)))
    with (
        taking(count) as (port, got, done),
        line(PROFILES["adsl"], port, only=only) as between,
        socket.create_connection(("127.0.0.1", between.port), PATIENCE_S) as mine,
    ):
        began = time.monotonic()
        mine.sendall(sent)
        assert mine.recv(1) == b"!"
        took = time.monotonic() - began
        assert done.wait(PATIENCE_S)
        return took, b"".join(got), between.carried().up


def test_no_byte_is_lost_and_none_is_faster_than_the_line() -> None:
    count = 40 * SEGMENT
    took, got, up = carried(b"", count, "")
    assert len(got) == count
    assert got[:5] == bytes(range(5))
    assert up == count
    way = PROFILES["adsl"]
    # A slow machine makes a line slower, never faster.
    assert took >= count * 8 / way.up.rate + way.up.delay + way.down.delay


def test_who_is_not_the_customer_is_not_on_the_customers_line() -> None:
    _, got, up = carried(b"GET /console/v1 ", 20 * SEGMENT, "GET /agent/v1 ")
    assert len(got) == 20 * SEGMENT
    assert up == 0
    _, got, up = carried(b"GET /agent/v1 ", 4 * SEGMENT, "GET /agent/v1 ")
    assert got.startswith(b"GET /agent/v1 ")
    assert up == 4 * SEGMENT
