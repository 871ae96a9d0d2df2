"""What became of the notices to each platform: its card, which it gets before the report for the public names it."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, delete, insert, select

from desk.agreement_measures import wilson
from desk.custody import audit
from desk.database import writing
from desk.rechecks.clock import fates
from desk.rechecks.notice_outcomes import Action, OutcomeCount, count_elsewhere, count_outcomes
from desk.tables import list_entries, lists, partner_cards
from foundation.messages import Message, _

GIVEN = "card_given"
FIRST = timedelta(days=7)
"""So long before the public a platform sees its figures."""
ACTIONS: dict[Action, Message] = {
    "removed": _("removed"),
    "standing": _("still there"),
    "refused": _("refused"),
    "withdrawn": _("taken back by us"),
    "unknown": _("not known"),
    "unasked": _("not asked yet"),
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
    """How many were last seen in each state, or not asked yet; those taken back are left out."""


class GivenCard(msgspec.Struct, frozen=True, kw_only=True):
    """A card as the platform gets it: its figures, and what was seen of each notice.

    The platform has the notices, so it may see each; nothing stands here that is not its own.
    """

    platform: str
    """What it is called."""
    until: datetime
    card: ReportCard
    notices: list[dict[str, Any]]


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
    """Return a card as the platform gets it (JSON); empty where no notice was sent."""
    own = platform_cards(connection, until, platform).get(platform)
    if own is None:
        return b""
    told = select(list_entries.c.item_id, list_entries.c.notice_id).join(lists, lists.c.id == list_entries.c.list_id)
    named = {row.item_id: row.notice_id for row in connection.execute(told.where(lists.c.platform == platform))}
    rows: list[dict[str, Any]] = [
        {
            "notice_id": named.get(fate.notice.item_id, ""),
            "sent_at": fate.notice.sent_at, "state": fate.state, "action": fate.action,
            "hours": fate.hours, "answer": fate.notice.answer, "reason": fate.notice.reason, "back_at": fate.back_at,
            "seen": [{"at": step.at, "state": step.state, "status": step.status, "proof_sha256": step.proof_sha256} for step in
                fate.seen],
        }
        for fate in fates(connection, until, platform=platform)
    ]  # fmt: skip
    content = GivenCard(platform=title, until=until, card=own, notices=rows)
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def give_card(engine: Engine, platform: str, content: bytes, *, actor: str, now: datetime) -> None:
    """Note that somebody, or a service, took the card of a platform out, and put it at its door; a week later the public report
    may name it."""
    with writing(engine) as connection:
        connection.execute(delete(partner_cards).where(partner_cards.c.platform == platform))
        connection.execute(insert(partner_cards).values(platform=platform, content=content.decode(), at=now))
        detail: dict[str, object] = {"sha256": hashlib.sha256(content).hexdigest()}
        audit.append(connection, at=now, actor=actor, action=GIVEN, subject=f"platform:{platform}", detail=detail)


def given_cards(connection: Connection, until: datetime | None = None) -> dict[str, datetime]:
    """Return when the card of each platform was last given out."""
    given = (entry for entry in audit.entries(connection, GIVEN) if until is None or entry.moment <= until)
    return {entry.subject.removeprefix("platform:"): entry.moment for entry in given}
