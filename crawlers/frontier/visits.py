"""The types that frontier, spider and pipelines exchange: the Step to take and the Visit that results."""

import hashlib
from datetime import datetime
from typing import Any, Literal

import msgspec

from crawlers.evidence.partition import Cause
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.frontier.state_database import SharedState
from crawlers.items import Lead, Posting, Reject

Role = Literal["list", "detail", "page", "sitemap", "feed", "channel", "index", "thread", "api", "image"]
"""``page`` is a page of a sitemap: a detail page, a list, or neither."""


FIRST: dict[str, Role] = {"board": "list", "feed": "feed", "channel": "channel", "forum": "index", "json_api": "api"}
"""Spider -> what its start addresses are."""

LISTS = frozenset({"list", "sitemap", "feed", "index", "api"})
"""Roles of pages that lead to adverts: when one is not read, adverts may be missing."""

READ = ("ok", "unchanged")
GUESS = "guess/"
"""Prefix of the outcome of a guessed step that brought no page; the list reports what is missing."""


LISTED_GONE = "listed/gone"
"""Counts adverts that the site leads to and that were gone when they were asked for first."""


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One address to fetch and what it is in the walk; kept in the frontier until it is done."""

    url: str
    role: Role
    depth: int = 0
    """Links followed from a start address; turning the pages of a list does not count."""
    turn: int = 1
    """Page number within a list, channel or thread."""
    via: str | None = None
    """Address of the page this one was found on."""
    lastmod: str | None = None
    """What a sitemap says of the address, as written there."""
    carried: Posting | None = None
    """What a feed or an API said about the item whose page this is."""
    counted: bool = False
    """An address with a number that is counted up: the next one is this one plus one page."""
    list_url: str | None = None
    """Address of the first page of the list this is a later page of."""
    guesses: tuple[str, ...] | None = None
    """When a list says that there is more but not where, this address is a guess; these are the next guesses."""
    skipped: int = 0
    """Pages right before this one that were counted and could not be fetched."""
    again: int = 0
    """Readings of its list before this one. Odd ones look at the head alone, to see whether the list moved meanwhile."""
    revisit: bool = False
    """An advert that earlier runs read and no list of this run shows: asked for to see whether it still stands."""


class ListPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one page of a list shows, and what it says about the rest; see ``crawlers/frontier/list_coverage.py``."""

    items: tuple[int, ...] = ()
    """Marks (``item_mark``) of the adverts or posts it shows."""
    total: int | None = None
    """Items the whole list has, as the page says."""
    pages: int | None = None
    """Pages the whole list has, as the page says."""
    leads: tuple[Lead, ...] = ()
    """Further pages of the list that it links."""
    guessed: bool = False
    """Whether it says that there is more and not where, so that its lead is a guess."""
    more: str = ""
    """A sign that there is more, without an address: the words of a button, the name of a key."""
    repeats: bool = False
    """Whether it shows what an earlier page of the list showed."""
    ends: bool = False
    """Whether it shows nothing that the list had not shown before, so that the walk does not go on from it."""
    cut: bool = False
    """Whether it ends in the middle."""
    blank: bool = False
    """Whether the list links this page and it shows neither an item nor words that there is none."""
    deeper: tuple[str, ...] = ()
    """Addresses left out because they lie deeper than the source allows."""


class Validators(msgspec.Struct, frozen=True, kw_only=True):
    """What an earlier run kept of a page, so that the site need not send it again."""

    etag: str | None
    modified: str | None
    run: str
    """Run id of the partition that holds the full response."""
    record_id: str
    sha256: str
    fetched_at: datetime
    postings: tuple[str, ...]
    """Ids of the postings it showed."""
    steps: tuple[Step, ...]
    """Where it led."""
    listed: ListPage | None = None


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one step. Pipelines return new ones; the last pipeline writes it in one transaction."""

    row: int
    """The step's row in the frontier."""
    step: Step
    outcome: str
    """``ok``, ``unchanged``, ``gone`` or the name of what went wrong (``http/500``, ``error/TimeoutError``, ``robots``)."""
    at: datetime
    """UTC."""
    postings: tuple[Posting, ...] = ()
    rejected: tuple[Reject, ...] = ()
    seen: int = 0
    """Items the page showed, counted before any is checked: the left side of the reconciliation."""
    steps: tuple[Step, ...] = ()
    dropped: dict[str, int] = {}
    """Steps not taken, by the name of the limit or rule."""
    listed: ListPage | None = None
    """What the page says of the list it belongs to."""
    known: dict[str, int] = {}
    """Counters of what earlier runs know and this page need not show, by name."""
    counted: dict[str, int] = {}
    """Further counters of the run's report, by their whole name."""
    keep: bool = False
    """Whether a later run may ask for this page conditionally and take its postings over."""
    validators: Validators | None = None
    unfinished: str = ""
    """The required step of ``crawl.steps`` that failed: its number, a blank, and the reason."""
    detail: str = ""
    """Why it brought no page (rule of robots.txt, error), as text for people."""
    cause: Cause | None = None
    """The cause when it brought no page; the last pipeline fills it in."""
    response: Any = None
    """The Scrapy Response, until the evidence is written."""
    picture: bytes = b""
    """The file of a picture, to be read after the walk."""
    evidence: bytes = b""
    """WARC records of the visit, each its own gzip member."""
    capture: str | None = None
    """WARC-Record-ID of the response."""
    sha256: str | None = None
    """SHA-256 of its body, hex."""


class CrawlJob(msgspec.Struct, frozen=True, kw_only=True):
    """What the parent process asks of the one that crawls."""

    source: str
    """The Source as JSON."""
    options: CrawlOptions
    folder: str
    """Local state folder of the source."""
    shared: SharedState | None = None
    """Where its state lies when workers share it."""
    watched: tuple[str, ...] = ()
    """Ids of postings that are revisited daily."""
    seconds: int
    """Seconds after which the crawl stops and writes its results; the parent kills it a little later."""


def item_mark(identity: str) -> int:
    """Return a 63-bit mark of an item's key or id."""
    return int.from_bytes(hashlib.blake2b(identity.encode("utf-8", "replace"), digest_size=8).digest()) >> 1
