"""The Merkle log: bodies apart from leaves, complete subtrees, signed heads.

The subtrees over the entries that are there, and the first head, are made by the
program's first transaction (adapters/sql/log.py): only that has the key.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NEVER = {
    "entries": ("UPDATE", "DELETE"),
    "nodes": ("UPDATE", "DELETE"),
    "heads": ("UPDATE", "DELETE"),
    # A body may go when its time is over; its leaf stays.
    "bodies": ("UPDATE",),
}


def upgrade() -> None:
    op.create_table(
        "bodies",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "nodes",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "heads",
        sa.Column("size", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.execute("INSERT INTO bodies (seq, bytes) SELECT seq, bytes FROM entries")
    if op.get_bind().dialect.name == "sqlite":
        for action in ("update", "delete"):
            op.execute(f"DROP TRIGGER entries_no_{action}")
    op.drop_column("entries", "bytes")
    if op.get_bind().dialect.name == "sqlite":
        for table, actions in _NEVER.items():
            for action in actions:
                op.execute(
                    f"CREATE TRIGGER {table}_no_{action.lower()} "
                    f"BEFORE {action} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
                )


def downgrade() -> None:
    raise RuntimeError("a journal is not taken back; restore a backup instead")
