"""Receivers of takedown lists: their rules, and the check whether an address names one item of a platform."""

import ipaddress
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, parse_qs, urljoin, urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from crawlers.sources.item_pattern import LABEL, compile_pattern, hosts_of, plain_address, plain_host, platform_pattern
from crawlers.sources.setting_types import Day, Url, site
from crawlers.sources.source import Source
from crawlers.sources.source_file import check_values, elsewhere
from foundation.crawl_errors import SourceError

LEAST_REASON = 8
"""Characters of a written reason at least: fewer say nothing in any language."""
REPORT_LINKS = "the report link of each item"
"""Recipient of a list that goes by hand to a platform without a form."""
NAMED_WORDS = "named_by_analyst"
"""Indicator of the words that a person named as what shows the kind; it bears what the elements of a clause say it does."""
FORMATS = tuple(sorted(path.stem.removesuffix("_file") for path in Path(__file__).parent.glob("takedown/formats/*_file.py")))
"""What a receiver may ask for: each is a module of ``desk/takedown/formats``, and needs no other line."""
_WRAPS = 3
"""Wrappers within each other that are opened: a search engine's link to a platform's link to an item."""
_CLICK = re.compile(r"(?<=\?)fbclid=[\w-]*&|[?&]fbclid=[\w-]*")
"""What a wrapper adds to the address it leads to."""
_NO_ADDRESS = re.compile(r"[\\\s\x00-\x1f\x7f]")
"""Characters that browsers read differently from programs."""


def _format(value: str) -> str:
    if value not in FORMATS:
        raise ValueError(f"no format {value!r}; formats are {', '.join(FORMATS)}")
    return value


def _host(value: str) -> str:
    if site(f"https://x.{value}/") == f"x.{value}":  # a name below it is a site of its own: com, co.uk, github.io
        raise ValueError(f"{value!r} is no domain of one owner; write it whole, as board.example.org")
    return value


def _list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _address(value: str) -> str:
    if value and not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+", value):
        raise ValueError("not an e-mail address; leave it empty where there is none yet")
    return value


class Clause(BaseModel):
    """A rule or law a kind of lure breaks, in words that stand in a notice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1, max_length=120)
    law: str = Field(min_length=1, max_length=200)
    means: str = Field(min_length=1, max_length=240)
    """When the clause applies to an item. Short enough to leave room for reasons in a report of 1,000 characters."""
    tags: tuple[str, ...] = ()
    """Kinds of lure that break it; empty: every kind."""
    elements: dict[str, tuple[str, ...]] = {}
    """What has to be shown for each part of the accusation: its name, and the indicators that bear it (``NAMED_WORDS``: words
    that a person named). Empty: any reason does."""
    otherwise: str | None = None
    """Key of the clause that can be said where an element of this one is not borne; None: then nothing is."""

    def fits(self, tag: str | None) -> bool:
        """Tell whether this rule follows from a kind of lure. Any other needs a person's written reason."""
        return not self.tags or tag in self.tags

    def bears(self, indicator: str) -> bool:
        """Tell whether words shown by an indicator bear an element of it."""
        return not self.elements or any(indicator in element for element in self.elements.values())

    def missing(self, indicators: Collection[str]) -> list[str]:
        """Return the elements that no words bear."""
        return [name for name, element in self.elements.items() if set(indicators).isdisjoint(element)]


class Text(BaseModel):
    """Where a platform says something, so that a person can read it again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Url
    dated: Day | None = None
    """The day of the text, or of the kept copy it was read in; None: a copy without a day."""


class Route(BaseModel):
    """How a platform takes notices, and what a person can do where it takes none from outside."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Literal["mail", "form", "api", "none"]
    form: Url | None = None
    """Where the form stands, or the page that leads to it."""
    asks: str = Field("", max_length=240)
    """What they ask for first: an account, the number of an order, a court's letter, screenshots."""
    person: str = Field(min_length=1, max_length=300)
    """What somebody without an agreement can do today."""
    text: Text | None = None
    """Where the platform says so; None: not checked at the source."""


