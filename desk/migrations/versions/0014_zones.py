"""The time zone that each person reads in; empty: the desk's."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column."""
    op.add_column("users", sa.Column("zone", sa.String(length=64), nullable=False, server_default=""))
