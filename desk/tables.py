"""The desk's tables, the only store of people, decisions, deliveries and lists.

The search index can be rebuilt from run partitions; nothing here can. Rows of the tables in ``desk/migrations/append_only.py``
are only added: triggers refuse UPDATE and DELETE on both engines. Retention alone empties words (``row_erasure``).
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)

import desk.subscribers.reader_tables  # noqa: F401 - of the same metadata
from desk.database import Moment, make_table
from desk.database import metadata as metadata

users = make_table(
    "users",
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("email", String(254), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
    Column("language", String(8), nullable=False, server_default="en"),
    Column("zone", String(64), nullable=False, server_default=""),
    Column("text_only", Boolean, nullable=False, server_default=false()),
    Column("calm", Boolean, nullable=False, server_default=false()),
)

sessions = make_table(
    "sessions",
    Column("token_sha256", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)


def _token_columns() -> tuple[Column[Any], ...]:
    """Return what is kept of any token."""
    return (
        Column("name", String(80), nullable=False),
        Column("token_sha256", String(64), nullable=False, unique=True),
        Column("scopes", String(120), nullable=False),
        Column("created_at", Moment, nullable=False),
        Column("expires_at", Moment, nullable=False),
        Column("revoked_at", Moment),
        Column("used_at", Moment),
    )


tokens = make_table(
    "tokens",
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    *_token_columns(),
)

attempts = make_table(
    "attempts",
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_attempts_name_at", "name", "at"),
    Index("ix_attempts_address_at", "address", "at"),
)

decisions = make_table(
    "decisions",
    Column("id", Integer, primary_key=True),
    Column("item_id", String(64), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("tag", String(32)),
    Column("severity", String(16)),
    Column("clause", String(64)),
    Column("reason", String(64)),
    Column("note", Text, nullable=False, default=""),
    Column("disclosed", Text, nullable=False, default="", server_default=""),
    Column("ground", Text, nullable=False, default="", server_default=""),
    Column("undoes", ForeignKey("decisions.id")),
    Column("batch", String(32)),
    Column("source", String(128), nullable=False),
    Column("url", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("by_id", ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("opened_at", Moment),
    Column("batch_size", Integer),
    Column("salt", String(32)),
    UniqueConstraint("item_id", "seq"),
    Index("ix_decisions_batch", "batch"),
    Index("ix_decisions_at", "at"),
)

openings = make_table(
    "openings",
    Column("id", Integer, primary_key=True),
    Column("item_id", String(64), nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("by_id", ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("by_id", "item_id", "text_sha256"),
)

leases = make_table(
    "leases",
    Column("item_id", String(64), primary_key=True),
    Column("campaign", String(64)),
    Column("by_id", ForeignKey("users.id"), nullable=False, unique=True),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
)

comments = make_table(
    "comments",
    Column("id", Integer, primary_key=True),
    Column("item_id", String(64), nullable=False, index=True),
    Column("kind", String(16), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("by_id", ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("salt", String(32), nullable=False),
)

asks = make_table(
    "asks",
    Column("id", Integer, primary_key=True),
    Column("item_id", String(64), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("to_id", ForeignKey("users.id"), nullable=False),
    Column("by_id", ForeignKey("users.id"), nullable=False),
    Column("comment_id", ForeignKey("comments.id")),
    Column("at", Moment, nullable=False),
    Column("closed_at", Moment),
    Index("ix_asks_to_id_closed_at", "to_id", "closed_at"),
)

standing_orders = make_table(
    "standing_orders",
    Column("id", Integer, primary_key=True),
    Column("batch", String(32), nullable=False),
    Column("likeness", Integer, nullable=False),
    Column("most", Integer, nullable=False),
    Column("until", Moment),
    Column("ends", ForeignKey("standing_orders.id"), unique=True),
    Column("by_id", ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
)
followers = make_table(
    "followers",
    Column("id", Integer, primary_key=True),
    Column("order_id", ForeignKey("standing_orders.id"), nullable=False),
    Column("item_id", String(64), nullable=False),
    Column("decision_id", ForeignKey("decisions.id"), nullable=False, unique=True),
    Column("likeness", Integer, nullable=False),
    Column("by_id", ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
)
opinions = make_table(
    "opinions",
    Column("id", Integer, primary_key=True),
    Column("item_id", String(64), nullable=False),
    Column("decision_id", ForeignKey("decisions.id"), nullable=False, unique=True),
    Column("tag", String(32), nullable=False),
    Column("by_id", ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
)

reason_marks = make_table(
    "reason_marks",
    Column("id", Integer, primary_key=True),
    Column("item_id", String(64), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("indicator", String(64), nullable=False),
    Column("rules", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("undoes", ForeignKey("reason_marks.id"), unique=True),
    Column("by_id", ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("salt", String(32), nullable=False),
)

audit = make_table(
    "audit",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_action_seq", "action", "seq"),
)

digests = make_table(
    "digests",
    Column("week", String(16), primary_key=True),
    Column("subscription", String(64), primary_key=True),
    Column("built_at", Moment, nullable=False),
    Column("since", Moment),
    Column("body", Text, nullable=False),
)

mentions = make_table(
    "mentions",
    Column("subscription", String(64), primary_key=True),
    Column("item_id", String(64), primary_key=True),
    Column("standing", String(16), primary_key=True),
    Column("week", String(16), nullable=False),
)

deliveries = make_table(
    "deliveries",
    Column("id", Integer, primary_key=True),
    Column("period", String(32), nullable=False),
    Column("subscription", String(64), nullable=False),
    Column("recipient", String(254), nullable=False),
    Column("message_id", String(254), nullable=False, unique=True),
    Column("message", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False, default=""),
    Column("queued_at", Moment, nullable=False),
    Column("sent_at", Moment),
    UniqueConstraint("period", "subscription", "recipient"),
    Index("ix_deliveries_state", "state", "subscription", "period"),
)
UNDELIVERED = ("queued", "sending")
"""States of a delivery that the next run hands over; of one that is ``sending`` nobody knows whether it arrived."""

lists = make_table(
    "lists",
    Column("id", Integer, primary_key=True),
    Column("platform", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("previous", ForeignKey("lists.id")),
    Column("manifest_sha256", String(64), nullable=False),
    Column("built_by", ForeignKey("users.id")),
    Column("service", String(64)),
    Column("built_at", Moment, nullable=False),
    Column("approved_by", ForeignKey("users.id")),
    Column("approved_at", Moment),
    Column("sent_at", Moment),
    UniqueConstraint("platform", "number"),
)

list_entries = make_table(
    "list_entries",
    Column("list_id", ForeignKey("lists.id"), primary_key=True),
    Column("item_id", String(64), primary_key=True),
    Column("change", String(16), nullable=False),
    Column("decision_id", ForeignKey("decisions.id"), nullable=False),
    Column("body", Text, nullable=False),
    Column("notice_id", String(36), nullable=False, server_default="", index=True),
    Index("ix_list_entries_list_id_notice_id", "list_id", "notice_id"),
)

list_files = make_table(
    "list_files",
    Column("list_id", ForeignKey("lists.id"), primary_key=True),
    Column("name", String(128), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

evidence_packs = make_table(
    "evidence_packs",
    Column("id", Integer, primary_key=True),
    Column("item_id", String(64), nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("audit_head", String(96), nullable=False),
    Column("packed_by", String(64), nullable=False),
    Column("packed_at", Moment, nullable=False),
)

approvals = make_table(
    "approvals",
    Column("id", Integer, primary_key=True),
    Column("list_id", ForeignKey("lists.id"), nullable=False, index=True),
    Column("by_id", ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("recipient", String(254), nullable=False),
    Column("sent_as", Text, nullable=False, server_default=""),
    Column("files", Text, nullable=False),
    Column("entries_sha256", String(64), nullable=False),
    Column("deciders", Text, nullable=False),
)

rulings = make_table(
    "rulings",
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("campaign", String(64), nullable=False),
    Column("ids", Text, nullable=False),
    Column("others", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("undoes", ForeignKey("rulings.id"), unique=True),
    Column("by_id", ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
)

linkings = make_table(
    "linkings",
    Column("ruling_id", ForeignKey("rulings.id"), primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
)

saved_searches = make_table(
    "saved_searches",
    Column("id", Integer, primary_key=True),
    Column("owner_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("typed", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("deleted_at", Moment),
)

saved_looks = make_table(
    "saved_looks",
    Column("search_id", ForeignKey("saved_searches.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("base", Integer, nullable=False),
)

translations = make_table(
    "translations",
    Column("digest", String(64), primary_key=True),
    Column("engine", String(128), nullable=False),
    Column("sentences", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
)

translation_items = make_table(
    "translation_items",
    Column("item_id", String(64), primary_key=True),
    Column("text_digest", String(64), primary_key=True),
    Column("digest", ForeignKey("translations.digest"), nullable=False, index=True),
    Column("spans", Text, nullable=False),
)

seed_proposals = make_table(
    "seed_proposals",
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("value", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("reason", Text, nullable=False),
    Column("by_id", ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("closed_at", Moment),
)

recheck_clock = make_table(
    "recheck_clock",
    Column("platform", String(64), primary_key=True),
    Column("item_id", String(64), primary_key=True),
    Column("sent_at", Moment, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("asked_at", Moment),
    Column("online_at", Moment),
    Column("streak", Integer, nullable=False),
    Column("asks", Integer, nullable=False),
    Column("asks_that_day", Integer, nullable=False),
    Column("next_at", Moment, index=True),
)

sightings = make_table(
    "sightings",
    Column("id", Integer, primary_key=True),
    Column("item_id", String(64), nullable=False, index=True),
    Column("platform", String(64), nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("status", Integer, nullable=False),
    Column("online_at", Moment),
    Column("body", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("proof_sha256", String(64), nullable=False),
    Column("by_id", ForeignKey("users.id")),
    Column("at", Moment, nullable=False),
    Column("salt", String(32), nullable=False),
)

sighting_proofs = make_table(
    "sighting_proofs",
    Column("sighting_id", ForeignKey("sightings.id"), primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

reappearances = make_table(
    "reappearances",
    Column("id", Integer, primary_key=True),
    Column("item_id", String(64), nullable=False, index=True),
    Column("other_id", String(64), nullable=False, index=True),
    Column("shared", String(40), nullable=False),
    Column("by_id", ForeignKey("users.id")),
    Column("at", Moment, nullable=False),
    UniqueConstraint("item_id", "other_id"),
)

partner_tokens = make_table(
    "partner_tokens",
    Column("id", Integer, primary_key=True),
    Column("platform", String(64), nullable=False, index=True),
    *_token_columns(),
    Column("opened_at", Moment),
)

partner_answers = make_table(
    "partner_answers",
    Column("id", Integer, primary_key=True),
    Column("platform", String(64), nullable=False),
    Column("key", String(80), nullable=False),
    Column("notice_id", String(36), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("item_id", String(64), nullable=False, server_default="", index=True),
    Column("by_id", ForeignKey("users.id")),
    Column("at", Moment),
    Column("salt", String(32), nullable=False, server_default=""),
    UniqueConstraint("platform", "key"),
)

partner_requests = make_table(
    "partner_requests",
    Column("key", String(80), primary_key=True),
    Column("minute", Integer, nullable=False),
    Column("requests", Integer, nullable=False),
)
