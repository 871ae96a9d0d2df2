"""The whole check of the audit log: its links, the heads that were given out, the triggers, and the tables it covers."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, select, text

from desk.custody import audit
from desk.custody.audit import Anchor, AuditEntry, canonical, word_sha256
from desk.custody.log_details import APPROVALS, DECISIONS, INVENTORY, LOGGED, RULINGS, LoggedTable, spell_value
from desk.custody.published_heads import published_heads
from desk.custody.row_records import AccessRecords, ListRecords, MailRecords, PackRecords, PeopleRecords, proof_faults
from desk.migrations.append_only import APPEND_ONLY, REFUSAL, REFUSE, emptying_function, sqlite_triggers
from desk.tables import users

Detail = dict[str, Any]
_MAY_LACK_NUMBER = (DECISIONS, APPROVALS, RULINGS)
"""Tables of which an entry of an old release, or of another step of a list, names no row."""
_NOTHING = (None, "", "[]")
"""Values of a row that its entry leaves out."""


def _approval_values(entry: AuditEntry, detail: Detail) -> Detail:
    values = {name: detail.get(name) for name in ("recipient", "entries_sha256")}
    values["sent_as"] = detail.get("sent_as", "")  # an approval of release 0.2 was bound to no sender
    values |= {name: canonical(detail.get(name)) for name in ("files", "deciders")}
    return values | {"list_id": int(entry.subject.removeprefix("list:"))}


class ChainRecords:
    """The rows of the desk's tables, compared with the log: call ``see`` for each entry, then read ``faults``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._names = {row.id: row.name for row in connection.execute(select(users.c.id, users.c.name))}
        self._rows = {
            each.kind: {
                row["id"]: row for row in connection.execute(select(each.table).where(each.table.c.at.is_not(None))).mappings()
            }
            for each in LOGGED
        }  # an answer of a platform has no moment until the desk took it, and noted it
        self._erased: set[str] = set()
        self._emptied: dict[str, str] = {}
        self._lists = ListRecords(self._names)
        self._people, self._mails, self._packs = PeopleRecords(), MailRecords(), PackRecords()
        self._access = AccessRecords(self._names)
        self._inventories: list[int] = []
        self._faults: list[str] = []
        self._readers: dict[str, Callable[[AuditEntry, Detail], None]] = {
            **{action: partial(self._strike, each) for each in LOGGED for action in each.actions},
            **dict.fromkeys(ListRecords.ACTIONS, self._list), **dict.fromkeys(PeopleRecords.ACTIONS, self._people.see),
            **dict.fromkeys(AccessRecords.ACTIONS, self._access.see), **dict.fromkeys(MailRecords.ACTIONS, self._mails.see),
            **dict.fromkeys(PackRecords.ACTIONS, self._packs.see),
            **dict.fromkeys(set(PeopleRecords.ACTIONS) & set(AccessRecords.ENDING), self._read_ending),
            INVENTORY: self._inventory, "rows_erased": self._erasure, "erasing": self._erasure,
        }  # fmt: skip

    def see(self, entry: AuditEntry) -> None:
        """Compare the rows that one entry of the log describes."""
        reader = self._readers.get(entry.action)
        if reader is None:
            return
        try:
            reader(entry, dict(entry.values))
        except (ValueError, LookupError, TypeError, AttributeError):
            self._faults.append(
                f"entry {entry.seq}: subject or detail are not those of {entry.action}; LureWatch did not write it"
            )

    def faults(self) -> Iterator[str]:
        """Yield the differences, after every entry was seen."""
        yield from self._faults
        for kind, rows in self._rows.items():
            for number in sorted(rows):
                yield f"{kind} {number}: it stands in the database, and the log has no entry of it; it was inserted there"
        for name, item in self._emptied.items():
            if item not in self._erased:
                yield f"{name}: its words are empty, and the log erased nothing of {item}; it was edited"
        for records in (self._lists, self._people, self._access, self._mails, self._packs):
            yield from records.faults(self._connection)
        yield from proof_faults(self._connection)

    def _strike(self, kept: LoggedTable, entry: AuditEntry, detail: Detail, told: Detail | None = None) -> None:
        """Compare a row with its entry, or with what is ``told`` of it: every value, nothing beside it, person and moment."""
        if kept.number not in detail and kept in _MAY_LACK_NUMBER:
            return
        kind, number = kept.kind, detail.get(kept.number, 0)
        told = told or kept.values_of(entry, self._add_words(kept, detail))
        row: RowMapping | None = self._rows[kind].pop(number, None)
        if row is None:
            self._faults.append(f"{kind} {number}: entry {entry.seq} tells of it, and it is not in the database; it was deleted")
            return
        nobody = f"partner:{row['platform']}" if row.get("key") else "system"
        different = list(_differing_columns(row, {name: value for name, value in told.items() if name != kept.number}))
        different += ["by"] if self._names.get(row["by_id"], nobody) != entry.actor else []
        different += ["at"] if row["at"] != entry.moment else []
        if different:
            names = ", ".join(sorted(different))
            self._faults.append(f"{kind} {number}: {names} in the database differ from entry {entry.seq}; it was edited there")

    def _add_words(self, kept: LoggedTable, detail: Detail) -> Detail:
        """Return a detail with the words of its row where their digests agree; of those that retention emptied, without."""
        row = self._rows[kept.kind].get(detail.get(kept.number, 0))
        digests = detail.get("words_sha256")
        told = {name: value for name, value in detail.items() if name != "words_sha256"}
        if digests is None or row is None:
            return told
        if not row["salt"] and not any(row[name] for name in kept.words):
            self._emptied[f"{kept.kind} {row['id']}"] = row["item_id"]
            return told
        said = {name: row[name] for name in kept.words if word_sha256(row["salt"] or "", row[name]) == digests.get(name)}
        return told | {"salt": row["salt"], **dict.fromkeys(kept.words, ""), **digests, **said}

    def _list(self, entry: AuditEntry, detail: Detail) -> None:
        self._lists.see(entry, detail)
        self._strike(APPROVALS, entry, detail, _approval_values(entry, detail))

    def _read_ending(self, entry: AuditEntry, detail: Detail) -> None:
        self._people.see(entry, detail)
        self._access.see(entry, detail)

    def _erasure(self, _: AuditEntry, detail: Detail) -> None:
        """Note what retention emptied, and the new values of those rows."""
        self._erased.update(detail.get("lists", ()), detail.get("items", ()))
        rows = detail.get("now", {})
        for name, digest in rows.get("mails", {}).items():
            self._mails.see_erased_mail(name, digest)
        for name, digest in rows.get("digests", {}).items():
            self._mails.see_erased_digest(name, digest)
        for name in detail.get("lists", ()):
            self._lists.see_erased(name, rows.get("lists", {}).get(name))

    def _inventory(self, entry: AuditEntry, detail: Detail) -> None:
        """Note the rows from before the log covered them: once, and no row that the log covers already."""
        if self._inventories and self._inventories[-1] != entry.seq - 1:
            self._faults.append(f"entry {entry.seq}: it takes a second inventory; the first is the only one, this was inserted")
            return
        self._inventories.append(entry.seq)
        self._packs.take_stock(entry)
        takers = {
            "people": self._people.take_stock, "lists": self._lists.take_stock, "mails": self._mails.take_stock_of_mail,
            "digests": self._mails.take_stock_of_digest,
        }  # fmt: skip
        for kind, rows in detail.items():
            for name, values in rows.items():
                if not takers[kind](name, values):
                    self._faults.append(f"entry {entry.seq}: an inventory names {name}, which the log covers already; inserted")


def _differing_columns(row: RowMapping, told: Detail) -> Iterator[str]:
    """Yield the columns of a row that differ from what is told of it, and those that hold something and are not told."""
    known = {name: spell_value(value) for name, value in row.items() if name not in ("id", "by_id", "at")}
    yield from (name for name, value in told.items() if known.get(name) != value)
    yield from (name for name, value in known.items() if name not in told and value not in _NOTHING)


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
