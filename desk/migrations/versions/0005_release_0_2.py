"""What release 0.2 added: openings, what approvals are bound to, and evidence packs."""

import sqlalchemy as sa
from alembic import op

from desk.migrations.append_only import protect

revision = "0005"
down_revision = "0002"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make tables, triggers and columns. A list that 0.1 approved is approved again; what its decisions rest on is unknown."""
    op.create_table(
        "evidence_packs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item_id", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False, index=True),
        sa.Column("audit_head", sa.String(96), nullable=False),
        sa.Column("packed_by", sa.String(64), nullable=False),
        sa.Column("packed_at", MOMENT, nullable=False),
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("list_id", sa.Integer, sa.ForeignKey("lists.id"), nullable=False, index=True),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("files", sa.Text, nullable=False),
        sa.Column("entries_sha256", sa.String(64), nullable=False),
        sa.Column("deciders", sa.Text, nullable=False),
    )
    op.create_table(
        "openings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item_id", sa.String(64), nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.UniqueConstraint("by_id", "item_id", "text_sha256"),
    )
    op.add_column("lists", sa.Column("service", sa.String(64)))
    op.add_column("decisions", sa.Column("opened_at", MOMENT))
    op.add_column("decisions", sa.Column("batch_size", sa.Integer))
    for table in ("evidence_packs", "approvals", "openings"):
        protect(table)
