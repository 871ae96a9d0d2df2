"""Tells which parts of an address name a page and which only a visit, for the identity of postings and for the frontier.

Parameters of advertisers (``utm_*``, ``fbclid``), of sessions (``PHPSESSID``, ``;jsessionid=``, ``sid``) and of searches
(JobsDB's ``#sol=``) change with each visit, so an advert known for weeks would look new. Names that some boards use for the
number of an advert (``sid``, ``ref``) are only left out when their value looks like what it is taken for and the rest of the
address still names the page. A source adds to and takes from the rule with ``crawl.parameters`` in its file.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

_PLAIN = re.compile(r"https?://[a-z0-9.:-]+/[A-Za-z0-9/._~-]*")
"""Addresses that need no change; most are like this."""
_VISIT = re.compile(
    r"utm_.*|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|yclid|ttclid|twclid|igshid|mc_cid|mc_eid|mkt_tok|_ga|_gl|_hsenc|_hsmi|"
    r"vero_id|wickedid|trk|trkinfo|refid|searchid|search_?token|sol|tracking_?id|"
    r"phpsessid|jsessionid|aspsessionid.*|asp\.net_sessionid|cfid|cftoken|oscsid|zenid"
)
"""Names that never name a page."""
_SESSION = frozenset({"sid", "s", "psid", "session", "session_id", "sessionid", "sessid", "sess"})
"""Names of sessions that elsewhere are the number of an advert."""
_PLACE = frozenset({"ref", "origin", "referrer", "referer"})
"""Names of the place on the site where a link was clicked, that elsewhere are the reference of an advert."""
_PLACES = re.compile(
    r"search|home|list|card|title|recommend|related|similar|mail|newsletter|feed|rss|push|share|social|banner|menu|nav|footer|"
    r"header|sidebar|widget|facebook|google|zalo|tiktok|telegram|twitter|linkedin|instagram|youtube|alert"
)
_TOKEN = re.compile(r"[0-9a-z,-]{16,}|(?=[a-z-]*[0-9])(?=[0-9-]*[a-z])[0-9a-z-]{8,15}", re.IGNORECASE)
"""What a session's value looks like: long, or letters and digits mixed."""
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_PAGING = frozenset({"page", "paged", "p", "pg", "pn", "pageno", "page_no", "pagenum", "start", "offset", "limit", "size"})
_NO_NAME = re.compile(r"v\d+(?:\.\d+)*|(?:19|20)\d\d", re.IGNORECASE)
"""Parts of a path that have digits and name nothing: versions and years."""
_SLUG_WORDS = 3
_VIEWS = frozenset({"amp", "print", "m", "mobile", "pdf", "apply", "embed"})
"""Parts of a path that name a way to show a page."""
_SHORTEST_NAME = 5
_SCRIPT = re.compile(r"\.(?:php\d?|aspx?|jsp|do|cgi|cfm|s?html?)$", re.IGNORECASE)


class _Names:
    """Names of parameters, some of which end in ``*``."""

    def __init__(self, names: Iterable[str]) -> None:
        lower = [name.lower() for name in names]
        self._whole = frozenset(name for name in lower if not name.endswith("*"))
        self._begin = tuple(name[:-1] for name in lower if name.endswith("*"))

    def __call__(self, name: str) -> bool:
        return name in self._whole or bool(self._begin and name.startswith(self._begin))


class ParameterNames(Protocol):
    """What a source file says of its parameters."""

    @property
    def drop(self) -> Iterable[str]:
        """Names to leave out."""

    @property
    def keep(self) -> Iterable[str]:
        """Names never to leave out."""


