"""Who did what, append-only and hash chained: changing, dropping, adding or reordering an entry breaks the chain at its place.

Cutting the tail leaves a chain that is whole in itself, so ``head`` is written outside the database, into the foot of each
weekly mail and each evidence pack; ``verify`` takes such a head as its anchor.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from sqlalchemy import Connection, func, insert, select

from desk.tables import audit

GENESIS = "0" * 64


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One link of the chain."""

    seq: int
    at: str
    """ISO 8601, UTC."""
    actor: str
    """User name; ``-`` for nobody logged in, ``system`` for a scheduled task."""
    action: str
    """``login``, ``login_refused``, ``denied``, ``confirm``, ``list_approved`` …"""
    subject: str
    detail: str
    """Canonical JSON."""
    prev: str
    hash: str
    """SHA-256 over every other field as canonical JSON, hex."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What checking the chain found; ``fault`` is None when it is whole."""

    entries: int
    head: str
    """``<seq>:<hash>`` of the last entry."""
    fault: str | None = None


def canonical(value: object) -> str:
    """Return the one JSON spelling of a value: sorted keys, no spaces, text as it is."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def append(
    connection: Connection, *, at: datetime, actor: str, action: str, subject: str = "", detail: dict[str, object] | None = None
) -> Entry:
    """Add an entry inside the caller's write transaction: what is done and its trace are stored together or not at all."""
    last = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    draft = Entry(
        seq=last.seq + 1 if last else 1,
        at=at.isoformat(),
        actor=actor,
        action=action,
        subject=subject,
        detail=canonical(detail or {}),
        prev=last.hash if last else GENESIS,
        hash="",
    )
    entry = msgspec.structs.replace(draft, hash=digest(draft))
    connection.execute(insert(audit).values(msgspec.structs.asdict(entry)))
    return entry


def digest(entry: Entry) -> str:
    """Return the hash an entry must carry."""
    fields = msgspec.structs.asdict(entry)
    del fields["hash"]
    return hashlib.sha256(canonical(fields).encode("utf-8", "surrogatepass")).hexdigest()


def entries(connection: Connection, *, subject: str | None = None, newest: int | None = None) -> Iterator[Entry]:
    """Yield entries in order of the chain; with ``newest`` the last that many, newest first."""
    query = select(audit)
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    query = query.order_by(audit.c.seq) if newest is None else query.order_by(audit.c.seq.desc()).limit(newest)
    for row in connection.execute(query.execution_options(yield_per=1000)):
        yield Entry(**row._mapping)


def head(connection: Connection) -> str:
    """Return ``<seq>:<hash>`` of the last entry, the anchor to keep outside the database."""
    last = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    return f"{last.seq}:{last.hash}" if last else f"0:{GENESIS}"


def count(connection: Connection) -> int:
    """Return the number of entries."""
    return connection.execute(select(func.count()).select_from(audit)).scalar_one()


def verify(chain: Iterable[Entry], anchor: str | None = None) -> Verdict:
    """Check every link; ``anchor`` is a head seen earlier, which must still stand where it stood."""
    prev, seq, fault = GENESIS, 0, None
    anchor_seq, anchor_hash = _anchor(anchor)
    anchored = anchor_seq == 0
    for entry in chain:
        if fault is None:
            fault = _fault(entry, seq + 1, prev)
        if entry.seq == anchor_seq:
            anchored = entry.hash == anchor_hash
        seq, prev = seq + 1, entry.hash
    if fault is None and not anchored:
        fault = f"entry {anchor_seq}: the anchor kept outside does not stand here; the tail was cut or written anew"
    return Verdict(entries=seq, head=f"{seq}:{prev}", fault=fault)


def _fault(entry: Entry, seq: int, prev: str) -> str | None:
    if entry.seq != seq:
        return f"entry {seq}: found number {entry.seq}; an entry was removed, added or moved"
    if entry.prev != prev:
        return f"entry {seq}: does not follow the entry before it"
    if entry.hash != digest(entry):
        return f"entry {seq}: its content was changed"
    return None


def _anchor(anchor: str | None) -> tuple[int, str]:
    if anchor is None:
        return 0, GENESIS
    number, _, value = anchor.partition(":")
    if not number.isdigit() or len(value) != 64:
        raise ValueError(f"anchor {anchor!r} is not <number>:<64 hex digits>; copy it from a weekly mail or evidence pack")
    return int(number), value
