"""A relay's parts in memory, with a clock and dice that the test owns."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pyotp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cordee_server import keys
from cordee_server.adapters.mail import FolderPost
from cordee_server.adapters.memory import (
    MemoryEngagements,
    MemoryFacts,
    MemoryJournal,
    MemoryTechnicians,
)
from cordee_server.adapters.memory_staff import MemoryStaff
from cordee_server.adapters.pdf import FpdfPress
from cordee_server.adapters.shelf import FileShelf
from cordee_server.services.accounts import Accounts
from cordee_server.services.agreements import Agreements
from cordee_server.services.billing import BillingService
from cordee_server.services.documents import Documents
from cordee_server.services.engagements import EngagementService
from cordee_server.services.facts import Facts
from cordee_server.services.journal import JournalService
from cordee_server.services.secrets import Passwords
from cordee_server.services.technicians import NewSecrets, TechnicianService
from cordee_server.services.throttle import Throttle
from cordee_server.settings import Provider, Settings, Usual
from cordee_server.tariffs import TariffRow
from cordee_server.web.door import CLIENT_MAX_SIZE
from cordee_server.web.routes import MIDDLEWARES, add_http
from tests.builders import Dice
from tests.clock import ManualClock
from tests.house import terms_in
from tests.shared.journals import RELAY

ORIGIN = "https://help.example"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """What an operator decided."""
    return Settings(
        provider=Provider(organisation="Aide & Cie", phone="01 23 45 67 89"),
        terms=terms_in(tmp_path),
        tariffs=(
            TariffRow(
                id="remote",
                label="À distance",
                price_cents=2500,
                unit_s=1800,
                minimum_units=1,
            ),
        ),
        public_origin=ORIGIN,
        data=tmp_path,
        # Whom nothing more is asked; tests of what is asked say so.
        usual=Usual(customer="professional", backup="done"),
    )


@dataclass
class House:
    """Every service, on memory; what it stands on is within a test's reach."""

    settings: Settings
    clock: ManualClock
    rows: MemoryJournal
    agreements: MemoryEngagements
    accounts: MemoryTechnicians
    journal: JournalService
    engagements: EngagementService
    technicians: TechnicianService
    people: Accounts
    billing: BillingService
    throttle: Throttle
    documents: Documents
    agreeing: Agreements

    def app(self) -> web.Application:
        """Return the resources over HTTP."""
        app = web.Application(middlewares=MIDDLEWARES, client_max_size=CLIENT_MAX_SIZE)
        app[keys.SETTINGS] = self.settings
        app[keys.CLOCK] = self.clock
        app[keys.JOURNAL] = self.journal
        app[keys.ENGAGEMENTS] = self.engagements
        app[keys.AGREEMENTS] = self.agreeing
        app[keys.TECHNICIANS] = self.technicians
        app[keys.ACCOUNTS] = self.people
        app[keys.BILLING] = self.billing
        app[keys.THROTTLE] = self.throttle
        app[keys.DOCUMENTS] = self.documents
        add_http(app)
        return app

    def digits(self, secrets: NewSecrets, steps: int = 0) -> str:
        """Return what the authenticator shows now, or some steps later."""
        at = self.clock.now_ms() // 1000 + 30 * steps
        return pyotp.TOTP(secrets.seed).at(at)


def cheap_passwords() -> Passwords:
    """Return Argon2id that costs a test nothing."""
    return Passwords(Dice("salt"), memory_kib=64, iterations=1)


@pytest.fixture
async def house(settings: Settings, clock: ManualClock) -> AsyncIterator[House]:
    """Every service, fresh."""
    built = build(settings, clock)
    yield built
    built.technicians.close()


def build(settings: Settings, clock: ManualClock) -> House:
    """Put a relay's services together in memory."""
    rows, agreements, accounts = (
        MemoryJournal(),
        MemoryEngagements(),
        MemoryTechnicians(),
    )
    journal = JournalService(rows)
    facts = Facts(MemoryFacts(rows), RELAY, clock)
    staff = MemoryStaff(accounts)
    technicians = TechnicianService(
        accounts,
        clock,
        Dice("accounts"),
        b"\x07" * 32,
        settings.provider.organisation,
        staff=staff,
        passwords=cheap_passwords(),
        watch_s=0.01,
    )
    billing = BillingService(
        journal, rows, agreements, RELAY, clock, settings.billing_file, facts=facts
    )
    engaging = EngagementService(agreements, settings, clock, Dice("agreed"))
    return House(
        settings=settings,
        clock=clock,
        rows=rows,
        agreements=agreements,
        accounts=accounts,
        journal=journal,
        engagements=engaging,
        agreeing=Agreements(engaging, billing, facts),
        technicians=technicians,
        people=Accounts(accounts, staff, technicians, clock),
        billing=billing,
        throttle=Throttle(clock, technicians.lock),
        documents=Documents(
            rows,
            agreements,
            facts,
            FileShelf(settings.documents_folder),
            FpdfPress,
            FolderPost(settings.mail_folder),
            settings.billing_provider,
            clock,
            ZoneInfo(settings.zone),
            settings.billing_file,
        ),
    )


class Browser:
    """A browser on the console's origin; it keeps one cookie."""

    def __init__(self, client: TestClient[web.Request, web.Application]) -> None:
        self.client = client
        self.cookie = ""

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        origin: str | None = ORIGIN,
        **headers: str,
    ) -> tuple[int, dict[str, str], object]:
        """Ask for a resource; return status, headers and what its JSON says."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if origin is not None:
            headers["Origin"] = origin
        if self.cookie:
            headers["Cookie"] = self.cookie
        data: bytes | None = None
        if body is not None:
            data = body if isinstance(body, bytes) else msgspec.json.encode(body)
            headers.setdefault("Content-Type", "application/json")
        async with self.client.request(
            method, path, data=data, headers=headers, allow_redirects=False
        ) as answer:
            raw = await answer.read()
            if given := answer.headers.get("Set-Cookie"):
                self.cookie = given.partition(";")[0]
            is_json = answer.content_type == "application/json"
            said = msgspec.json.decode(raw) if is_json and raw else raw
            return answer.status, dict(answer.headers), said


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    """A browser, not signed in."""
    async with TestClient(TestServer(house.app())) as client:
        yield Browser(client)


async def sign_in(house: House, browser: Browser, name: str = "luc") -> NewSecrets:
    """Make an account and sign the browser in."""
    secrets = await house.technicians.add(name, "Luc Martin")
    status, _, _ = await browser.ask(
        "POST",
        "/api/login",
        {"name": name, "password": secrets.password, "totp": house.digits(secrets)},
    )
    assert status == 200
    return secrets
