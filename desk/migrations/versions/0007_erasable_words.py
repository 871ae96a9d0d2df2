"""What a decision says in words (its note, what of it may leave, the address) can be emptied by retention, and nothing else.

The audit log has a digest of these words under the row's ``salt``, which goes with them: nobody can guess from it what was there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

COLUMNS = (
    "id", "item_id", "seq", "kind", "tag", "severity", "clause", "reason", "undoes", "batch", "source", "revision", "text_sha256",
    "by_id", "at", "opened_at", "batch_size",
)  # fmt: skip
"""Of a decision; nobody changes them."""
SAME = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in COLUMNS)
SQLITE_TRIGGER = f"""
CREATE TRIGGER decisions_no_UPDATE BEFORE UPDATE ON decisions
WHEN NOT (NEW.note = '' AND NEW.disclosed = '' AND NEW.url = '' AND NEW.salt = '' AND {SAME})
BEGIN SELECT RAISE(ABORT, 'decisions is append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE FUNCTION refuse_all_but_erasure() RETURNS trigger AS $$
BEGIN
IF NEW.note = '' AND NEW.disclosed = '' AND NEW.url = '' AND NEW.salt = ''
AND to_jsonb(NEW) - '{note,disclosed,url,salt}'::text[]
= to_jsonb(OLD) - '{note,disclosed,url,salt}'::text[] THEN RETURN NEW; END IF;
RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END
$$ LANGUAGE plpgsql
"""
POSTGRESQL_TRIGGERS = """
DROP TRIGGER decisions_append_only ON decisions;
CREATE TRIGGER decisions_append_only BEFORE DELETE OR TRUNCATE ON decisions EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decisions_words BEFORE UPDATE ON decisions FOR EACH ROW EXECUTE FUNCTION refuse_all_but_erasure();
"""


def upgrade() -> None:
    """Add the salt and the sentences that may leave, and let words alone be emptied; decisions made before have neither."""
    op.add_column("decisions", sa.Column("salt", sa.String(length=32), nullable=True))
    op.add_column("decisions", sa.Column("disclosed", sa.Text(), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER decisions_no_UPDATE")
        op.execute(SQLITE_TRIGGER)
        return
    op.execute(POSTGRESQL_FUNCTION)
    for statement in filter(None, map(str.strip, POSTGRESQL_TRIGGERS.split(";"))):
        op.execute(statement)
