"""What the partners' door serves, as views of lists that left, and what it keeps: tokens, answers, addresses to call."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

VIEWS = {
    "partner_lists": """
        SELECT l.platform, l.number, p.number AS previous, l.built_at, l.sent_at, l.manifest_sha256
        FROM lists l LEFT JOIN lists p ON p.id = l.previous
        LEFT JOIN (
            SELECT e.platform, MIN(e.number) AS number
            FROM deliveries d JOIN lists e ON d.subscription = 'takedown:' || e.platform
            WHERE d.state <> 'sent' AND e.state = 'sent'
              AND (d.period = 'list-' || e.number OR d.period LIKE 'list-' || e.number || '-part-%')
            GROUP BY e.platform
        ) waiting ON waiting.platform = l.platform
        WHERE l.state = 'sent' AND (waiting.number IS NULL OR l.number < waiting.number)
    """,
    "partner_notices": """
        SELECT v.platform, v.number, v.built_at, v.sent_at, e.change, e.body
        FROM partner_lists v
        JOIN lists l ON l.platform = v.platform AND l.number = v.number
        JOIN list_entries e ON e.list_id = l.id
        WHERE e.body <> '{}'
    """,
    "partner_files": """
        SELECT v.platform, v.number, f.name, f.sha256, f.content
        FROM partner_lists v
        JOIN lists l ON l.platform = v.platform AND l.number = v.number
        JOIN list_files f ON f.list_id = l.id
    """,
}
"""A list is served once all its mails have left, and those before it: until then it can be taken back, as when an item on it is
escalated, and no cursor may pass one that comes later."""


def upgrade() -> None:
    """Make the tables and the views."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "partner_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=120), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("revoked_at", moment, nullable=True),
        sa.Column("used_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_tokens")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_partner_tokens_token_sha256")),
    )
    op.create_index(op.f("ix_partner_tokens_platform"), "partner_tokens", ["platform"])
    op.create_table(
        "partner_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("notice_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("given_at", moment, nullable=False),
        sa.Column("item_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", moment, nullable=True),
        sa.Column("salt", sa.String(length=32), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_partner_answers_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_answers")),
        sa.UniqueConstraint("platform", "key", name=op.f("uq_partner_answers_platform_key")),
    )
    op.create_index(op.f("ix_partner_answers_item_id"), "partner_answers", ["item_id"])
    op.create_index("ix_partner_answers_platform_notice_id", "partner_answers", ["platform", "notice_id"])
    op.create_table(
        "partner_hooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.String(length=80), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_hooks")),
    )
    op.create_index(op.f("ix_partner_hooks_platform"), "partner_hooks", ["platform"])
    op.create_table(
        "partner_calls",
        sa.Column("hook_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", moment, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["hook_id"], ["partner_hooks.id"], name=op.f("fk_partner_calls_hook_id")),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_partner_calls_list_id")),
        sa.PrimaryKeyConstraint("hook_id", "list_id", name=op.f("pk_partner_calls")),
    )
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")
