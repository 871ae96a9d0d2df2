"""What must be kept, and what was erased by whom: read from the desk's tables, written only to the audit chain.

An erasure is noted before anything is deleted (``erasing``: ids, digests, the moment before which a source's items go) and
closed when nothing of it can be read any more (``erased``, the certificate). Entries after the last ``erased`` belong to an
interrupted erasure; the next one completes it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, Engine, select

from desk.cases.case_decisions import cases, decided_cases
from desk.custody import audit
from desk.database import writing
from desk.refusals import DeskRefusal
from desk.tables import list_entries, lists, mentions
from desk.takedown.repository import UNSENT, held_by

HOLD_DAYS = 90
"""After how long a hold is to be looked at again."""
_HELD, _RELEASED, _BEGUN, _DONE, _BACKED_UP = "hold", "hold_released", "erasing", "erased", "backup_made"


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate of erasure: the closing entry of the audit chain and the entries it covers."""

    closing: audit.AuditEntry
    entries: tuple[audit.AuditEntry, ...]


class OpenErasure(msgspec.Struct, frozen=True, kw_only=True):
    """An erasure that was noted and not closed yet."""

    items: frozenset[str]
    partitions: tuple[str, ...]
    sources: frozenset[str] = frozenset()


class SearchReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of searching for erased words: nothing, except what must stay and what is outside of LureWatch."""

    places: tuple[str, ...] = ()
    """Every place that was searched."""
    traces: int = 0
    """Addresses, ids and passages that were looked for."""
    still_in: tuple[str, ...] = ()
    """What contains some of it and stays: partitions and lists that prove kept items, and what people wrote."""
    backups: tuple[str, ...] = ()
    """Backups that still have it, each with the day until which it is kept."""
    until: str = ""
    """The day until which backups, object versions and logs that LureWatch does not see may have it."""


NOT_SEARCHED = SearchReport()


def hold(engine: Engine, items: Iterable[str], *, days: int, why: str, by: str, now: datetime) -> datetime:
    """Keep items whatever their retention says, until they are released; return when to look at it again, in ``days`` days.

    No hold ends by the clock: a wrong clock would erase evidence for a court.
    """
    if not why.strip():
        raise DeskRefusal("a hold needs its reason (--why): who asked, and under which reference")
    until = now + timedelta(days=days)
    with writing(engine) as connection:
        for item in items:
            detail: dict[str, object] = {"until": until.isoformat(), "why": why.strip()}
            audit.append(connection, at=now, actor=by, action=_HELD, subject=item, detail=detail)
    return until


def release(engine: Engine, items: Sequence[str], *, why: str, by: str, now: datetime) -> None:
    """End holds; raise DeskRefusal when one of the items is not held."""
    with writing(engine) as connection:
        times = holds(connection)
        if free := [item for item in items if item not in times]:
            raise DeskRefusal(f"not held: {', '.join(free)}; `lurewatch retention due` counts what is")
        for item in items:
            audit.append(connection, at=now, actor=by, action=_RELEASED, subject=item, detail={"why": why.strip()})


def holds(connection: Connection) -> dict[str, datetime]:
    """Return the items under hold, and when each is to be looked at again."""
    times: dict[str, datetime] = {}
    for entry in audit.entries(connection, _HELD, _RELEASED):
        if entry.action == _HELD:
            times[entry.subject] = datetime.fromisoformat(entry.values["until"])
        else:
            times.pop(entry.subject, None)
    return times


def protected_items(connection: Connection, now: datetime) -> dict[str, str]:
    """Return the items that retention keeps, and why.

    ``held`` (``held, to be looked at again`` after its date), ``confirmed``, ``listed`` (a platform holds it, or a list that may
    still leave names it), or ``told`` (a mail called it confirmed, and the next one must take that back).
    """
    reported = select(mentions.c.item_id).where(mentions.c.standing == "confirmed")
    results = dict.fromkeys(connection.execute(reported).scalars(), "told") | dict.fromkeys(_listed_items(connection), "listed")
    results |= {case.item_id: "confirmed" for case in decided_cases(connection) if case.state == "confirmed"}
    return results | {item: "held" if now < until else "held, to be looked at again" for item, until in holds(connection).items()}


def begin(
    engine: Engine, *, source: str, cutoff: datetime, items: dict[str, str] | None = None,
    partitions: dict[str, dict[str, str]] | None = None, by: str, now: datetime,
) -> frozenset[str]:  # fmt: skip
    """Note that items (id -> SHA-256 of the text) and partitions (address -> digests) last seen before ``cutoff`` are erased now.

    Return the items that may go: those a person confirmed or held since they were looked up stay.
    """
    items = items or {}
    with writing(engine) as connection:
        free = free_items(connection, items)
        gone = {item: digest for item, digest in items.items() if item in free}
        detail: dict[str, object] = {"why": "retention", "cutoff": cutoff.isoformat()}
        detail |= {"items": gone} if gone else {}
        detail |= {"partitions": partitions} if partitions else {}
        if gone or partitions:
            audit.append(connection, at=now, actor=by, action=_BEGUN, subject=source, detail=detail)
    return free


def free_items(connection: Connection, items: Iterable[str]) -> frozenset[str]:
    """Return those of ``items`` that nobody holds or has confirmed now."""
    items = list(items)
    times, standing = holds(connection), cases(connection, items)
    return frozenset(item for item in items if item not in times and standing[item].state != "confirmed")


def open_erasure(connection: Connection) -> OpenErasure:
    """Return the erasure that was noted and not closed; None when there is none."""
    entries = _open(connection)
    details = [entry.values for entry in entries]
    return OpenErasure(
        sources=frozenset(entry.subject for entry in entries),
        items=frozenset(item for detail in details for item in detail.get("items", ())),
        partitions=tuple(dict.fromkeys(address for detail in details for address in detail.get("partitions", ()))),
    )


def close(
    engine: Engine, *, spared: Iterable[str], stayed: Iterable[str], searched: SearchReport = NOT_SEARCHED, by: str, now: datetime
) -> Certificate:
    """Close the erasure and certify it. Items ``spared`` and partitions ``stayed`` were noted and kept, because somebody
    confirmed, held or saw one again meanwhile. ``searched`` is the result of searching all places."""
    with writing(engine) as connection:
        covered, done = _open(connection), open_erasure(connection)
        items, addresses = sorted(done.items & set(spared)), sorted(set(done.partitions) & set(stayed))
        detail: dict[str, object] = {
            "entries": [entry.seq for entry in covered], "items": len(done.items) - len(items),
            "partitions": len(done.partitions) - len(addresses), "spared": items, "stayed": addresses,
            "searched": msgspec.to_builtins(searched),
        }  # fmt: skip
        closing = audit.append(connection, at=now, actor=by, action=_DONE, detail=detail)
    return Certificate(closing=closing, entries=tuple(covered))


def certificates(connection: Connection) -> list[Certificate]:
    """Return all certificates, oldest first."""
    return _erasures(connection)[0]


def cutoffs(connection: Connection) -> dict[str, datetime]:
    """Return for each source the moment before which its items were erased, unless they were kept."""
    times: dict[str, datetime] = {}
    for entry in audit.entries(connection, _BEGUN):
        at = datetime.fromisoformat(entry.values["cutoff"])
        times[entry.subject] = max(at, times.get(entry.subject, at))
    return times


def note_backup(engine: Engine, folder: str, *, by: str, now: datetime) -> None:
    """Note that a backup was made: certificates of erasure name the backups that still contain erased adverts."""
    with writing(engine) as connection:
        audit.append(connection, at=now, actor=by, action=_BACKED_UP, subject=folder, detail={})


def made_backups(connection: Connection, since: datetime) -> list[tuple[str, datetime]]:
    """Return (file, when) of the backups made from ``since`` on."""
    made = [(entry.subject, entry.moment) for entry in audit.entries(connection, _BACKED_UP)]
    return [(file, at) for file, at in made if at >= since]


def _open(connection: Connection) -> list[audit.AuditEntry]:
    return _erasures(connection)[1]


def _erasures(connection: Connection) -> tuple[list[Certificate], list[audit.AuditEntry]]:
    """Return the certified erasures, oldest first, and the entries of the one that is not closed yet."""
    results: list[Certificate] = []
    waiting: list[audit.AuditEntry] = []
    for entry in audit.entries(connection, _BEGUN, _DONE):
        if entry.action == _BEGUN:
            waiting.append(entry)
        else:
            results.append(Certificate(closing=entry, entries=tuple(waiting)))
            waiting = []
    return results, waiting


def _listed_items(connection: Connection) -> set[str]:
    platforms = connection.execute(select(lists.c.platform).distinct()).scalars().all()
    waiting = select(list_entries.c.item_id).join(lists, lists.c.id == list_entries.c.list_id).where(lists.c.state.in_(UNSENT))
    return {item for name in platforms for item in held_by(connection, name)} | set(connection.execute(waiting).scalars())
