"""Colleagues and programs at the desk, translations, subscriptions, standing orders: first part of release 0.3.

No release wrote the numbers 0006 to 0018.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from desk.custody.log_details import take_inventory
from desk.migrations.append_only import protect

revision = "0019"
down_revision = "0005"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make columns, tables and triggers. From here on the log covers all rows: what stands there now is noted once."""
    _add_columns()
    take_inventory(op.get_bind(), datetime.now(UTC))
    _make_colleagues()
    _make_orders()
    _make_accounts()
    _make_translations()
    for table in ("decisions", "setting_signatures", "comments", "opinions", "reason_marks", "standing_orders", "followers"):
        protect(table)


def _add_columns() -> None:
    """Decisions made before have no salt, and name no words; people read as before."""
    op.add_column("decisions", sa.Column("salt", sa.String(32)))
    for name in ("disclosed", "ground"):
        op.add_column("decisions", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column("users", sa.Column("language", sa.String(8), nullable=False, server_default="en"))
    op.add_column("users", sa.Column("zone", sa.String(64), nullable=False, server_default=""))
    for name in ("text_only", "calm"):
        op.add_column("users", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("users", sa.Column("break_after", sa.Integer, nullable=False, server_default="0"))


def _make_colleagues() -> None:
    """What people say of items and settings; leases come and go, and what is asked is closed."""
    op.create_table(
        "setting_signatures",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("place", sa.String(140), nullable=False),
        sa.Column("field", sa.String(16), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id")),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "leases",
        sa.Column("item_id", sa.String(64), primary_key=True),
        sa.Column("campaign", sa.String(64)),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False, unique=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
    )
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item_id", sa.String(64), nullable=False, index=True),
        sa.Column("kind", sa.String(16), nullable=False, index=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
    )
    op.create_table(
        "asks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item_id", sa.String(64), nullable=False, index=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("to_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("comment_id", sa.Integer, sa.ForeignKey("comments.id")),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
    )
    op.create_index("ix_asks_to_id_closed_at", "asks", ["to_id", "closed_at"])
    op.create_table(
        "opinions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item_id", sa.String(64), nullable=False),
        sa.Column("decision_id", sa.Integer, sa.ForeignKey("decisions.id"), nullable=False, unique=True),
        sa.Column("tag", sa.String(32), nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "reason_marks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("item_id", sa.String(64), nullable=False, index=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("indicator", sa.String(64), nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("undoes", sa.Integer, sa.ForeignKey("reason_marks.id"), unique=True),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
    )


def _make_orders() -> None:
    """Near-copies that follow a decision about many; rows are only added."""
    op.create_table(
        "standing_orders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("batch", sa.String(32), nullable=False),
        sa.Column("likeness", sa.Integer, nullable=False),
        sa.Column("most", sa.Integer, nullable=False),
        sa.Column("until", MOMENT),
        sa.Column("ends", sa.Integer, sa.ForeignKey("standing_orders.id"), unique=True),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "followers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("order_id", sa.Integer, sa.ForeignKey("standing_orders.id"), nullable=False),
        sa.Column("item_id", sa.String(64), nullable=False),
        sa.Column("decision_id", sa.Integer, sa.ForeignKey("decisions.id"), nullable=False, unique=True),
        sa.Column("likeness", sa.Integer, nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )


def _make_accounts() -> None:
    """Tokens are used and revoked; subscriptions end and stay; looks at sites are kept some days."""
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("scopes", sa.String(120), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.Column("used_at", MOMENT),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("address", sa.String(254), nullable=False, index=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id")),
        sa.Column("search_id", sa.Integer, sa.ForeignKey("saved_searches.id")),
        sa.Column("languages", sa.String(120), nullable=False),
        sa.Column("least_score", sa.Integer, nullable=False),
        sa.Column("least_harm", sa.String(16), nullable=False),
        sa.Column("schedule", sa.String(16), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_why", sa.String(16), nullable=False),
    )
    op.create_table(
        "site_looks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(512), nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("begun_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("lines", sa.Text, nullable=False),
        sa.Column("failure", sa.Text, nullable=False),
    )


def _make_translations() -> None:
    """Machine translations that are kept: none is a record, so that rows may be changed and deleted."""
    op.create_table(
        "translations",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("engine", sa.String(128), nullable=False),
        sa.Column("sentences", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    op.create_table(
        "translation_items",
        sa.Column("item_id", sa.String(64), primary_key=True),
        sa.Column("text_digest", sa.String(64), primary_key=True),
        sa.Column("digest", sa.String(64), sa.ForeignKey("translations.digest"), nullable=False, index=True),
        sa.Column("spans", sa.Text, nullable=False),
    )
