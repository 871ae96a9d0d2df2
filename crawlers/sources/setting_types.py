"""The kinds of value a source file holds, each refusing what it is not with the fix, and the base of its mappings."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from crawlers.sources.item_pattern import item_pattern
from foundation.address_patterns import compile_pattern
from foundation.url_template import PLACEHOLDERS, placeholders

if TYPE_CHECKING:
    from tldextract import TLDExtract


@cache
def _registrable() -> "TLDExtract":
    """Return the public suffix list inside the package: reading a source never goes to the network."""
    from tldextract import TLDExtract  # it loads an HTTP client; reading sources whose addresses share a host needs no list

    return TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)


@lru_cache(maxsize=4096)
def site(url: str) -> str:
    """Return the site an address belongs to: the registrable domain, or the host where there is none (127.0.0.1)."""
    host = (urlsplit(url).hostname or "").lower()
    parts = _registrable()(host)
    if parts.top_domain_under_public_suffix or parts.ipv4 or parts.ipv6:
        return parts.top_domain_under_public_suffix or host
    return ".".join(host.split(".")[-2:])  # the list's own rule for a last label it does not know


def same_site(url: str, other: str) -> bool:
    """Whether two addresses belong to one site, as ``site`` tells it."""
    return urlsplit(url).hostname == urlsplit(other).hostname or site(url) == site(other)


def _pattern(regex: str, problem: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not re.fullmatch(regex, value):
            raise ValueError(problem.format(value=value))
        return value

    return check


def _http(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{value!r} is not a web address; write it whole, as https://site.example/jobs")
    if parts.username or parts.password:
        raise ValueError("an address here never carries a password; only public pages are fetched, so remove it")
    if extra := placeholders(value) - PLACEHOLDERS:
        raise ValueError(f"{min(extra)} is not filled in; placeholders are {', '.join(sorted(PLACEHOLDERS))}")
    return value


def selector(value: str) -> str:
    """Return the selector without Scrapy's ``::attr(href)``, which says nothing new here: a link is followed by its href."""
    plain = value.removesuffix("::attr(href)")
    try:
        LexborHTMLParser("<p>").css(plain)
    except SelectolaxError as exc:
        raise ValueError(f"{value!r} is not a CSS selector; try it in a browser's console first") from exc
    return plain


def _address_pattern(value: str) -> str:
    compile_pattern(value)
    return value


BY_HAND = "by hand"
"""The schedule of a source that only people run."""


def _cron(value: str) -> str:
    if value == BY_HAND:
        return value
    fields = len(value.split())
    try:
        problem = f"it has {fields} fields" if fields != 5 else ""
        CronSim(value, datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError as exc:
        problem = problem or str(exc).lower()
    if problem:
        raise ValueError(
            f"{value!r} is not a schedule ({problem}); write five fields, as 17 3 * * * for 03:17 each day, or {BY_HAND}"
        )
    return value


def _iso_day(value: Any) -> Any:
    """Accept a date with or without quotes; refuse a number or a time."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise ValueError(f"{value!r} is not a date; write it as 2026-11-20")
    if not isinstance(value, str) and type(value) is not date and value is not None:
        raise ValueError(f"{value!r} is not a date; write it as 2026-11-20")
    return value


NAME = "[a-z][a-z0-9_]{1,62}"
_PARAMETER = r"[A-Za-z0-9_.\[\]-]+\*?"
_NO_PARAMETER = "{value!r} is not the name of a parameter; write it alone, as sid or view_*"
_COUNTRY = "{value!r} is not an ISO 3166 code in capitals; write it as VN"
_HOST = "{value!r} is not the name of a host in small letters; write it alone, as cdn.example.net"
_LANG = "{value!r} is not an ISO 639-1 code; write it as vi or zh-Hant"
_NAME = "the file name {value!r} is the source's name; use 2 to 63 of a-z, 0-9 and _"

Country = Annotated[str, AfterValidator(_pattern("[A-Z]{2}", _COUNTRY))]
Lang = Annotated[str, AfterValidator(_pattern("[a-z]{2}(-Han[st])?", _LANG))]
Name = Annotated[str, AfterValidator(_pattern(NAME, _NAME))]
Schedule = Annotated[str, AfterValidator(_cron)]
Url = Annotated[str, AfterValidator(_http)]
Css = Annotated[str, AfterValidator(selector)]
AddressPattern = Annotated[str, AfterValidator(_address_pattern)]
ItemPattern = Annotated[str, AfterValidator(item_pattern)]
Day = Annotated[date, BeforeValidator(_iso_day)]
Parameter = Annotated[str, AfterValidator(_pattern(_PARAMETER, _NO_PARAMETER))]
Host = Annotated[str, AfterValidator(_pattern(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", _HOST))]
Share = Annotated[float, Field(ge=0, le=1)]


class Strict(BaseModel):
    """A mapping of a source file."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True)


_SELECTOR = re.compile(r"(.*?)(?:@([A-Za-z][\w:-]*))?", re.DOTALL)
_PATH = re.compile(r"[^\s.\"'<>]+(?:\.[^\s.\"'<>]+)*")


class FieldSelectors(Strict):
    """Field of a posting -> where it stands; each overrules what the page parser reads.

    In HTML a CSS selector, with ``@attribute`` when the value stands in one; in the answer of an API a dotted path from the item.
    """

    title: str | None = None
    company: str | None = None
    location: str | None = None
    pay: str | None = None
    posted_at: str | None = None
    contacts: str | None = None
    """All matches: links, telephone numbers, e-mail addresses."""
    text: str | None = None
    """All matches, one below the other."""

    def named_fields(self) -> dict[str, str]:
        """Return the fields that are written in the file."""
        return {name: value for name, value in self if value is not None}


def split_selector(selector: str) -> tuple[str, str]:
    """Return (CSS, attribute); "" for an element's text."""
    match = _SELECTOR.fullmatch(selector)
    assert match, "the pattern takes any text"
    return match[1].strip(), match[2] or ""


def selector_problem(value: str, *, path: bool) -> str:
    """Return what is wrong with a field's selector or, for an API, with its ``path``; "" for nothing."""
    if path:
        return "" if _PATH.fullmatch(value) else f"{value!r} is not a dotted path; write it from the item, as salary.text"
    if not split_selector(value)[0]:
        return f"{value!r} has no selector before the @; write it as a.phone@href"
    try:
        selector(split_selector(value)[0])
    except ValueError as exc:
        return str(exc)
    return ""
