"""Tables of what leaves the desk for readers, beside ``desk.tables``: subscriptions and what readers answer."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Text, false

from desk.database import Moment, make_table

subscriptions = make_table(
    "subscriptions",
    Column("id", Integer, primary_key=True),
    Column("address", String(254), nullable=False, index=True),
    Column("user_id", ForeignKey("users.id")),
    Column("search_id", ForeignKey("saved_searches.id")),
    Column("languages", String(120), nullable=False),
    Column("least_score", Integer, nullable=False),
    Column("least_harm", String(16), nullable=False),
    Column("schedule", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("key", String(64), nullable=False),
    Column("by_id", ForeignKey("users.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_why", String(16), nullable=False),
    Column("listed", Boolean, nullable=False, server_default=false()),
)

mail_answers = make_table(
    "mail_answers",
    Column("id", Integer, primary_key=True),
    Column("subscription_id", ForeignKey("subscriptions.id"), nullable=False, index=True),
    Column("item_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("undoes", Integer),
    Column("made", Integer),
    Column("indicators", Text, nullable=False),
    Column("rules", Text, nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("by_id", ForeignKey("users.id")),
    Column("at", Moment, nullable=False),
)
