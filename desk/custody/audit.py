"""The audit log: append-only and hash chained. Changing, dropping, adding or reordering an entry breaks the chain there.

A log that was cut or rewritten is a valid chain too. So each mail, takedown list and evidence pack carries the ``head``, and
``verify`` compares such heads as anchors (``desk.custody`` collects them). The newest head is kept in the state folder besides:
an older copy of the database that is put back lacks it.
"""

import hashlib
import json
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, func, insert, select

from desk.database import AFTER_COMMIT, STATE
from desk.tables import audit
from foundation.whole_files import replace_file

LOG = logging.getLogger(__name__)

GENESIS = "0" * 64
_LARGEST_SEQ = 2**31
"""PostgreSQL takes no larger number for an entry's."""


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
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

    @property
    def values(self) -> dict[str, Any]:
        """The detail, decoded."""
        values: dict[str, Any] = json.loads(self.detail)
        return values

    @property
    def moment(self) -> datetime:
        """When it was written."""
        return datetime.fromisoformat(self.at)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The result of checking the chain; ``fault`` is None when it is valid."""

    entries: int
    head: str
    """``<seq>:<hash>`` of the last entry."""
    fault: str | None = None


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """A head given out earlier: the hash that entry ``seq`` must have, and the mail, list or pack that carries it."""

    seq: int
    hash: str
    carrier: str


def canonical(value: object) -> str:
    """Return the one JSON spelling of a value: sorted keys, no spaces, text as it is."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def word_sha256(salt: str, words: str) -> str:
    """Return the digest of words for the log. Retention may empty the words; the salt keeps them from being guessed."""
    return hashlib.sha256(canonical([salt, words]).encode("utf-8", "surrogatepass")).hexdigest()


def append(
    connection: Connection, *, at: datetime, actor: str, action: str, subject: str = "", detail: dict[str, object] | None = None
) -> AuditEntry:
    """Add an entry inside the caller's write transaction, so that action and entry are stored together or not at all."""
    last = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    draft = AuditEntry(
        seq=last.seq + 1 if last else 1, at=at.isoformat(), actor=actor, action=action, subject=subject,
        detail=canonical(detail or {}), prev=last.hash if last else GENESIS, hash="",
    )  # fmt: skip
    entry = msgspec.structs.replace(draft, hash=digest(draft))
    connection.execute(insert(audit).values(msgspec.structs.asdict(entry)))
    _keep_head(connection, entry)
    return entry


_PUT_BACK = "delete that file only where a backup was put back on purpose"


def kept_head(connection: Connection) -> Anchor | None:
    """Return the newest head of this log that the state folder keeps; None where it keeps none."""
    file = _kept_file(connection)
    return _read_head(file) if file else None


def _read_head(file: Path) -> Anchor | None:
    with suppress(OSError, ValueError):  # what cannot be read vouches for nothing, as if it were deleted
        return anchor_of(file.read_text("ascii").strip(), f"{file} (kept when it was written; {_PUT_BACK})")
    return None


def _kept_file(connection: Connection) -> Path | None:
    """Return the file of the newest head. Another address, and a log with another first entry, have another file."""
    folder: Path | None = connection.get_execution_options().get(STATE)
    if folder is None or not folder.is_dir():
        return None
    first = connection.execute(select(audit.c.hash).where(audit.c.seq == 1)).scalar_one_or_none()
    address = connection.engine.url.render_as_string(hide_password=True)
    return folder / f"audit-head-{word_sha256(str(first), address)[:16]}.txt"


def _keep_head(connection: Connection, entry: AuditEntry) -> None:
    """Keep an entry as the head once it is committed, unless the log lacks the head that is kept."""
    earlier = connection.info.get(AFTER_COMMIT)
    file = earlier.args[0] if earlier else _kept_file(connection)
    if file is None:
        return
    if not earlier and (kept := _read_head(file)) and not stands(connection, kept):
        LOG.error("%s; `lurewatch users audit`", _anchor_fault([kept]))
        return
    connection.info[AFTER_COMMIT] = partial(_write_head, file, entry)


def _write_head(file: Path, entry: AuditEntry) -> None:
    try:
        replace_file(file, f"{entry.seq}:{entry.hash}\n")
    except OSError as exc:
        LOG.warning("%s: the head of the audit log is not kept (%s); make the state folder one that can be written", file, exc)


