"""Selects what is new since the last digest from the index, the decisions and the run reports; writes nothing."""

from collections.abc import Container, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, func, select

from desk.cases.case_decisions import Case, decided_cases
from desk.cases.reason_marks import all_struck
from desk.cases.top_reasons import grounds
from desk.cases.visible_store import visible
from desk.custody import audit
from desk.digest.edition import CARDS, Edition, QueueAges, Retraction, SharedSearchCount, Trend, WeekCounts
from desk.digest.mail_items import CHANGES, fold_confirmed, fold_unreviewed, item_of, kept_advert, movements, name_of
from desk.digest.week_figures import LISTED as FIGURES
from desk.digest.week_figures import WEEKS, KeptAdvert, TakedownLedger, WeekFigures, add_to_week, each_record
from desk.masks import without_identities
from desk.people.saved_searches import base_of, count_grown, list_searches, query_of
from desk.tables import decisions, digests, mentions
from desk.week_coverage import SourceCoverage
from enrichment.garbage_collection import pause_garbage_collection
from index.admission import AT_RISK
from index.base import Query, RecordStore, Store, StoreError, StoreUnavailable
from index.query.parse import Places

LINES = {"confirmed": 6, "unreviewed": 4}
"""Items that get one line each behind those set out."""
LISTED = {"movements": 5, "retracted": 4, "searches": 3}
"""Lines of each kind at most; the rest is counted in the mail and listed at the desk."""


class _KeptBases(msgspec.Struct):
    """Of an edition only its bases: the rest may name every advert there is."""

    bases: tuple[tuple[int, int], ...] = ()


class _News(NamedTuple):
    """What no digest reported yet."""

    flagged: list[KeptAdvert]
    decided: Mapping[str, Case]
    mentioned: Mapping[tuple[str, str], tuple[str, datetime | None]]
    """(item, standing) -> week of the mail that reported it so, and when it was built."""
    retracted: list[Retraction]
    confirmed: list[tuple[KeptAdvert, Case]]
    fresh: list[KeptAdvert]
    """Flagged and undecided."""
    offered: list[KeptAdvert]
    """Those of them that nobody at risk wrote."""
    listed: list[KeptAdvert]
    """The ones that a person can check."""

    def state_of(self, item: str) -> str:
        """Return the state of an item's case."""
        return self.decided[item].state if item in self.decided else "open"

    def confirmed_at_once(self) -> list[datetime]:
        """Return when each was first seen of what was confirmed before any digest reported it as flagged."""
        confirmed = [one for one, _ in self.confirmed if one.flagged]
        return [one.first_seen for one in confirmed if (one.id, "unreviewed") not in self.mentioned]

    def dismissed_at_once(self, since: datetime, until: datetime) -> list[datetime]:
        """Return when each was first seen of what was dismissed in the period before any digest reported it."""
        return [
            one.first_seen
            for one in self.flagged
            if self.state_of(one.id) == "dismissed"
            and (decision := self.decided[one.id].in_force) is not None
            and since < decision.at <= until
            and not {(one.id, standing) for standing in ("unreviewed", "confirmed", "withdrawn")} & self.mentioned.keys()
        ]

    def waiting(self) -> list[datetime]:
        """Return when each was first seen of what is flagged and undecided, told or not."""
        return [one.first_seen for one in self.flagged if self.state_of(one.id) == "open"]


