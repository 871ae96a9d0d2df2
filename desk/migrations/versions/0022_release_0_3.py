"""What release 0.3 added: colleagues and programs at the desk, standing orders, translations, subscriptions and what readers
answer, rechecks of what was sent, the partners' door.

No release wrote the numbers 0006 to 0021.
"""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from desk.custody.log_details import take_inventory
from desk.migrations.append_only import protect

revision = "0022"
down_revision = "0005"
ADDED_ALONE = (
    "decisions", "setting_signatures", "comments", "opinions", "reason_marks", "standing_orders", "followers", "sightings",
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


def _number() -> sa.Column[Any]:
    """Return the key that the database counts up."""
    return sa.Column("id", sa.Integer, primary_key=True)


def _strings(size: int, *names: str, **options: Any) -> list[sa.Column[Any]]:
    """Return columns of text up to a size; as of all that follow here, no value may be missing unless the options say so."""
    return [sa.Column(name, sa.String(size), **{"nullable": False} | options) for name in names]


def _texts(*names: str, **options: Any) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, **{"nullable": False} | options) for name in names]


def _integers(*names: str, **options: Any) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer, **{"nullable": False} | options) for name in names]


def _moments(*names: str, **options: Any) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.DateTime(timezone=True), **{"nullable": False} | options) for name in names]


def _reference(name: str, to: str, **options: Any) -> sa.Column[Any]:
    """Return a column that holds the number of a row of another table."""
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{to}.id"), **{"nullable": False} | options)


def _add_columns() -> None:
    """Decisions made before have no salt, and name no words; people read as before."""
    added = {
        "decisions": [*_strings(32, "salt", nullable=True), *_texts("disclosed", "ground", server_default="")],
        "users": [
            *_strings(8, "language", server_default="en"),
            *_strings(64, "zone", server_default=""),
            *(sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()) for name in ("text_only", "calm")),
            *_integers("break_after", server_default="0"),
        ],
        "list_entries": _strings(36, "notice_id", server_default=""),
    }
    for table, columns in added.items():
        for column in columns:
            op.add_column(table, column)


def _make_colleagues() -> None:
    """What people say of items and settings; leases come and go, and what is asked is closed."""
    op.create_table("setting_signatures",
        _number(), *_strings(140, "place"), *_strings(16, "field", "kind"), *_texts("value", "reason"),
        *_texts("before", nullable=True), _reference("by_id", "users", nullable=True), *_moments("at"),
    )  # fmt: skip
    op.create_table("leases",
        *_strings(64, "item_id", primary_key=True), *_strings(64, "campaign", nullable=True),
        _reference("by_id", "users", unique=True), *_moments("since", "until"),
    )  # fmt: skip
    op.create_table("comments",
        _number(), *_strings(64, "item_id", index=True), *_strings(16, "kind", index=True), *_texts("body"),
        _reference("by_id", "users"), *_moments("at"), *_strings(32, "salt"),
    )  # fmt: skip
    op.create_table("asks",
        _number(), *_strings(64, "item_id", index=True), *_strings(16, "kind"), _reference("to_id", "users"),
        _reference("by_id", "users"), _reference("comment_id", "comments", nullable=True), *_moments("at"),
        *_moments("closed_at", nullable=True),
    )  # fmt: skip
    op.create_index("ix_asks_to_id_closed_at", "asks", ["to_id", "closed_at"])
    op.create_table("opinions",
        _number(), *_strings(64, "item_id"), _reference("decision_id", "decisions", unique=True), *_strings(32, "tag"),
        _reference("by_id", "users"), *_moments("at"),
    )  # fmt: skip
    op.create_table("reason_marks",
        _number(), *_strings(64, "item_id", index=True), *_strings(16, "kind"), *_strings(64, "indicator", "text_sha256"),
        *_texts("rules", "body"), *_integers("revision"), _reference("undoes", "reason_marks", nullable=True, unique=True),
        _reference("by_id", "users"), *_moments("at"), *_strings(32, "salt"),
    )  # fmt: skip


def _make_orders() -> None:
    """Near-copies that follow a decision about many; rows are only added."""
    op.create_table("standing_orders",
        _number(), *_strings(32, "batch"), *_integers("likeness", "most"), *_moments("until", nullable=True),
        _reference("ends", "standing_orders", nullable=True, unique=True), _reference("by_id", "users"), *_moments("at"),
    )  # fmt: skip
    op.create_table("followers",
        _number(), _reference("order_id", "standing_orders"), *_strings(64, "item_id"),
        _reference("decision_id", "decisions", unique=True), *_integers("likeness"), _reference("by_id", "users"),
        *_moments("at"),
    )  # fmt: skip


def _token_columns() -> list[sa.Column[Any]]:
    return [
        _number(),
        *_strings(80, "name"),
        *_strings(64, "token_sha256", unique=True),
        *_strings(120, "scopes"),
        *_moments("created_at", "expires_at"),
        *_moments("revoked_at", "used_at", nullable=True),
    ]


