import sqlite3
from pathlib import Path

import pytest

from cordee_server.adapters.sql.engine import open_sqlite
from cordee_server.adapters.sql.journal import SqlJournal
from cordee_server.adapters.sql.log import SqlLog
from cordee_server.adapters.sql.log_tables import BODIES, HEADS, NODES
from cordee_shared.journal.checkpoint import Signer
from tests.builders import ended
from tests.shared.journals import RELAY


async def test_s31_the_database_refuses_to_change_the_log(tmp_path: Path) -> None:
    database = open_sqlite(tmp_path / "cordee.db")
    SqlLog(database, Signer(RELAY))
    await SqlJournal(database).append(ended().entries)
    database.close()
    with sqlite3.connect(tmp_path / "cordee.db") as thief:
        for change in (
            "UPDATE entries SET leaf = x'00'",
            "DELETE FROM entries",
            "UPDATE bodies SET bytes = x'00'",
            "UPDATE nodes SET hash = x'00'",
            "DELETE FROM nodes",
            "UPDATE heads SET note = ''",
            "DELETE FROM heads",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                thief.execute(change)
    thief.close()


def test_the_four_tables_of_the_log_have_the_names_of_its_design() -> None:
    assert [table.name for table in (BODIES, NODES, HEADS)] == [
        "bodies",
        "nodes",
        "heads",
    ]
