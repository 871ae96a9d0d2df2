"""The tables of release 0.1."""

import sqlalchemy as sa
from alembic import op

from desk.migrations.append_only import protect

revision = "0002"
down_revision = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, then the triggers."""
    _make_people()
    _make_decisions()
    _make_mails()
    _make_lists()
    _make_searches()
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA application_id = 1280787540")
        op.execute("PRAGMA user_version = 1")
    for table in ("decisions", "audit", "rulings"):
        protect(table, words=())


def _make_people() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("disabled_at", MOMENT),
    )
    op.create_table(
        "sessions",
        sa.Column("token_sha256", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_attempts_address_at", "attempts", ["address", "at"])
    op.create_index("ix_attempts_name_at", "attempts", ["name", "at"])
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def _make_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("tag", sa.String(32)),
        sa.Column("severity", sa.String(16)),
        sa.Column("clause", sa.String(64)),
        sa.Column("reason", sa.String(64)),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("undoes", sa.Integer, sa.ForeignKey("decisions.id")),
        sa.Column("batch", sa.String(32), index=True),
        sa.Column("source", sa.String(128), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False, index=True),
        sa.UniqueConstraint("item_id", "seq"),
    )
    op.create_table(
        "rulings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("ids", sa.Text, nullable=False),
        sa.Column("others", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("undoes", sa.Integer, sa.ForeignKey("rulings.id"), unique=True),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "linkings",
        sa.Column("ruling_id", sa.Integer, sa.ForeignKey("rulings.id"), primary_key=True, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
    )


def _make_mails() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("period", sa.String(32), nullable=False),
        sa.Column("subscription", sa.String(64), nullable=False),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("message_id", sa.String(254), nullable=False, unique=True),
        sa.Column("message", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.UniqueConstraint("period", "subscription", "recipient"),
    )
    op.create_table(
        "digests",
        sa.Column("week", sa.String(16), primary_key=True),
        sa.Column("subscription", sa.String(64), primary_key=True),
        sa.Column("built_at", MOMENT, nullable=False),
        sa.Column("since", MOMENT),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "mentions",
        sa.Column("subscription", sa.String(64), primary_key=True),
        sa.Column("item_id", sa.String(64), primary_key=True),
        sa.Column("standing", sa.String(16), primary_key=True),
        sa.Column("week", sa.String(16), nullable=False),
    )


def _make_lists() -> None:
    op.create_table(
        "lists",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("platform", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("previous", sa.Integer, sa.ForeignKey("lists.id")),
        sa.Column("manifest_sha256", sa.String(64), nullable=False),
        sa.Column("built_by", sa.Integer, sa.ForeignKey("users.id")),
        sa.Column("built_at", MOMENT, nullable=False),
        sa.Column("approved_by", sa.Integer, sa.ForeignKey("users.id")),
        sa.Column("approved_at", MOMENT),
        sa.Column("sent_at", MOMENT),
        sa.UniqueConstraint("platform", "number"),
    )
    op.create_table(
        "list_entries",
        sa.Column("list_id", sa.Integer, sa.ForeignKey("lists.id"), primary_key=True),
        sa.Column("item_id", sa.String(64), primary_key=True),
        sa.Column("change", sa.String(16), nullable=False),
        sa.Column("decision_id", sa.Integer, sa.ForeignKey("decisions.id"), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "list_files",
        sa.Column("list_id", sa.Integer, sa.ForeignKey("lists.id"), primary_key=True),
        sa.Column("name", sa.String(128), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def _make_searches() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("owner_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("typed", sa.Text, nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT),
    )
    op.create_table(
        "saved_looks",
        sa.Column("search_id", sa.Integer, sa.ForeignKey("saved_searches.id"), primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("base", sa.Integer, nullable=False),
    )
