"""Standing orders: near-copies that follow a decision about a campaign, and which ones did. Rows are only added."""

import importlib

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_FIRST = importlib.import_module("desk.migrations.versions.0001_desk")


def upgrade() -> None:
    """Make the tables and their triggers."""
    op.create_table(
        "standing_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("likeness", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_standing_orders_by_id")),
        sa.ForeignKeyConstraint(["ends"], ["standing_orders.id"], name=op.f("fk_standing_orders_ends")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_orders")),
        sa.UniqueConstraint("ends", name=op.f("uq_standing_orders_ends")),
    )
    op.create_table(
        "followers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("likeness", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["standing_orders.id"], name=op.f("fk_followers_order_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_followers_decision_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_followers_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followers")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_followers_decision_id")),
    )
    _FIRST.protect("standing_orders")
    _FIRST.protect("followers")
