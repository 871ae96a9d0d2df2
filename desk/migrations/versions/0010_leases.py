"""Who has which undecided item open."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table: leases come and go, so its rows may be changed and deleted."""
    op.create_table(
        "leases",
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("campaign", sa.String(length=64), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_leases_by_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_leases")),
        sa.UniqueConstraint("by_id", name=op.f("uq_leases_by_id")),
    )
