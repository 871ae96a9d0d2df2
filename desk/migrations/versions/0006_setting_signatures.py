"""Who proposed and who accepted a recipient, a place where a crawl begins, or a retention (append-only)."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

SQLITE_TRIGGER = """
CREATE TRIGGER setting_signatures_no_{verb} BEFORE {verb} ON setting_signatures
BEGIN SELECT RAISE(ABORT, 'setting_signatures is append-only'); END
"""
POSTGRESQL_TRIGGER = """
CREATE TRIGGER setting_signatures_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON setting_signatures
EXECUTE FUNCTION refuse_change()
"""


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
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(SQLITE_TRIGGER.format(verb=verb))
        return
    op.execute(POSTGRESQL_TRIGGER)
