"""The rest of what was agreed, beside the engagement's offer."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("engagements", sa.Column("particulars", sa.LargeBinary))


def downgrade() -> None:
    raise RuntimeError("a journal is not taken back; restore a backup instead")
