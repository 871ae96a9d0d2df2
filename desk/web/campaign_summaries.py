"""Campaigns as pages show them: in numbers for an overview, in full with what people ruled for one."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

import msgspec

from desk.cases.campaign_rulings import Ruling, all_rulings, concerning, rulings_in_force
from desk.cases.case_decisions import Case, DecisionBatch, cases, standing_batches
from desk.cases.standing_orders import NearCopy, StandingOrder, is_followed, near_copies, orders_of
from desk.web.context import Desk
from desk.web.view import Line, line
from foundation.messages import _
from index.base import CampaignRecord, Hit, Record
from index.campaigns.dossier import (
    QUIET,
    WEEK,
    Counted,
    Dossier,
    Order,
    contacts,
    count_values,
    dossier,
    rank_campaigns,
    weekly,
)

MEMBERS = 50
"""Members on one page of a campaign, and those a line of the overview counts languages, sources and contacts of: the newest."""
TEXTS = 3
"""Texts with most copies that a campaign's page lays out."""
PAGE = 40
WEEKS, LANGUAGES = 16, 8
"""Weeks and languages that a campaign's spread shows apart."""
ORDERS: dict[Order, str] = {"growth": _("Fastest growing"), "size": _("Largest"), "newest": _("Newest advert")}


class CampaignSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign in numbers."""

    id: str
    head: Record
    total: int
    growth: int
    quiet: bool
    languages: Counted
    sources: Counted
    contacts: Counted
    """(``type:value``, members that carry it), shared ones only."""
    states: dict[str, int]
    first_seen: datetime
    newest: datetime
    """When its newest advert was first seen."""
    locked: bool


class WeekChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What a campaign has that it had not a week ago, and what is gone since."""

    members: tuple[Record, ...]
    """Newest first."""
    contacts: tuple[str, ...]
    languages: tuple[str, ...]
    places: tuple[str, ...]
    gone: tuple[Record, ...]
    """Those that a look found deleted."""

    @property
    def nothing(self) -> bool:
        """Whether nothing changed."""
        return not (self.members or self.gone)


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How many adverts of each language were first seen in each week."""

    weeks: tuple[date, ...]
    """Mondays of the newest weeks, at most ``WEEKS``."""
    rows: tuple[tuple[str, int, tuple[int, ...]], ...]
    """Language, adverts of earlier weeks, adverts of each week; the largest first, beyond ``LANGUAGES`` together as "" ."""
    top: int


class Members(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign in full."""

    group: CampaignSummary
    dossier: Dossier
    lines: tuple[Line, ...]
    """A page of the members, newest first."""
    start: int
    """Newer members than those of the page."""
    rulings: tuple[Ruling, ...]
    """What people ruled about it, newest first."""
    spread: Spread
    changes: WeekChanges
    batches: tuple[DecisionBatch, ...]
    """Decisions about several of it at once that stand."""
    orders: dict[str, list[StandingOrder]]
    """By the decision they follow, newest first."""
    followed: frozenset[int]
    """Numbers of the orders that are in force."""
    copies: tuple[NearCopy, ...]
    """Near-copies that a person may confirm with one key."""


def overview(desk: Desk, order: Order = "growth", start: int = 0) -> tuple[list[CampaignSummary], int]:
    """Return a page of all campaigns in order, and how many there are."""
    kept = rank_campaigns(desk.store.campaigns(), order, desk.clock())
    return groups(desk, kept[start : start + PAGE]), len(kept)


def groups(desk: Desk, kept: Sequence[CampaignRecord]) -> list[CampaignSummary]:
    """Return campaigns in numbers, in the order given; one whose adverts are gone is left out."""
    newest = {each.campaign.id: each.campaign.members[-MEMBERS:] for each in kept}
    stored = desk.store.get_many(name for names in newest.values() for name in names)
    with desk.engine.connect() as connection:
        standing = cases(connection, [name for each in kept for name in each.campaign.members])
        locked = _locked_adverts(all_rulings(connection))
    records = {key: [stored[name] for name in names if name in stored] for key, names in newest.items()}
    there = [each for each in kept if records[each.campaign.id]]
    return [_group(desk, each, records[each.campaign.id], standing, locked) for each in there]


