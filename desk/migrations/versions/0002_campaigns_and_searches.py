"""What people decide about campaigns (append-only), and the searches they keep."""

import importlib

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_FIRST = importlib.import_module("desk.migrations.versions.0001_desk")


def upgrade() -> None:
    """Make the tables, then the triggers."""
    op.create_table(
        "rulings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("campaign", sa.String(length=64), nullable=False),
        sa.Column("ids", sa.Text(), nullable=False),
        sa.Column("others", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_rulings_by_id")),
        sa.ForeignKeyConstraint(["undoes"], ["rulings.id"], name=op.f("fk_rulings_undoes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
        sa.UniqueConstraint("undoes", name=op.f("uq_rulings_undoes")),
    )
    op.create_table(
        "linkings",
        sa.Column("ruling_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ruling_id"], ["rulings.id"], name=op.f("fk_linkings_ruling_id")),
        sa.PrimaryKeyConstraint("ruling_id", name=op.f("pk_linkings")),
    )
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_saved_searches_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
    )
    op.create_index(op.f("ix_saved_searches_owner_id"), "saved_searches", ["owner_id"], unique=False)
    op.create_table(
        "saved_looks",
        sa.Column("search_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["search_id"], ["saved_searches.id"], name=op.f("fk_saved_looks_search_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_looks_user_id")),
        sa.PrimaryKeyConstraint("search_id", "user_id", name=op.f("pk_saved_looks")),
    )
    _FIRST.protect("rulings")
