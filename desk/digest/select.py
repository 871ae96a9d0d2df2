"""Selects what is new since the last digest from the index, the decisions and the run reports; writes nothing."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, func, select

from desk.cases.case_decisions import SEVERITIES, Case, cases, decided_cases
from desk.cases.saved_searches import base_of, count_grown, list_searches, query_of
from desk.cases.top_reasons import grounds, has_ground, learned_share, telling
from desk.custody import audit
from desk.digest.edition import DigestItem, Edition, Retraction, SharedSearchCount, WeekCounts
from desk.digest.movements import movements
from desk.highlighting import Excerpt, Mark, excerpt, plain_line
from desk.masks import contact_marks, headline, mask_contacts
from desk.tables import decisions, digests, mentions
from desk.week_coverage import SourceCoverage
from enrichment.harm import priority
from index.admission import AT_RISK
from index.base import Query, Record, RecordStore, Store, StoreError, StoreUnavailable
from index.query.parse import Places

LISTED = {"confirmed": 40, "unreviewed": 25, "movements": 12, "retracted": 40, "searches": 20}
"""Items set out in full at most (``desk.digest.fit`` may list fewer); the rest is counted in the mail and listed at the desk."""
NOTE = 300
"""Characters of an analyst's note in a mail; the desk has all of it."""
GONE = "No longer in the index"
_GRAVITY = {severity: rank for rank, severity in enumerate(SEVERITIES)}
WITHHELD = "Words of somebody at risk"
_SPACE = re.compile(r"\s+")


class _News(NamedTuple):
    """What no digest reported yet."""

    flagged: list[Record]
    standing: Mapping[str, Case]
    mentioned: Mapping[tuple[str, str], str]
    """(item, standing) -> week of the mail that reported it so."""
    retracted: list[Retraction]
    confirmed: list[tuple[Record, Case]]
    fresh: list[Record]
    """Flagged and undecided."""
    offered: list[Record]
    """Those of them that nobody at risk wrote."""
    listed: list[Record]
    """The ones that a person can check."""

    def confirmed_at_once(self) -> list[Record]:
        """Return what was confirmed before any digest reported it as flagged."""
        return [one for one, _ in self.confirmed if one.assessment.flagged and (one.id, "unreviewed") not in self.mentioned]

    def dismissed_at_once(self, since: datetime, until: datetime) -> list[Record]:
        """Return what was dismissed in the period before any digest reported it."""
        return [
            record
            for record in self.flagged
            if self.standing[record.id].state == "dismissed"
            and (decision := self.standing[record.id].in_force) is not None
            and since < decision.at <= until
            and not {(record.id, standing) for standing in ("unreviewed", "confirmed", "withdrawn")} & self.mentioned.keys()
        ]


def edition(
    connection: Connection, store: Store, covered: Iterable[SourceCoverage], *, week: str, subscription: str, until: datetime,
    places: Places | None = None,
) -> Edition:  # fmt: skip
    """Return the digest of everything not yet reported to ``subscription``, at the moment ``until``."""
    last = last_built(connection, subscription)
    since = last or until - timedelta(days=7)
    covered = tuple(covered)
    news = _collect_news(connection, store, subscription)
    moved = movements(news.flagged, news.standing, news.mentioned, last=last, since=since, until=until)
    searches, bases = count_watched(connection, store, since, until, places, _bases(connection, subscription))
    cases_of = {record.id: case for record, case in news.confirmed}
    ranked = _rank_records(record for record, _ in news.confirmed)
    whole = Edition(
        week=week,
        subscription=subscription,
        since=since,
        until=until,
        confirmed=tuple(sorted((_item(record, case=cases_of[record.id]) for record in ranked), key=_gravity)),
        unreviewed=tuple(_fold_campaigns(_rank_records(news.listed))),
        retracted=tuple(news.retracted),
        movements=tuple(moved),
        searches=tuple(searches),
        coverage=covered,
        counts=_count_news(connection, news, covered, since, until),
        audit_head=audit.head(connection),
        bases=tuple(bases.items()),
        told=tuple(
            [(record.id, "confirmed") for record, _ in news.confirmed]
            + [(record.id, "unreviewed") for record in news.fresh]
            + [(retraction.id, "unreviewed") for retraction in news.retracted]
        ),
        withdrawn=tuple(retraction.id for retraction in news.retracted),
    )
    return whole.cut(LISTED)


