"""What release 0.2 added: openings, what approvals are bound to, and evidence packs."""

import sqlalchemy as sa
from alembic import op

from desk.columns import moments, number, reference, strings, texts
from desk.migrations.append_only import protect

revision = "0005"
down_revision = "0002"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make tables, triggers and columns. A list that 0.1 approved is approved again; what its decisions rest on is unknown."""
    op.create_table("evidence_packs",
        number(), *strings(64, "item_id"), *strings(64, "sha256", index=True), *strings(96, "audit_head"),
        *strings(64, "packed_by"), *moments("packed_at"),
    )  # fmt: skip
    op.create_table("approvals",
        number(), reference("list_id", "lists", index=True), reference("by_id", "users"), *moments("at"),
        *strings(254, "recipient"), *texts("files"), *strings(64, "entries_sha256"), *texts("deciders"),
    )  # fmt: skip
    op.create_table("openings",
        number(), *strings(64, "item_id", "text_sha256"), reference("by_id", "users"), *moments("at"),
        sa.UniqueConstraint("by_id", "item_id", "text_sha256"),
    )  # fmt: skip
    op.add_column("lists", sa.Column("service", sa.String(64)))
    op.add_column("decisions", sa.Column("opened_at", MOMENT))
    op.add_column("decisions", sa.Column("batch_size", sa.Integer))
    for table in ("evidence_packs", "approvals", "openings"):
        protect(table)
