"""Which sentences of a note may leave the house; of notes written before, none."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column."""
    op.add_column("decisions", sa.Column("disclosed", sa.Text(), nullable=False, server_default=""))
