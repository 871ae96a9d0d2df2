"""The model of a source file, ``seeds/sources/<name>.yml``, checked strictly when it is read.

``load_source`` reads one file, ``read_sources`` a whole seeds folder; both raise SourceError whose every line reads
``file:line: key: what is wrong; what to write``. ``refusal`` says why the access passport does not let a source run;
``admit`` raises for it, and everything that fetches pages of a source calls it.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, PrivateAttr, field_validator, model_validator

from crawlers.items import Posting
from crawlers.sources.item_pattern import hosts_of
from crawlers.sources.page_steps import LISTS, Steps
from crawlers.sources.setting_types import (
    BY_HAND,
    AddressPattern,
    Country,
    Css,
    Day,
    FieldSelectors,
    Host,
    ItemPattern,
    Lang,
    Name,
    Parameter,
    Schedule,
    Share,
    Url,
    same_site,
    selector_problem,
    site,
)
from crawlers.sources.setting_types import Strict as _Strict
from crawlers.sources.source_file import Where, check_values, elsewhere, nearest, page_names
from foundation.crawl_errors import PassportRefused, SourceError
from foundation.url_identity import UrlIdentity
from foundation.url_template import PLACEHOLDERS, fill_template, placeholders

Kind = Literal["job_board", "classifieds", "public_channel", "forum", "feed"]
Spider = Literal["board", "feed", "channel", "forum", "json_api"]
TRIAL_REQUESTS = 12
"""Pages of a site that a person may ask for before its source has a passport."""


class Trial(StrEnum):
    """The commands that may fetch at most ``TRIAL_REQUESTS`` pages without a passport, because a person asked for them."""

    SOURCES_NEW = "sources new"
    SOURCES_TRY = "sources try"
    SOURCES_VERIFY = "sources verify"
    SOURCES_SUGGEST = "sources suggest"


class Takedown(_Strict):
    """Where a takedown list would go, or why nowhere. Left out: the platform of its host, or nobody."""

    platform: str | None = None
    """Name of the receiver in ``seeds/platforms.yml``; None when this source is its own receiver."""
    format: str | None = None
    contact: str | None = None
    item: ItemPattern | None = None
    """How the address of one advert looks, for a source that is its own receiver."""
    no_route: str = Field("", max_length=300)
    """Why nobody takes notices about its adverts, and what a person can do; empty where somebody does."""

    @model_validator(mode="after")
    def _own_receiver_is_whole(self) -> Self:
        if self.contact and self.platform is None and self.item is None:
            raise elsewhere(
                ("operator", "takedown"),
                r"a contact without item; write how the address of one advert looks, as item: '^https://site\.example/jobs/\d+$'",
            )
        return self


class Operator(_Strict):
    """Who runs the site."""

    name: str = Field(min_length=1)
    country: Country | None = None
    url: Url
    takedown: Takedown | None = None


class Access(_Strict):
    """The access passport: why we may fetch this, and how gently. A source with an incomplete one loads and does not run."""

    basis: str = ""
    """In words: why the pages are public and may be read by a named robot."""
    terms_url: Url | None = None
    terms_checked: Day | None = None
    """The day a person read the terms and robots.txt; None until somebody has."""
    robots: Literal["obey"] = "obey"
    delay_seconds: float = Field(5.0, ge=0, le=3600)
    """Pause between two requests to the site; a longer Crawl-delay in robots.txt wins."""
    requests_per_run: int = Field(200, ge=1, le=100_000)
    review_by: Day | None = None
    """The last day this passport is good for."""

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.terms_checked and self.review_by and self.review_by < self.terms_checked:
            raise ValueError(f"review_by {self.review_by} lies before terms_checked {self.terms_checked}; write a later day")
        return self


class JsonPaths(_Strict):
    """Where the facts stand in a JSON answer: dotted paths; ``items`` from the top, ``next`` too, the rest from an item."""

    items: str
    id: str | None = None
    url: str | None = None
    title: str | None = None
    text: str | None = None
    company: str | None = None
    location: str | None = None
    pay: str | None = None
    posted_at: str | None = None
    author: str | None = None
    next: str | None = None
    cursor: str | None = None
    """Path of the value for ``{cursor}`` in the next address; an empty or repeated value ends the list."""


class Limits(_Strict):
    """Limits of one run; reaching one ends the run as ``partial``."""

    seconds: int = Field(1800, ge=1, le=86_400)
    page_bytes: int = Field(10_485_760, ge=1024, le=104_857_600)
    rendered_requests: int = Field(60, ge=1, le=1000)
    """Requests one rendered page may cause."""
    clicks: int = Field(50, ge=1, le=500)
    """Clicks of all steps on one page."""
    step_seconds: int = Field(90, ge=1, le=600)
    """Seconds all steps of one page may take, besides the page's own time."""


