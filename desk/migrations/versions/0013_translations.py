"""Machine translations that are kept, the items they are of, and the language each person reads."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables; nothing in them is a record, so that rows may be changed and deleted."""
    op.create_table(
        "translations",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.String(length=128), nullable=False),
        sa.Column("sentences", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_translations")),
    )
    op.create_table(
        "translation_items",
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["translations.digest"], name=op.f("fk_translation_items_digest")),
        sa.PrimaryKeyConstraint("item_id", "text_digest", name=op.f("pk_translation_items")),
    )
    op.create_index(op.f("ix_translation_items_digest"), "translation_items", ["digest"])
    op.add_column("users", sa.Column("language", sa.String(length=8), nullable=False, server_default="en"))
