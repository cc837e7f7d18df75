"""One handler a channel, put together in one place."""

import asyncio

from cordee_agent.together.table import handlers
from cordee_shared.wire.frames import TOGETHER
from tests.agent.together.grounds import ground


async def test_only_what_two_people_share_has_a_handler_here() -> None:
    async with asyncio.TaskGroup() as group:
        assert set(handlers(ground(group))) <= TOGETHER
