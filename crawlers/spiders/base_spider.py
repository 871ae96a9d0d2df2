"""The base of all spiders: a fetched step becomes a Visit. Subclasses say which steps follow and what a page shows.

A spider decides where to go; the pure parsers of ``crawlers/pages`` read. Each response yields exactly one Visit, so that a
page, its links and its postings are written in one transaction.
"""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from scrapy import Request, Spider
from scrapy.http import Response

from crawlers.fetch.middlewares.robots import RobotsDenied
from crawlers.frontier.frontier_store import Frontier
from crawlers.frontier.visits import GUESS, LISTED_GONE, ListPage, Role, Step, Validators, Visit, item_mark
from crawlers.items import Lead, ParsedPage, Posting, Reject
from crawlers.pages import page_families
from crawlers.pages.document import DISOWNED, SHARED, PageDocument
from crawlers.pages.listings import pager
from crawlers.pages.listings.extent import Extent
from crawlers.pages.page_urls import is_web
from crawlers.pages.posting_fields.field_overrides import field_counters
from crawlers.sources.page_steps import step_counters
from crawlers.sources.setting_types import site
from crawlers.sources.source import Source
from crawlers.spiders.images import ImageChoice, image_visit, lost_image_visit
from crawlers.spiders.links import ListMemory, next_number
from crawlers.text import encoding
from foundation.address_patterns import is_allowed
from foundation.crawl_errors import Blocked, NoPreview, PageChanged

ADVERTS: frozenset[Role] = frozenset({"detail", "thread", "page"})
"""Roles of pages that a source's address patterns are asked about."""
GONE = {404, 410}
NOT_MODIFIED = 304
SKIPPED = 1
"""Counted pages of a list that may fail one after another before the list is left."""
READ_SECONDS = 20.0
"""Seconds of processor within which a page must be read, else the kernel ends the process; a sitemap of 10 MB takes some."""
REPORT_EVERY = 0.2
"""Seconds between two lines of progress."""


class PageOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """The result of reading one page: further steps, postings, rejects."""

    steps: tuple[Step, ...] = ()
    postings: tuple[Posting, ...] = ()
    rejected: tuple[Reject, ...] = ()
    dropped: dict[str, int] = {}
    """Steps not taken, by the name of the limit."""
    listed: ListPage | None = None
    """What the page says of the list it belongs to."""
    known: dict[str, int] = {}
    """Counters of what earlier runs know and this page need not show, by name."""


