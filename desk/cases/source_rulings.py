"""People's rulings on suggested sources, and the results of probes; both are read from the audit chain only.

A ruling is an entry of the chain, so it is append-only, names who and why, and an undo is an entry too. A refusal notes the
lures known then: any other lure is new evidence. A block stays until it is undone.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection, Engine

from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from foundation.messages import _

SourceVerdict = Literal["accepted", "refused", "blocked"]
_ACTIONS: dict[str, SourceVerdict] = {"source_accepted": "accepted", "source_refused": "refused", "source_blocked": "blocked"}
_UNDONE, _PROBED = "source_undone", "source_probed"


class SourceRuling(msgspec.Struct, frozen=True, kw_only=True):
    """What one person ruled about one venue."""

    seq: int
    """Number of its entry in the audit log."""
    verdict: SourceVerdict
    venue: str
    """``kind:value``."""
    by: str
    at: datetime
    reason: str
    confirmed: frozenset[str] = frozenset()
    """Ids of the confirmed lures that led there at that time."""
    flagged: frozenset[str] = frozenset()
    """Ids of the undecided flagged ones."""
    source: str = ""
    """Name of the source file that an acceptance of release 0.2 wrote."""

    @property
    def sentence(self) -> str:
        """The ruling in words."""
        return f"{self.verdict} by {self.by} on {self.at:%Y-%m-%d} ({self.reason})"


class ProbeNote(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a probe, as the audit log keeps it."""

    at: datetime
    outcome: str
    """``readable``, ``closed``, ``account``, ``refused``, ``gone`` or ``unclear``."""
    words: str
    requests: int
    """Pages asked for; robots.txt comes besides."""
    posts: int = 0
    """Postings on the page."""
    flagged: int = 0
    """Those of them that are flagged."""


def rule(
    connection: Connection, verdict: SourceVerdict, venue: str, *, by: User, now: datetime, reason: str,
    confirmed: Iterable[str] = (), flagged: Iterable[str] = (),
) -> SourceRuling:  # fmt: skip
    """Write a ruling inside the caller's write transaction.

    Raises DeskRefusal without the right or a reason, and when a block stands: that is undone first.
    """
    _check(by, reason)
    standing = rulings(connection).get(venue)
    if standing and standing.verdict != "refused":
        raise DeskRefusal(_(
            "%(venue)s: %(by)s %(verdict)s it on %(at)s (%(reason)s); `lurewatch sources suggest rule undo %(venue)s` first",
            venue=venue, by=standing.by, verdict=standing.verdict, at=f"{standing.at:%Y-%m-%d}", reason=standing.reason,
        ))  # fmt: skip
    detail: dict[str, object] = {"reason": reason.strip(), "confirmed": sorted(confirmed), "flagged": sorted(flagged)}
    detail = {name: value for name, value in detail.items() if value}
    entry = audit.append(connection, at=now, actor=by.name, action=f"source_{verdict}", subject=venue, detail=detail)
    return _ruling(entry)


def undo(engine: Engine, venue: str, *, by: User, now: datetime, reason: str) -> SourceRuling:
    """Undo the ruling in force and return it; the ruling before it is in force again."""
    with writing(engine) as connection:
        _check(by, reason)
        standing = rulings(connection).get(venue)
        if standing is None:
            raise DeskRefusal(
                _("%(venue)s: no ruling is in force; `lurewatch sources suggest --rulings` lists them", venue=venue)
            )
        detail: dict[str, object] = {"reason": reason.strip(), "undoes": standing.seq}
        audit.append(connection, at=now, actor=by.name, action=_UNDONE, subject=venue, detail=detail)
    return standing


def rulings(connection: Connection) -> dict[str, SourceRuling]:
    """Return the ruling in force about each venue, the oldest first."""
    piles: dict[str, list[SourceRuling]] = {}
    for entry in audit.entries(connection, *_ACTIONS, _UNDONE):
        pile = piles.setdefault(entry.subject, [])
        if entry.action != _UNDONE:
            pile.append(_ruling(entry))
        elif pile:
            pile.pop()
    return {venue: pile[-1] for venue, pile in piles.items() if pile}


def note_probe(engine: Engine, venue: str, note: ProbeNote) -> None:
    """Keep the result of a probe; a probe needs no log-in, so no person is named."""
    detail: dict[str, object] = msgspec.structs.asdict(note)
    del detail["at"]
    with writing(engine) as connection:
        audit.append(connection, at=note.at, actor="-", action=_PROBED, subject=venue, detail=detail)


def probes(connection: Connection) -> dict[str, ProbeNote]:
    """Return the last probe of each venue."""
    return {entry.subject: ProbeNote(at=entry.moment, **entry.values) for entry in audit.entries(connection, _PROBED)}


def _check(by: User, reason: str) -> None:
    if not by.may(Right.SOURCES):
        raise DeskRefusal(_("the role %(role)s rules on no sources; ask an operator or a lead", role=by.role))
    if not reason.strip():
        raise DeskRefusal(_("say why in a sentence: whoever meets the name again will read it"))


def _ruling(entry: audit.AuditEntry) -> SourceRuling:
    detail = entry.values
    return SourceRuling(
        seq=entry.seq, verdict=_ACTIONS[entry.action], venue=entry.subject, by=entry.actor, at=entry.moment,
        reason=detail["reason"], confirmed=frozenset(detail.get("confirmed", ())), flagged=frozenset(detail.get("flagged", ())),
        source=detail.get("source", ""),
    )  # fmt: skip
