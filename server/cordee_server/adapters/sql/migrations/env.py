"""What Alembic runs: the migrations, in the transaction that is handed to it."""

from alembic import context

from cordee_server.adapters.sql.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA
)
context.run_migrations()
