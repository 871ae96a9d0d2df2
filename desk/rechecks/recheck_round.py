"""Asks whether reported adverts still stand, when the recheck clock says so, and keeps what was seen.

The pages are fetched as a look at a site fetches them: robots.txt, the address guard, the source's pauses and its passport hold.
A round takes at most a quarter of what a run of the source may ask for, and a day no more than its 24 rounds: the rest waits.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial

import msgspec
from sqlalchemy import Engine

from crawlers.discovery.guided_fetch import FetchedPage
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.frontier.revisits import SHARE
from crawlers.items import Posting
from crawlers.sources.setting_types import site
from crawlers.sources.source import Source
from desk.rechecks.clock import asked_that_day, due_notices, note_sighting, stop_asking
from desk.rechecks.notice_outcomes import SentNotice
from desk.rechecks.page_verdict import judge
from desk.rechecks.reappearance import note_reappearances
from desk.rechecks.sighting import Sighting
from desk.rechecks.site_check import Others, PageAsker, SiteCheck, shows_poster, unreported_adverts
from foundation.crawl_errors import CrawlError, PassportRefused
from index.base import Record, Store

WALLS = 3
"""After so many walls one after another the site refuses us, not one page: it is asked no more in this round."""
SITE_WALLS = ("http_429", "retry_after", "captcha", "host_hold")
"""Refusals that are about whoever asks, not about a page: the first one ends the round."""
ROUNDS = 24
"""In a day: rounds by hand in between ask for nothing more of a site."""
LONGEST = 40 * 60
"""Seconds after which a round asks for nothing new; the rest is due in the next hour."""


class ReportedAdvert(msgspec.Struct, frozen=True, kw_only=True):
    """A notice whose advert is to be asked for."""

    notice: SentNotice
    posting: Posting
    """As it read when the notice left."""


Look = Callable[[Source, Sequence[ReportedAdvert]], Iterator[tuple[ReportedAdvert, Sighting]]]


class RecheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one round."""

    asked: int = 0
    changed: int = 0
    """Adverts seen in another state than before."""
    states: dict[str, int] = {}
    later: int = 0
    """Due, and left for the next hour: the site refused us, or the round was full."""
    reappeared: int = 0
    """Later adverts that carry on one that was taken down, noticed now."""


def ask_sites(engine: Engine, store: Store, sources: Iterable[Source], options: CrawlOptions) -> RecheckReport:
    """Ask the sites of ``sources`` for every reported advert that is due."""
    deadline = time.monotonic() + LONGEST

    def look(source: Source, adverts: Sequence[ReportedAdvert]) -> Iterator[tuple[ReportedAdvert, Sighting]]:
        return look_at_adverts(source, adverts, partial(unreported_adverts, engine, store), options, deadline)

    return carry_out_round(engine, store, {each.name: each for each in sources}, look, clock=lambda: datetime.now(UTC))


def carry_out_round(
    engine: Engine, store: Store, sources: dict[str, Source], look: Look, *, clock: Callable[[], datetime]
) -> RecheckReport:
    """Ask for what is due by ``clock``, keep what ``look`` sees, then look for what came back elsewhere."""
    begun = clock()
    with engine.connect() as connection:
        waiting, asked_for = due_notices(connection, begun), asked_that_day(connection, begun)
    records = store.get_many({*asked_for, *(notice.item_id for notice in waiting)})
    spent: Counter[str] = Counter()
    for item, found in records.items():
        spent[site(found.posting.url)] += asked_for[item]
    groups: dict[str, list[ReportedAdvert]] = defaultdict(list)
    for notice in waiting:
        if (record := records.get(notice.item_id)) is None:
            stop_asking(engine, notice, clock())
        else:
            groups[record.posting.source].append(ReportedAdvert(notice=notice, posting=_as_reported(record, notice.sent_at)))
    states: Counter[str] = Counter()
    changed = 0
    for name, adverts in groups.items():
        source = sources.get(name)
        left = max(0, ROUNDS * _most_in_round(source) - spent[site(source.operator.url)]) if source else len(adverts)
        for advert, sighting in _look_where_allowed(source, adverts[:left], look):
            states[sighting.state] += 1
            changed += note_sighting(engine, advert.notice, sighting, clock(), begun=begun)
            spent[site(advert.posting.url)] += 1
    asked = states.total()
    return RecheckReport(
        asked=asked, changed=changed, states=dict(states), later=sum(map(len, groups.values())) - asked,
        reappeared=note_reappearances(engine, store, clock()),
    )  # fmt: skip


def look_at_adverts(
    source: Source, adverts: Sequence[ReportedAdvert], others: Others, options: CrawlOptions, deadline: float = float("inf")
) -> Iterator[tuple[ReportedAdvert, Sighting]]:
    """Yield what stands at the address of each advert, until the site refuses us or the monotonic ``deadline`` has passed.

    One counts as gone only while its site works (``SiteCheck``).
    """
    walls, pages, waiting = 0, dict[str, FetchedPage](), Counter(advert.posting.url for advert in adverts)
    with closing(PageAsker(source, options)) as asker:
        check = SiteCheck(source, asker, others)
        for advert in adverts[: _most_in_round(source)]:
            if walls >= WALLS or time.monotonic() >= deadline:
                return
            url = advert.posting.url
            try:
                page = pages.pop(url, None) or asker.fetch(url)
            except CrawlError as exc:
                yield advert, Sighting(state="unknown", detail=type(exc).__name__)
                return
            if waiting[url] > 1:  # told of to two platforms: asked for once
                waiting[url] -= 1
                pages[url] = page
            sighting = check.confirm(judge(page, advert.posting, source), page)
            if sighting.detail == "another_page" and shows_poster(page, advert.posting, asker):
                sighting = msgspec.structs.replace(sighting, state="up", detail="picture")
            yield advert, sighting
            walls = walls + 1 if sighting.state == "walled" else 0
            if sighting.detail in SITE_WALLS:
                return


def _look_where_allowed(
    source: Source | None, adverts: Sequence[ReportedAdvert], look: Look
) -> Iterator[tuple[ReportedAdvert, Sighting]]:
    """Look at the adverts of a source that is there, on its own site alone and with its passport."""
    if source is None:
        yield from ((advert, Sighting(state="unknown", detail="no_source")) for advert in adverts)
        return
    home = site(source.operator.url)
    near = [advert for advert in adverts if site(advert.posting.url) == home]
    yield from ((each, Sighting(state="unknown", detail="off_site")) for each in adverts if site(each.posting.url) != home)
    seen: set[str] = set()
    try:
        for advert, sighting in look(source, near) if near else ():
            seen.add(advert.notice.item_id)
            yield advert, sighting
    except PassportRefused:
        yield from ((each, Sighting(state="unknown", detail="no_passport")) for each in near if each.notice.item_id not in seen)


def _most_in_round(source: Source) -> int:
    return max(1, source.access.requests_per_run // SHARE)


def _as_reported(record: Record, sent_at: datetime) -> Posting:
    """Return a posting with the words it had when its notice left."""
    for revision in reversed(record.revisions):
        if revision.at <= sent_at and revision.change != "deleted":
            return msgspec.structs.replace(record.posting, title=revision.title, text=revision.text)
    return record.posting
