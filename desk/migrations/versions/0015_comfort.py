"""How each person wants to read: without pictures, calmly, and with a reminder to take a break."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the columns; everything is off."""
    for name in ("text_only", "calm"):
        op.add_column("users", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("users", sa.Column("break_after", sa.Integer(), nullable=False, server_default="0"))
