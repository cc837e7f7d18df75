"""The figures of a relay at work, and nothing of anybody."""

from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer

from cordee_server.web.watch import make_watch
from tests.stage import Stage


async def test_s46_figures_are_counts_and_name_nobody(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    agent, _ = await stage.viewing()
    async with TestClient(TestServer(make_watch(stage.node))) as client:
        answer = await client.get("/metrics")
        lines = (await answer.text()).splitlines()
        elsewhere = await client.get("/")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert "cordee_links 2" in lines
    assert "cordee_sessions_viewing 1" in lines
    assert "cordee_queued_bytes 0" in lines
    assert "cordee_is_draining 0" in lines
    assert 'cordee_entries_total{kind="view_granted"} 1' in lines
    session = stage.room(agent).id
    assert not any(session in line or "Durand" in line for line in lines)
    assert elsewhere.status == 404
