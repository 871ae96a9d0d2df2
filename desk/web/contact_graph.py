"""Which contacts of a campaign stand in which of its adverts, as two columns drawn on the server, the same each time.

Adverts with the same contacts are one node. What goes beyond the largest is counted, not drawn.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from index.base import Record

MOST_CONTACTS, MOST_GROUPS = 20, 40
"""Nodes of each column: those of most adverts."""
ROW, TOP = 22, 14
"""Height of a row, and of the middle of the first one."""


class ContactNode(msgspec.Struct, frozen=True, kw_only=True):
    """A contact, as ``type:value``."""

    value: str
    adverts: int
    languages: tuple[str, ...]
    first_seen: datetime
    newest: datetime
    y: int


class AdvertNode(msgspec.Struct, frozen=True, kw_only=True):
    """Adverts that have the same contacts."""

    item_id: str
    """The one first seen."""
    title: str
    adverts: int
    contacts: tuple[str, ...]
    y: int


class ContactGraph(msgspec.Struct, frozen=True, kw_only=True):
    """The drawing, and what it leaves out."""

    contacts: tuple[ContactNode, ...] = ()
    groups: tuple[AdvertNode, ...] = ()
    lines: tuple[tuple[int, int, int], ...] = ()
    """Heights at both ends, and for how many adverts the line stands."""
    more_contacts: int = 0
    more_adverts: int = 0
    """Adverts whose contacts are drawn, but not they."""
    silent: int = 0
    """Adverts without any contact."""

    @property
    def height(self) -> int:
        """Height of the drawing."""
        return max(len(self.contacts), len(self.groups)) * ROW + 2 * (TOP - ROW // 2)


def contact_graph(members: Sequence[Record]) -> ContactGraph:
    """Return the graph of a campaign's members, first seen first."""
    of = {record.id: tuple(sorted({f"{each.type}:{each.value}" for each in record.assessment.contacts})) for record in members}
    users: dict[str, list[Record]] = {}
    for record in members:
        for value in of[record.id]:
            users.setdefault(value, []).append(record)
    ranked = sorted(users, key=lambda value: (-len(users[value]), value))
    drawn = ranked[:MOST_CONTACTS]
    alike: dict[tuple[str, ...], list[Record]] = {}
    for record in members:
        if shown := tuple(value for value in of[record.id] if value in drawn):
            alike.setdefault(shown, []).append(record)
    largest = sorted(alike, key=lambda values: (-len(alike[values]), values))[:MOST_GROUPS]
    order = _order(largest, drawn)
    place = {value: TOP + ROW * number for number, value in enumerate(drawn)}
    groups = tuple(_advert_node(alike[values], values, TOP + ROW * number) for number, values in enumerate(order))
    return ContactGraph(
        contacts=tuple(_contact_node(value, users[value], place[value]) for value in drawn),
        groups=groups,
        lines=tuple((place[value], group.y, group.adverts) for group in groups for value in group.contacts),
        more_contacts=len(ranked) - len(drawn),
        more_adverts=sum(map(len, alike.values())) - sum(group.adverts for group in groups),
        silent=sum(not values for values in of.values()),
    )


def _order(groups: Iterable[tuple[str, ...]], drawn: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the right column by the mean place of what it is joined to, so that few lines cross."""
    place = {value: number for number, value in enumerate(drawn)}
    return sorted(groups, key=lambda values: (sum(place[value] for value in values) / len(values), values))


def _contact_node(value: str, records: Sequence[Record], y: int) -> ContactNode:
    languages = Counter(record.assessment.language.code for record in records)
    return ContactNode(
        value=value,
        adverts=len(records),
        languages=tuple(code for code, _ in sorted(languages.items(), key=lambda pair: (-pair[1], pair[0]))),
        first_seen=min(record.first_seen for record in records),
        newest=max(record.first_seen for record in records),
        y=y,
    )


def _advert_node(records: Sequence[Record], contacts: tuple[str, ...], y: int) -> AdvertNode:
    posting = records[0].posting
    title = posting.title or posting.text[:60]
    return AdvertNode(item_id=records[0].id, title=title, adverts=len(records), contacts=contacts, y=y)
