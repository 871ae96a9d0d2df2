"""What colleagues say to each other about an item: comments, what one asks another, second opinions.

Of a comment retention empties the words, as of a decision; opinions are only added; what is asked is closed.
"""

import importlib

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_FIRST = importlib.import_module("desk.migrations.versions.0001_desk")
SAME = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in ("id", "item_id", "kind", "by_id", "at"))
SQLITE_TRIGGER = f"""
CREATE TRIGGER comments_no_UPDATE BEFORE UPDATE ON comments WHEN NOT (NEW.body = '' AND NEW.salt = '' AND {SAME})
BEGIN SELECT RAISE(ABORT, 'comments is append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE FUNCTION refuse_all_but_emptying() RETURNS trigger AS $$
BEGIN
IF NEW.body = '' AND NEW.salt = '' AND to_jsonb(NEW) - '{body,salt}'::text[] = to_jsonb(OLD) - '{body,salt}'::text[]
THEN RETURN NEW; END IF;
RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END
$$ LANGUAGE plpgsql
"""
POSTGRESQL_TRIGGERS = """
CREATE TRIGGER comments_append_only BEFORE DELETE OR TRUNCATE ON comments EXECUTE FUNCTION refuse_change();
CREATE TRIGGER comments_words BEFORE UPDATE ON comments FOR EACH ROW EXECUTE FUNCTION refuse_all_but_emptying();
"""


def upgrade() -> None:
    """Make the tables and their triggers."""
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_comments_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index("ix_comments_item_id", "comments", ["item_id"], unique=False)
    op.create_index("ix_comments_kind", "comments", ["kind"], unique=False)
    op.create_table(
        "asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["to_id"], ["users.id"], name=op.f("fk_asks_to_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_asks_by_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name=op.f("fk_asks_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asks")),
    )
    op.create_index("ix_asks_to_id_closed_at", "asks", ["to_id", "closed_at"], unique=False)
    op.create_index("ix_asks_item_id", "asks", ["item_id"], unique=False)
    op.create_table(
        "opinions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_opinions_decision_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_opinions_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinions")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_opinions_decision_id")),
    )
    _FIRST.protect("opinions")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SQLITE_TRIGGER)
        op.execute(_FIRST.SQLITE_TRIGGER.format(table="comments", verb="DELETE"))
        return
    op.execute(POSTGRESQL_FUNCTION)
    for statement in filter(None, map(str.strip, POSTGRESQL_TRIGGERS.split(";"))):
        op.execute(statement)
