"""One decision on a campaign: which members it covers, and whether they still are those the form showed."""

import msgspec
from sqlalchemy import Connection

from desk.cases import CaseError, Conflict, cases
from desk.web.context import Desk
from desk.web.view import Line, line
from index.base import Hit, Query, Record
from index.history import text_sha256

MEMBERS = 200
"""Members of a campaign one decision covers at most; the page says so when there are more."""
_DIGEST = 16
"""Hex digits of a text's SHA-256 that a form carries: enough to tell an edit."""


class StaleForm(Conflict):
    """The campaign is not the one the form showed; the message says what changed, and nothing was decided."""

    def __init__(self, message: str) -> None:
        CaseError.__init__(self, message)


class DecisionScope(msgspec.Struct, frozen=True, kw_only=True):
    """What one decision on an item's campaign would cover."""

    records: tuple[Record, ...] = ()
    """The other undecided, flagged members, at most ``MEMBERS`` of the campaign being looked at."""
    lines: tuple[Line, ...] = ()
    """The same, as the page lists them."""
    seen: dict[str, int] = {}
    """Item -> number of its last decision."""
    size: int = 0
    """Members of the whole campaign."""

    @property
    def carried(self) -> str:
        """Return what a form carries of them: each id, its text and its last decision."""
        return " ".join(f"{one.id}:{_digest(one)}:{self.seen[one.id]}" for one in self.records)


def covered(desk: Desk, connection: Connection, record: Record) -> DecisionScope:
    """Return what a decision on the campaign of ``record`` covers beside it."""
    if record.campaign is None:
        return DecisionScope()
    found = desk.store.search(Query(campaign=record.campaign, size=MEMBERS, count_facets=False))
    members = [hit.record for hit in found.hits if hit.record.id != record.id and hit.record.assessment.flagged]
    standing = cases(connection, [one.id for one in members])
    undecided = [one for one in members if standing[one.id].state == "open"]
    return DecisionScope(
        records=tuple(undecided),
        lines=tuple(line(Hit(record=one), standing[one.id]) for one in undecided),
        seen={one.id: standing[one.id].seen for one in undecided},
        size=found.total,
    )


def decided_on(now: DecisionScope, carried: str, size: int) -> dict[str, int]:
    """Return which decision of each member the form showed; raise StaleForm unless the campaign is what the form showed."""
    shown: dict[str, tuple[str, int]] = {}
    for part in carried.split():
        item, _, rest = part.partition(":")
        digest, _, seen = rest.partition(":")
        if not seen.isdecimal():
            raise StaleForm("the form does not say which members it showed; load the page again")
        shown[item] = digest, int(seen)
    current = {one.id: one for one in now.records}
    changes = {
        "joined it or are undecided again": len(current.keys() - shown.keys()),
        "were decided or left it": len(shown.keys() - current.keys()),
        "were edited": sum(_digest(one) != shown[key][0] for key, one in current.items() if key in shown),
        "were decided about meanwhile": sum(now.seen[key] != shown[key][1] for key in current if key in shown),
    }
    found = [f"{number} {what}" for what, number in changes.items() if number]
    if not found and size != now.size:
        found = [f"it has {now.size} members, {size} when the form was made"]
    if found:
        raise StaleForm(f"the campaign changed after this form was made: {', '.join(found)}; nothing was decided, look again")
    return {item: seen for item, (_, seen) in shown.items()}


def _digest(record: Record) -> str:
    return text_sha256(record.posting.title, record.posting.text)[:_DIGEST]
