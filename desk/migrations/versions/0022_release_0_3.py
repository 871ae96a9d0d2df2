"""What release 0.3 added: colleagues and programs at the desk, standing orders, translations, subscriptions and what readers
answer, rechecks of what was sent, the partners' door.

No release wrote the numbers 0006 to 0021.
"""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from desk.columns import content, integers, moments, number, reference, strings, switches, texts
from desk.custody.log_details import take_inventory
from desk.migrations.append_only import protect

revision = "0022"
down_revision = "0005"
ADDED_ALONE = (
    "decisions", "comments", "opinions", "reason_marks", "standing_orders", "followers", "sightings",
    "reappearances", "mail_answers",
)  # fmt: skip
"""Tables whose triggers are made; those of decisions are made anew, with the columns that retention may empty now."""
PARTNER_VIEWS = {
    "partner_lists": """
        SELECT l.id, l.platform, l.number, p.number AS previous, l.built_at, l.sent_at, l.manifest_sha256
        FROM lists l LEFT JOIN lists p ON p.id = l.previous
        WHERE l.state = 'sent' AND NOT EXISTS (
            SELECT 1 FROM deliveries d JOIN lists e ON e.platform = l.platform AND e.number <= l.number AND e.state = 'sent'
            WHERE d.state IN ('queued', 'sending', 'failed') AND d.subscription = 'takedown:' || l.platform
              AND (d.period = 'list-' || e.number OR d.period LIKE 'list-' || e.number || '-part-%')
        )
    """,
    "partner_notices": """
        SELECT v.platform, v.number, v.built_at, v.sent_at, e.notice_id, e.change, e.body
        FROM partner_lists v JOIN list_entries e ON e.list_id = v.id
        WHERE e.body <> '{}'
    """,
    "partner_files": """
        SELECT v.platform, v.number, f.name, f.sha256, f.content
        FROM partner_lists v JOIN list_files f ON f.list_id = v.id
    """,
}
"""A list is served once all its mails have left, and those before it: until then it can be taken back, as when an item on it is
escalated, and no cursor may pass one that comes later."""


def upgrade() -> None:
    """Make columns, tables, views and triggers. The log covers all rows from here on: what stands there now is noted once."""
    _add_columns()
    take_inventory(op.get_bind(), datetime.now(UTC))
    _make_colleagues()
    _make_orders()
    _make_accounts()
    _make_translations()
    _make_rechecks()
    _make_partners()
    _find_notices_by_id()
    for name, query in PARTNER_VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")
    for table in ADDED_ALONE:
        protect(table)


def _add_columns() -> None:
    """Decisions made before have no salt, and name no words; people read as before."""
    added = {
        "decisions": [*strings(32, "salt", nullable=True), *texts("disclosed", "ground", server_default="")],
        "users": [
            *strings(8, "language", server_default="en"),
            *strings(64, "zone", server_default=""),
            *switches("text_only", "calm", server_default=sa.false()),
            *texts("second_factor", "recovery_codes", server_default=""),
            *integers("factor_step", server_default="0"),
        ],
        "list_entries": strings(36, "notice_id", server_default=""),
        "approvals": texts("sent_as", server_default=""),
    }
    for table, columns in added.items():
        for column in columns:
            op.add_column(table, column)


def _make_colleagues() -> None:
    """What people say of items; leases come and go, and what is asked is closed."""
    op.create_table("leases",
        *strings(64, "item_id", primary_key=True), *strings(64, "campaign", nullable=True),
        reference("by_id", "users", unique=True), *moments("since", "until"),
    )  # fmt: skip
    op.create_table("comments",
        number(), *strings(64, "item_id", index=True), *strings(16, "kind", index=True), *texts("body"),
        reference("by_id", "users"), *moments("at"), *strings(32, "salt"),
    )  # fmt: skip
    op.create_table("asks",
        number(), *strings(64, "item_id", index=True), *strings(16, "kind"), reference("to_id", "users"),
        reference("by_id", "users"), reference("comment_id", "comments", nullable=True), *moments("at"),
        *moments("closed_at", nullable=True),
    )  # fmt: skip
    op.create_index("ix_asks_to_id_closed_at", "asks", ["to_id", "closed_at"])
    op.create_table("opinions",
        number(), *strings(64, "item_id"), reference("decision_id", "decisions", unique=True), *strings(32, "tag"),
        reference("by_id", "users"), *moments("at"),
    )  # fmt: skip
    op.create_table("reason_marks",
        number(), *strings(64, "item_id", index=True), *strings(16, "kind"), *strings(64, "indicator", "text_sha256"),
        *texts("rules", "body"), *integers("revision"), reference("undoes", "reason_marks", nullable=True, unique=True),
        reference("by_id", "users"), *moments("at"), *strings(32, "salt"),
    )  # fmt: skip


def _make_orders() -> None:
    """Near-copies that follow a decision about many; rows are only added."""
    op.create_table("standing_orders",
        number(), *strings(32, "batch"), *integers("likeness", "most"), *moments("until", nullable=True),
        reference("ends", "standing_orders", nullable=True, unique=True), reference("by_id", "users"), *moments("at"),
    )  # fmt: skip
    op.create_table("followers",
        number(), reference("order_id", "standing_orders"), *strings(64, "item_id"),
        reference("decision_id", "decisions", unique=True), *integers("likeness"), reference("by_id", "users"),
        *moments("at"),
    )  # fmt: skip