class Images(_Strict):
    """Which pictures of its adverts are fetched, kept as evidence and read; see docs/posters.md."""

    per_posting: int = Field(2, ge=0, le=20)
    """Pictures of one advert; 0 fetches none."""
    per_run: int = Field(40, ge=0, le=10_000)
    """Pictures of one run; they count as requests, and come after all pages."""
    bytes: int = Field(3_145_728, ge=1024, le=20_971_520)
    """Of one file."""
    hosts: tuple[Host, ...] = ()
    """Other sites that serve this one's pictures (``cdn.example.net``); no picture is fetched from anywhere else."""


class Parameters(_Strict):
    """Parameters of addresses, besides those that every source leaves out (``foundation/url_identity.py``)."""

    drop: tuple[Parameter, ...] = ()
    """Names that change with each visit; ``x_*`` is all names that begin so."""
    keep: tuple[Parameter, ...] = ()
    """Names that say which advert it is, although they look like a visit's."""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if both := {name.lower() for name in self.drop} & {name.lower() for name in self.keep}:
            raise ValueError(f"{min(both)} is in drop and in keep; remove one")
        return self


class Crawl(_Strict):
    """How the site is walked."""

    spider: Spider
    page: str | None = None
    """Parser in ``crawlers/pages/``; None: found from each page."""
    start: tuple[Url, ...] = Field(min_length=1)
    follow: Css | None = None
    """Links from a list to its detail pages; None: the links the page parser finds."""
    next: Css | None = None
    """Links to further list pages, all that match; None: those the page parser finds."""
    include: tuple[AddressPattern, ...] = ()
    """Patterns of adverts to read; without any, all are read."""
    exclude: tuple[AddressPattern, ...] = ()
    """Addresses of adverts to leave out."""
    page_size: int | None = Field(None, ge=1, le=1000)
    """Items of one page: what ``{offset}`` grows by and ``{size}`` is."""
    first_page: int = Field(1, ge=0, le=1)
    """The number of the first page in ``{page}``."""
    fields: FieldSelectors = FieldSelectors()
    """Where single fields stand, overruling the page parser."""
    sitemap: Url | None = None
    render: bool = False
    """Through Chromium."""
    wait_for: Css | None = None
    """What a rendered list has once it is drawn; other pages are waited for until they are quiet."""
    scroll: bool = False
    """Go to the end of an endless list."""
    steps: Steps = ()
    """What a visitor does on a rendered page before it is read."""
    parameters: Parameters = Parameters()
    """Which parameters of its addresses name a visit, and which an advert."""
    max_pages: int = Field(20, ge=1, le=10_000)
    """List pages walked from each start address."""
    max_depth: int = Field(2, ge=0, le=10)
    """Links away from a start address; a detail page linked from a list is 1."""
    json_paths: JsonPaths | None = Field(None, alias="json")
    """Written ``json:`` in the file."""
    limits: Limits = Limits()
    images: Images = Images()

    @field_validator("page")
    @classmethod
    def _page_exists(cls, value: str | None) -> str | None:
        if value is not None and value not in page_names():
            raise ValueError(f"there is no page parser {value!r}{nearest(value, page_names())}; leave page out to have it found")
        return value

    @model_validator(mode="after")
    def _templates_are_whole(self) -> Self:
        for at, start in enumerate(self.start):
            used, where = placeholders(start) & PLACEHOLDERS, ("crawl", "start", at)
            if len(used & {"{page}", "{offset}", "{cursor}"}) > 1:
                raise elsewhere(where, f"{start} is counted in two ways; keep one of {{page}}, {{offset}} and {{cursor}}")
            if used & {"{offset}", "{size}"} and self.page_size is None:
                raise elsewhere(where, "{offset} and {size} need the items of a page; add the line `page_size: 20`")
            if "{cursor}" in used and not (self.json_paths and self.json_paths.cursor):
                raise elsewhere(where, "{cursor} needs its path in the answer; write spider: json_api and json: {cursor: ...}")
        return self

    @model_validator(mode="after")
    def _fields_can_be_read(self) -> Self:
        for name, value in self.fields.named_fields().items():
            if self.spider in ("channel", "forum"):
                raise elsewhere(("crawl", "fields"), f"posts are read by spider {self.spider} alone; remove fields")
            if wrong := selector_problem(value, path=self.json_paths is not None):
                raise elsewhere(("crawl", "fields", name), wrong)
        return self

    def rendering_on(self, role: str) -> dict[str, Any]:
        """Return how a page of this role is drawn: ``wait_for`` and ``scroll`` are for lists, not for adverts."""
        lists = role in LISTS
        return {"render": self.render, "wait_for": self.wait_for if lists else None, "scroll": self.scroll and lists}

    def start_at(self, template: str, turn: int) -> str:
        """Return the address of page number ``turn`` (from 1) of the list that begins at ``template``."""
        return fill_template(template, turn, first=self.first_page, size=self.page_size)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.wait_for or self.scroll or self.steps) and not self.render:
            raise ValueError("wait_for, scroll and steps need a browser; write render: true")
        if (self.spider == "json_api") != (self.json_paths is not None):
            raise ValueError("spider json_api and the paths under json: belong together; write both or neither")
        if self.spider == "channel" and any(not re.search(r"/s/\w{4,}/?$", urlsplit(start).path) for start in self.start):
            raise ValueError("a channel starts at its public preview; write https://t.me/s/<channel>")
        return self


