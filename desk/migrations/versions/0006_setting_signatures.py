"""Who proposed and who accepted a recipient, a place where a crawl begins, or a retention (append-only)."""

import importlib

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_FIRST = importlib.import_module("desk.migrations.versions.0001_desk")


def upgrade() -> None:
    """Make the table, then the triggers."""
    op.create_table(
        "setting_signatures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=140), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_setting_signatures_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_signatures")),
    )
    _FIRST.protect("setting_signatures")
