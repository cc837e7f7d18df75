from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from cordee_server.adapters.sql.engine import open_sqlite
from cordee_server.adapters.sql.log_tables import METADATA


def test_the_tables_are_what_the_migrations_make(tmp_path: Path) -> None:
    file = tmp_path / "cordee.db"
    open_sqlite(file).close()
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, METADATA)
    engine.dispose()
    assert differences == []