def members_of(desk: Desk, campaign: str, start: int = 0) -> Members | None:
    """Return a campaign in full, with a page of its members, or None."""
    result = dossier(desk.store, campaign, shown=TEXTS)
    if result is None:
        return None
    start = min(start, max(0, len(result.members) - 1)) // MEMBERS * MEMBERS
    shown = result.members[::-1][start : start + MEMBERS]
    kept = CampaignRecord(campaign=result.campaign, growth=result.growth)
    with desk.engine.connect() as connection:
        standing = cases(connection, result.campaign.members)
        batches = tuple(standing_batches(standing.values()))
        orders = orders_of(connection, [each.decision.batch for each in batches if each.decision.batch])
        followed = frozenset(order.id for order in orders if is_followed(connection, order, desk.clock()))
        copies = tuple(near_copies(connection, desk.store, desk.clock(), campaign)) if followed else ()
        ruled = concerning(all_rulings(connection), campaign, result.campaign.members)
    lines = tuple(line(Hit(record=record), standing[record.id]) for record in shown)
    group = _group(desk, kept, result.members, standing, _locked_adverts(ruled))
    return Members(
        group=group, dossier=result, lines=lines, start=start, rulings=tuple(ruled), spread=spread_of(result.members),
        changes=week_changes(result.members, desk.clock()), batches=batches,
        orders={batch: [order for order in orders if order.batch == batch] for batch in {order.batch for order in orders}},
        followed=followed, copies=tuple(copy for copy in copies if copy.decision.kind == "confirm"),
    )  # fmt: skip


def spread_of(members: Sequence[Record]) -> Spread:
    """Return how many adverts of each language were first seen in each week."""
    every = weekly(record.first_seen for record in members)
    shown = every[-WEEKS:]
    sizes = Counter(record.assessment.language.code for record in members)
    apart = [code for code, _ in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0]))][:LANGUAGES]
    seen: dict[str, list[datetime]] = {code: [] for code in apart}
    for record in members:
        code = record.assessment.language.code
        seen.setdefault(code if code in apart else "", []).append(record.first_seen)
    rows = []
    for code, moments in seen.items():
        counts = {week.monday: week.adverts for week in weekly(moments)}
        cells = tuple(counts.get(week.monday, 0) for week in shown)
        rows.append((code, len(moments) - sum(cells), cells))
    return Spread(weeks=tuple(week.monday for week in shown), rows=tuple(rows), top=max(max(cells) for _, _, cells in rows))


def week_changes(members: Sequence[Record], now: datetime) -> WeekChanges:
    """Return what the last seven days brought to a campaign that it did not have before, and what they took."""
    since = now - WEEK
    late = [record for record in members if record.first_seen > since]
    early = [record for record in members if record.first_seen <= since]

    def list_new(values: Callable[[Record], Iterable[str]]) -> tuple[str, ...]:
        known = {value for record in early for value in values(record)}
        return tuple(dict.fromkeys(value for record in late for value in values(record) if value not in known))

    return WeekChanges(
        members=tuple(late[::-1]),
        contacts=list_new(lambda record: [f"{each.type}:{each.value}" for each in record.assessment.contacts]),
        languages=list_new(lambda record: [record.assessment.language.code]),
        places=list_new(lambda record: [place.name for place in record.assessment.places]),
        gone=tuple(
            record
            for record in members
            if record.revisions and record.revisions[-1].change == "deleted" and record.revisions[-1].at > since
        ),
    )


def _locked_adverts(rulings: Iterable[Ruling]) -> frozenset[str]:
    return frozenset(name for ruling in rulings_in_force(rulings) if ruling.kind == "lock" for name in ruling.ids)


def _group(
    desk: Desk, kept: CampaignRecord, records: Sequence[Record], standing: dict[str, Case], locked: frozenset[str]
) -> CampaignSummary:
    campaign = kept.campaign
    newest = campaign.last_seen or max(record.first_seen for record in records)
    return CampaignSummary(
        id=campaign.id, head=max(records, key=lambda record: (record.assessment.score, record.id)), total=len(campaign.members),
        growth=kept.growth, quiet=newest < desk.clock() - QUIET, languages=count_values(records, "language"),
        sources=count_values(records, "source"), contacts=tuple(pair for pair in contacts(records)[:12] if pair[1] > 1),
        states=dict(Counter(standing[name].state for name in campaign.members)),
        first_seen=campaign.first_seen or min(item.first_seen for item in records), newest=newest,
        locked=campaign.members[0] in locked,
    )  # fmt: skip
