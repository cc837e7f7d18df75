"""The relay put together: what the operator set arrives, and it stops in good order."""

import asyncio
import dataclasses
from pathlib import Path
from typing import cast

import msgspec
import pytest
from aiohttp import web

from cordee_server.adapters.sql.engagements import SqlEngagements
from cordee_server.app import CONSOLE_PATH, create_app, deliveries_of, times_of
from cordee_server.keys import SESSIONS
from cordee_server.parts import initialise, open_parts
from cordee_server.services.anchor import Anchor as DailyAnchor
from cordee_server.services.documents import Documents
from cordee_server.settings import Anchor, Deadlines
from cordee_server.web.door import AGENT_PATH
from cordee_shared.errors import Unavailable
from cordee_shared.journal.notice import NoticeKind
from cordee_shared.session.states import State
from tests.builders import ended, engagement
from tests.ends import connected
from tests.house import house, settings_in
from tests.server.test_billing_commands import bill
from tests.shared.billing.test_provider import WHOLE
from tests.sinks import MemorySink


def test_every_deadline_of_the_settings_reaches_the_sessions() -> None:
    odd = {name: 3 + n for n, name in enumerate(Deadlines.__struct_fields__)}
    times = times_of(Deadlines(**odd))
    given = {getattr(times, field.name) for field in dataclasses.fields(times)}
    # Only hello comes before there is a session.
    assert given == set(odd.values()) - {odd["hello_s"]}
    assert msgspec.structs.asdict(Deadlines()).keys() == odd.keys()


def test_both_sockets_and_the_pages_are_on_one_application(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    initialise(settings)
    parts = open_parts(settings)
    try:
        app = create_app(parts)
        paths = {resource.canonical for resource in app.router.resources()}
        assert {AGENT_PATH, CONSOLE_PATH, "/api/login", "/healthz"} <= paths
        assert app[SESSIONS].node.journal is parts.journal
    finally:
        parts.close()


@pytest.mark.slow
async def test_deadlines_fall_due_while_it_runs(tmp_path: Path) -> None:
    async with house(tmp_path, Deadlines(agent_code_s=1)) as relay:
        agent = relay.agent()
        async with connected(agent, relay.agent_url):
            agent.show_code()
            await agent.until_state(State.ENDED)
            assert agent.entries[-1].data["reason"] == "code_expired"


async def test_stopping_leaves_no_session_unfinished_and_no_link(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as relay:
        agent = relay.agent()
        async with connected(agent, relay.agent_url):
            agent.show_code()
            await agent.until(lambda: agent.entries)
            await relay.runner.shutdown()
            assert relay.sessions.node.hub.peers == set()
        assert await relay.parts.journal.unfinished() == []


async def test_a_bug_in_tending_does_not_stop_the_others(tmp_path: Path) -> None:
    async with house(tmp_path, Deadlines(agent_code_s=1)) as relay:
        node = relay.sessions.node
        good = node.hub.deadlines.due

        def fail_once(now_us: int) -> list[object]:
            node.hub.deadlines.due = good  # type: ignore[method-assign]  # as it was
            raise RuntimeError("planted")

        node.hub.deadlines.due = fail_once  # type: ignore[method-assign,assignment]  # a planted bug
        agent = relay.agent()
        async with connected(agent, relay.agent_url):
            agent.show_code()
            await agent.until_state(State.ENDED)
            assert agent.entries[-1].data["reason"] == "code_expired"


async def test_records_are_sent_while_it_runs(tmp_path: Path) -> None:
    initialise(settings_in(tmp_path))
    sink = MemorySink()
    parts = dataclasses.replace(open_parts(settings_in(tmp_path)), sink=sink)
    runner = web.AppRunner(create_app(parts))
    try:
        await SqlEngagements(parts.database).add(engagement())
        record = await parts.billing.close(ended().entries)
        await runner.setup()
        await sink.arrived.wait()
        assert record is not None
        assert sink.heard == [record.id]
    finally:
        await runner.cleanup()
        parts.close()
    assert sink.is_closed


def test_attempts_are_counted_and_without_a_sink_there_are_none(
    tmp_path: Path,
) -> None:
    initialise(settings_in(tmp_path))
    parts = open_parts(settings_in(tmp_path))
    try:
        counts = create_app(parts)[SESSIONS].node.metrics.deliveries
        assert deliveries_of(parts, counts) is None
        sending = deliveries_of(dataclasses.replace(parts, sink=MemorySink()), counts)
        assert sending is not None
        assert sending.counts is counts
    finally:
        parts.close()


class Watched:
    """The documents of a relay, and when the first one was made."""

    def __init__(self, real: Documents, folder: Path) -> None:
        self.real = real
        self.folder = folder
        self.made = asyncio.Event()

    async def tend(self) -> None:
        await self.real.tend()
        if self.folder.exists():
            self.made.set()


@pytest.mark.slow
async def test_R42_the_document_is_there_within_a_minute_of_the_end(
    tmp_path: Path,
) -> None:
    facts = tmp_path / "provider.toml"
    facts.write_text(WHOLE.replace("Micro-Alpes", "Aide & Cie"), encoding="utf-8")
    settings = msgspec.structs.replace(settings_in(tmp_path), provider_file=facts)
    initialise(settings)
    parts = open_parts(settings)
    watched = Watched(parts.documents, settings.documents_folder)
    parts = dataclasses.replace(parts, documents=cast(Documents, watched))
    runner = web.AppRunner(create_app(parts))
    try:
        await runner.setup()
        record = await bill(parts)
        async with asyncio.timeout(60):
            await watched.made.wait()
        pdf = settings.documents_folder / f"{record.id}.pdf"
        assert pdf.read_bytes().startswith(b"%PDF-")
    finally:
        await runner.cleanup()
        parts.close()


class Looked:
    """The anchor of a relay, when it first looked, and what goes wrong there."""

    def __init__(self, real: DailyAnchor, wrong: Exception | None) -> None:
        self.real = real
        self.wrong = wrong
        self.done = asyncio.Event()

    async def drop(self) -> str | None:
        try:
            if self.wrong is not None:
                raise self.wrong
            return await self.real.drop()
        finally:
            self.done.set()


@pytest.mark.parametrize("wrong", [None, Unavailable("no folder"), ValueError("bug")])
async def test_a_relay_that_starts_anchors_its_journal_and_no_fault_there_ends_it(
    tmp_path: Path, wrong: Exception | None
) -> None:
    away = tmp_path / "away"
    plain = settings_in(tmp_path)
    settings = msgspec.structs.replace(plain, anchor=Anchor(folder=away))
    initialise(settings)
    parts = open_parts(settings)
    assert parts.anchor is not None
    looked = Looked(parts.anchor, wrong)
    parts = dataclasses.replace(parts, anchor=cast(DailyAnchor, looked))
    await parts.log.note(NoticeKind.RETAINED, 5, {"bodies": 1})
    runner = web.AppRunner(create_app(parts))
    try:
        await runner.setup()
        async with asyncio.timeout(60):
            await looked.done.wait()
        notes = [one.read_text(encoding="utf-8") for one in away.glob("*.note")]
        assert notes == ([await parts.log.checkpoint()] if wrong is None else [])
    finally:
        await runner.cleanup()
        parts.close()
