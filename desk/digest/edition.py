"""The content of one weekly mail; it is stored before anything is sent."""

from datetime import UTC, datetime, timedelta

import msgspec

from desk.rechecks.notice_outcomes import KnownCounts
from desk.week_coverage import GRAVITY, SourceCoverage
from enrichment.assessment import HarmLevel

CARDS = 7
"""Most items that are set out; a mail is at most six screens of a telephone."""


class OfferedPay(msgspec.Struct, frozen=True, kw_only=True):
    """The pay a text names, as it names it."""

    low: float
    high: float
    currency: str
    """ISO 4217; empty when the text names none."""
    monthly_usd: int | None = None


class NoticeState(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the adverts of one entry of the mail after they were reported to their platforms."""

    reported: int = 0
    known: KnownCounts = KnownCounts()
    """How many of them are in each state."""
    median_hours: int | None = None
    """From the notice to the look that found them gone; None when none was."""
    refused: int = 0
    """Of the reported ones, those whose platform said no."""
    back: int = 0
    """Of the reported ones, those that were seen gone and stand there again."""


class DigestItem(msgspec.Struct, frozen=True, kw_only=True):
    """One listing in the mail: what it says, why it was flagged, where to look."""

    id: str
    title: str
    excerpt: tuple[tuple[str, bool | int], ...]
    """Pieces of text; those that are evidence have the number of their reason, from 1 (``True`` in a mail of release 0.2).
    Contacts are masked: a mail is no place for them."""
    reasons: tuple[str, ...]
    translated: tuple[tuple[str, str], ...] = ()
    """Language -> the title as the desk's provider translated it, contacts masked."""
    places: tuple[str, ...] = ()
    pay: OfferedPay | None = None
    notices: NoticeState = NoticeState()
    campaign: str = ""
    language: str
    tag: str
    score: int
    source: str
    first_seen: datetime
    alike: int = 0
    """Number of further items of the same campaign, or of the same title, told with it."""
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
    mailed_at: datetime | None = None
    """When that mail was built; None in mails of older releases."""
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
    new_ground: tuple[str, ...] = ()
    """Sources or languages it was not seen in before."""
    lead: str
    """Id of its strongest member."""


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """One number over eight weeks that end with the period, the newest last."""

    name: str
    """``flagged`` (by the day first seen), ``confirmed`` (by the day decided), ``reported`` (by the day a list left)."""
    weeks: tuple[int, ...]


class Corridor(msgspec.Struct, frozen=True, kw_only=True):
    """Adverts of the period on boards of one country that name one place."""

    origin: str
    """ISO 3166 code of the country whose people read the board."""
    place: str
    adverts: int


class Pretext(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of work that adverts of the period offered."""

    indicator: str
    adverts: int


class PayLevel(msgspec.Struct, frozen=True, kw_only=True):
    """The pay that adverts of the period offered, in US dollars a month."""

    adverts: int
    """Those that name one."""
    median: int
    low: int
    """A quarter of them offer less."""
    high: int
    """A quarter of them offer more."""


class NewSighting(msgspec.Struct, frozen=True, kw_only=True):
    """A place or wording that no flagged advert had before the period, on two boards or more."""

    word: str
    gloss: str = ""
    boards: int


class QueueAges(msgspec.Struct, frozen=True, kw_only=True):
    """How long flagged adverts wait for a person."""

    week: int = 0
    """Less than seven days."""
    month: int = 0
    """From seven days on, less than 28."""
    older: int = 0
    oldest_days: int = 0


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """What was reported to platforms, and what came of it, as the lists and the runs record it."""

    reported: int = 0
    """Adverts on lists that left in the period, each once."""
    withdrawn: int = 0
    """Notices taken back in the period."""
    gone: int = 0
    """Reported adverts that were seen gone in the period for the first time."""
    median_hours: int | None = None
    """From the list to the look that found them gone; None when none was."""
    back: int = 0
    """Reported adverts that were seen gone and that were found again in the period."""
    refused: int | None = None
    """Notices that platforms refused in the period, as people noted it; None in mails of older releases."""
    known: KnownCounts | None = None
    """How many of all notices in force are in each state; None in mails of older releases."""


class SharedSearchCount(msgspec.Struct, frozen=True, kw_only=True):
    """A search the desk shares, and how many adverts are new in it."""

    id: int
    name: str
    """Without what identifies anybody."""
    added: int | None
    """``None`` when it cannot be run any more; opening it shows why."""


class WeekCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of the week; each item counts once."""

    new_flagged: int = 0
    """Flagged, and reported for the first time: those undecided, confirmed or dismissed since."""
    earlier: int = 0
    """Those of ``new_flagged`` that were first seen before the period: they reached the index, or were flagged, later."""
    confirmed: int = 0
    """Confirmed, and reported as confirmed for the first time."""
    dismissed: int = 0
    """Items whose last decision in the period dismissed them."""
    waiting: int = 0
    """Flagged and undecided now, however old."""
    withheld: int = 0
    """Flagged texts by people who report harm done to them or look for work: never listed in a mail."""
    learned_alone: int = 0
    """Newly flagged only by their wording: not listed, because there is no reason to name."""


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """One week's digest."""

    week: str
    """ISO week, ``2026-W48``."""
    subscription: str
    schedule: str = "weekly"
    """``weekly``, ``daily`` or ``immediate``."""
    about: str = ""
    """Name of the saved search it is about, without what identifies anybody; empty when it is about none."""
    languages: tuple[str, ...] = ()
    """Languages of adverts it is about; none means all."""
    least_score: int = 0
    least_harm: HarmLevel = "unstated"
    since: datetime
    until: datetime
    counts: WeekCounts
    confirmed: tuple[DigestItem, ...] = ()
    unreviewed: tuple[DigestItem, ...] = ()
    more_confirmed: int = 0
    """New confirmed items beyond those listed."""
    more_unreviewed: int = 0
    retracted: tuple[Retraction, ...] = ()
    """Listed as confirmed in an earlier digest, no longer so."""
    more_retracted: int = 0
    movements: tuple[Movement, ...] = ()
    more_movements: int = 0
    changed: dict[str, int] = {}
    """Change -> campaigns, listed or not."""
    trends: tuple[Trend, ...] = ()
    corridors: tuple[Corridor, ...] = ()
    pretexts: tuple[Pretext, ...] = ()
    pay: PayLevel | None = None
    new_places: tuple[NewSighting, ...] = ()
    new_terms: tuple[NewSighting, ...] = ()
    new_contacts: int = 0
    """Contacts of which the same holds: a mail names none."""
    queue: QueueAges = QueueAges()
    ledger: Ledger = Ledger()
    searches: tuple[SharedSearchCount, ...] = ()
    more_searches: int = 0
    coverage: tuple[SourceCoverage, ...] = ()
    contact: str = ""
    """Address that answers go to; that of the sender where it is empty."""
    help_lines: tuple[str, ...] = ()
    """Who helps people in need, as the operator lists them."""
    audit_head: str
    """Copies outside of the database prove later that the log's end was not cut off."""
    seeds: str | None = None
    """Accepted commit of the seeds; empty: files as they stand; None: not known."""

    bases: tuple[tuple[int, int], ...] = ()
    """(shared search, what ``desk.people.saved_searches.base_of`` counted), so that the next digest can report late items."""
    told: tuple[tuple[str, str], ...] = ()
    """(item, ``confirmed`` or ``unreviewed``) for everything listed or counted here, so that nothing is told twice."""
    withdrawn: tuple[str, ...] = ()
    """Every item taken back, listed or counted."""

    @property
    def empty(self) -> bool:
        """Whether it has no news."""
        lists = ("confirmed", "unreviewed", "retracted", "movements", "searches")
        return not any(getattr(self, name) or getattr(self, f"more_{name}") for name in lists)

    def cut(self, listed: dict[str, int]) -> "Edition":
        """Return the edition with each list cut to so many, and what was cut added to its count."""
        changes: dict[str, object] = {}
        for name, count in listed.items():
            items = getattr(self, name)
            rest = sum(1 + getattr(item, "alike", 0) for item in items[count:])
            changes |= {name: items[:count], f"more_{name}": getattr(self, f"more_{name}") + rest}
        return msgspec.structs.replace(self, **changes)

    @property
    def cards(self) -> tuple[tuple[DigestItem, ...], tuple[DigestItem, ...]]:
        """The confirmed and the unreviewed items that are set out; all others get one line each."""
        confirmed = self.confirmed[:CARDS]
        return confirmed, self.unreviewed[: CARDS - len(confirmed)]

    def board(self, source: str) -> str:
        """Return the title of a board, or its name where it is not enabled any more."""
        return next((one.title for one in self.coverage if one.source == source), source)

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
