"""A campaign as a page shows it: its members, what they share, where and when it moved."""

from collections import Counter
from datetime import datetime

import msgspec

from desk.cases import Case, cases
from desk.web.desk import Desk
from desk.web.view import Line, line
from enrichment.campaigns import item, link
from index.base import Query, Record
from index.terms import raw_text

MEMBERS = 200
SCANNED = 1000
"""Flagged items, fastest growing first, among which the overview looks for campaigns; it says so when there are more."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign in numbers."""

    id: str
    head: Record
    total: int
    growth: int
    languages: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, int], ...]
    contacts: tuple[tuple[str, int], ...]
    """(``type:value``, members that carry it), shared ones only."""
    states: dict[str, int]
    first_seen: datetime
    last_seen: datetime


class Members(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign and its members."""

    group: Group
    lines: tuple[Line, ...]
    why: tuple[tuple[str, int], ...]
    """Why they belong together, in words, and how many links say so; from the members shown."""


def overview(desk: Desk) -> tuple[list[Group], bool]:
    """Return campaigns of two and more flagged items, fastest growing first; True when not all items were looked at."""
    page = desk.store.search(Query(filters={"flagged": ("true",)}, sort="growth", size=SCANNED, count_facets=False))
    grouped: dict[str, list[Record]] = {}
    for hit in page.hits:
        if hit.record.campaign:
            grouped.setdefault(hit.record.campaign, []).append(hit.record)
    wanted = {key: members for key, members in grouped.items() if len(members) > 1}
    with desk.engine.connect() as connection:
        standing = cases(connection, [one.id for members in wanted.values() for one in members])
    found = [_group(key, members, len(members), standing) for key, members in wanted.items()]
    return sorted(found, key=lambda one: (-one.growth, -one.total, one.id)), page.cursor is not None


def members_of(desk: Desk, campaign: str) -> Members | None:
    """Return a campaign with its newest members, or None."""
    page = desk.store.search(Query(campaign=campaign, sort="newest", size=MEMBERS, count_facets=False))
    if not page.hits:
        return None
    with desk.engine.connect() as connection:
        standing = cases(connection, [hit.record.id for hit in page.hits])
    linked = link(item(hit.record.assessment, raw_text(hit.record), first_seen=hit.record.first_seen) for hit in page.hits)
    why = Counter(one.why for found in linked for one in found.links).most_common(8)
    group = _group(campaign, [hit.record for hit in page.hits], page.total, standing)
    return Members(group=group, lines=tuple(line(hit, standing[hit.record.id]) for hit in page.hits), why=tuple(why))


def _group(key: str, members: list[Record], total: int, standing: dict[str, Case]) -> Group:
    contacts = Counter(
        contact for one in members for contact in {f"{each.type}:{each.value}" for each in one.assessment.contacts}
    )
    return Group(
        id=key,
        head=max(members, key=lambda one: (one.assessment.score, one.id)),
        total=total,
        growth=max(one.growth for one in members),
        languages=tuple(Counter(one.assessment.language.code for one in members).most_common()),
        sources=tuple(Counter(one.posting.source for one in members).most_common()),
        contacts=tuple((value, count) for value, count in contacts.most_common(12) if count > 1),
        states=dict(Counter(standing[one.id].state for one in members)),
        first_seen=min(one.first_seen for one in members),
        last_seen=max(one.last_seen for one in members),
    )
