"""The triggers that let rows be added and nothing else: what migrations make, and what the check of the ledger compares."""

from desk.custody.log_details import LOGGED, PARTNER_ANSWERS
from desk.tables import metadata

_WORDS = ("body", "salt")
APPEND_ONLY: dict[str, tuple[str, ...]] = {
    **{each.table.name: (*each.words, "salt") if each.words else () for each in LOGGED if each is not PARTNER_ANSWERS},
    **dict.fromkeys(("audit", "evidence_packs"), ()),
}
"""Table -> the columns that retention may empty, all at once, and nothing else may change.

The audit log has a digest of these words under the row's ``salt``, which goes with them: nobody can guess from it what was there.
"""
REFUSE, REFUSAL = "refuse_change", "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END"
"""PostgreSQL's function that refuses every change, and its body."""


def protect(table: str, words: tuple[str, ...] | None = None) -> None:
    """Make the triggers of a table anew; ``words`` may be emptied, else those of ``APPEND_ONLY``."""
    from alembic import op  # a process that only compares the triggers does not need it

    words = APPEND_ONLY[table] if words is None else words
    if op.get_bind().dialect.name == "sqlite":
        for name, sql in sqlite_triggers(table, words).items():
            op.execute(f"DROP TRIGGER IF EXISTS {name}")
            op.execute(sql)
        return
    op.execute(_function_sql(REFUSE, REFUSAL))
    verbs = "DELETE OR TRUNCATE" if words else "UPDATE OR DELETE OR TRUNCATE"
    op.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
    op.execute(f"CREATE TRIGGER {table}_append_only BEFORE {verbs} ON {table} EXECUTE FUNCTION {REFUSE}()")
    if words:
        name, body = emptying_function(words)
        op.execute(_function_sql(name, body))
        op.execute(f"CREATE TRIGGER {table}_words BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def sqlite_triggers(table: str, words: tuple[str, ...]) -> dict[str, str]:
    """Return name and text of SQLite's triggers."""
    refusal = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    unless = ""
    if words:
        same = [f"NEW.{column.name} IS OLD.{column.name}" for column in metadata.tables[table].c if column.name not in words]
        unless = f"WHEN NOT ({' AND '.join([_is_emptied(words), *same])}) "
    return {
        f"{table}_no_UPDATE": f"CREATE TRIGGER {table}_no_UPDATE BEFORE UPDATE ON {table} {unless}{refusal}",
        f"{table}_no_DELETE": f"CREATE TRIGGER {table}_no_DELETE BEFORE DELETE ON {table} {refusal}",
    }


def emptying_function(words: tuple[str, ...]) -> tuple[str, str]:
    """Return name and body of PostgreSQL's function that lets ``words`` be emptied."""
    name, rest = "refuse_all_but_emptying" if words == _WORDS else "refuse_all_but_erasure", f"'{{{','.join(words)}}}'::text[]"
    condition = f"{_is_emptied(words)} AND to_jsonb(NEW) - {rest} = to_jsonb(OLD) - {rest}"
    return name, f"BEGIN IF {condition} THEN RETURN NEW; END IF; {REFUSAL.removeprefix('BEGIN ')}"


def _is_emptied(words: tuple[str, ...]) -> str:
    return " AND ".join(f"NEW.{name} = ''" for name in words)


def _function_sql(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ {body} $$ LANGUAGE plpgsql"
