"""Roles and locks of accounts, recovery codes, and what was done to accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Who is there helps customers, as before; an admin is made by the command.
    op.add_column(
        "technicians",
        sa.Column("role", sa.Text, nullable=False, server_default="technician"),
    )
    op.add_column(
        "technicians",
        sa.Column("locked", sa.Integer, nullable=False, server_default="0"),
    )
    op.add_column(
        "sign_ins", sa.Column("browser", sa.Text, nullable=False, server_default="")
    )
    op.create_table(
        "recovery_codes",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column(
            "technician",
            sa.Text,
            sa.ForeignKey("technicians.id", ondelete="CASCADE"),
            nullable=False,
        ),
    )
    op.create_index("recovery_codes_technician", "recovery_codes", ["technician"])
    op.create_table(
        "deeds",
        sa.Column("seq", _SEQ, primary_key=True, autoincrement=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("done", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER deeds_no_{action.lower()} BEFORE {action} ON deeds "
                "BEGIN SELECT RAISE(ABORT, 'deeds are never changed'); END"
            )


def downgrade() -> None:
    raise RuntimeError("a journal is not taken back; restore a backup instead")
