"""What readers answer by the links in their mails: third part of release 0.3."""

import sqlalchemy as sa
from alembic import op

from desk.migrations.append_only import protect

revision = "0021"
down_revision = "0020"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Tell readers of the operator's list from others; make the table of answers and its triggers: rows are only added."""
    op.add_column("subscriptions", sa.Column("listed", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "mail_answers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subscription_id", sa.Integer, sa.ForeignKey("subscriptions.id"), nullable=False, index=True),
        sa.Column("item_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("undoes", sa.Integer),
        sa.Column("made", sa.Integer),
        sa.Column("indicators", sa.Text, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("by_id", sa.Integer, sa.ForeignKey("users.id")),
        sa.Column("at", MOMENT, nullable=False),
    )
    protect("mail_answers")
