"""The journal, its records, engagements, technicians."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "entries",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=True),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("engagement", sa.Text),
        sa.Column("leaf", sa.LargeBinary(32), nullable=False),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("session", "n"),
        sqlite_autoincrement=True,
    )
    op.create_index("entries_engagement", "entries", ["engagement"])
    op.create_index("entries_state", "entries", ["session", "state"])
    op.create_table(
        "records",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("engagement", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("session", sa.Text, nullable=False, unique=True),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("engagement", "revision"),
    )
    op.create_table(
        "engagements",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("technician", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("offer", sa.LargeBinary, nullable=False),
        sa.Column("policy", sa.LargeBinary, nullable=False),
        sa.Column("tariff", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("engagements_technician", "engagements", ["technician"])
    op.create_table(
        "technicians",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("totp", sa.LargeBinary, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "sign_ins",
        sa.Column("token", sa.LargeBinary(32), primary_key=True),
        sa.Column(
            "technician",
            sa.Text,
            sa.ForeignKey("technicians.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("since_ms", sa.BigInteger, nullable=False),
        sa.Column("seen_ms", sa.BigInteger, nullable=False),
    )
    op.create_index("sign_ins_technician", "sign_ins", ["technician"])
    op.create_table(
        "attempts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("until_ms", sa.BigInteger, nullable=False),
        sa.Column("last_ms", sa.BigInteger, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        # What is written there stays: nobody may correct a journal (security.md 3.2).
        for table in ("entries", "records"):
            for action in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{action.lower()} "
                    f"BEFORE {action} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
                )


def downgrade() -> None:
    raise RuntimeError("a journal is not taken back; restore a backup instead")
