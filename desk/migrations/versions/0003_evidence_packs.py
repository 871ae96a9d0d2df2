"""Evidence packs that left the house, each with its digest and the head of the audit log it carries (append-only)."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

SQLITE_TRIGGER = """
CREATE TRIGGER evidence_packs_no_{verb} BEFORE {verb} ON evidence_packs
BEGIN SELECT RAISE(ABORT, 'evidence_packs is append-only'); END
"""
POSTGRESQL_TRIGGER = """
CREATE TRIGGER evidence_packs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_packs EXECUTE FUNCTION refuse_change()
"""


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
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(SQLITE_TRIGGER.format(verb=verb))
        return
    op.execute(POSTGRESQL_TRIGGER)