def digest(entry: AuditEntry) -> str:
    """Return the hash an entry must carry."""
    fields = msgspec.structs.asdict(entry)
    del fields["hash"]
    return hashlib.sha256(canonical(fields).encode("utf-8", "surrogatepass")).hexdigest()


def entries(
    connection: Connection, *actions: str, subject: str | None = None, newest: int | None = None, before: int | None = None
) -> Iterator[AuditEntry]:
    """Yield entries in order of the chain, of ``actions`` alone where there are any.

    With ``newest`` the last that many, newest first; all are ``before`` that number.
    """
    query = select(audit).where(audit.c.action.in_(actions)) if actions else select(audit)
    if before is not None:
        query = query.where(audit.c.seq < before)
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    query = query.order_by(audit.c.seq) if newest is None else query.order_by(audit.c.seq.desc()).limit(newest)
    for row in connection.execute(query.execution_options(yield_per=1000)):
        yield AuditEntry(**row._mapping)


def head(connection: Connection) -> str:
    """Return ``<seq>:<hash>`` of the last entry; it is written into everything that leaves the house and compared later."""
    last = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    return f"{last.seq}:{last.hash}" if last else f"0:{GENESIS}"


def stands(connection: Connection, anchor: Anchor) -> bool:
    """Tell whether the log still has the entry of an anchor at its place."""
    if anchor.seq == 0:
        return anchor.hash == GENESIS
    query = select(audit.c.hash).where(audit.c.seq == anchor.seq)
    return anchor.seq < _LARGEST_SEQ and connection.execute(query).scalar_one_or_none() == anchor.hash


def count(connection: Connection) -> int:
    """Return the number of entries."""
    return connection.execute(select(func.count()).select_from(audit)).scalar_one()


def verify(chain: Iterable[AuditEntry], anchors: Iterable[Anchor] = ()) -> Verdict:
    """Check every link, and every head in ``anchors``, which were given out earlier."""
    prev, seq, fault = GENESIS, 0, None
    waiting: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        waiting.setdefault(anchor.seq, []).append(anchor)
    moved = [anchor for anchor in waiting.pop(0, []) if anchor.hash != GENESIS]
    for entry in chain:
        if fault is None:
            fault = _fault(entry, seq + 1, prev)
        moved += [anchor for anchor in waiting.pop(entry.seq, []) if anchor.hash != entry.hash]
        seq, prev = seq + 1, entry.hash
    moved += [anchor for rest in waiting.values() for anchor in rest]
    if fault is None and moved:
        fault = _anchor_fault(moved)
    return Verdict(entries=seq, head=f"{seq}:{prev}", fault=fault)


def verify_part(newest_first: Sequence[AuditEntry]) -> str | None:
    """Return the fault in a part of the chain; None when its links are valid."""
    for entry, older in pairwise(newest_first):
        if (fault := _fault(entry, older.seq + 1, older.hash)) is not None:
            return fault
    if newest_first and newest_first[-1].seq == 1:
        return _fault(newest_first[-1], 1, GENESIS)
    return None


def anchor_of(head: str, carrier: str) -> Anchor:
    """Return the anchor of a head as it was given out, ``<seq>:<hash>``; raise ValueError when it is none."""
    number, _, value = head.partition(":")
    if not (number.isascii() and number.isdigit()) or not re.fullmatch("[0-9a-f]{64}", value):
        raise ValueError(
            f"anchor {head!r} ({carrier}) is not <number>:<64 hex digits>; copy it from a weekly mail, list or evidence pack"
        )
    return Anchor(seq=int(number), hash=value, carrier=carrier)


def _anchor_fault(moved: list[Anchor]) -> str:
    first = min(moved, key=lambda anchor: anchor.seq)
    more = f" and {len(moved) - 1} more heads given out" if len(moved) > 1 else ""
    return f"entry {first.seq}: differs from the head in {first.carrier}{more}; the log was cut or written anew since then"


def _fault(entry: AuditEntry, seq: int, prev: str) -> str | None:
    if entry.seq != seq:
        return f"entry {seq}: found number {entry.seq}; an entry was removed, added or moved"
    if entry.prev != prev:
        return f"entry {seq}: does not follow the entry before it"
    if entry.hash != digest(entry):
        return f"entry {seq}: its content was changed"
    return None
