"""What became of the notices to each platform: one count, which page, command, CSV and API show alike.

A platform is measured by what was seen of its notices alone: what nobody could look at blames nobody.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from statistics import median

import msgspec
from sqlalchemy import Connection

from desk.agreement_measures import wilson
from desk.rechecks.notice_outcomes import KNOWN, KnownCounts, OutcomeCount, count_elsewhere, count_known, count_outcomes
from index.export import cell


class HoursToRemoval(msgspec.Struct, frozen=True, kw_only=True):
    """How soon adverts were gone after their notice; each is known as an interval, so the median is one too."""

    low: float
    """Half of them were last seen there no later than this."""
    high: float
    """Half of them were seen gone no later than this."""


class PlatformOutcomes(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the notices to one platform."""

    platform: str
    sent: int
    withdrawn: int
    """Taken back by us; all others are in one of the four states."""
    known: KnownCounts
    share: tuple[float, float] | None
    """95 % interval of the share that is gone, of what was seen gone or there; None when nothing was seen."""
    hours: HoursToRemoval | None
    """Of those that were seen gone; None when none was."""
    refused: int
    back: int
    """Seen there after they were seen gone."""
    elsewhere: int
    """Seen gone, and the same contact, text or picture came up elsewhere."""


def platform_outcomes(connection: Connection, until: datetime | None = None, platform: str = "") -> dict[str, PlatformOutcomes]:
    """Return what became of the notices to every platform that was told of anything, or to one."""
    groups: dict[str, list[OutcomeCount]] = defaultdict(list)
    for each in count_outcomes(connection, until, platform=platform):
        groups[each.platform].append(each)
    elsewhere = count_elsewhere(connection)
    return {name: _outcomes_of(name, found, elsewhere.get(name, 0)) for name, found in sorted(groups.items())}


def _outcomes_of(platform: str, found: Collection[OutcomeCount], elsewhere: int) -> PlatformOutcomes:
    counts: Counter[str] = Counter()
    for each in found:
        counts.update(
            sent=each.count, withdrawn=each.withdrawn * each.count, refused=(each.answer == "refused") * each.count,
            back=(each.back and not each.withdrawn) * each.count,
        )  # fmt: skip
    known = count_known(found)
    seen = known.seen_gone + known.seen_there
    return PlatformOutcomes(
        platform=platform, known=known, share=wilson(known.seen_gone, seen) if seen else None,
        hours=_median_hours([hours for each in found if each.is_gone for hours in each.hours]), elsewhere=elsewhere,
        **{name: counts[name] for name in ("sent", "withdrawn", "refused", "back")},
    )  # fmt: skip


def _median_hours(intervals: Collection[tuple[float, float]]) -> HoursToRemoval | None:
    if not intervals:
        return None
    return HoursToRemoval(low=median(low for low, _ in intervals), high=median(high for _, high in intervals))


def outcomes_csv(outcomes: Iterable[PlatformOutcomes], titles: Mapping[str, str]) -> bytes:
    """Return what became of notices as a spreadsheet whose cells are no formulas, a row for each platform."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    beside = ("withdrawn", "refused", "back", "elsewhere")
    writer.writerow(
        ["platform", "title", "sent", *KNOWN, *beside, "share_from", "share_to", "hours_from", "hours_to"]
    )  # fmt: skip
    for each in outcomes:
        counts = [getattr(each.known, name) for name in KNOWN] + [getattr(each, name) for name in beside]
        hours = (each.hours.low, each.hours.high) if each.hours else ("", "")
        bounds = [f"{value:.3f}" if value != "" else "" for value in (*(each.share or ("", "")), *hours)]
        writer.writerow([cell(each.platform), cell(titles.get(each.platform, each.platform)), each.sent, *counts, *bounds])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")
