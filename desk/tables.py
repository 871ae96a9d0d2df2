"""The desk's tables, the only store of people, decisions, deliveries and lists.

The search index can be rebuilt from run partitions; nothing here can. Rows of the tables in ``desk/migrations/append_only.py``
are only added: triggers refuse UPDATE and DELETE on both engines. Retention alone empties words (``row_erasure``).
"""

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, MetaData, Table, UniqueConstraint, false

from desk.columns import content, integers, moments, number, reference, strings, switches, texts

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)  # fmt: skip

users = Table("users", metadata,
    number(), *strings(64, "name", unique=True), *strings(254, "email"), *strings(16, "role"), *texts("password_hash"),
    *moments("created_at"), *moments("disabled_at", nullable=True), *strings(8, "language", server_default="en"),
    *strings(64, "zone", server_default=""), *switches("text_only", "calm", server_default=false()),
    *texts("second_factor", "recovery_codes", server_default=""), *integers("factor_step", server_default="0"),
)  # fmt: skip
sessions = Table("sessions", metadata,
    *strings(64, "token_sha256", primary_key=True), reference("user_id", "users", index=True), *strings(64, "csrf"),
    *moments("started_at", "seen_at"),
)  # fmt: skip


def _token_columns() -> list[Column[Any]]:
    """Return what is kept of any token."""
    return [
        *strings(80, "name"), *strings(64, "token_sha256", unique=True), *strings(120, "scopes"),
        *moments("created_at", "expires_at"), *moments("revoked_at", "used_at", nullable=True),
    ]  # fmt: skip