class Platform(BaseModel):
    """One receiver of lists."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    enabled: bool
    note: str = ""
    loopback: bool = False
    hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = ()
    sources: tuple[str, ...] = ()
    item: Annotated[tuple[Annotated[str, AfterValidator(platform_pattern)], ...], BeforeValidator(_list)]
    """How the address of one item looks, one pattern or several; none: no address of one item is known."""
    naming: tuple[str, ...] = ()
    """The parameters that name an item, or an answer below one, and ``#`` for a route in the fragment. Whatever else stands in an
    address on ``hosts`` is left aside before ``item`` is asked (``plain_address``); any other must match as it is written."""
    route: Route | None = None
    policy: Text | None = None
    """The text that ``rules`` speak of."""
    no_policy: str = Field("", max_length=200)
    """Why no text of their rules with a day stands here; what was met instead. Notices then name the law alone."""
    formats: tuple[Annotated[str, AfterValidator(_format)], ...] = Field(min_length=1)
    contact: Annotated[str, AfterValidator(_address)] = ""
    language: str = "en"
    rules: dict[str, str] = {}
    """Clause -> that platform's own rule in its own words."""

    @property
    def recipient(self) -> str:
        """Where its lists go: its address; of one without, the form that a person fills for each item, else the items' own report
        links. Empty where nobody knows a way."""
        return self.contact or ((self.route.form or REPORT_LINKS) if self.route else "")

    def serves(self, host: str) -> bool:
        """Tell whether a host is one of this platform's, or below one."""
        return any(host == own or host.endswith(f".{own}") for own in self.hosts)

    def refusal(self, url: str) -> str | None:
        """Say why ``url`` is not the public address of one item here; None when it is."""
        parts = _split(url)
        if parts is None:
            return "not a web address"
        if "@" in parts.netloc:
            return "carries a name or password"
        if _private(parts.hostname or "") and not self.loopback:
            return "a private address"
        if parts.path.strip("/") == "" and not parts.query and not parts.fragment:
            return "the front page of a platform, not an item"
        plain = plain_address(url, self.naming) if self.hosts else url
        if not any(compile_pattern(pattern).fullmatch(plain) for pattern in self.item):
            return f"not the address of one item ({self.title}'s look like {' or '.join(self.item) or 'nothing known'})"
        return None


