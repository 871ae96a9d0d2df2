"""Rechecks of what was sent, and the partners' door: second part of release 0.3."""

import json

import sqlalchemy as sa
from alembic import op

from desk.migrations.append_only import protect

revision = "0020"
down_revision = "0019"
MOMENT = sa.DateTime(timezone=True)
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
    """Make tables, views and triggers."""
    _make_rechecks()
    _make_partners()
    for table in ("sightings", "reappearances"):
        protect(table)


def _make_rechecks() -> None:
    """What was seen when platforms were asked again; a sighting has the digest of its proof, so proofs need no triggers."""
    op.create_table(
        "recheck_clock",
        sa.Column("platform", sa.String(64), primary_key=True),
        sa.Column("item_id", sa.String(64), primary_key=True),
        sa.Column("sent_at", MOMENT, primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("asked_at", MOMENT),
        sa.Column("online_at", MOMENT),
        sa.Column("streak", sa.Integer, nullable=False),
        sa.Column("asks", sa.Integer, nullable=False),
        sa.Column("asks_that_day", sa.Integer, nullable=False),
        sa.Column("next_at", MOMENT, index=True),
    )
    op.create_table(
        "sightings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item_id", sa.String(64), nullable=False, index=True),
        sa.Column("platform", sa.String(64), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("online_at", MOMENT),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("proof_sha256", sa.String(64), nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id")),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
    )
    op.create_table(
        "sighting_proofs",
        sa.Column("sighting_id", sa.Integer, sa.ForeignKey("sightings.id"), primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "reappearances",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item_id", sa.String(64), nullable=False, index=True),
        sa.Column("other_id", sa.String(64), nullable=False, index=True),
        sa.Column("shared", sa.String(40), nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id")),
        sa.Column("at", MOMENT, nullable=False),
        sa.UniqueConstraint("item_id", "other_id"),
    )


def _make_partners() -> None:
    """What the partners' door serves, as views, and what it keeps: tokens, answers, addresses to call."""
    op.create_table(
        "partner_tokens",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("platform", sa.String(64), nullable=False, index=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("scopes", sa.String(120), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("used_at", MOMENT),
    )
    op.create_table(
        "partner_answers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("platform", sa.String(64), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("notice_id", sa.String(36), nullable=False, index=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("item_id", sa.String(64), nullable=False, server_default="", index=True),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id")),
        sa.Column("at", MOMENT),
        sa.Column("salt", sa.String(32), nullable=False, server_default=""),
        sa.UniqueConstraint("platform", "key"),
    )
    op.create_table(
        "partner_cards",
        sa.Column("platform", sa.String(64), primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "partner_requests",
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("requests", sa.Integer, nullable=False),
    )
    op.create_table(
        "partner_hooks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("platform", sa.String(64), nullable=False, index=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("secret", sa.String(80), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", MOMENT),
        sa.Column("paused_at", MOMENT),
        sa.Column("test_asked_at", MOMENT),
        sa.Column("called_at", MOMENT),
        sa.Column("answer", sa.Text, nullable=False, server_default=""),
    )
    entries, bind = sa.table("list_entries", *map(sa.column, ("list_id", "item_id", "body", "notice_id"))), op.get_bind()
    op.add_column("list_entries", sa.Column("notice_id", sa.String(36), nullable=False, server_default=""))
    for row in bind.execute(sa.select(entries.c.list_id, entries.c.item_id, entries.c.body)).all():
        mine = sa.update(entries).where(entries.c.list_id == row.list_id, entries.c.item_id == row.item_id)
        bind.execute(mine.values(notice_id=_notice_id(row.body)))
    op.create_index("ix_list_entries_notice_id", "list_entries", ["notice_id"])
    op.create_index("ix_list_entries_list_id_notice_id", "list_entries", ["list_id", "notice_id"])
    op.create_index("ix_deliveries_state", "deliveries", ["state", "subscription", "period"])
    for name, query in PARTNER_VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")


def _notice_id(body: str) -> str:
    """Return what a kept notice calls itself; empty where it is damaged, or retention emptied it."""
    try:
        return str(json.loads(body)["notice_id"])[:36]
    except (ValueError, TypeError, KeyError):
        return ""