def edition(
    connection: Connection, store: Store, covered: Iterable[SourceCoverage], *, week: str, subscription: str, until: datetime,
    places: Places | None = None, origins: Mapping[str, str] | None = None, scope: Query | None = None,
    begins: datetime | None = None,
) -> Edition:  # fmt: skip
    """Return the digest of everything not yet reported to ``subscription``, at the moment ``until``.

    ``origins`` gives the country whose people read a source. With ``scope`` only of what it finds, and of adverts first seen
    after ``begins``: who subscribes to a search is not told all that it ever found.
    """
    store = visible(store, frozenset(), all_struck(connection))
    last = last_built(connection, subscription)
    since = last or begins or until - timedelta(days=7)
    covered = tuple(covered)
    figures = WeekFigures(since, until, origins or {})
    news = _collect_news(connection, store, subscription, figures, scope, begins)
    only = None if scope is None else {one.id for one in news.flagged} | {one.id for one, _ in news.confirmed}
    ledger = TakedownLedger(connection, until, only)
    standing = [one for one in news.flagged if news.state_of(one.id) != "dismissed"]
    moved = movements(standing, {item for item, _ in news.mentioned}, last=last, since=since, until=until)
    searches, bases = (
        count_watched(connection, store, since, until, places, _bases(connection, subscription)) if scope is None else ([], {})
    )
    confirmed = fold_confirmed(news.confirmed)
    set_out = confirmed[: CARDS + LINES["confirmed"]]
    leads = store.get_many(first.id for (first, _case), *_rest in set_out)
    unreviewed = fold_unreviewed(news.listed)
    new_places, new_terms = figures.new("places"), figures.new("terms")
    whole = Edition(
        week=week,
        subscription=subscription,
        since=since,
        until=until,
        confirmed=tuple(
            item_of(
                leads[first.id], case=case, alike=len(rest), notices=ledger.state_of([first.id, *(one.id for one, _ in rest)])
            )
            for (first, case), *rest in set_out
        ),
        more_confirmed=sum(len(group) for group in confirmed[len(set_out) :]),
        retracted=tuple(news.retracted),
        movements=tuple(moved),
        changed={change: sum(one.change == change for one in moved) for change in CHANGES},
        trends=_trends(figures, ledger, [case for item, case in news.decided.items() if only is None or item in only], until),
        corridors=figures.corridors(),
        pretexts=figures.pretexts(),
        pay=figures.pay(),
        new_places=tuple(new_places[:FIGURES]),
        new_terms=tuple(new_terms[:FIGURES]),
        new_contacts=len(figures.new("contacts")),
        queue=_queue_ages(news.waiting(), until),
        ledger=ledger.summary(since),
        searches=tuple(searches),
        coverage=covered,
        counts=_count_news(connection, news, since, until, only),
        audit_head=audit.head(connection),
        bases=tuple(bases.items()),
        told=tuple(
            [(one.id, "confirmed") for one, _ in news.confirmed]
            + [(one.id, "unreviewed") for one in news.fresh]
            + [(retraction.id, "unreviewed") for retraction in news.retracted]
        ),
        withdrawn=tuple(retraction.id for retraction in news.retracted),
    ).cut(LISTED)
    shown = CARDS - min(CARDS, len(whole.confirmed)) + LINES["unreviewed"]
    rest = sum(1 + alike for _, alike in unreviewed[shown:])
    records = store.get_many([one.lead for one in whole.movements] + [one.id for one, _ in unreviewed[:shown]])
    return replace(
        whole,
        unreviewed=tuple(item_of(records[one.id], alike=alike) for one, alike in unreviewed[:shown] if one.id in records),
        more_unreviewed=rest,
        movements=tuple(replace(one, name=name_of(records.get(one.lead))) for one in whole.movements),
    )


def _collect_news(
    connection: Connection, store: Store, subscription: str, figures: WeekFigures, scope: Query | None, begins: datetime | None
) -> _News:
    mentioned = _past_mentions(connection, subscription)
    decided = {case.item_id: case for case in decided_cases(connection)}
    flagged: dict[str, KeptAdvert] = {}
    with pause_garbage_collection():  # which would walk all adverts that are kept so far, again and again
        for record in store.scan(_filter_flagged(scope, "true")):
            dismissed = record.id in decided and decided[record.id].state == "dismissed"
            speaking = grounds(record.assessment.signals)
            figures.count(record, speaking, dismissed=dismissed)
            flagged[record.id] = kept_advert(record, speaking)
    retracted = _retracted_items(decided, store, mentioned)
    known = {item for item, how in mentioned if how == "unreviewed"} | {item.id for item in retracted}
    undecided = (one for one in flagged.values() if one.id not in decided or decided[one.id].state == "open")
    fresh = [one for one in undecided if one.id not in known and (begins is None or one.first_seen > begins)]
    offered = [one for one in fresh if one.stance not in AT_RISK]
    sure = {item: case for item, case in decided.items() if case.state == "confirmed" and (item, "confirmed") not in mentioned}
    others = frozenset(sure.keys() - flagged.keys())  # a person may confirm what was never flagged
    if scope is not None:
        others = store.matching(_filter_flagged(scope, "false"), others)
    stored = flagged | {one.id: kept_advert(one, grounds(one.assessment.signals)) for one in each_record(store, others)}
    if scope is not None and begins is not None:
        sure = {item: case for item, case in sure.items() if item in stored and stored[item].first_seen > begins}
    return _News(
        flagged=list(flagged.values()), decided=decided, mentioned=mentioned, retracted=retracted,
        confirmed=[(stored[item], case) for item, case in sure.items() if item in stored], fresh=fresh, offered=offered,
        listed=[one for one in offered if one.checkable],
    )  # fmt: skip


