"""What became of the notices to each platform: a card for the platform itself, and the report for the public.

The public report names a platform only once its own card was given out a week before, so that it sees its figures first. Counts
below five are folded, and no row holds anything of a person or of one advert.
"""

import csv
import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

import msgspec
from sqlalchemy import Connection, Engine

from crawlers.text.messages import Message, _
from desk.agreement_measures import wilson
from desk.cases.case_decisions import TAGS
from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User
from desk.rechecks.clock import fates
from desk.rechecks.notice_outcomes import Action, OutcomeCount, count_elsewhere, count_outcomes
from index.export import cell

GIVEN = "card_given"
FIRST = timedelta(days=7)
"""So long before the public a platform sees its figures."""
FOLDED = 5
"""Counts below are not told."""
HIDDEN = "*"
"""What stands for a folded number."""
OTHERS = ""
"""The key of what is folded together."""
ACTIONS: dict[Action, Message] = {
    "removed": _("removed"),
    "standing": _("still there"),
    "refused": _("refused"),
    "withdrawn": _("taken back by us"),
    "unknown": _("not known"),
}
"""What became of a notice, each in one of these."""


class HoursToAction(msgspec.Struct, frozen=True, kw_only=True):
    """How soon adverts were gone after their notice; each is known as an interval, so the median is one too."""

    low: float
    """Half of them were last seen there no later than this."""
    high: float
    """Half of them were seen gone no later than this."""


class ReportCard(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the notices to one platform that were sent in a period."""

    platform: str
    sent: int
    removed: int
    """Found offline at least once since their notice."""
    hours: HoursToAction | None
    """None when none was removed."""
    share: tuple[float, float]
    """95 % interval of the share that was removed, of the notices that were not taken back."""
    back: int
    """Removed ones that were found at their address again."""
    elsewhere: int
    """Removed ones of which the same contact, text or picture came up elsewhere."""
    refused: int
    said_removed: int
    """The platform's word, whatever was seen."""
    withdrawn: int
    states: dict[str, int]
    """How many were last seen in each state, those taken back left out."""


def median_hours(known: Collection[tuple[float, float]]) -> HoursToAction | None:
    """Return the median hours to removal as an interval; None when none was removed."""
    return HoursToAction(low=median(low for low, _ in known), high=median(high for _, high in known)) if known else None


def platform_cards(connection: Connection, until: datetime | None = None, platform: str = "") -> dict[str, ReportCard]:
    """Return the card of every platform that was told of anything, or of one."""
    groups: dict[str, list[OutcomeCount]] = defaultdict(list)
    for each in count_outcomes(connection, until, platform=platform):
        groups[each.platform].append(each)
    elsewhere = count_elsewhere(connection)
    return {name: card_of(name, found, elsewhere.get(name, 0)) for name, found in sorted(groups.items())}


def card_of(platform: str, found: Iterable[OutcomeCount], elsewhere: int = 0) -> ReportCard:
    """Return the card of a platform from the counts of its notices."""
    counts: Counter[str] = Counter()
    states: Counter[str] = Counter()
    hours: list[tuple[float, float]] = []
    for each in found:
        hours += each.hours
        removed = len(each.hours)
        counts.update(
            sent=each.count, removed=removed, back=each.back * each.count, refused=(each.answer == "refused") * each.count,
            said_removed=(each.answer == "removed") * each.count, withdrawn=each.withdrawn * each.count,
            acted=0 if each.withdrawn else removed,
        )  # fmt: skip
        states[each.state] += 0 if each.withdrawn else each.count
    return ReportCard(
        platform=platform,
        hours=median_hours(hours),
        share=wilson(counts["acted"], counts["sent"] - counts["withdrawn"]),
        elsewhere=elsewhere,
        states=dict(+states),
        **{name: counts[name] for name in ("sent", "removed", "back", "refused", "said_removed", "withdrawn")},
    )


def card_file(connection: Connection, platform: str, title: str, until: datetime) -> bytes:
    """Return a card as the platform gets it: its figures, and what was seen of each notice (JSON); empty where none was sent.

    The platform has the notices, so it may see each; nothing stands here that is not its own.
    """
    own = platform_cards(connection, until, platform).get(platform)
    rows = [
        {
            "item_id": fate.notice.item_id, "sent_at": fate.notice.sent_at, "state": fate.state, "action": fate.action,
            "hours": fate.hours, "answer": fate.notice.answer, "reason": fate.notice.reason, "back_at": fate.back_at,
            "seen": [{"at": step.at, "state": step.state, "status": step.status, "proof_sha256": step.proof_sha256} for step in
                fate.seen],
        }
        for fate in fates(connection, until, platform=platform)
    ]  # fmt: skip
    content = {"platform": title, "until": until, "card": own, "notices": rows}
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n" if own else b""


def give_card(engine: Engine, platform: str, content: bytes, *, by: User, now: datetime) -> None:
    """Note that somebody took the card of a platform out to hand it on; a week later the public report may name the platform."""
    with writing(engine) as connection:
        detail: dict[str, object] = {"sha256": hashlib.sha256(content).hexdigest()}
        audit.append(connection, at=now, actor=by.name, action=GIVEN, subject=f"platform:{platform}", detail=detail)


def given_cards(connection: Connection) -> dict[str, datetime]:
    """Return when the card of each platform was first given out."""
    results: dict[str, datetime] = {}
    for entry in audit.entries(connection, GIVEN):
        results.setdefault(entry.subject.removeprefix("platform:"), entry.moment)
    return results


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


class Transparency(msgspec.Struct, frozen=True, kw_only=True):
    """The report for the public."""

    since: datetime | None
    until: datetime
    rows: tuple[TransparencyRow, ...]
    sent: int
    """Notices in these rows; how many are in none is told nowhere."""
    waiting: int
    """Platforms that have not seen their figures for a week, and are not named."""


def transparency_report(connection: Connection, until: datetime, since: datetime | None = None) -> Transparency:
    """Return the report about the notices of a period."""
    return transparency_of(count_outcomes(connection, until, since=since), given_cards(connection), until, since)


def transparency_of(
    told: Iterable[OutcomeCount], given: Mapping[str, datetime], until: datetime, since: datetime | None = None
) -> Transparency:
    """Return the report from the counts of a period."""
    period = list(told)
    platforms = {each.platform for each in period}
    named = {name for name in platforms if name in given and given[name] <= until - FIRST}
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
        since=since, until=until, rows=tuple(rows), sent=sum(row.sent for row in rows), waiting=len(platforms - named)
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
