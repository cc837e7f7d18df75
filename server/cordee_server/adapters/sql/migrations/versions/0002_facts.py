"""Facts of engagements, and records that a fact has made."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "facts",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=True),
        sa.Column("engagement", sa.Text, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("after_seq", sa.BigInteger, nullable=False),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("engagement", "n"),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("records", "session", nullable=True)
        op.add_column("records", sa.Column("fact", sa.Integer))
        op.create_unique_constraint(None, "records", ["engagement", "fact"])
        return
    # SQLite cannot lift a NOT NULL: the table is made anew, row by row the same.
    for action in ("update", "delete"):
        op.execute(f"DROP TRIGGER records_no_{action}")
    op.rename_table("records", "records_before")
    op.create_table(
        "records",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("engagement", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("session", sa.Text, unique=True),
        sa.Column("fact", sa.Integer),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("engagement", "revision"),
        sa.UniqueConstraint("engagement", "fact"),
    )
    op.execute(
        "INSERT INTO records (id, engagement, revision, session, bytes) "
        "SELECT id, engagement, revision, session, bytes FROM records_before "
        "ORDER BY rowid"
    )
    op.drop_table("records_before")
    for table in ("records", "facts"):
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} "
                f"BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
            )


def downgrade() -> None:
    raise RuntimeError("a journal is not taken back; restore a backup instead")
