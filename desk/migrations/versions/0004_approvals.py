"""What the second person's approval is bound to, and which service built a list."""

import importlib

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_FIRST = importlib.import_module("desk.migrations.versions.0001_desk")


def upgrade() -> None:
    """Make the table and its triggers. A list an older release approved has no row: it is approved again."""
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("entries_sha256", sa.String(length=64), nullable=False),
        sa.Column("deciders", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_approvals_list_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_approvals_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    op.create_index(op.f("ix_approvals_list_id"), "approvals", ["list_id"], unique=False)
    op.add_column("lists", sa.Column("service", sa.String(length=64), nullable=True))
    _FIRST.protect("approvals")