def _filter_flagged(scope: Query | None, flagged: str) -> Query:
    query = scope or Query()
    return replace(query, filters={**query.filters, "flagged": (flagged,)})


def _count_news(connection: Connection, news: _News, since: datetime, until: datetime, only: Container[str] | None) -> WeekCounts:
    confirmed, dismissed = news.confirmed_at_once(), news.dismissed_at_once(since, until)
    newly_flagged = [*(one.first_seen for one in news.fresh), *confirmed, *dismissed]
    return WeekCounts(
        new_flagged=len(newly_flagged), earlier=sum(first_seen <= since for first_seen in newly_flagged),
        confirmed=len(news.confirmed), dismissed=_count_dismissed(connection, since, until, only), waiting=len(news.waiting()),
        withheld=len(news.fresh) - len(news.offered), learned_alone=len(news.offered) - len(news.listed),
    )  # fmt: skip


def _trends(figures: WeekFigures, ledger: TakedownLedger, decided: Iterable[Case], until: datetime) -> tuple[Trend, ...]:
    confirmed = [0] * WEEKS
    for case in decided:
        if case.state == "confirmed" and case.in_force is not None:
            add_to_week(confirmed, case.in_force.at, until)
    values = {"flagged": figures.weeks, "confirmed": tuple(confirmed), "reported": ledger.weeks()}
    return tuple(Trend(name=name, weeks=weeks) for name, weeks in values.items())


def _queue_ages(waiting: Iterable[datetime], until: datetime) -> QueueAges:
    days = [max(0, (until - first_seen).days) for first_seen in waiting]
    week, month = sum(age < 7 for age in days), sum(7 <= age < 28 for age in days)
    return QueueAges(week=week, month=month, older=len(days) - week - month, oldest_days=max(days, default=0))


def last_built(connection: Connection, subscription: str) -> datetime | None:
    """Return when the newest digest of a subscription was built."""
    query = select(func.max(digests.c.built_at)).where(digests.c.subscription == subscription)
    time: datetime | None = connection.execute(query).scalar_one()
    return time


def _bases(connection: Connection, subscription: str) -> dict[int, int]:
    """Return what the newest digest kept of each shared search; nothing when an older version built it."""
    query = select(digests.c.body).where(digests.c.subscription == subscription).order_by(digests.c.built_at.desc())
    body = connection.execute(query.limit(1)).scalar_one_or_none()
    return dict(msgspec.json.decode(body, type=_KeptBases).bases) if body else {}


def _past_mentions(connection: Connection, subscription: str) -> dict[tuple[str, str], tuple[str, datetime | None]]:
    mail = (digests.c.week == mentions.c.week) & (digests.c.subscription == mentions.c.subscription)
    query = select(mentions.c.item_id, mentions.c.standing, mentions.c.week, digests.c.built_at).outerjoin(digests, mail)
    rows = connection.execute(query.where(mentions.c.subscription == subscription))
    return {(item, standing): (week, built_at) for item, standing, week, built_at in rows}


def _retracted_items(
    decided: Mapping[str, Case], store: RecordStore, mentioned: Mapping[tuple[str, str], tuple[str, datetime | None]]
) -> list[Retraction]:
    """Return items that an earlier digest called confirmed and that are not any more."""
    told = {item: mail for (item, standing), mail in mentioned.items() if standing == "confirmed"}
    gone = {item: decided[item] for item in sorted(told) if decided[item].state != "confirmed"}
    records = store.get_many(gone)
    boards = {item: record.posting.source for item, record in records.items()}
    return [
        Retraction(
            id=item, title=name_of(records.get(item)), source=boards.get(item, ""), week=told[item][0], mailed_at=told[item][1],
            state=case.state,
        )
        for item, case in gone.items()
    ]  # fmt: skip


def _count_dismissed(connection: Connection, since: datetime, until: datetime, only: Container[str] | None) -> int:
    """Return how many items the period left dismissed: of an item decided about twice the last decision counts."""
    query = select(decisions.c.item_id, decisions.c.kind).where(decisions.c.at > since, decisions.c.at <= until)
    last = dict(tuple(row) for row in connection.execute(query.order_by(decisions.c.item_id, decisions.c.seq)))
    return sum(kind == "dismiss" and (only is None or item in only) for item, kind in last.items())


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
            shared_search_counts.append(SharedSearchCount(id=saved.id, name=without_identities(saved.name), added=added))
    return shared_search_counts, counted
