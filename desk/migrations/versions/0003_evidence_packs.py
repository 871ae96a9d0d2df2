"""Evidence packs that left the house, each with its digest and the head of the audit log it carries (append-only)."""

import importlib

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_FIRST = importlib.import_module("desk.migrations.versions.0001_desk")


def upgrade() -> None:
    """Make the table, then the triggers."""
    op.create_table(
        "evidence_packs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("audit_head", sa.String(length=96), nullable=False),
        sa.Column("packed_by", sa.String(length=64), nullable=False),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_packs")),
    )
    op.create_index(op.f("ix_evidence_packs_sha256"), "evidence_packs", ["sha256"], unique=False)
    _FIRST.protect("evidence_packs")