tokens = Table("tokens", metadata, number(), reference("user_id", "users", index=True), *_token_columns())
attempts = Table("attempts", metadata,
    number(), *strings(64, "name", "address"), *moments("at"), Index("ix_attempts_name_at", "name", "at"),
    Index("ix_attempts_address_at", "address", "at"),
)  # fmt: skip
decisions = Table("decisions", metadata,
    number(), *strings(64, "item_id"), *integers("seq"), *strings(16, "kind"), *strings(32, "tag", nullable=True),
    *strings(16, "severity", nullable=True), *strings(64, "clause", "reason", nullable=True), *texts("note", default=""),
    *texts("disclosed", "ground", default="", server_default=""), reference("undoes", "decisions", nullable=True),
    *strings(32, "batch", nullable=True), *strings(128, "source"), *texts("url"), *integers("revision"),
    *strings(64, "text_sha256"), reference("by_id", "users"), *moments("at"), *moments("opened_at", nullable=True),
    *integers("batch_size", nullable=True), *strings(32, "salt", nullable=True), UniqueConstraint("item_id", "seq"),
    Index("ix_decisions_batch", "batch"), Index("ix_decisions_at", "at"),
)  # fmt: skip
openings = Table("openings", metadata,
    number(), *strings(64, "item_id", "text_sha256"), reference("by_id", "users"), *moments("at"),
    UniqueConstraint("by_id", "item_id", "text_sha256"),
)  # fmt: skip
leases = Table("leases", metadata,
    *strings(64, "item_id", primary_key=True), *strings(64, "campaign", nullable=True),
    reference("by_id", "users", unique=True), *moments("since", "until"),
)  # fmt: skip
comments = Table("comments", metadata,
    number(), *strings(64, "item_id", index=True), *strings(16, "kind", index=True), *texts("body"),
    reference("by_id", "users"), *moments("at"), *strings(32, "salt"),
)  # fmt: skip
asks = Table("asks", metadata,
    number(), *strings(64, "item_id", index=True), *strings(16, "kind"), reference("to_id", "users"),
    reference("by_id", "users"), reference("comment_id", "comments", nullable=True), *moments("at"),
    *moments("closed_at", nullable=True), Index("ix_asks_to_id_closed_at", "to_id", "closed_at"),
)  # fmt: skip
standing_orders = Table("standing_orders", metadata,
    number(), *strings(32, "batch"), *integers("likeness", "most"), *moments("until", nullable=True),
    reference("ends", "standing_orders", nullable=True, unique=True), reference("by_id", "users"), *moments("at"),
)  # fmt: skip
followers = Table("followers", metadata,
    number(), reference("order_id", "standing_orders"), *strings(64, "item_id"),
    reference("decision_id", "decisions", unique=True), *integers("likeness"), reference("by_id", "users"), *moments("at"),
)  # fmt: skip
opinions = Table("opinions", metadata,
    number(), *strings(64, "item_id"), reference("decision_id", "decisions", unique=True), *strings(32, "tag"),
    reference("by_id", "users"), *moments("at"),
)  # fmt: skip
reason_marks = Table("reason_marks", metadata,
    number(), *strings(64, "item_id", index=True), *strings(16, "kind"), *strings(64, "indicator"), *texts("rules", "body"),
    *integers("revision"), *strings(64, "text_sha256"), reference("undoes", "reason_marks", nullable=True, unique=True),
    reference("by_id", "users"), *moments("at"), *strings(32, "salt"),
)  # fmt: skip
audit = Table("audit", metadata,
    *integers("seq", primary_key=True, autoincrement=False), *strings(40, "at"), *strings(64, "actor", "action"),
    *texts("subject", "detail"), *strings(64, "prev", "hash"), Index("ix_audit_action_seq", "action", "seq"),
)  # fmt: skip
digests = Table("digests", metadata,
    *strings(16, "week", primary_key=True), *strings(64, "subscription", primary_key=True), *moments("built_at"),
    *moments("since", nullable=True), *texts("body"),
)  # fmt: skip
mentions = Table("mentions", metadata,
    *strings(64, "subscription", "item_id", primary_key=True), *strings(16, "standing", primary_key=True),
    *strings(16, "week"),
)  # fmt: skip
deliveries = Table("deliveries", metadata,
    number(), *strings(32, "period"), *strings(64, "subscription"), *strings(254, "recipient"),
    *strings(254, "message_id", unique=True), content("message"), *strings(16, "state"), *integers("attempts"),
    *texts("error", default=""), *moments("queued_at"), *moments("sent_at", nullable=True),
    UniqueConstraint("period", "subscription", "recipient"), Index("ix_deliveries_state", "state", "subscription", "period"),
)  # fmt: skip
UNDELIVERED = ("queued", "sending")
"""States of a delivery that the next run hands over; of one that is ``sending`` nobody knows whether it arrived."""
lists = Table("lists", metadata,
    number(), *strings(64, "platform"), *integers("number"), *strings(16, "state"),
    reference("previous", "lists", nullable=True), *strings(64, "manifest_sha256"),
    reference("built_by", "users", nullable=True), *strings(64, "service", nullable=True), *moments("built_at"),
    reference("approved_by", "users", nullable=True), *moments("approved_at", "sent_at", nullable=True),
    UniqueConstraint("platform", "number"),
)  # fmt: skip
list_entries = Table("list_entries", metadata,
    reference("list_id", "lists", primary_key=True), *strings(64, "item_id", primary_key=True), *strings(16, "change"),
    reference("decision_id", "decisions"), *texts("body"), *strings(36, "notice_id", server_default="", index=True),
    Index("ix_list_entries_list_id_notice_id", "list_id", "notice_id"),
)  # fmt: skip
list_files = Table("list_files", metadata,
    reference("list_id", "lists", primary_key=True), *strings(128, "name", primary_key=True), *strings(64, "sha256"),
    content("content"),
)  # fmt: skip
evidence_packs = Table("evidence_packs", metadata,
    number(), *strings(64, "item_id"), *strings(64, "sha256", index=True), *strings(96, "audit_head"),
    *strings(64, "packed_by"), *moments("packed_at"),
)  # fmt: skip
approvals = Table("approvals", metadata,
    number(), reference("list_id", "lists", index=True), reference("by_id", "users"), *moments("at"),
    *strings(254, "recipient"), *texts("sent_as", server_default=""), *texts("files"), *strings(64, "entries_sha256"),
    *texts("deciders"),
)  # fmt: skip
rulings = Table("rulings", metadata,
    number(), *strings(16, "kind"), *strings(64, "campaign"), *texts("ids", "others", "contact", "note"),
    reference("undoes", "rulings", nullable=True, unique=True), reference("by_id", "users"), *moments("at"),
)  # fmt: skip
linkings = Table("linkings", metadata, reference("ruling_id", "rulings", primary_key=True, autoincrement=False), *moments("at"))
saved_searches = Table("saved_searches", metadata,
    number(), reference("owner_id", "users", index=True), *strings(80, "name"), *texts("typed"),
    *switches("shared"), *moments("created_at"), *moments("deleted_at", nullable=True),
)  # fmt: skip
saved_looks = Table("saved_looks", metadata,
    reference("search_id", "saved_searches", primary_key=True), reference("user_id", "users", primary_key=True),
    *moments("at"), *integers("base"),
)  # fmt: skip
translations = Table("translations", metadata,
    *strings(64, "digest", primary_key=True), *strings(128, "engine"), *texts("sentences"), *moments("made_at"),
)  # fmt: skip
translation_items = Table("translation_items", metadata,
    *strings(64, "item_id", "text_digest", primary_key=True),
    Column("digest", ForeignKey("translations.digest"), nullable=False, index=True), *texts("spans"),
)  # fmt: skip
seed_proposals = Table("seed_proposals", metadata,
    number(), *strings(16, "kind"), *texts("value"), *strings(8, "language"), *texts("reason"), reference("by_id", "users"),
    *moments("at"), *moments("closed_at", nullable=True),
)  # fmt: skip
recheck_clock = Table("recheck_clock", metadata,
    *strings(64, "platform", "item_id", primary_key=True), *moments("sent_at", primary_key=True), *strings(16, "state"),
    *moments("asked_at", "online_at", nullable=True), *integers("streak", "asks", "asks_that_day"),
    *moments("next_at", nullable=True, index=True),
)  # fmt: skip
sightings = Table("sightings", metadata,
    number(), *strings(64, "item_id", index=True), *strings(64, "platform"), *moments("sent_at"), *strings(16, "state"),
    *integers("status"), *moments("online_at", nullable=True), *texts("body"), *strings(64, "sha256", "proof_sha256"),
    reference("by_id", "users", nullable=True), *moments("at"), *strings(32, "salt"),
)  # fmt: skip
sighting_proofs = Table("sighting_proofs", metadata,
    reference("sighting_id", "sightings", primary_key=True, autoincrement=False), content("content"),
)  # fmt: skip
reappearances = Table("reappearances", metadata,
    number(), *strings(64, "item_id", "other_id", index=True), *strings(40, "shared"),
    reference("by_id", "users", nullable=True), *moments("at"), UniqueConstraint("item_id", "other_id"),
)  # fmt: skip
partner_tokens = Table("partner_tokens", metadata,
    number(), *strings(64, "platform", index=True), *_token_columns(), *moments("opened_at", nullable=True),
)  # fmt: skip
partner_answers = Table("partner_answers", metadata,
    number(), *strings(64, "platform"), *strings(80, "key"), *strings(36, "notice_id", index=True), *strings(16, "kind"),
    *strings(32, "reason"), *texts("body"), *moments("given_at"), *strings(64, "item_id", server_default="", index=True),
    reference("by_id", "users", nullable=True), *moments("at", nullable=True), *strings(32, "salt", server_default=""),
    UniqueConstraint("platform", "key"),
)  # fmt: skip
partner_requests = Table("partner_requests", metadata, *strings(80, "key", primary_key=True), *integers("minute", "requests"))

subscriptions = Table("subscriptions", metadata,
    number(), *strings(254, "address", index=True), reference("user_id", "users", nullable=True),
    reference("search_id", "saved_searches", nullable=True), *strings(120, "languages"), *integers("least_score"),
    *strings(16, "least_harm", "schedule"), *strings(8, "language"), *strings(64, "zone", "key"), reference("by_id", "users"),
    *moments("created_at"), *moments("ended_at", nullable=True), *strings(16, "ended_why"),
    *switches("listed", server_default=false()),
)  # fmt: skip
mail_answers = Table("mail_answers", metadata,
    number(), reference("subscription_id", "subscriptions", index=True), *strings(64, "item_id"), *strings(16, "kind"),
    *integers("undoes", "made", nullable=True), *texts("indicators", "rules"), *strings(64, "text_sha256"),
    reference("by_id", "users", nullable=True), *moments("at"),
)  # fmt: skip