class Platforms(BaseModel):
    """The whole of ``seeds/platforms.yml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    clauses: dict[str, Clause] = Field(min_length=1)
    platforms: dict[str, Platform]
    wrappers: dict[
        Annotated[str, Field(pattern=r"^[a-z0-9.-]+\.[a-z]+/[\w./*-]*$")], Annotated[tuple[str, ...], BeforeValidator(_list)]
    ] = {}
    """Host (and those below it) and path of a page that leads on, embeds or describes -> its parameters that may hold the address
    of what it shows; an empty one is the whole query."""
    _seeds: str = PrivateAttr("")

    def mark_commit(self, commit: str) -> "Platforms":
        """Return the receivers as those of an accepted commit of the seeds."""
        found = self.model_copy()
        found._seeds = commit
        return found

    @property
    def seeds(self) -> str:
        """Accepted commit that they are of; empty: files as they stand."""
        return self._seeds

    @property
    def titles(self) -> dict[str, str]:
        """What each receiver is called."""
        return {key: platform.title for key, platform in self.platforms.items()}

    @model_validator(mode="after")
    def _rules_are_known(self) -> "Platforms":
        for key, clause in self.clauses.items():
            if clause.otherwise and (clause.otherwise not in self.clauses or self.clauses[clause.otherwise].otherwise):
                raise ValueError(f"clauses.{key}.otherwise: {clause.otherwise} is no clause, or has an otherwise of its own")
        for key, platform in self.platforms.items():
            self._check_item(key, platform)
            if unknown := set(platform.rules) - set(self.clauses):
                raise ValueError(f"platforms.{key}.rules: no clause {', '.join(sorted(unknown))}")
            if set(platform.formats) == {"xarf"}:
                raise ValueError(f"platforms.{key}.formats: XARF cannot take a notice back; add json or csv beside it")
            if platform.enabled and not platform.recipient:
                raise ValueError(f"platforms.{key}: enabled without a contact to send lists to, and without a route by hand")
        return self

    @staticmethod
    def _check_item(key: str, platform: Platform) -> None:
        """Raise an error where the patterns of items are wrong."""
        place, named = ("platforms", key, "item"), [host for pattern in platform.item for host in hosts_of(pattern)]
        if platform.hosts and (strange := [host for host in named if not platform.serves(host)]):
            raise elsewhere(place, f"names {strange[0]}, which is not among hosts; correct one of them")
        if any(LABEL in pattern for pattern in platform.item) and not platform.hosts:
            raise elsewhere(place, f"{LABEL} stands for a name below one of hosts; name them")
        for pattern in platform.item if platform.hosts else ():
            if pattern.startswith("^http:") or not any(host == plain_host(host) for host in hosts_of(pattern)):
                raise elsewhere(place, f"{pattern} takes no address; write https, and the host without www, m or mobile")
        if platform.enabled and not platform.item:
            raise elsewhere(place, "enabled without a pattern: nothing could be told; write one")

    def of(self, url: str, source: str, routes: Mapping[str, str]) -> str | None:
        """Return the key of the platform an item belongs to: by its source's own route, its source's name, or its host."""
        if routes.get(source) in self.platforms:
            return routes[source]
        host = ""
        with suppress(ValueError):
            host = urlsplit(self.target(url)).hostname or ""
        return next(
            (key for key, platform in self.platforms.items() if source in platform.sources or platform.serves(host)), None
        )

    def target(self, url: str) -> str:
        """Return the address that a known wrapper names in itself, scheme and host in small letters; nothing is asked for.

        One that names two is left as it is: nobody can say which was meant.
        """
        for _wrap in range(_WRAPS):
            parts = _split(url)
            if parts is None:
                return url
            given = list(self._read_wrapper(parts))
            if len(given) != 1:
                return parts._replace(netloc=parts.netloc.lower()).geturl()
            url = urljoin(url, given[0])
        return url

    def _read_wrapper(self, parts: SplitResult) -> Iterator[str]:
        """Yield every address that a wrapper holds; one with a name, a port or detours in its path is none that we know."""
        if parts.netloc.lower() != parts.hostname or re.search(r"//|/\.", parts.path):
            return
        query = {"": [parts.query]} | parse_qs(parts.query)
        for key, names in self.wrappers.items():
            host, _, path = key.partition("/")
            if f".{parts.hostname}".endswith(f".{host}") and fnmatchcase(parts.path, f"/{path}"):
                yield from (_CLICK.sub("", value) for name in names for value in query.get(name, ()) if value)

    def clauses_for(self, tag: str) -> list[tuple[str, Clause]]:
        """Return all clauses, those meant for ``tag`` first."""
        return sorted(self.clauses.items(), key=lambda item: tag not in item[1].tags)

    def incoherence(self, tag: str | None, clause: str | None, reason: str) -> str | None:
        """Say why a kind of lure and a rule cannot stand together; None when the rule follows from the kind or has a reason."""
        rule = self.clauses.get(clause or "")
        if rule is None or rule.fits(tag) or len(reason.strip()) >= LEAST_REASON:
            return None
        fitting = " or ".join(f"“{each.title}”" for each in self.clauses.values() if each.fits(tag))
        kind = (tag or "no kind").replace("_", " ")
        return (
            f"“{rule.title}” is no rule for {kind}; choose {fitting or 'another kind'},"
            f" or write in the note why it is broken all the same"
        )


def load_platforms(seeds: Path) -> Platforms:
    """Return what ``seeds/platforms.yml`` and ``seeds/platforms/*.yml`` describe together.

    Raises SourceError with one ``file:line`` per problem.
    """
    whole = check_values(seeds / "platforms.yml", Platforms, {})
    clauses, found = whole.model_dump(mode="json")["clauses"], dict(whole.platforms)
    for path in sorted((seeds / "platforms").glob("*.yml")):
        part = check_values(path, Platforms, {"clauses": clauses})
        if twice := sorted(found.keys() & part.platforms.keys()):
            raise SourceError(f"{path}:1: platforms.{twice[0]}: described in another file too; remove one of them")
        found |= part.platforms
    return whole.model_copy(update={"platforms": found})


def add_own_receivers(
    seeds: Path, platforms: Platforms, sources: Iterable[Source], faults: dict[str, str] | None = None
) -> Platforms:
    """Return receivers and beside them each source that is its own.

    Raises SourceError naming a source whose receiver is not described anywhere; with ``faults`` that is noted there by the
    source's name, and the other receivers are returned.
    """
    own: dict[str, Platform] = {}
    for source in sources:
        try:
            if receiver := _own_receiver(seeds, source, platforms):
                own[source.name] = receiver
        except SourceError as exc:
            if faults is None:
                raise
            faults[source.name] = str(exc)
    return platforms.model_copy(update={"platforms": platforms.platforms | own})


def _own_receiver(seeds: Path, source: Source, platforms: Platforms) -> Platform | None:
    """Return a source as its own receiver; None when it names one of ``platforms`` or none at all."""
    route, where = source.operator.takedown, seeds / "sources" / f"{source.name}.yml"
    if route is not None and route.platform is not None and route.platform not in platforms.platforms:
        raise SourceError(
            f"{where}: operator.takedown.platform: {route.platform!r} is not in {seeds / 'platforms.yml'}; add it there"
        )
    if route is None or route.platform is not None or not route.contact or source.name in platforms.platforms:
        return None
    form = route.format or "csv"
    others = [each for each in source.languages if each != "en"]
    try:
        return Platform.model_validate({
            "title": source.title, "enabled": source.enabled, "sources": (source.name,), "item": route.item or (),
            "formats": ("json", "xarf") if form == "xarf" else (form,), "contact": route.contact,
            "language": others[0] if len(others) == 1 else "en",
        })  # fmt: skip
    except ValidationError as exc:
        raise SourceError(f"{where}: operator.takedown: {exc.errors()[0]['msg']}") from exc


def unrouted_sources(sources: Iterable[Source], platforms: Platforms) -> list[str]:
    """Return the sources whose adverts nobody takes notices about, and whose files do not say why (``no_route``)."""
    routes = routes_of(sources := list(sources))
    return [source.name for source in sources
            if not ((route := source.operator.takedown) and (route.no_route or route.contact))
            and platforms.of(source.operator.url, source.name, routes) is None]  # fmt: skip


def routes_of(sources: Iterable[Source]) -> dict[str, str]:
    """Return source -> platform, as the source files themselves say."""
    return {
        source.name: route.platform for source in sources if (route := source.operator.takedown) is not None and route.platform
    }


def _split(url: str) -> SplitResult | None:
    """Return the parts of an address that browsers and programs read alike; None for anything else."""
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and not _NO_ADDRESS.search(url):
            return parts
    return None


def _private(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.rsplit(".", 1)[1].isdigit()
    return not address.is_global
