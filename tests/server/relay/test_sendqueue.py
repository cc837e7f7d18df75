"""The queue before a link's writer: order, bounds, back-pressure."""

import asyncio

import pytest

from cordee_server.relay.sendqueue import SendQueue
from cordee_shared.errors import PeerGone


async def drained(queue: SendQueue) -> list[str | bytes]:
    found: list[str | bytes] = []
    while len(queue):
        frame = await queue.get()
        assert frame is not None
        found.append(frame)
    return found


async def test_frames_come_out_in_the_order_they_went_in() -> None:
    queue = SendQueue(100)
    await queue.put(b"one")
    assert queue.put_nowait("two")
    await queue.put(b"three")
    assert queue.size == 11
    assert await drained(queue) == [b"one", "two", b"three"]
    assert queue.size == 0


async def test_a_record_waits_while_the_queue_is_full() -> None:
    queue = SendQueue(10)
    await queue.put(b"12345678")
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(queue.put(b"abc"))
        await asyncio.sleep(0)
        assert not waiting.done()
        assert await queue.get() == b"12345678"
    assert await queue.get() == b"abc"


async def test_one_record_above_the_bound_is_let_in_alone() -> None:
    queue = SendQueue(10)
    await queue.put(bytes(50))
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(queue.put(b"x"))
        await asyncio.sleep(0)
        assert not waiting.done()
        await queue.get()
    assert queue.size == 1


async def test_a_message_does_not_wait_and_is_bounded_all_the_same() -> None:
    queue = SendQueue(10, most=20)
    await queue.put(bytes(10))
    assert queue.put_nowait("12345")
    assert queue.put_nowait("12345")
    assert not queue.put_nowait("x")
    assert queue.size == 20


async def test_a_message_does_not_overtake_what_waits_in_the_queue() -> None:
    queue = SendQueue(10)
    await queue.put(b"picture")
    queue.put_nowait("paused")
    assert await drained(queue) == [b"picture", "paused"]


async def test_closing_hands_out_what_waits_then_ends() -> None:
    queue = SendQueue(10)
    queue.put_nowait("last words")
    queue.close()
    assert await queue.get() == "last words"
    assert await queue.get() is None
    with pytest.raises(PeerGone):
        await queue.put(b"x")
    with pytest.raises(PeerGone):
        queue.put_nowait("x")


async def test_discarding_lets_nothing_out() -> None:
    queue = SendQueue(10)
    queue.put_nowait("secret")
    queue.close(discard=True)
    assert await queue.get() is None
    assert queue.size == 0


async def test_closing_wakes_whoever_waits_on_either_side() -> None:
    full, empty = SendQueue(1), SendQueue(1)
    await full.put(b"xx")
    async with asyncio.TaskGroup() as group:
        putter = group.create_task(_refused(full))
        getter = group.create_task(empty.get())
        await asyncio.sleep(0)
        full.close()
        empty.close()
    assert putter.result()
    assert getter.result() is None


async def _refused(queue: SendQueue) -> bool:
    try:
        await queue.put(b"x")
    except PeerGone:
        return True
    return False
