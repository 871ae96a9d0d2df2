"""Asks whether reported adverts still stand, when the recheck clock says so, and keeps what was seen.

The pages are fetched as a look at a site fetches them: robots.txt, the address guard, the source's pauses and its passport hold,
and a round takes at most a quarter of what a run of the source may ask for.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from functools import partial

import msgspec
from sqlalchemy import Engine, select

from crawlers.crawl_errors import CrawlError, PassportRefused
from crawlers.discovery.guided_fetch import FetchedPage, Fetcher, PageRequest, fetching
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.frontier.revisits import SHARE
from crawlers.items import Posting
from crawlers.sources.setting_types import site
from crawlers.sources.source import Source
from desk.rechecks.clock import due_notices, note_sighting, stop_asking
from desk.rechecks.notice_outcomes import SentNotice
from desk.rechecks.page_verdict import address_to_ask, confirm, front_page, judge
from desk.rechecks.reappearance import note_reappearances
from desk.rechecks.sighting import OFFLINE, ONLINE, Sighting
from desk.tables import list_entries
from index.base import Query, Record, Store
from lurewatch.app.app_errors import typed_errors
from lurewatch.app.crawl_inputs import crawl_options
from lurewatch.app.resources import desk_and_index_opened
from lurewatch.app.seeds.sources_in_force import sources_in_force
from lurewatch.settings import Settings

WALLS = 3
"""After so many walls one after another the site refuses us, not one page: it is asked no more in this round."""
SITE_WALLS = ("http_429", "retry_after", "captcha", "host_hold")
"""Refusals that are about whoever asks, not about a page: the first one ends the round."""
LONGEST = 40 * 60
"""Seconds after which a round asks for nothing new; the rest is due in the next hour."""


class ReportedAdvert(msgspec.Struct, frozen=True, kw_only=True):
    """A notice whose advert is to be asked for."""

    notice: SentNotice
    posting: Posting
    """As it read when the notice left."""


Look = Callable[[Source, Sequence[ReportedAdvert]], Iterator[tuple[ReportedAdvert, Sighting]]]
_NEWEST, _CONTROLS = 20, 2
"""Adverts among which controls are picked, and how many."""
Others = Callable[[Source], Sequence[Posting]]
"""Gives adverts of a source that were seen of late and that nobody reported."""


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


@typed_errors()
def recheck(settings: Settings) -> RecheckReport:
    """Ask for every reported advert that is due; raise TransientError while the database or the index is away."""
    options = crawl_options(settings)
    with desk_and_index_opened(settings) as (engine, store):
        sources = {source.name: source for source in sources_in_force(settings).sources if source.enabled}
        deadline = time.monotonic() + LONGEST

        def look(source: Source, adverts: Sequence[ReportedAdvert]) -> Iterator[tuple[ReportedAdvert, Sighting]]:
            return look_at_adverts(source, adverts, partial(unreported_adverts, engine, store), options, deadline)

        return carry_out_round(engine, store, sources, look, clock=lambda: datetime.now(UTC))


def carry_out_round(
    engine: Engine, store: Store, sources: dict[str, Source], look: Look, *, clock: Callable[[], datetime]
) -> RecheckReport:
    """Ask for what is due by ``clock``, keep what ``look`` sees, then look for what came back elsewhere."""
    with engine.connect() as connection:
        waiting = due_notices(connection, clock())
    records = store.get_many({notice.item_id for notice in waiting})
    groups: dict[str, list[ReportedAdvert]] = defaultdict(list)
    for notice in waiting:
        if (record := records.get(notice.item_id)) is None:
            stop_asking(engine, notice, clock())
        else:
            groups[record.posting.source].append(ReportedAdvert(notice=notice, posting=_as_reported(record, notice.sent_at)))
    states: Counter[str] = Counter()
    changed = 0
    for name, adverts in groups.items():
        for advert, sighting in _look_where_allowed(sources.get(name), adverts, look):
            states[sighting.state] += 1
            changed += note_sighting(engine, advert.notice, sighting, clock())
    asked = states.total()
    return RecheckReport(
        asked=asked,
        changed=changed,
        states=dict(states),
        later=sum(map(len, groups.values())) - asked,
        reappeared=note_reappearances(engine, store, clock()),
    )


def look_at_adverts(
    source: Source, adverts: Sequence[ReportedAdvert], others: Others, options: CrawlOptions, deadline: float = float("inf")
) -> Iterator[tuple[ReportedAdvert, Sighting]]:
    """Yield what stands at the address of each advert, until the site refuses us or the monotonic ``deadline`` has passed.

    One counts as gone only while its site works (``SiteCheck``).
    """
    walls = 0
    with closing(PageAsker(source, options)) as asker:
        check = SiteCheck(source, asker, others)
        for advert in adverts[: max(1, source.access.requests_per_run // SHARE)]:
            if walls >= WALLS or time.monotonic() >= deadline:
                return
            try:
                page = asker.fetch(advert.posting.url)
            except CrawlError as exc:
                yield advert, Sighting(state="unknown", detail=type(exc).__name__)
                return
            sighting = check.confirm(judge(page, advert.posting, source), page)
            yield advert, sighting
            walls = walls + 1 if sighting.state == "walled" else 0
            if sighting.detail in SITE_WALLS:
                return


class PageAsker:
    """Asks a site for one page at a time, in a new process after a wall, which ends the one that met it."""

    def __init__(self, source: Source, options: CrawlOptions) -> None:
        self._source = source
        self._options = options
        self._process = ExitStack()
        self._fetcher: Fetcher | None = None

    def fetch(self, url: str) -> FetchedPage:
        """Return what stands at an address; raise CrawlError when no answer comes in time."""
        if self._fetcher is None:
            most = self._source.access.requests_per_run
            self._fetcher = self._process.enter_context(fetching(self._source, self._options, most=most, evidence=True))
        try:
            page = self._fetcher.fetch(_request(self._source, url))
        except CrawlError:
            self.close()
            raise
        if page.error.startswith("blocked"):
            self.close()
        return page

    def close(self) -> None:
        """End the process."""
        self._fetcher = None
        self._process.close()


class SiteCheck:
    """Tells whether a site works, before an advert of it counts as gone: once a round, and only where one seems to be gone.

    The front page must answer, and, unless another reported advert was seen in this round, one of two adverts that nobody
    reported: a site that gives all its adverts new addresses took none of them away.
    """

    def __init__(self, source: Source, asker: PageAsker, others: Others) -> None:
        self._source = source
        self._asker = asker
        self._others = others
        self._front: FetchedPage | None = None
        self._shows_adverts = False

    def confirm(self, sighting: Sighting, page: FetchedPage) -> Sighting:
        """Return a sighting as it stands once the site was looked at."""
        self._shows_adverts |= sighting.state in ONLINE
        if sighting.state not in OFFLINE:
            return sighting
        if self._front is None:
            self._front = self._fetch(front_page(page.wanted.url))
        found = confirm(sighting, page, self._front)
        if found.state in OFFLINE and not self._shows_adverts and self._has_lost_others():
            return msgspec.structs.replace(found, state="unknown", detail="site_changed")
        return found

    def _has_lost_others(self) -> bool:
        """Tell whether the site shows none of the adverts that nobody reported; not where there is none to ask for."""
        for posting in (others := self._others(self._source)):
            state = judge(self._fetch(posting.url), posting, self._source).state
            if state not in OFFLINE:
                self._shows_adverts = True
                return False
        return bool(others)

    def _fetch(self, url: str) -> FetchedPage:
        try:
            return self._asker.fetch(url)
        except CrawlError as exc:
            return FetchedPage(wanted=_request(self._source, url), url=url, error=type(exc).__name__)


def unreported_adverts(engine: Engine, store: Store, source: Source) -> list[Posting]:
    """Return two of the newest adverts of a source that nobody reported and no run found gone."""
    query = Query(filters={"source": (source.name,)}, sort="newest", size=_NEWEST, count_facets=False)
    found = [hit.record.posting for hit in store.search(query).hits if not hit.record.posting.deleted]
    with engine.connect() as connection:
        told = select(list_entries.c.item_id).where(list_entries.c.item_id.in_([posting.id for posting in found]))
        reported = set(connection.scalars(told))
    home = site(source.operator.url)
    return [posting for posting in found if posting.id not in reported and site(posting.url) == home][:_CONTROLS]


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


def _request(source: Source, url: str) -> PageRequest:
    crawl = source.crawl
    wait_for = crawl.wait_for if crawl.render else None
    return PageRequest(url=address_to_ask(url), render=crawl.render, wait_for=wait_for, role="detail", follow=True)


def _as_reported(record: Record, sent_at: datetime) -> Posting:
    """Return a posting with the words it had when its notice left."""
    for revision in reversed(record.revisions):
        if revision.at <= sent_at and revision.change != "deleted":
            return msgspec.structs.replace(record.posting, title=revision.title, text=revision.text)
    return record.posting