class MinExpectation(_Strict):
    """Below this a run ends ``changed``."""

    postings: int = Field(0, ge=0)
    fill_rate: dict[str, Share] = Field(default_factory=dict)
    """Field of a posting -> least share of postings that have it."""

    @field_validator("fill_rate")
    @classmethod
    def _fields_exist(cls, value: dict[str, float]) -> dict[str, float]:
        for name in value:
            if name not in Posting.__struct_fields__:
                raise ValueError(f"{name!r} is not a field of a posting{nearest(name, Posting.__struct_fields__)}")
        return value


class MaxExpectation(_Strict):
    """Above this a run warns."""

    postings: int = Field(ge=1)


class Expect(_Strict):
    """Bounds of a healthy run: least 10-20 % under one, most about twice one."""

    min: MinExpectation = MinExpectation()
    max: MaxExpectation | None = None

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.max and self.max.postings < self.min.postings:
            raise ValueError(f"max.postings {self.max.postings} lies under min.postings {self.min.postings}; exchange them")
        return self


class Source(_Strict):
    """One place to crawl. Its name is the file's stem, the suffix of its Dag and the folder of its page cases."""

    name: Name
    title: str = Field(min_length=1)
    summary: str = Field(min_length=1)
    kind: Kind
    languages: tuple[Lang, ...] = ()
    """Expected languages; others are reported, not refused."""
    countries: tuple[Country, ...] = ()
    """Where its readers live: the countries a bare telephone number may belong to, likeliest first."""
    enabled: bool = False
    verified: Day | None = None
    """The day `lurewatch sources verify` last read a list and an advert of the site with this file; None: never."""
    note: str = ""
    """What an operator must confirm or know."""
    operator: Operator
    access: Access = Access()
    crawl: Crawl
    schedule: Schedule = "17 3 * * *"
    """Cron, UTC; ``by hand`` when only people run it."""
    retention_days: int = Field(180, ge=1, le=3650)
    """Days after which an advert that no run has seen is removed from the crawl's state and due for ``lurewatch retention``.
    """
    expect: Expect = Expect()
    _version: str = PrivateAttr("")

    @property
    def version(self) -> str:
        """SHA-256 of its file, hex; empty for a source that was not read from one."""
        return self._version

    @cached_property
    def identity(self) -> UrlIdentity:
        """Which parts of its addresses name a page, for the identity of postings and for the frontier."""
        return UrlIdentity.of(self.crawl.parameters)

    @property
    def cron(self) -> str | None:
        """When it is due; None when no schedule runs it."""
        return self.schedule if self.enabled and self.schedule != BY_HAND else None

    @model_validator(mode="after")
    def _stays_on_site(self) -> Self:
        home = self.operator.url
        addresses: list[tuple[Where, str]] = [(("crawl", "start", at), url) for at, url in enumerate(self.crawl.start)]
        if self.crawl.sitemap:
            addresses.append((("crawl", "sitemap"), self.crawl.sitemap))
        if (route := self.operator.takedown) and route.item:
            addresses += [(("operator", "takedown", "item"), f"https://{host}/") for host in hosts_of(route.item)]
        for where, url in addresses:
            if not same_site(url, home):
                raise elsewhere(where, f"{url} lies outside {site(home)}, the site of operator.url; correct one of them")
        return self


