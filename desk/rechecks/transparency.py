"""The report for the public: what was reported to platforms in a quarter and what came of it, numbers alone.

It names a platform only once that had its card after the quarter, a week before, so that it sees its figures first. Counts below
five are folded, and no row holds anything of a person or of one advert.
"""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy import Connection, Engine, func, select

from desk.cases.case_decisions import TAGS
from desk.rechecks.notice_outcomes import OutcomeCount, count_outcomes
from desk.rechecks.report_card import ACTIONS, FIRST, HoursToAction, card_file, give_card, given_cards, median_hours
from desk.tables import lists
from foundation.messages import _
from index.export import cell

SETTLED = timedelta(days=30)
"""So long after a quarter its figures are fixed: by then a platform has acted or will not."""
FOLDED = 5
"""Counts below are not told."""
HIDDEN = "*"
"""What stands for a folded number."""
OTHERS = ""
"""The key of what is folded together."""


class TransparencyRow(msgspec.Struct, frozen=True, kw_only=True):
    """The notices about one kind of lure to one platform."""

    platform: str
    """Its key; ``OTHERS`` for several small ones, or ones that have not seen their figures yet."""
    tag: str
    """The kind of lure; ``OTHERS`` for several rare ones."""
    sent: int
    actions: dict[str, int | None]
    """How many ended in each of ``ACTIONS``; None for a number that is folded: one below five, none among them, so that two that
    add up to two are not both one."""
    hours: HoursToAction | None
    """None when fewer than five were removed."""