class BaseSpider(Spider):
    """Base of the spiders."""

    def __init__(self, source: Source, frontier: Frontier, progress_fd: int | None = None, watched: tuple[str, ...] = ()) -> None:
        super().__init__(name=source.name)
        self.source = source
        self.frontier = frontier
        self.scheduler: Any = None
        self.watched = watched
        self._progress_fd = progress_fd
        self._reported = 0.0
        self._home = site(source.operator.url)
        self._off_site = self._left_out = 0
        self._counted: Counter[str] = Counter()
        self._decoded: tuple[Response, str] | None = None
        self._pages = self.frontier.count_done()
        self._lists = ListMemory(self.frontier)
        self._images = ImageChoice(source, frontier)

    async def start(self) -> AsyncIterator[Request]:
        """Yield nothing: the frontier has the first steps too."""
        return
        yield

    def now(self) -> datetime:
        """Return the time, UTC."""
        return datetime.now(UTC)

    # One response, one Visit

    def parse(self, response: Response) -> list[Visit]:
        """Return the visit of the step that ``response`` answers."""
        step, known = response.meta["step"], response.meta.get("known")
        if step.role == "image":
            return [image_visit(response, self.now())]
        self._counted.clear()
        self._off_site = self._left_out = 0
        if response.status == NOT_MODIFIED and known:
            taken = self._note_left_out(self.take_over(step, known))
            self._counted["revisit/standing"] += len(taken.postings) if step.revisit else 0
            return [self._visit(response, "unchanged", taken, keep=True)]
        if not 200 <= response.status < 300:
            gone = self._note_gone(known) if response.status in GONE and not step.carried else ()
            self._counted[LISTED_GONE] += (
                response.status in GONE and step.role == "detail" and not (gone or step.revisit or step.carried)
            )
            beyond = () if response.status in GONE and step.guesses is None else self.make_steps_after_failure(step)
            outcome = _unread(step, f"http/{response.status}")
            return [self._visit(response, outcome, PageOutcome(postings=_carried_posting(step) or gone, steps=beyond))]
        try:
            page_outcome, outcome = self._read_in_time(response, step), "ok"
        except PageChanged as exc:
            reason = "no_posting" if step.role == "page" else "page_changed"
            page_outcome = PageOutcome(rejected=(Reject(url=response.url, reason=reason, detail=exc.field),))
            outcome = "changed/no_preview" if isinstance(exc, NoPreview) else "changed"
        except Exception as exc:  # a parser may raise anything: the page is kept to mend it with, and the run is not whole
            self.logger.exception("reading %r", response.url)
            page_outcome = PageOutcome(
                postings=_carried_posting(step), rejected=(Reject(url=response.url, reason="parser_failed", detail=str(exc)),)
            )
            outcome = f"error/{type(exc).__name__}"
        if step.revisit:
            page_outcome = self._judge_revisit(response, step, page_outcome, known)
        page_outcome = self._note_left_out(page_outcome)
        # Where an advert has ended and its address leads elsewhere, that page stands for no advert later.
        elsewhere = step.revisit and any(posting.deleted for posting in page_outcome.postings)
        return [self._visit(response, outcome, page_outcome, keep=False if elsewhere else None)]

    def handle_failure(self, failure: Any) -> list[Visit]:
        """Return the visit of a step whose request brought no response."""
        error, request = failure.value, failure.request
        if request.meta["step"].role == "image":
            if isinstance(error, Blocked):
                self.scheduler.halt_images()
            return [lost_image_visit(request, error, self.now())]
        if isinstance(error, Blocked):
            self.scheduler.halt(error.reason)
            return [self.make_failed_visit(request, f"block/{error.reason}", response=error.response, detail=error.detail)]
        if isinstance(error, RobotsDenied):
            return [self.make_failed_visit(request, "robots/unreachable" if error.unreachable else "robots", detail=error.rule)]
        return [
            self.make_failed_visit(request, _unread(request.meta["step"], f"error/{type(error).__name__}"), detail=str(error))
        ]

    def make_failed_visit(self, request: Request, outcome: str, *, detail: str = "", response: Response | None = None) -> Visit:
        """Return the visit of a failed step, with the item that its feed or API described, if any.

        ``response`` is the answer that refused us: kept as evidence, never read.
        """
        if response is not None and response.request is None:
            response.request = request
        step = request.meta["step"]
        carried = _carried_posting(step)
        steps = () if outcome.startswith("block/") else self.make_steps_after_failure(step)
        return Visit(
            row=request.meta["row"],
            step=step,
            outcome=outcome,
            at=self.now(),
            postings=carried,
            seen=len(carried),
            steps=steps,
            detail=detail,
            response=response,
        )

    def make_steps_after_failure(self, step: Step) -> tuple[Step, ...]:
        """Return the step to the page after a counted one that could not be fetched; two in a row end the list."""
        url = next_number(self.source.crawl, step) if step.counted and step.skipped < SKIPPED else None
        return tuple(
            msgspec.structs.replace(item, skipped=step.skipped + 1)
            for item in self.make_turn_steps(step, [Lead(url, 1)] if url else [])
        )

    def _read_in_time(self, response: Response, step: Step) -> PageOutcome:
        """Return what a page says; the parent is told which one it is, and sets it aside when this process dies of it."""
        self._tell({"reading": response.meta["row"]})
        signal.setitimer(signal.ITIMER_PROF, READ_SECONDS)
        try:
            return self.read(response, step)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def read(self, response: Response, step: Step) -> PageOutcome:
        """Return what a page says. Raises PageChanged when its parser misses a field."""
        raise NotImplementedError

    def take_over(self, step: Step, known: Validators) -> PageOutcome:
        """Return the postings an earlier run kept of a page that has not changed since."""
        chosen = [taken for taken in known.steps if taken.role not in ADVERTS or self._choose_addresses([taken.url])]
        steps, spared = self.skip_unchanged(chosen)
        listed = known.listed
        if step.role == "detail":
            self._lists.note_kind(step.via, is_list=bool(listed), bare=False)
        if listed:  # the limits may be others now: what it links counts, not where it led then
            step = msgspec.structs.replace(step, role="list") if step.role == "detail" else step
            new, again = self._lists.note_page(step, listed.items)
            listed = msgspec.structs.replace(listed, repeats=again and not (step.counted and step.turn > 1), ends=not new)
            steps += self.make_turn_steps(step, listed.leads) if new else ()
        return PageOutcome(postings=(*self.load_known_postings(known), *spared), steps=steps, listed=listed)

    # For the subclasses

    def page(self, response: Response, *, family: str | None = None, advert: bool = False) -> ParsedPage:
        """Return the page as its parser reads it; for an ``advert``, with the source's field selectors."""
        crawl, text = self.source.crawl, self.text(response)
        fields = crawl.fields.named_fields() if advert and not crawl.json_paths else {}
        read = page_families.parse(
            text, response.url, page=family, source=self.name, now=self.now(), identity=self.source.identity, fields=fields
        )
        if entities := [reject.detail for reject in read.rejected if reject.reason == page_families.OWN_ENTITIES]:
            raise PageChanged(response.url, f"text without entities of its own ({entities[0]}), which are not read,")
        self._counted.update(field_counters(read))
        self._counted["address/disowned"] += DISOWNED in read.facts
        self._counted["address/shared"] += int(read.facts.get(SHARED, 0))
        return read

    def headers_of(self, response: Response) -> dict[str, str]:
        """Return the headers of a response, names in lower case."""
        return {name.decode("latin-1").lower(): b", ".join(values).decode("latin-1") for name, values in response.headers.items()}

    def text(self, response: Response) -> str:
        """Return the body as text, whatever its encoding; the page in hand is decoded once."""
        if self._decoded is None or self._decoded[0] is not response:
            kind = response.headers.get("Content-Type")
            self._decoded = response, encoding.decode(response.body, kind.decode("latin-1") if kind else None)
        return self._decoded[1]

    def make_child_steps(self, step: Step, urls: Iterable[str], role: Role, **more: Any) -> tuple[Step, ...]:
        """Return the steps one link further down, none below the source's depth."""
        if step.depth >= self.source.crawl.max_depth:
            return ()
        near = self._own_site_addresses(urls)
        if role in ADVERTS:
            near = self._choose_addresses(near)
        return tuple(Step(url=url, role=role, depth=step.depth + 1, via=step.url, **more) for url in near)

    def find_too_deep(self, step: Step, urls: Iterable[str]) -> tuple[str, ...]:
        """Return the addresses on the source's site that lie deeper than it allows."""
        return tuple(self._own_site_addresses(urls)) if step.depth >= self.source.crawl.max_depth else ()

    def _choose_addresses(self, urls: list[str]) -> list[str]:
        """Return the addresses that the patterns of the source let through; the others are counted."""
        crawl = self.source.crawl
        if not crawl.include and not crawl.exclude:
            return urls
        chosen = [url for url in urls if is_allowed(url, crawl.include, crawl.exclude)]
        self._left_out += len(urls) - len(chosen)
        return chosen

    def make_turn_steps(self, step: Step, leads: Iterable[Lead]) -> tuple[Step, ...]:
        """Return the steps to further pages of a list, none after the source's number of pages."""
        steps = []
        for lead in () if step.again % 2 else leads:
            if not 1 < step.turn + lead.ahead <= self.source.crawl.max_pages:
                continue
            for near in self._own_site_addresses([lead.url]):
                more = {"turn": step.turn + lead.ahead, "via": step.url, "list_url": step.list_url or step.url, "skipped": 0}
                steps.append(msgspec.structs.replace(step, url=near, guesses=None, **more))
        return tuple(steps)

    def make_letter_steps(self, document: PageDocument, step: Step) -> tuple[Step, ...]:
        """Return the steps to the other letters of a list that an alphabet splits: each is a list of its own."""
        urls = self._own_site_addresses(pager.find_letters(document)) if step.turn == 1 else []
        return tuple(Step(url=url, role=step.role, depth=step.depth, via=step.url) for url in urls)

    def describe_list(self, step: Step, items: Iterable[str], leads: Iterable[Lead] = (), **more: Any) -> ListPage:
        """Return the ListPage of one page of a list: ``items`` by address or id, ``leads`` to its further pages. A page that
        shows nothing new leads nowhere."""
        marks = tuple(dict.fromkeys(item_mark(self.frontier.key(item)) for item in items))
        new, again = self._lists.note_page(step, marks)
        guessed = step.counted and step.turn > 1
        return ListPage(
            items=marks,
            leads=tuple(lead for lead in leads if step.turn + lead.ahead > 1) if marks or step.turn == 1 else (),
            repeats=again and not guessed,
            ends=not new,
            **more,
        )

    def sign_of_more(self, extent: Extent, leads: Sequence[Lead], step: Step, response: Response) -> str:
        """Return a sign in an HTML list that there is more, when none of the ``leads`` brings it."""
        crawl, ahead = self.source.crawl, any(lead.ahead > 0 for lead in leads)
        scrolls = crawl.render and (crawl.scroll or any(page_step.scroll for page_step in crawl.steps))
        if response.meta.get("scroll_goes_on"):
            return "more however long one scrolls"
        unscrolled = "" if scrolls and not response.meta.get("data_denied") else extent.endless
        alone = "" if leads or step.turn > 1 else extent.scripted or unscrolled
        return extent.more or ("" if ahead else extent.told) or alone

    def _own_site_addresses(self, urls: Iterable[str]) -> list[str]:
        """Return the web addresses on the source's own site, once each; others are counted, because the passport does not
        cover them."""
        fetchable = [url for url in dict.fromkeys(urls) if is_web(url)]
        near = [url for url in fetchable if site(url) == self._home]
        self._off_site += len(fetchable) - len(near)
        return near

    def load_known_postings(self, known: Validators) -> tuple[Posting, ...]:
        """Return the postings an earlier run kept of a page, with captures that point to its partition."""
        return tuple(_taken_from(known_posting.posting, known) for known_posting in self.frontier.find_postings(known.postings))

    def skip_unchanged(self, steps: Iterable[Step]) -> tuple[tuple[Step, ...], tuple[Posting, ...]]:
        """Return the steps to take, and the kept postings of pages that their list calls unchanged."""
        taken: list[Posting] = []
        left: list[Step] = []
        for step in steps:
            known = self.frontier.find_unchanged_page(step.url, step.lastmod, self.now())
            if known and known.postings and self.frontier.unseen([step.url]):
                taken += self.load_known_postings(known)
            else:
                left.append(step)
        return tuple(left), tuple(taken)

    def stop(self, why: Exception) -> None:
        """End this process, because it cannot write any more. The frontier stays at its last commit."""
        self._tell({"stopped": f"{type(why).__name__}: {why}"})
        os._exit(1)

    def report(self, visits: list[Visit]) -> None:
        """Report progress to the parent."""
        self._pages += len(visits)
        if time.monotonic() - self._reported > REPORT_EVERY:
            self._reported = time.monotonic()
            self._tell(
                {
                    "pages": self._pages,
                    "postings": self.frontier.tallies().get("parsed", 0),
                    "queue": self.frontier.count_waiting(),
                }
            )

    def _tell(self, line: dict[str, Any]) -> None:
        if self._progress_fd is not None:
            try:
                os.write(self._progress_fd, json.dumps(line).encode() + b"\n")
            except BlockingIOError:
                return  # the parent is busy; the next line tells more

    def _visit(self, response: Response, outcome: str, page_outcome: PageOutcome, *, keep: bool | None = None) -> Visit:
        images, left_out = self._images.steps(page_outcome.postings, response.url, self.now())
        if denied := response.meta.get("data_denied", 0):
            left_out["data_robots"] = denied
        steps = response.meta.get("step_results", ())
        return Visit(
            row=response.meta["row"],
            step=response.meta["step"],
            outcome=outcome,
            at=self.now(),
            postings=page_outcome.postings,
            rejected=page_outcome.rejected,
            seen=len(page_outcome.postings) + len(page_outcome.rejected),
            steps=page_outcome.steps + images,
            dropped=page_outcome.dropped | left_out,
            listed=page_outcome.listed,
            known=page_outcome.known,
            counted={**+self._counted, **step_counters(steps)},
            unfinished=next((f"{result.number} {result.problem}" for result in steps if result.counts), ""),
            keep=not response.meta["step"].again and (outcome == "ok" if keep is None else keep),
            validators=response.meta.get("known"),
            response=response,
        )

    def _judge_revisit(self, response: Response, step: Step, page_outcome: PageOutcome, known: Validators | None) -> PageOutcome:
        """Return what a revisited page says about its advert.

        An answer from another address that does not show the advert (sites lead to their list when an advert has ended) is a
        notice that it is gone; another page at the same address is counted and says nothing.
        """
        wanted = set(known.postings) if known else set()
        shown = tuple(posting for posting in page_outcome.postings if posting.id in wanted)
        self._counted["revisit/standing"] += len(shown)
        if shown:
            return PageOutcome(postings=shown)
        if self.frontier.key(response.url) != self.frontier.key(step.url):
            return PageOutcome(postings=self._note_gone(known))
        self._counted["revisit/replaced"] += 1
        return PageOutcome()

    def _note_left_out(self, page_outcome: PageOutcome) -> PageOutcome:
        """Return the outcome of a page with the number of addresses left out."""
        left_out = {"off_site": self._off_site, "patterns": self._left_out}
        return msgspec.structs.replace(page_outcome, dropped=page_outcome.dropped | left_out)

    def _note_gone(self, known: Validators | None) -> tuple[Posting, ...]:
        """Return notices that the postings of a page are gone, for those that were there until now."""
        standing = (
            [known_posting.posting for known_posting in self.frontier.find_postings(known.postings) if not known_posting.gone]
            if known
            else []
        )
        return tuple(msgspec.structs.replace(_taken_from(posting, known), deleted=True) for posting in standing if known)


def _unread(step: Step, outcome: str) -> str:
    """Return the outcome of a step that brought no page; guesses have their own outcome."""
    return outcome if step.guesses is None else f"{GUESS}{outcome}"


def _carried_posting(step: Step) -> tuple[Posting, ...]:
    """Return the item as its feed or API described it; it is kept even when its page cannot be read."""
    return (step.carried,) if step.carried else ()


def _taken_from(posting: Posting, known: Validators) -> Posting:
    """Return a posting whose capture and date are those of the run that kept it."""
    capture = posting.capture
    if capture and capture.run is None:
        capture = msgspec.structs.replace(capture, run=known.run)
    if capture and capture.captured_at is None and capture.record_id == known.record_id:
        capture = msgspec.structs.replace(capture, captured_at=known.fetched_at)
    return msgspec.structs.replace(posting, capture=capture, fetched_at=None, edited=False, deleted=False)