def _make_accounts() -> None:
    """Tokens are used and revoked; subscriptions end and stay, answers of readers are only added; looks are kept some days."""
    op.create_table("tokens", _reference("user_id", "users", index=True), *_token_columns())
    op.create_table("subscriptions",
        _number(), *_strings(254, "address", index=True), _reference("user_id", "users", nullable=True),
        _reference("search_id", "saved_searches", nullable=True), *_strings(120, "languages"), *_integers("least_score"),
        *_strings(16, "least_harm", "schedule", "ended_why"), *_strings(8, "language"), *_strings(64, "zone", "key"),
        _reference("by_id", "users"), *_moments("created_at"), *_moments("ended_at", nullable=True),
        sa.Column("listed", sa.Boolean, nullable=False, server_default=sa.false()),
    )  # fmt: skip
    op.create_table("mail_answers",
        _number(), _reference("subscription_id", "subscriptions", index=True), *_strings(64, "item_id", "text_sha256"),
        *_strings(16, "kind"), *_integers("undoes", "made", nullable=True), *_texts("indicators", "rules"),
        _reference("by_id", "users", nullable=True), *_moments("at"),
    )  # fmt: skip
    op.create_table("site_looks",
        _number(), *_strings(16, "kind"), *_strings(512, "subject"), _reference("by_id", "users"),
        *_texts("reason", "lines", "failure"), *_moments("asked_at"), *_moments("begun_at", "ended_at", nullable=True),
    )  # fmt: skip


def _make_translations() -> None:
    """Machine translations that are kept: none is a record, so that rows may be changed and deleted."""
    op.create_table("translations",
        *_strings(64, "digest", primary_key=True), *_strings(128, "engine"), *_texts("sentences"), *_moments("made_at"),
    )  # fmt: skip
    op.create_table("translation_items",
        *_strings(64, "item_id", "text_digest", primary_key=True),
        sa.Column("digest", sa.String(64), sa.ForeignKey("translations.digest"), nullable=False, index=True),
        *_texts("spans"),
    )  # fmt: skip


def _make_rechecks() -> None:
    """What was seen when platforms were asked again; a sighting has the digest of its proof, so proofs need no triggers."""
    op.create_table("recheck_clock",
        *_strings(64, "platform", "item_id", primary_key=True), *_moments("sent_at", primary_key=True),
        *_strings(16, "state"), *_moments("asked_at", "online_at", nullable=True),
        *_integers("streak", "asks", "asks_that_day"), *_moments("next_at", nullable=True, index=True),
    )  # fmt: skip
    op.create_table("sightings",
        _number(), *_strings(64, "item_id", index=True), *_strings(64, "platform", "sha256", "proof_sha256"),
        *_strings(16, "state"), *_integers("status"), *_moments("sent_at", "at"), *_moments("online_at", nullable=True),
        *_texts("body"), _reference("by_id", "users", nullable=True), *_strings(32, "salt"),
    )  # fmt: skip
    op.create_table("sighting_proofs",
        _reference("sighting_id", "sightings", primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )  # fmt: skip
    op.create_table("reappearances",
        _number(), *_strings(64, "item_id", "other_id", index=True), *_strings(40, "shared"),
        _reference("by_id", "users", nullable=True), *_moments("at"), sa.UniqueConstraint("item_id", "other_id"),
    )  # fmt: skip


def _make_partners() -> None:
    """What the partners' door keeps: tokens, answers, report cards, rates, addresses to call."""
    op.create_table("partner_tokens", *_strings(64, "platform", index=True), *_token_columns())
    op.create_table("partner_answers",
        _number(), *_strings(64, "platform"), *_strings(80, "key"), *_strings(36, "notice_id", index=True),
        *_strings(16, "kind"), *_strings(32, "reason"), *_texts("body"), *_moments("given_at"),
        *_strings(64, "item_id", server_default="", index=True), _reference("by_id", "users", nullable=True),
        *_moments("at", nullable=True), *_strings(32, "salt", server_default=""), sa.UniqueConstraint("platform", "key"),
    )  # fmt: skip
    op.create_table("partner_cards", *_strings(64, "platform", primary_key=True), *_texts("content"), *_moments("at"))
    op.create_table("partner_requests", *_strings(80, "key", primary_key=True), *_integers("minute", "requests"))
    op.create_table("partner_hooks",
        _number(), *_strings(64, "platform", index=True), *_texts("url"), *_strings(80, "secret"), *_moments("created_at"),
        *_moments("ended_at", "next_at", "paused_at", "test_asked_at", "called_at", nullable=True),
        *_integers("told", "attempts"), *_texts("answer", server_default=""),
    )  # fmt: skip


def _find_notices_by_id() -> None:
    """Give each entry of a list the number its notice calls itself by; empty where it is damaged, or retention emptied it."""
    entries, bind = sa.table("list_entries", *map(sa.column, ("list_id", "item_id", "body", "notice_id"))), op.get_bind()
    for row in bind.execute(sa.select(entries.c.list_id, entries.c.item_id, entries.c.body)).all():
        mine = sa.update(entries).where(entries.c.list_id == row.list_id, entries.c.item_id == row.item_id)
        bind.execute(mine.values(notice_id=_notice_id(row.body)))
    op.create_index("ix_list_entries_notice_id", "list_entries", ["notice_id"])
    op.create_index("ix_list_entries_list_id_notice_id", "list_entries", ["list_id", "notice_id"])
    op.create_index("ix_deliveries_state", "deliveries", ["state", "subscription", "period"])


def _notice_id(body: str) -> str:
    try:
        return str(json.loads(body)["notice_id"])[:36]
    except (ValueError, TypeError, KeyError):
        return ""