def _collect_news(connection: Connection, store: Store, subscription: str) -> _News:
    mentioned = _mention_weeks(connection, subscription)
    flagged = list(store.scan(Query(filters={"flagged": ("true",)})))
    standing = cases(connection, [record.id for record in flagged])
    retracted = _retracted_items(connection, store, mentioned)
    known = {item for item, how in mentioned if how == "unreviewed"} | {item.id for item in retracted}
    fresh = [record for record in flagged if standing[record.id].state == "open" and record.id not in known]
    offered = [record for record in fresh if record.assessment.stance not in AT_RISK]
    return _News(
        flagged=flagged,
        standing=standing,
        mentioned=mentioned,
        retracted=retracted,
        confirmed=[pair for pair in _confirmed_items(connection, store, flagged) if (pair[0].id, "confirmed") not in mentioned],
        fresh=fresh,
        offered=offered,
        listed=[record for record in offered if has_ground(record.assessment.signals)],
    )


def _count_news(
    connection: Connection, news: _News, covered: Iterable[SourceCoverage], since: datetime, until: datetime
) -> WeekCounts:
    confirmed, dismissed = news.confirmed_at_once(), news.dismissed_at_once(since, until)
    newly_flagged = [*news.fresh, *confirmed, *dismissed]
    return WeekCounts(
        new_flagged=len(newly_flagged),
        flagged_open=len(news.fresh),
        flagged_confirmed=len(confirmed),
        flagged_dismissed=len(dismissed),
        earlier=sum(record.first_seen <= since for record in newly_flagged),
        confirmed=len(news.confirmed),
        **_decided_counts(connection, since, until),
        waiting=sum(case.state == "open" for case in news.standing.values()),
        withheld=len(news.fresh) - len(news.offered),
        learned_alone=len(news.offered) - len(news.listed),
        postings=sum(source_coverage.postings for source_coverage in covered),
    )


def last_built(connection: Connection, subscription: str) -> datetime | None:
    """Return when the newest digest of a subscription was built."""
    query = select(func.max(digests.c.built_at)).where(digests.c.subscription == subscription)
    time: datetime | None = connection.execute(query).scalar_one()
    return time


def _bases(connection: Connection, subscription: str) -> dict[int, int]:
    """Return what the newest digest kept of each shared search; nothing when an older version built it."""
    query = select(digests.c.body).where(digests.c.subscription == subscription).order_by(digests.c.built_at.desc())
    body = connection.execute(query.limit(1)).scalar_one_or_none()
    return dict(msgspec.json.decode(body, type=Edition).bases) if body else {}


def _mention_weeks(connection: Connection, subscription: str) -> dict[tuple[str, str], str]:
    query = select(mentions.c.item_id, mentions.c.standing, mentions.c.week).where(mentions.c.subscription == subscription)
    return {(row.item_id, row.standing): row.week for row in connection.execute(query)}


def _confirmed_items(connection: Connection, store: RecordStore, flagged: list[Record]) -> list[tuple[Record, Case]]:
    """Return every confirmed item that is in the index, with its case; a person may confirm what was never flagged."""
    known = {record.id: record for record in flagged}
    sure = {case.item_id: case for case in decided_cases(connection) if case.state == "confirmed"}
    known |= store.get_many([item for item in sure if item not in known])
    return [(known[item], case) for item, case in sure.items() if item in known]


def _rank_records(records: Iterable[Record]) -> list[Record]:
    """Return records in bands of five points, within each the gravest harm first; network points never leave the house."""
    return sorted(
        records,
        key=lambda record: (-priority(record.assessment.score, record.assessment.harm.level), record.first_seen, record.id),
    )


def _fold_campaigns(records: list[Record]) -> list[DigestItem]:
    """Return one item per campaign, the strongest, counting those behind it."""
    heads: dict[str, Record] = {}
    behind: dict[str, int] = defaultdict(int)
    for record in records:
        key = record.campaign or record.id
        if key in heads:
            behind[key] += 1
        else:
            heads[key] = record
    return [_item(record, alike=behind[key]) for key, record in heads.items()]