class UrlIdentity:
    """The rule with what one source adds to it: ``drop`` and ``keep`` are names, in any case; ``x_*`` is all that begin so."""

    def __init__(self, drop: Iterable[str] = (), keep: Iterable[str] = ()) -> None:
        self._drop = _Names(drop)
        self._keep = _Names(keep)
        self.page = lru_cache(4096)(self._page)

    @classmethod
    def of(cls, parameters: ParameterNames) -> "UrlIdentity":
        """Return the rule with what a source file adds."""
        return cls(parameters.drop, parameters.keep)

    def _page(self, url: str) -> str:
        """Return the address of a page without what names a visit: host in lower case, no fragment."""
        if _PLAIN.fullmatch(url):
            return url
        try:
            parts = urlsplit(url)
        except ValueError:
            return url
        path = parts.path
        if ";" in path and not self._keep("jsessionid"):
            path = _PATH_SESSION.sub("", path)
        query = self._query(path, parts.query) if parts.query else ""
        return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), path, query, ""))

    def item(self, url: str) -> str:
        """Return the address of a posting: its page, and the fragment when the posting is a part of the page."""
        page, mark, fragment = url.partition("#")
        page = self.page(page)
        name = fragment.partition("=")[0]
        if not mark or not fragment or _VISIT.fullmatch(name.lower()) or name.startswith(":~:"):
            return page
        return f"{page}#{fragment}"

    def key(self, url: str) -> str:
        """Return one key for all spellings of a page's address (query sorted, escapes normalised)."""
        page = self.page(url)
        return page if _PLAIN.fullmatch(page) else str(canonicalize_url(page))

    def _query(self, path: str, query: str) -> str:
        pairs = [(*_split(pair), pair) for pair in query.split("&")]
        sure = [pair for pair in pairs if self._keep(pair[0]) or not (self._drop(pair[0]) or _VISIT.fullmatch(pair[0]))]
        doubtful = [pair for pair in sure if pair[0] in _SESSION | _PLACE and not self._keep(pair[0])]
        if not doubtful:
            return "&".join(pair for *_, pair in sure)
        rest = [pair for pair in sure if pair not in doubtful]
        by_path = _names_page(path)
        by_query = any(name not in _PAGING and re.search(r"\d", value) for name, value, _ in rest)

        def stays(name: str, value: str) -> bool:
            if name in _PLACE:
                return not (by_path and _PLACES.search(value.lower()) and not re.search(r"\d", value))
            if len(value) < 16 and name == "s":
                return True
            return not (_TOKEN.fullmatch(value) and (by_path or by_query or (len(value) >= 16 and rest)))

        return "&".join(pair for name, value, pair in sure if (name, value, pair) in rest or stays(name, value))


def _split(pair: str) -> tuple[str, str]:
    name, _, value = pair.partition("=")
    return unquote_plus(name).lower(), unquote_plus(value)


def _names_page(path: str) -> bool:
    """Return whether a path alone names a page: a number or a title of three words at its end, no script that takes a number."""
    segments = [part for part in path.split("/") if part][-2:]
    if not segments or (_SCRIPT.search(segments[-1]) and not re.search(r"\d", segments[-1])):
        return False
    if any(re.search(r"\d", part) and not _NO_NAME.fullmatch(part) for part in segments):
        return True
    return len([word for word in re.split(r"[-_]", segments[-1]) if word]) >= _SLUG_WORDS


def is_same_page(url: str, claimed: str) -> bool:
    """Tell whether ``claimed`` can be another spelling of the page at ``url``: it names what that names, by number or by words.

    Templates print the address of the home page, of the list, or of one advert on every page as its own (``rel=canonical``).
    """
    own, other = urlsplit(url), urlsplit(claimed)
    names = [part for part in own.path.split("/") if part and part.lower() not in _VIEWS]
    last = _SCRIPT.sub("", names[-1]).lower() if names else ""
    numbers, claims = _numbers(own.query), set(re.findall(r"\d+", f"{other.path}?{other.query}"))
    if found := re.findall(r"\d+", last):
        return max(found, key=len) in claims
    if numbers and not (names and _names_page(own.path)):
        return bool(claims) and claims <= numbers
    parts = [_SCRIPT.sub("", part).lower() for part in other.path.split("/") if part]
    return not last or (bool(parts) and (last in parts[-1] or (len(parts[-1]) >= _SHORTEST_NAME and parts[-1] in last)))


def _numbers(query: str) -> set[str]:
    """Return the numbers in a query that are no place in a list."""
    pairs = [_split(pair) for pair in query.split("&")] if query else []
    return {number for name, value in pairs if name not in _PAGING for number in re.findall(r"\d+", value)}


DEFAULT = UrlIdentity()
"""The rule for a source that adds nothing."""
