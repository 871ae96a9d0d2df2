"""When a reported advert is asked for again, what was seen then with its proof, and adverts that came back elsewhere.

Sightings and links are only added; retention empties the words of a sighting, as of a comment. A sighting has the digest of its
proof, so the proofs need no triggers.
"""

import importlib

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_FIRST = importlib.import_module("desk.migrations.versions.0001_desk")
POSTGRESQL_FUNCTION = importlib.import_module("desk.migrations.versions.0011_colleagues").POSTGRESQL_FUNCTION
"""It stands there already; the check of the triggers compares its text."""
_KEPT = ("id", "item_id", "platform", "sent_at", "state", "status", "online_at", "sha256", "proof_sha256", "by_id", "at")
SAME = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _KEPT)
SQLITE_TRIGGER = f"""
CREATE TRIGGER sightings_no_UPDATE BEFORE UPDATE ON sightings WHEN NOT (NEW.body = '' AND NEW.salt = '' AND {SAME})
BEGIN SELECT RAISE(ABORT, 'sightings is append-only'); END
"""
POSTGRESQL_TRIGGERS = """
CREATE TRIGGER sightings_append_only BEFORE DELETE OR TRUNCATE ON sightings EXECUTE FUNCTION refuse_change();
CREATE TRIGGER sightings_words BEFORE UPDATE ON sightings FOR EACH ROW EXECUTE FUNCTION refuse_all_but_emptying();
"""


def upgrade() -> None:
    """Make the tables and their triggers."""
    op.create_table(
        "recheck_clock",
        sa.Column("platform", sa.String(length=64), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("online_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("platform", "item_id", "sent_at", name=op.f("pk_recheck_clock")),
    )
    op.create_index("ix_recheck_clock_next_at", "recheck_clock", ["next_at"], unique=False)
    op.create_table(
        "sightings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("online_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("proof_sha256", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_sightings_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings")),
    )
    op.create_index("ix_sightings_item_id", "sightings", ["item_id"], unique=False)
    op.create_table(
        "sighting_proofs",
        sa.Column("sighting_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["sighting_id"], ["sightings.id"], name=op.f("fk_sighting_proofs_sighting_id")),
        sa.PrimaryKeyConstraint("sighting_id", name=op.f("pk_sighting_proofs")),
    )
    op.create_table(
        "reappearances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("other_id", sa.String(length=64), nullable=False),
        sa.Column("shared", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_reappearances_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reappearances")),
        sa.UniqueConstraint("item_id", "other_id", name=op.f("uq_reappearances_item_id_other_id")),
    )
    for name in ("item_id", "other_id"):
        op.create_index(f"ix_reappearances_{name}", "reappearances", [name], unique=False)
    _FIRST.protect("reappearances")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SQLITE_TRIGGER)
        op.execute(_FIRST.SQLITE_TRIGGER.format(table="sightings", verb="DELETE"))
        return
    for statement in filter(None, map(str.strip, POSTGRESQL_TRIGGERS.split(";"))):
        op.execute(statement)