class Quarter(msgspec.Struct, frozen=True, order=True):
    """Three months of a year (UTC). Reports are of quarters alone: periods of free choice could be subtracted from each other."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: datetime) -> "Quarter":
        """Return the quarter of a moment."""
        return cls(moment.astimezone(UTC).year, (moment.astimezone(UTC).month + 2) // 3)

    @classmethod
    def parse(cls, name: str) -> "Quarter":
        """Return the quarter that is named, as ``2026-Q4``; raise ValueError for what names none."""
        found = re.fullmatch(r"(2\d{3})-?[Qq]([1-4])", name)
        if found is None:
            raise ValueError(_("name a quarter, as 2026-Q4"))
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def begin(self) -> datetime:
        """Its first moment."""
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first moment of the next."""
        return self.following.begin

    @property
    def following(self) -> "Quarter":
        """The next one."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def fixed_at(self) -> datetime:
        """When its figures are fixed: what is given out never changes, so nothing follows from two versions."""
        return self.end + SETTLED


class Transparency(msgspec.Struct, frozen=True, kw_only=True):
    """The report for the public."""

    quarter: Quarter
    until: datetime
    """What was known then."""
    fixed: bool
    """Whether it may be given out."""
    rows: tuple[TransparencyRow, ...]
    sent: int
    """Notices in these rows; how many are in none is told nowhere."""
    waiting: int
    """Platforms that did not get their card after the quarter and a week ago, and are not named."""


def reported_quarters(connection: Connection, now: datetime) -> list[Quarter]:
    """Return the quarters in which a notice left, and the running one, the newest first."""
    first = connection.execute(select(func.min(lists.c.sent_at)).where(lists.c.state == "sent")).scalar_one()
    found = [Quarter.of(first or now)]
    while found[-1] < Quarter.of(now):
        found.append(found[-1].following)
    return found[::-1]


def give_due_cards(engine: Engine, doors: Collection[str], titles: Mapping[str, str], *, actor: str, now: datetime) -> list[str]:
    """Put the card of each platform that looks at its door there, ``FIRST`` before the figures of a quarter are fixed; return
    those that got one.

    So each sees its figures, as the report about that quarter has them, before it is named. One that nobody told of anything in
    it, or before, gets none.
    """
    over = Quarter.of(now - SETTLED + FIRST).begin
    with engine.connect() as connection:
        given = given_cards(connection)
        due = [name for name in sorted(doors) if name not in given or given[name] < over + SETTLED - FIRST]
        told = {each.platform for each in count_outcomes(connection, before=over)} if due else set()
        cards = {name: card_file(connection, name, titles.get(name, name), now) for name in due if name in told}
    for name, content in cards.items():
        give_card(engine, name, content, actor=actor, now=now)
    return list(cards)


def transparency_report(connection: Connection, now: datetime, quarter: Quarter | None = None) -> Transparency:
    """Return the report about a quarter; where none is named, about the newest whose figures are fixed, else the running one."""
    if quarter is None:
        known = reported_quarters(connection, now)
        quarter = next((each for each in known if each.fixed_at <= now), known[0])
    until = min(now, quarter.fixed_at)
    told = count_outcomes(connection, until, since=quarter.begin, before=quarter.end)
    given = given_cards(connection, now - FIRST)
    named = {platform for platform, moment in given.items() if moment >= quarter.end}
    return transparency_of(told, named, quarter, until)


def transparency_of(told: Iterable[OutcomeCount], named: Collection[str], quarter: Quarter, until: datetime) -> Transparency:
    """Return the report from the counts of a quarter and the platforms that saw their figures."""
    period = list(told)
    groups: dict[tuple[str, str], list[OutcomeCount]] = defaultdict(list)
    for each in period:
        groups[each.platform if each.platform in named else OTHERS, each.tag].append(each)
    for width in (1, 0):  # rare kinds are folded into the rest of their platform, then small platforms into the others
        for key in [key for key, found in groups.items() if _size(found) < FOLDED and key[width] != OTHERS]:
            target = (key[0], OTHERS) if width else (OTHERS, OTHERS)
            if target != key:
                groups[target].extend(groups.pop(key))
    rows = [_row(platform, tag, found) for (platform, tag), found in groups.items() if _size(found) >= FOLDED]
    rows.sort(key=lambda row: (row.platform == OTHERS, row.platform, row.tag == OTHERS, row.tag))
    return Transparency(
        quarter=quarter, until=until, fixed=until >= quarter.fixed_at, rows=tuple(rows), sent=sum(row.sent for row in rows),
        waiting=len({each.platform for each in period} - set(named)),
    )  # fmt: skip


def _size(found: Iterable[OutcomeCount]) -> int:
    return sum(each.count for each in found)


def _row(platform: str, tag: str, found: Sequence[OutcomeCount]) -> TransparencyRow:
    counts: Counter[str] = Counter()
    for each in found:
        counts[each.action] += each.count
    folded = {name for name in ACTIONS if counts[name] < FOLDED}
    if not any(counts[name] for name in folded):  # nothing is small but what is nothing
        folded = set()
    elif len(folded) == 1:  # one folded number alone follows from the sum
        folded.add(min((name for name in ACTIONS if name not in folded), key=lambda name: counts[name]))
    hours = [each_hours for each in found for each_hours in each.hours]
    return TransparencyRow(
        platform=platform,
        tag=tag,
        sent=_size(found),
        actions={name: None if name in folded else counts[name] for name in ACTIONS},
        hours=median_hours(hours) if len(hours) >= FOLDED else None,
    )


def transparency_csv(report: Transparency, titles: Mapping[str, str], say: Callable[[str], str]) -> bytes:
    """Return the report as a spreadsheet whose cells are no formulas; ``say`` translates."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = [say(words) for words in ACTIONS.values()]
    heads = [_("platform"), _("kind"), _("sent")]
    writer.writerow([*map(say, heads), *names, say(_("hours, from")), say(_("hours, to"))])
    for row in report.rows:
        hours = (f"{row.hours.low:.1f}", f"{row.hours.high:.1f}") if row.hours else ("", "")
        counts = [HIDDEN if count is None else str(count) for count in row.actions.values()]
        platform = titles.get(row.platform, row.platform) or say(_("other platforms"))
        kind = say(TAGS[row.tag]) if row.tag in TAGS else say(_("other kinds"))
        writer.writerow([cell(platform), cell(kind), str(row.sent), *counts, *hours])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")
