"""The whole check of the audit log: its links, the heads that were given out, the triggers, and the tables it covers."""

from collections.abc import Iterable, Iterator

import msgspec
from sqlalchemy import Connection, text

from desk.custody import audit
from desk.custody.audit import Anchor, AuditEntry
from desk.custody.chain_records import ChainRecords
from desk.custody.published_heads import published_heads
from desk.migrations.append_only import APPEND_ONLY, REFUSAL, REFUSE, emptying_function, sqlite_triggers

_POSTGRESQL_TYPE, _POSTGRESQL_WORDS, _POSTGRESQL_REST = 2 | 8 | 16 | 32, 1 | 2 | 16, 2 | 8 | 32
"""Bits of pg_trigger.tgtype: 1 for each row, 2 BEFORE, 8 DELETE, 16 UPDATE, 32 TRUNCATE."""
_POSTGRESQL_QUERY = text("""
    SELECT c.relname AS "table", t.tgname AS name, t.tgtype AS type, t.tgenabled AS enabled, t.tgqual IS NULL AS always,
           p.proname AS function, p.prosrc AS body
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
""")
_FIX = "restore the database from a backup you trust and compare"


def trigger_faults(connection: Connection) -> list[str]:
    """Return a sentence for each trigger that is missing, switched off, changed or added."""
    return _sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection)


def _sqlite(connection: Connection) -> list[str]:
    rows = connection.execute(text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    present = {row.name: _one_line(row.sql) for row in rows if row.tbl_name in APPEND_ONLY}
    wanted: dict[str, str] = {}
    for table, words in APPEND_ONLY.items():
        wanted |= sqlite_triggers(table, words)
    return _compare_triggers(present, wanted)


def _postgresql(connection: Connection) -> list[str]:
    rows = [row for row in connection.execute(_POSTGRESQL_QUERY) if row.table in APPEND_ONLY]
    present = {
        f"{row.name} on {row.table}": f"{row.type} {row.always} {row.function} {_one_line(row.body)}"
        for row in rows
        if row.enabled in ("O", "A")
    }
    wanted = {}
    for table, words in APPEND_ONLY.items():
        wanted[f"{table}_append_only on {table}"] = f"{_POSTGRESQL_REST if words else _POSTGRESQL_TYPE} True {REFUSE} {REFUSAL}"
        if words:
            wanted[f"{table}_words on {table}"] = " ".join([f"{_POSTGRESQL_WORDS} True", *emptying_function(words)])
    rules = text("SELECT tablename, rulename FROM pg_rules WHERE schemaname = current_schema()")
    return _compare_triggers(present, wanted) + [
        f"table {row.tablename}: a rule {row.rulename} was added that LureWatch did not make; {_FIX}"
        for row in connection.execute(rules)
        if row.tablename in APPEND_ONLY
    ]


def _compare_triggers(present: dict[str, str], wanted: dict[str, str]) -> list[str]:
    missing = [f"trigger {name} is missing or switched off; {_FIX}" for name in wanted if name not in present]
    changed = [f"trigger {name} was changed; {_FIX}" for name, sql in wanted.items() if name in present and present[name] != sql]
    added = [f"trigger {name} was added, LureWatch did not make it; {_FIX}" for name in present if name not in wanted]
    return missing + changed + added


def _one_line(sql: str) -> str:
    return " ".join(sql.split())


class LedgerReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of the check; ``fault`` is None when nothing is wrong."""

    entries: int
    head: str
    """``<seq>:<hash>`` of the last entry."""
    heads: int
    """Heads compared: those given out, and those handed in."""
    newest_head: int = 0
    """Number of the newest entry that such a head covers; later entries are not covered yet."""
    fault: str | None
    """The first of ``faults``."""
    faults: tuple[str, ...]


def check_ledger(connection: Connection, anchors: Iterable[Anchor] = (), *, runs: str = "") -> LedgerReport:
    """Check the log and the tables it covers; ``anchors`` are heads from outside, besides all that the desk gave out: those in
    its own tables, those in the newest run reports under ``runs``, and the one that the state folder keeps.

    Raises OSError when the storage of runs does not answer. Cost grows with the log: about a second for 50,000 entries.
    """
    heads = [*anchors, *published_heads(connection, runs)]
    records = ChainRecords(connection)
    verdict = audit.verify(_read_chain(audit.entries(connection), records), [*heads, *_lost_head(connection)])
    faults = [*([verdict.fault] if verdict.fault else []), *trigger_faults(connection), *records.faults()]
    return LedgerReport(
        entries=verdict.entries, head=verdict.head, heads=len(heads), fault=faults[0] if faults else None, faults=tuple(faults),
        newest_head=max((head.seq for head in heads), default=0),
    )  # fmt: skip


def _lost_head(connection: Connection) -> list[Anchor]:
    """Return the head that the state folder keeps where the log lacks it."""
    kept = audit.kept_head(connection)
    if kept is None or audit.stands(connection, kept):
        return []
    with connection.engine.connect() as later:  # the first may see the log as it was before that entry was written
        return [] if audit.stands(later, kept) else [kept]


def _read_chain(chain: Iterable[AuditEntry], records: ChainRecords) -> Iterator[AuditEntry]:
    for entry in chain:
        records.see(entry)
        yield entry
