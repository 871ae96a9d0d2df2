"""What people say of single reasons; retention empties the words of each row, as of a comment."""

import importlib

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_FIRST = importlib.import_module("desk.migrations.versions.0001_desk")
POSTGRESQL_FUNCTION = importlib.import_module("desk.migrations.versions.0011_colleagues").POSTGRESQL_FUNCTION
"""It stands there already; the check of the triggers compares its text."""
_KEPT = ("id", "item_id", "kind", "indicator", "rules", "revision", "text_sha256", "undoes", "by_id", "at")
SAME = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _KEPT)
SQLITE_TRIGGER = f"""
CREATE TRIGGER reason_marks_no_UPDATE BEFORE UPDATE ON reason_marks WHEN NOT (NEW.body = '' AND NEW.salt = '' AND {SAME})
BEGIN SELECT RAISE(ABORT, 'reason_marks is append-only'); END
"""
POSTGRESQL_TRIGGERS = """
CREATE TRIGGER reason_marks_append_only BEFORE DELETE OR TRUNCATE ON reason_marks EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reason_marks_words BEFORE UPDATE ON reason_marks FOR EACH ROW EXECUTE FUNCTION refuse_all_but_emptying();
"""


def upgrade() -> None:
    """Make the table and its triggers."""
    op.create_table(
        "reason_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("indicator", sa.String(length=64), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_reason_marks_by_id")),
        sa.ForeignKeyConstraint(["undoes"], ["reason_marks.id"], name=op.f("fk_reason_marks_undoes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reason_marks")),
        sa.UniqueConstraint("undoes", name=op.f("uq_reason_marks_undoes")),
    )
    op.create_index("ix_reason_marks_item_id", "reason_marks", ["item_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SQLITE_TRIGGER)
        op.execute(_FIRST.SQLITE_TRIGGER.format(table="reason_marks", verb="DELETE"))
        return
    for statement in filter(None, map(str.strip, POSTGRESQL_TRIGGERS.split(";"))):
        op.execute(statement)
