"""The whole check of the audit log: its links, the heads that were given out, the triggers, and the tables it tells of."""

from collections.abc import Iterable, Iterator

import msgspec
from sqlalchemy import Connection

from desk.custody import append_only, audit
from desk.custody.audit import Anchor, AuditEntry
from desk.custody.chain_records import ChainRecords
from desk.custody.published_heads import published_heads


class LedgerReport(msgspec.Struct, frozen=True, kw_only=True):
    """What the check found; ``fault`` is None when nothing is wrong."""

    entries: int
    head: str
    """``<seq>:<hash>`` of the last entry."""
    heads: int
    """Heads compared: those given out, and those handed in."""
    newest_head: int = 0
    """Number of the newest entry that such a head vouches for; nothing vouches for those after it yet."""
    fault: str | None
    """The first of ``faults``."""
    faults: tuple[str, ...]


def check_ledger(connection: Connection, anchors: Iterable[Anchor] = (), *, runs: str = "") -> LedgerReport:
    """Check the log and what it tells of; ``anchors`` are heads from outside, beside all the desk gave out itself: those in its
    own tables, and those in the newest run reports under ``runs``.

    Raises OSError when the storage of runs does not answer. Cost grows with the log: about a second for 50,000 entries.
    """
    heads = [*anchors, *published_heads(connection, runs)]
    records = ChainRecords(connection)
    verdict = audit.verify(_read_chain(audit.entries(connection), records), heads)
    faults = [*([verdict.fault] if verdict.fault else []), *append_only.faults(connection), *records.faults()]
    return LedgerReport(
        entries=verdict.entries, head=verdict.head, heads=len(heads), fault=faults[0] if faults else None, faults=tuple(faults),
        newest_head=max((head.seq for head in heads), default=0),
    )  # fmt: skip


def _read_chain(chain: Iterable[AuditEntry], records: ChainRecords) -> Iterator[AuditEntry]:
    for entry in chain:
        records.see(entry)
        yield entry
