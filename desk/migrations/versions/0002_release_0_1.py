"""The tables of release 0.1."""

import sqlalchemy as sa
from alembic import op

from desk.columns import content, integers, moments, number, reference, strings, texts
from desk.migrations.append_only import protect

revision = "0002"
down_revision = None


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
    op.create_table("users",
        number(), *strings(64, "name", unique=True), *strings(254, "email"), *strings(16, "role"), *texts("password_hash"),
        *moments("created_at"), *moments("disabled_at", nullable=True),
    )  # fmt: skip
    op.create_table("sessions",
        *strings(64, "token_sha256", primary_key=True), reference("user_id", "users", index=True), *strings(64, "csrf"),
        *moments("started_at", "seen_at"),
    )  # fmt: skip
    op.create_table("attempts",
        number(), *strings(64, "name", "address"), *moments("at"),
    )  # fmt: skip
    op.create_index("ix_attempts_address_at", "attempts", ["address", "at"])
    op.create_index("ix_attempts_name_at", "attempts", ["name", "at"])
    op.create_table("audit",
        *integers("seq", primary_key=True, autoincrement=False), *strings(40, "at"), *strings(64, "actor", "action"),
        *texts("subject", "detail"), *strings(64, "prev", "hash"),
    )  # fmt: skip


def _make_decisions() -> None:
    op.create_table("decisions",
        number(), *strings(64, "item_id"), *integers("seq"), *strings(16, "kind"), *strings(32, "tag", nullable=True),
        *strings(16, "severity", nullable=True), *strings(64, "clause", "reason", nullable=True), *texts("note"),
        reference("undoes", "decisions", nullable=True), *strings(32, "batch", nullable=True, index=True),
        *strings(128, "source"), *texts("url"), *integers("revision"), *strings(64, "text_sha256"),
        reference("by_id", "users"), *moments("at", index=True), sa.UniqueConstraint("item_id", "seq"),
    )  # fmt: skip
    op.create_table("rulings",
        number(), *strings(16, "kind"), *strings(64, "campaign"), *texts("ids", "others", "contact", "note"),
        reference("undoes", "rulings", nullable=True, unique=True), reference("by_id", "users"), *moments("at"),
    )  # fmt: skip
    op.create_table("linkings",
        reference("ruling_id", "rulings", primary_key=True, autoincrement=False), *moments("at"),
    )  # fmt: skip


def _make_mails() -> None:
    op.create_table("deliveries",
        number(), *strings(32, "period"), *strings(64, "subscription"), *strings(254, "recipient"),
        *strings(254, "message_id", unique=True), content("message"), *strings(16, "state"), *integers("attempts"),
        *texts("error"), *moments("queued_at"), *moments("sent_at", nullable=True),
        sa.UniqueConstraint("period", "subscription", "recipient"),
    )  # fmt: skip
    op.create_table("digests",
        *strings(16, "week", primary_key=True), *strings(64, "subscription", primary_key=True), *moments("built_at"),
        *moments("since", nullable=True), *texts("body"),
    )  # fmt: skip
    op.create_table("mentions",
        *strings(64, "subscription", "item_id", primary_key=True), *strings(16, "standing", primary_key=True),
        *strings(16, "week"),
    )  # fmt: skip


def _make_lists() -> None:
    op.create_table("lists",
        number(), *strings(64, "platform"), *integers("number"), *strings(16, "state"),
        reference("previous", "lists", nullable=True), *strings(64, "manifest_sha256"),
        reference("built_by", "users", nullable=True), *moments("built_at"), reference("approved_by", "users", nullable=True),
        *moments("approved_at", "sent_at", nullable=True), sa.UniqueConstraint("platform", "number"),
    )  # fmt: skip
    op.create_table("list_entries",
        reference("list_id", "lists", primary_key=True), *strings(64, "item_id", primary_key=True), *strings(16, "change"),
        reference("decision_id", "decisions"), *texts("body"),
    )  # fmt: skip
    op.create_table("list_files",
        reference("list_id", "lists", primary_key=True), *strings(128, "name", primary_key=True), *strings(64, "sha256"),
        content("content"),
    )  # fmt: skip


def _make_searches() -> None:
    op.create_table("saved_searches",
        number(), reference("owner_id", "users", index=True), *strings(80, "name"), *texts("typed"),
        sa.Column("shared", sa.Boolean, nullable=False), *moments("created_at"), *moments("deleted_at", nullable=True),
    )  # fmt: skip
    op.create_table("saved_looks",
        reference("search_id", "saved_searches", primary_key=True), reference("user_id", "users", primary_key=True),
        *moments("at"), *integers("base"),
    )  # fmt: skip
