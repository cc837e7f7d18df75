"""Every adapter of every port, each fresh."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cordee_server.adapters.memory import (
    MemoryEngagements,
    MemoryFacts,
    MemoryJournal,
    MemoryTechnicians,
)
from cordee_server.adapters.memory_deliveries import MemoryDeliveries, MemoryHeads
from cordee_server.adapters.memory_log import MemoryLog
from cordee_server.adapters.memory_staff import MemoryStaff
from cordee_server.adapters.sql.deliveries import SqlDeliveries, SqlHeads
from cordee_server.adapters.sql.engagements import SqlEngagements
from cordee_server.adapters.sql.engine import open_sqlite
from cordee_server.adapters.sql.facts import SqlFacts
from cordee_server.adapters.sql.journal import SqlJournal
from cordee_server.adapters.sql.log import SqlLog
from cordee_server.adapters.sql.staff import SqlStaff
from cordee_server.adapters.sql.technicians import SqlTechnicians
from cordee_server.evidence import LogStore
from cordee_server.ports import (
    BillingOutbox,
    EngagementStore,
    FactStore,
    JournalStore,
    TechnicianStore,
)
from cordee_server.sinks import DeliveryStore, JournalHeads
from cordee_server.staff import StaffStore
from cordee_shared.journal.checkpoint import Signer

#: Signs the heads of every journal here.
SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@dataclass(frozen=True)
class Stores:
    """One of each, on the same ground."""

    journal: JournalStore
    outbox: BillingOutbox
    facts: FactStore
    engagements: EngagementStore
    technicians: TechnicianStore
    staff: StaffStore
    deliveries: DeliveryStore
    heads: JournalHeads
    log: LogStore


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """All stores of one adapter."""
    if request.param == "memory":
        journal = MemoryJournal()
        accounts = MemoryTechnicians()
        yield Stores(
            journal,
            journal,
            MemoryFacts(journal),
            MemoryEngagements(),
            accounts,
            MemoryStaff(accounts),
            MemoryDeliveries(journal),
            MemoryHeads(journal),
            MemoryLog(journal, SIGNER),
        )
        return
    database = open_sqlite(tmp_path / "cordee.db")
    rows = SqlJournal(database)
    yield Stores(
        rows,
        rows,
        SqlFacts(database),
        SqlEngagements(database),
        SqlTechnicians(database),
        SqlStaff(database),
        SqlDeliveries(database),
        SqlHeads(database),
        SqlLog(database, SIGNER),
    )
    database.close()


@pytest.fixture
def journal(stores: Stores) -> JournalStore:
    """The journal of one adapter."""
    return stores.journal


@pytest.fixture
def outbox(stores: Stores) -> BillingOutbox:
    """The outbox that belongs to ``journal``."""
    return stores.outbox


@pytest.fixture
def facts(stores: Stores) -> FactStore:
    """The facts that stand beside ``journal``."""
    return stores.facts


@pytest.fixture
def engagements(stores: Stores) -> EngagementStore:
    """The engagements of one adapter."""
    return stores.engagements


@pytest.fixture
def technicians(stores: Stores) -> TechnicianStore:
    """The accounts of one adapter."""
    return stores.technicians


@pytest.fixture
def staff(stores: Stores) -> StaffStore:
    """What is kept of ``technicians`` beside their secrets."""
    return stores.staff


@pytest.fixture
def deliveries(stores: Stores) -> DeliveryStore:
    """The state of deliveries from ``outbox``."""
    return stores.deliveries


@pytest.fixture
def heads(stores: Stores) -> JournalHeads:
    """How far ``journal`` is."""
    return stores.heads


@pytest.fixture
def log(stores: Stores) -> LogStore:
    """The Merkle log over ``journal``."""
    return stores.log


@pytest.fixture
def relay_pk() -> bytes:
    """The public half of what signs the heads."""
    return SIGNER.public