def _token_columns() -> list[sa.Column[Any]]:
    return [
        number(), *strings(80, "name"), *strings(64, "token_sha256", unique=True), *strings(120, "scopes"),
        *moments("created_at", "expires_at"), *moments("revoked_at", "used_at", nullable=True),
    ]  # fmt: skip


def _make_accounts() -> None:
    """Tokens are used and revoked; subscriptions end and stay, answers of readers are only added."""
    op.create_table("tokens", reference("user_id", "users", index=True), *_token_columns())
    op.create_table("subscriptions",
        number(), *strings(254, "address", index=True), reference("user_id", "users", nullable=True),
        reference("search_id", "saved_searches", nullable=True), *strings(120, "languages"), *integers("least_score"),
        *strings(16, "least_harm", "schedule", "ended_why"), *strings(8, "language"), *strings(64, "zone", "key"),
        reference("by_id", "users"), *moments("created_at"), *moments("ended_at", nullable=True),
        *switches("listed", server_default=sa.false()),
    )  # fmt: skip
    op.create_table("mail_answers",
        number(), reference("subscription_id", "subscriptions", index=True), *strings(64, "item_id", "text_sha256"),
        *strings(16, "kind"), *integers("undoes", "made", nullable=True), *texts("indicators", "rules"),
        reference("by_id", "users", nullable=True), *moments("at"),
    )  # fmt: skip

    op.create_table("seed_proposals",
        number(), *strings(16, "kind"), *texts("value", "reason"), *strings(8, "language"), reference("by_id", "users"),
        *moments("at"), *moments("closed_at", nullable=True),
    )  # fmt: skip


def _make_translations() -> None:
    """Machine translations that are kept: none is a record, so that rows may be changed and deleted."""
    op.create_table("translations",
        *strings(64, "digest", primary_key=True), *strings(128, "engine"), *texts("sentences"), *moments("made_at"),
    )  # fmt: skip
    op.create_table("translation_items",
        *strings(64, "item_id", "text_digest", primary_key=True),
        sa.Column("digest", sa.String(64), sa.ForeignKey("translations.digest"), nullable=False, index=True),
        *texts("spans"),
    )  # fmt: skip


def _make_rechecks() -> None:
    """What was seen when platforms were asked again; a sighting has the digest of its proof, so proofs need no triggers."""
    op.create_table("recheck_clock",
        *strings(64, "platform", "item_id", primary_key=True), *moments("sent_at", primary_key=True),
        *strings(16, "state"), *moments("asked_at", "online_at", nullable=True),
        *integers("streak", "asks", "asks_that_day"), *moments("next_at", nullable=True, index=True),
    )  # fmt: skip
    op.create_table("sightings",
        number(), *strings(64, "item_id", index=True), *strings(64, "platform", "sha256", "proof_sha256"),
        *strings(16, "state"), *integers("status"), *moments("sent_at", "at"), *moments("online_at", nullable=True),
        *texts("body"), reference("by_id", "users", nullable=True), *strings(32, "salt"),
    )  # fmt: skip
    op.create_table("sighting_proofs",
        reference("sighting_id", "sightings", primary_key=True, autoincrement=False),
        content("content"),
    )  # fmt: skip
    op.create_table("reappearances",
        number(), *strings(64, "item_id", "other_id", index=True), *strings(40, "shared"),
        reference("by_id", "users", nullable=True), *moments("at"), sa.UniqueConstraint("item_id", "other_id"),
    )  # fmt: skip


def _make_partners() -> None:
    """What the partners' door keeps: tokens, answers, rates."""
    op.create_table("partner_tokens",
        *strings(64, "platform", index=True), *_token_columns(), *moments("opened_at", nullable=True),
    )  # fmt: skip
    op.create_table("partner_answers",
        number(), *strings(64, "platform"), *strings(80, "key"), *strings(36, "notice_id", index=True),
        *strings(16, "kind"), *strings(32, "reason"), *texts("body"), *moments("given_at"),
        *strings(64, "item_id", server_default="", index=True), reference("by_id", "users", nullable=True),
        *moments("at", nullable=True), *strings(32, "salt", server_default=""), sa.UniqueConstraint("platform", "key"),
    )  # fmt: skip
    op.create_table("partner_requests", *strings(80, "key", primary_key=True), *integers("minute", "requests"))


def _find_notices_by_id() -> None:
    """Give each entry of a list the number its notice calls itself by; empty where it is damaged, or retention emptied it."""
    entries, bind = sa.table("list_entries", *map(sa.column, ("list_id", "item_id", "body", "notice_id"))), op.get_bind()
    for row in bind.execute(sa.select(entries.c.list_id, entries.c.item_id, entries.c.body)).all():
        mine = sa.update(entries).where(entries.c.list_id == row.list_id, entries.c.item_id == row.item_id)
        bind.execute(mine.values(notice_id=_notice_id(row.body)))
    op.create_index("ix_list_entries_notice_id", "list_entries", ["notice_id"])
    op.create_index("ix_list_entries_list_id_notice_id", "list_entries", ["list_id", "notice_id"])
    op.create_index("ix_audit_action_seq", "audit", ["action", "seq"])
    op.create_index("ix_deliveries_state", "deliveries", ["state", "subscription", "period"])


def _notice_id(body: str) -> str:
    try:
        return str(json.loads(body)["notice_id"])[:36]
    except (ValueError, TypeError, KeyError):
        return ""
