"""The content of one weekly mail; it is stored before anything is sent."""

from datetime import UTC, datetime, timedelta

import msgspec

from desk.week_coverage import GRAVITY, SourceCoverage
from enrichment.assessment import HarmLevel


class DigestItem(msgspec.Struct, frozen=True, kw_only=True):
    """One listing in the mail: what it says, why it was flagged, where to look."""

    id: str
    title: str
    excerpt: tuple[tuple[str, bool], ...]
    """Pieces of text; True for those that are evidence. Contacts are masked: a mail is no place for them."""
    reasons: tuple[str, ...]
    wording: str = ""
    """The share of learned wording; it is named before the reasons and is none of them."""
    language: str
    tag: str
    score: int
    source: str
    first_seen: datetime
    alike: int = 0
    """Number of further new items of the same campaign."""
    harm: HarmLevel = "unstated"
    """The harm to people that the text shows (``enrichment.harm``)."""
    severity: str | None = None
    clause: str | None = None
    note: str = ""
    stance: str = msgspec.field(default="offer", name="voice")
    """The stance of the text. The mail never has title or excerpt of texts by people at risk."""


class Retraction(msgspec.Struct, frozen=True, kw_only=True):
    """A listing that an earlier mail called confirmed and that is not any more: enough to recognise it, without the
    accusation."""

    id: str
    title: str
    """With contacts masked; a sentence in its place when the words are withheld or no longer in the index."""
    source: str = ""
    week: str = ""
    """ISO week of the mail that called it confirmed."""
    state: str = "open"
    """How its case stands now: ``open``, or ``dismissed`` when a person found that it is no lure."""


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


class SharedSearchCount(msgspec.Struct, frozen=True, kw_only=True):
    """A search the desk shares, and how many adverts are new in it."""

    id: int
    name: str
    owner: str
    added: int | None
    """``None`` when it cannot be run any more; opening it shows why."""


class WeekCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of the week; each item counts once."""

    new_flagged: int = 0
    """Flagged, and reported for the first time: the sum of ``flagged_open``, ``flagged_confirmed`` and ``flagged_dismissed``."""
    flagged_open: int = 0
    flagged_confirmed: int = 0
    flagged_dismissed: int = 0
    earlier: int = 0
    """Those of ``new_flagged`` that were first seen before the period: they reached the index, or were flagged, later."""
    confirmed: int = 0
    """Confirmed, and reported as confirmed for the first time."""
    dismissed: int = 0
    """Items whose last decision in the period dismissed them."""
    undone: int = 0
    """Items whose last decision in the period took one back."""
    waiting: int = 0
    """Flagged and undecided now, however old."""
    withheld: int = 0
    """Flagged texts by people who report harm done to them or look for work: never listed in a mail."""
    learned_alone: int = 0
    """Newly flagged only by their wording: not listed, because there is no reason to name."""
    postings: int = 0
    """Adverts read from all sources, each counted once."""


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """One week's digest."""

    week: str
    """ISO week, ``2026-W48``."""
    subscription: str
    since: datetime
    until: datetime
    counts: WeekCounts
    confirmed: tuple[DigestItem, ...] = ()
    unreviewed: tuple[DigestItem, ...] = ()
    brief: bool = False
    """Whether excerpts and notes of confirmed items were left out for lack of room."""
    more_confirmed: int = 0
    """New confirmed items beyond those listed."""
    more_unreviewed: int = 0
    retracted: tuple[Retraction, ...] = ()
    """Listed as confirmed in an earlier digest, no longer so."""
    more_retracted: int = 0
    movements: tuple[Movement, ...] = ()
    more_movements: int = 0
    searches: tuple[SharedSearchCount, ...] = ()
    more_searches: int = 0
    listed_uncovered: int = 12
    """How many of ``incomplete_sources`` the mail names; the rest it counts."""
    coverage: tuple[SourceCoverage, ...] = ()
    audit_head: str
    """Copies outside of the database prove later that the log's end was not cut off."""

    bases: tuple[tuple[int, int], ...] = ()
    """(shared search, what ``desk.cases.saved_searches.base_of`` counted), so that the next digest can report late items."""
    told: tuple[tuple[str, str], ...] = ()
    """(item, ``confirmed`` or ``unreviewed``) for everything listed or counted here, so that nothing is told twice."""
    withdrawn: tuple[str, ...] = ()
    """Every item taken back, listed or counted."""

    @property
    def empty(self) -> bool:
        """Whether it has no news."""
        listed = self.confirmed or self.unreviewed or self.retracted or self.movements or self.searches
        counted = self.more_confirmed + self.more_unreviewed + self.more_retracted + self.more_movements + self.more_searches
        return not (listed or counted)

    def cut(self, listed: dict[str, int]) -> "Edition":
        """Return the edition with each list cut to so many, and what was cut added to its count."""
        changes: dict[str, object] = {}
        for name, count in listed.items():
            items = getattr(self, name)
            rest = sum(1 + item.alike for item in items[count:]) if name == "unreviewed" else len(items[count:])
            changes |= {name: items[:count], f"more_{name}": getattr(self, f"more_{name}") + rest}
        return msgspec.structs.replace(self, **changes)

    @property
    def incomplete_sources(self) -> tuple[SourceCoverage, ...]:
        """Sources that a run did not read whole, that delivered nothing, or that need attention; the least covered first."""
        rest = [source_coverage for source_coverage in self.coverage if not source_coverage.is_whole]
        return tuple(sorted(rest, key=lambda one: (not one.dark, -GRAVITY.index(one.worst.state) if one.worst else 0)))


def iso_week(moment: datetime) -> str:
    """Return the ISO week of a moment in UTC, ``2026-W48``; the time zone of the machine does not matter."""
    year, week, _ = moment.astimezone(UTC).isocalendar()
    return f"{year}-W{week:02d}"


def week_end(week: str) -> datetime:
    """Return the first moment after an ISO week, UTC; raise ValueError for a text that is no week."""
    return datetime.strptime(f"{week}-1 +0000", "%G-W%V-%u %z") + timedelta(days=7)
