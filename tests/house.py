"""A whole relay in the test's own process: real sockets, real SQLite, real accounts.

``tests/e2e/rig`` starts the same thing as an operator would, in its own process.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pyotp
from aiohttp import web

from cordee_server.app import create_app
from cordee_server.keys import SESSIONS
from cordee_server.parts import Parts, initialise, open_parts
from cordee_server.ports import Clock, SessionSummary
from cordee_server.services.sessions import Sessions
from cordee_server.serving import SHUTDOWN_S, listeners
from cordee_server.settings import Deadlines, Provider, Settings, Terms, Usual
from cordee_server.tariffs import TariffRow
from cordee_server.web.auth import cookie_name
from cordee_server.web.door import KEEPALIVE_S
from cordee_shared.canonical import sha256_hex
from cordee_shared.journal.entry import Entry
from cordee_shared.session.states import State
from tests.ends import AgentEnd, ConsoleEnd


@dataclass
class House:
    """A running relay and a technician who can sign in to it."""

    parts: Parts
    app: web.Application
    sessions: Sessions
    runner: web.AppRunner
    port: int
    password: str
    totp: pyotp.TOTP
    engagement: str
    _signed_in: int = 0

    @property
    def origin(self) -> str:
        """What a browser would send, and both ends pair under."""
        return self.parts.settings.origin

    @property
    def agent_url(self) -> str:
        """Where agents connect."""
        return f"ws://127.0.0.1:{self.port}/agent/v1"

    @property
    def console_url(self) -> str:
        """Where consoles connect."""
        return f"ws://127.0.0.1:{self.port}/console/v1"

    async def sign_in(self) -> str:
        """Sign the technician in; return the cookie's value."""
        # Each step works once; the next one is within the window.
        at = self.parts.clock.now_ms() // 1000 + 30 * self._signed_in
        self._signed_in += 1
        token, _ = await self.parts.technicians.sign_in(
            "claire", self.password, self.totp.at(at)
        )
        return token

    def headers(self, token: str) -> dict[str, str]:
        """Return what a signed-in browser sends with its upgrade."""
        return {
            "Origin": self.origin,
            "Cookie": f"{cookie_name(self.parts.settings)}={token}",
        }

    def agent(self) -> AgentEnd:
        """Return an agent that is not connected yet."""
        return AgentEnd(self.origin)

    def console(self) -> ConsoleEnd:
        """Return a console that is not connected yet."""
        return ConsoleEnd(self.origin)

    async def last_session(self) -> SessionSummary:
        """Return the latest session of the journal."""
        return (await self.parts.journal.summaries(1))[0]

    async def until_ended(self) -> None:
        """Wait until the latest session has ended in the journal."""
        async with asyncio.timeout(10):
            # The journal has no event that a test could wait for.
            while (await self.last_session()).state != State.ENDED.value:  # noqa: ASYNC110
                await asyncio.sleep(0)  # lets the relay go on

    async def last_entries(self) -> list[Entry]:
        """Return the latest session's entries."""
        return await self.parts.journal.entries_of((await self.last_session()).session)


#: The general terms that the customers of tests agree to.
TERMS = "1 - VALIDITÉ DU CONTRAT\nLe client adhère aux présentes conditions.\n" * 200


def terms_in(folder: Path) -> Terms:
    """Return the terms in force, whose text lies beside ``folder``."""
    file = folder.with_name(f"{folder.name}-terms.txt")
    file.write_text(TERMS, encoding="utf-8")
    return Terms(version="2021-11-01", hash=sha256_hex(TERMS.encode()), file=file)


def settings_in(folder: Path, deadlines: Deadlines | None = None) -> Settings:
    """Return settings whose data lie in ``folder``."""
    return Settings(
        provider=Provider(organisation="Aide & Cie", phone="01 23 45 67 89"),
        terms=terms_in(folder),
        tariffs=(
            msgspec.convert(
                {
                    "id": "standard",
                    "label": "Assistance, la demi-heure",
                    "price_cents": 2500,
                    "unit_s": 1800,
                    "minimum_units": 1,
                },
                TariffRow,
            ),
        ),
        data=folder / "data",
        deadlines=deadlines or Deadlines(),
        # Whom nothing more is asked; tests of what is asked say so.
        usual=Usual(customer="professional", backup="done"),
    )


@asynccontextmanager
async def house(
    folder: Path,
    deadlines: Deadlines | None = None,
    *,
    keepalive_s: float = KEEPALIVE_S,
    clock: Clock | None = None,
) -> AsyncIterator[House]:
    """Run a relay on a free port of this machine."""
    settings = settings_in(folder, deadlines)
    initialise(settings)
    parts = open_parts(settings, clock=clock)
    try:
        made = await parts.technicians.add("claire", "Claire Martin")
        technician = made.technician
        agreed = await parts.engagements.create(
            technician, customer="Mme Durand", purpose="imprimante", tariff="standard"
        )
        app = create_app(parts)
        runner = web.AppRunner(
            app,
            access_log=None,
            keepalive_timeout=keepalive_s,
            shutdown_timeout=SHUTDOWN_S,
        )
        await runner.setup()
        (listener,) = listeners("127.0.0.1", 0)
        await web.SockSite(runner, listener).start()
        try:
            yield House(
                parts=parts,
                app=app,
                sessions=app[SESSIONS],
                runner=runner,
                port=listener.getsockname()[1],
                password=made.password,
                totp=pyotp.TOTP(made.seed),
                engagement=agreed.id,
            )
        finally:
            await runner.cleanup()
    finally:
        parts.close()