def _item(record: Record, *, case: Case | None = None, alike: int = 0) -> DigestItem:
    judged = record.assessment
    offset = len(record.posting.title or "") + 1
    spans = [
        Mark(start=ground.start - offset, end=ground.end - offset, kind="for", key="", label=ground.gloss)
        for ground in grounds(judged.signals)
        if ground.start >= offset
    ]
    masks = contact_marks(record, offset, record.posting.text)
    decision = case.in_force if case else None
    withheld = judged.stance in AT_RISK  # a person confirmed what it tells of; its words stay at the desk all the same
    return DigestItem(
        id=record.id,
        title=WITHHELD if withheld else headline(record),
        excerpt=() if withheld else tuple(_pieces(excerpt(record.posting.text, [*spans, *masks]))),
        reasons=tuple(plain_line(gloss) for gloss in telling(judged.signals)[:4]),
        wording=share.sentence if (share := learned_share(judged.signals)) and share.points > 0 else "",
        language=judged.language.code,
        tag=decision.tag or judged.tag if decision else judged.tag,
        score=round(judged.score),
        harm=judged.harm.level,
        source=record.posting.source,
        first_seen=record.first_seen,
        alike=alike,
        severity=decision.severity if decision else None,
        clause=decision.clause if decision else None,
        note=_note(plain_line(mask_contacts(decision.disclosed.replace("\n", " "), record))) if decision else "",
        stance=judged.stance,
    )


def _pieces(shown: Excerpt) -> Iterable[tuple[str, bool]]:
    """Yield the excerpt in pieces, each contact replaced once by its kind."""
    last: Mark | None = None
    for piece in shown.pieces:
        contact = next((mark for mark in piece.marks if mark.kind == "contact"), None)
        if contact is not None:
            if contact is not last:
                yield f"[{contact.key}]", False
        elif not piece.hidden:
            yield _SPACE.sub(" ", piece.text), any(mark.kind == "for" for mark in piece.marks)
        last = contact


def _gravity(item: DigestItem) -> int:
    """Return the place of a confirmed item: what takes people now stands first; then ``_ranked`` decides."""
    return _GRAVITY.get(item.severity or "", len(_GRAVITY))


def _note(text: str) -> str:
    return text if len(text) <= NOTE else f"{text[: NOTE - 1].rstrip()}… (the rest stands at the desk)"


def _retracted_items(connection: Connection, store: RecordStore, values: dict[tuple[str, str], str]) -> list[Retraction]:
    """Return items that an earlier digest called confirmed and that are not any more."""
    weeks = {item: week for (item, standing), week in values.items() if standing == "confirmed"}
    gone = {item: case for item, case in cases(connection, sorted(weeks)).items() if case.state != "confirmed"}
    records = store.get_many(gone)
    return [_retraction(item, case, weeks[item], records.get(item)) for item, case in gone.items()]


def _retraction(item: str, case: Case, week: str, record: Record | None) -> Retraction:
    if record is None:
        return Retraction(id=item, title=GONE, week=week, state=case.state)
    title = WITHHELD if record.assessment.stance in AT_RISK else headline(record)
    return Retraction(id=item, title=title, source=record.posting.source, week=week, state=case.state)


def _decided_counts(connection: Connection, since: datetime, until: datetime) -> dict[str, int]:
    """Return how many items the period left dismissed or undone: of an item decided about twice the last decision counts."""
    query = select(decisions.c.item_id, decisions.c.kind).where(decisions.c.at > since, decisions.c.at <= until)
    last = dict(tuple(row) for row in connection.execute(query.order_by(decisions.c.item_id, decisions.c.seq)))
    kinds = list(last.values())
    return {"dismissed": kinds.count("dismiss"), "undone": kinds.count("undo")}


def count_watched(
    connection: Connection, store: Store, since: datetime, until: datetime, places: Places | None, bases: Mapping[int, int]
) -> tuple[list[SharedSearchCount], dict[int, int]]:
    """Return each shared search that has new matches, or can no longer be run; and the bases the next digest compares with.

    Names only, because a query may hold a contact. ``bases`` are those of the digest before.
    """
    shared_search_counts, counted = [], {}
    for saved in list_searches(connection, None):
        added: int | None
        try:
            query = query_of(saved, until, places)
            query = replace(query, until=min(filter(None, (query.until, until))))
            added = count_grown(store, query, since, bases.get(saved.id))
            counted[saved.id] = base_of(store, query, until)
        except StoreUnavailable:
            raise
        except StoreError:  # this one alone cannot be carried out: the desk says why, and the others go on
            added = None
        if added != 0:
            shared_search_counts.append(SharedSearchCount(id=saved.id, name=saved.name, owner=saved.owner, added=added))
    return shared_search_counts, counted
