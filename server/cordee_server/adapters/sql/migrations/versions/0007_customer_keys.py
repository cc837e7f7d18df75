"""A key for each customer, and for each use of what it seals.

What is there already is sealed by the program when it opens the database
(adapters/sql/vault.py): only that has the key under which customers' keys lie.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer_keys",
        sa.Column("customer", sa.Text, primary_key=True),
        sa.Column("use", sa.Text, primary_key=True),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "corrections",
        sa.Column("customer", sa.Text, primary_key=True),
        sa.Column("bytes", sa.LargeBinary, nullable=False),
    )
    op.add_column("engagements", sa.Column("customer", sa.Text))
    op.add_column("engagements", sa.Column("deal", sa.LargeBinary))
    op.create_index("engagements_customer", "engagements", ["customer"])


def downgrade() -> None:
    raise RuntimeError("a journal is not taken back; restore a backup instead")
