"""What one weekly mail says, as a value that is stored before anything is sent."""

from datetime import datetime

import msgspec

from desk.coverage import Coverage


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One listing as the reader meets it: what it says, why it was flagged, where to look."""

    id: str
    title: str
    excerpt: tuple[tuple[str, bool], ...]
    """Pieces of text; True for those that are evidence. Contacts are masked: a mail is no place for them."""
    reasons: tuple[str, ...]
    language: str
    tag: str
    score: int
    source: str
    first_seen: datetime
    alike: int = 0
    """Further new items of the same campaign, standing behind this one."""
    severity: str | None = None
    clause: str | None = None
    note: str = ""
    voice: str = "offer"
    """How the text speaks. Of people at risk neither title nor excerpt is carried, confirmed or not."""


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign and what happened to it since the last digest."""

    campaign: str
    name: str
    """Title of its strongest member."""
    change: str
    """``new``, ``growing``, ``moved``, ``back``, ``quiet``."""
    members: int
    added: int
    languages: tuple[str, ...]
    sources: tuple[str, ...]
    new_ground: tuple[str, ...] = ()
    """Sources or languages it was not seen in before."""
    first_seen: datetime
    last_seen: datetime
    lead: str
    """Id of its strongest member."""


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A search the desk shares, and how many adverts are new in it."""

    id: int
    name: str
    owner: str
    added: int | None
    """``None`` when it can no longer be run; opening it says why."""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of the week; each item counts once."""

    new_flagged: int = 0
    """Flagged, and told for the first time: unreviewed, or confirmed at once."""
    confirmed: int = 0
    dismissed: int = 0
    undone: int = 0
    waiting: int = 0
    """Flagged and undecided now, however old."""
    withheld: int = 0
    """Flagged texts by people who tell of harm done to them or look for work: never listed in a mail."""
    postings: int = 0
    """Postings read by all sources."""


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """One week's digest."""

    week: str
    """ISO week, ``2026-W48``."""
    subscription: str
    since: datetime
    until: datetime
    counts: Counts
    confirmed: tuple[Item, ...] = ()
    unreviewed: tuple[Item, ...] = ()
    more_confirmed: int = 0
    """New confirmed items beyond those listed."""
    more_unreviewed: int = 0
    retracted: tuple[Item, ...] = ()
    """Listed as confirmed in an earlier digest, no longer so."""
    movements: tuple[Movement, ...] = ()
    more_movements: int = 0
    searches: tuple[Watched, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    audit_head: str
    """Kept here, outside the database, it proves later that the log's end was not cut off."""

    bases: tuple[tuple[int, int], ...] = ()
    """(shared search, what ``desk.looks.base_of`` counted), for the next digest to tell what reached the index late."""
    told: tuple[tuple[str, str], ...] = ()
    """(item, ``confirmed`` or ``unreviewed``) for everything listed or counted here, so that nothing is told twice."""

    @property
    def empty(self) -> bool:
        """Whether nothing new stands in it."""
        return not (self.confirmed or self.unreviewed or self.retracted or self.movements or self.searches)

    @property
    def uncovered(self) -> tuple[Coverage, ...]:
        """Sources that delivered nothing or need attention."""
        return tuple(one for one in self.coverage if one.dark or one.findings)
