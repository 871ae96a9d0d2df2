"""Who opened which item at the desk, and what a decision rests on: an opened item, or one of several listed together."""

import importlib

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_FIRST = importlib.import_module("desk.migrations.versions.0001_desk")


def upgrade() -> None:
    """Make the table, its triggers and the columns; of decisions made before, nothing is known."""
    op.create_table(
        "openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_openings_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
        sa.UniqueConstraint("by_id", "item_id", "text_sha256", name=op.f("uq_openings_by_id_item_id_text_sha256")),
    )
    op.add_column("decisions", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("decisions", sa.Column("batch_size", sa.Integer(), nullable=True))
    _FIRST.protect("openings")