def load_source(path: Path) -> Source:
    """Return the source in ``path``; raise SourceError with one ``file:line: key: problem; fix`` per line."""
    source = check_values(path, Source, {"name": path.stem})
    with suppress(FileNotFoundError):  # deleted since it was read
        source._version = hashlib.sha256(path.read_bytes()).hexdigest()
    return source


def read_sources(seeds: Path) -> tuple[list[Source], list[str]]:
    """Return the sources that are well formed, sorted by name, and every problem of the others."""
    sources: list[Source] = []
    problems: list[str] = []
    try:
        for _, source in read_each(seeds):
            if isinstance(source, Source):
                sources.append(source)
            else:
                problems += str(source).splitlines()
    except SourceError as exc:
        problems.append(str(exc))
    return sorted(sources, key=lambda source: source.name), problems


def read_each(seeds: Path) -> Iterator[tuple[Path, Source | SourceError]]:
    """Yield each file of a seeds folder by name, with its source or what is wrong with it; raise SourceError without a folder."""
    folder = seeds / "sources"
    if not folder.is_dir():
        raise SourceError(f"{folder}: no such folder; set LUREWATCH_SEEDS to the folder that holds sources/")
    for path in sorted(folder.glob("*.y*ml")):
        if path.suffix != ".yml":  # so that a name can never be taken twice
            yield path, SourceError(f"{path}:1: a source file ends in .yml; rename it to {path.stem}.yml")
            continue
        try:
            yield path, load_source(path)
        except SourceError as exc:
            yield path, exc


def refusal(source: Source, today: date) -> str | None:
    """Return why the access passport does not let ``source`` run on ``today``; None when it does."""
    passport = source.access
    if not passport.basis:
        return "no access passport: access.basis does not say why these pages may be fetched"
    if passport.terms_checked is None:
        return "nobody has read the terms and robots.txt yet; do, then write the day as access.terms_checked"
    if passport.terms_checked > today:
        return f"access.terms_checked {passport.terms_checked} lies in the future"
    if passport.review_by is None:
        return "access.review_by is missing: say until when this passport is good"
    if passport.review_by < today:
        return f"the access passport ran out on {passport.review_by}; read the terms again and set terms_checked and review_by"
    return None


def admit(source: Source, trial: Trial | None = None) -> None:
    """Raise PassportRefused unless ``source`` may be fetched today (UTC); a ``trial`` needs no passport."""
    if trial is None and (reason := refusal(source, datetime.now(UTC).date())):
        raise PassportRefused(source.name, reason)
