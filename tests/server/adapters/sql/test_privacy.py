"""What only SQL has; the rest is in ``tests/server/services/test_privacy.py``."""

from pathlib import Path

from cordee_server.adapters.sql.engagements import SqlEngagements
from cordee_server.adapters.sql.engine import open_sqlite
from cordee_server.adapters.sql.log import SqlLog
from cordee_server.adapters.sql.privacy import SqlPrivacy, corrected, runs
from cordee_server.adapters.sql.vault import NoVault, SqlVault
from cordee_shared.billing.correction import Correction
from cordee_shared.journal.checkpoint import Signer
from tests.builders import Dice, engagement
from tests.shared.journals import RELAY


def test_rising_numbers_are_told_as_runs() -> None:
    assert runs([]) == []
    assert runs([1, 2, 3, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]


async def test_s33_keys_corrections_and_notices_go_together(tmp_path: Path) -> None:
    database = open_sqlite(tmp_path / "cordee.db")
    vault = SqlVault(bytes(32), Dice().token)
    database.use_vault(vault)
    log = SqlLog(database, Signer(RELAY))
    store = SqlPrivacy(database, vault, log)
    assert await store.customers() == []
    await SqlEngagements(database).add(engagement())
    (customer,) = await store.customers()
    assert await store.engagements_of(customer) == [engagement().id]
    assert await store.newest_of(customer) == 0
    await store.correct(customer, Correction(name="Mme B"), 1)
    assert await store.correction_of(customer) == Correction(name="Mme B")
    assert await database.read(lambda c: corrected(c, NoVault(), customer)) is None
    uses = ["service", "billing"]
    assert await store.erase(customer, uses, {"customer": customer}, 2) is not None
    assert await store.erase(customer, uses, {"customer": customer}, 3) is None
    assert await store.correction_of(customer) is None
    assert await store.customers() == []
    assert len(await log.notices()) == 2
    assert await store.let_bodies_go(10, 4, {}) == 0
    database.close()
