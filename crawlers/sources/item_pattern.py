r"""The pattern of the address of one item of a platform, as an operator writes it: ``^https://board\.example\.org/jobs/\d+$``.

The pattern decides what a platform is asked to remove, so it must match only items: its hosts are written out, it matches the
whole address, no part crosses a slash by accident, and it does not match pages that every site has.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import re2
from w3lib.url import canonicalize_url, url_query_cleaner

from foundation.address_patterns import MEMORY

LONGEST = 1000
"""Characters of a pattern."""
MOST_HOSTS = 200
"""Hosts that one pattern names."""
LABEL = "{label}"
"""Stands in the host of a platform's pattern for one name below its own domain: a city, a country, a language."""
NO_ITEMS = ("/", "/search", "/search?q=jobs", "/login", "/about", "/jobs", "/jobs/", "/category/jobs", "/tag/jobs", "/?page=2")
"""Pages of any site that are no items."""
_BEGINNING = re.compile(r"\^https?\??://")
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?[:!]|.", re.DOTALL)
_PORT = re.compile(r":(?:\d+|\\d(?:\+|\{\d(?:,\d)?\}))$")
_DETOUR = re.compile(r"//|/\.|%(?:2[ef]|5c|[01][0-9a-f]|7f)", re.IGNORECASE)
"""What browsers and programs may read as another path, or as two."""
_PORTS = {"http": 80, "https": 443}


class ItemPatternRefused(ValueError):
    """A pattern that would match more than items; its text says why and what to write."""


_REST = "(?:[a-z0-9-]*[a-z0-9])"
_LABEL = (
    f"(?:[a-wyz0-9]{_REST}?|x(?:[a-mo-z0-9]{_REST}?|-{_REST}|n(?:[a-z0-9]{_REST}?|-[a-z0-9]{_REST}?)?)?)"  # none begins with xn--
)


class ItemPattern(NamedTuple):
    """A pattern that matches in time linear in the address."""

    whole: Any
    """What RE2 matches."""
    refused: tuple[Any, ...]
    """How an address may not begin: what stood in ``(?!…)``, which RE2 does not have, after what stands before it."""

    def fullmatch(self, address: str) -> bool:
        """Tell whether the pattern matches the whole address."""
        return bool(self.whole.fullmatch(address)) and not any(each.match(address) for each in self.refused)


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> ItemPattern:
    """Return the pattern ready for ``fullmatch``; digits and letters are those of ASCII.

    Raises ItemPatternRefused for what RE2 does not take; ``(?!…)`` may stand outside of other brackets.
    """
    whole, refused, depth, begin = "", list[str](), 0, None
    for piece in _PIECE.findall(pattern):
        if piece == "(?!" and depth == 0:
            begin = len(whole)
        depth += piece.startswith("(") - (piece == ")")
        whole += "(?:" if piece == "(?!" and begin == len(whole) else piece
        if depth == 0 and begin is not None:
            refused.append(whole)
            whole, begin = whole[:begin], None
    return ItemPattern(_compile_linear(whole), tuple(map(_compile_linear, refused)))


def _compile_linear(expression: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    try:
        return re2.compile(expression.replace(LABEL, _LABEL), options)
    except re2.error as exc:
        why = exc.args[0].decode() if exc.args and isinstance(exc.args[0], bytes) else str(exc)
        raise ItemPatternRefused(f"not a pattern that RE2 takes ({why}); see docs/takedown.md") from exc


@lru_cache(maxsize=1024)
def platform_pattern(value: str) -> str:
    """Return the pattern as it is, as ``item_pattern`` does; its host may hold ``LABEL``, which the platform's hosts bind."""
    item_pattern(value.replace(LABEL, "label", 1))
    if LABEL in _parts(value)[1]:
        raise ItemPatternRefused(f"{LABEL} stands in the host alone; write what only items have in the path")
    return value


@lru_cache(maxsize=1024)
def item_pattern(value: str) -> str:
    """Return the pattern as it is; raise ItemPatternRefused for one that is not bound to hosts, has no end, or takes any page."""
    compile_pattern(value[:LONGEST])
    host, path = _parts(value)
    hosts_of(value)
    for piece in _PIECE.findall(path):
        if piece == "." or piece in (r"\S", r"\D", r"\W") or (piece.startswith("[^") and "/" not in piece):
            raise ItemPatternRefused(
                f"{piece} takes slashes too, and so any page below; write [^/?#]+ or the letters it may have"
            )
    for address in NO_ITEMS:
        if compile_pattern(path).fullmatch(address):
            raise ItemPatternRefused(
                f"it takes {address} of {host}, which is no item; write what only items have, as /jobs/\\d+$"
            )
    return value


@lru_cache(maxsize=1024)
def hosts_of(pattern: str) -> tuple[str, ...]:
    """Return every host that a pattern names; raise ItemPatternRefused where one is not written out."""
    host = _PORT.sub("", _parts(pattern.replace(LABEL, "label", 1))[0])
    return tuple(sorted(set(_alternatives(iter(_PIECE.findall(host)), host))))


def _parts(pattern: str) -> tuple[str, str]:
    """Return the parts of a pattern for the host and for the rest."""
    beginning = _BEGINNING.match(pattern)
    if beginning is None or len(pattern) > LONGEST:
        raise ItemPatternRefused(f"begin it with ^https:// and the host, in at most {LONGEST:,} characters")
    pieces = _PIECE.findall(pattern[beginning.end() :])
    if pieces[-1:] != ["$"]:
        raise ItemPatternRefused("end it with $, so that nothing may follow the address of an item")
    if "|" in _outside_groups(pieces):
        raise ItemPatternRefused("an alternative outside brackets leaves host and end behind; write (?:a|b) within the address")
    if "/" not in pieces:
        raise ItemPatternRefused("it names a host alone; write how the path of one item looks after it")
    at = pieces.index("/")
    return "".join(pieces[:at]), "".join(pieces[at:-1])


def _outside_groups(pieces: list[str]) -> Iterator[str]:
    depth = 0
    for piece in pieces:
        depth += piece.startswith("(") - (piece == ")")
        if depth == 0:
            yield piece


def _alternatives(pieces: Iterator[str], host: str) -> list[str]:
    """Return every text that the part of a host up to the end of its group stands for."""
    done: list[str] = []
    before, now = [""], [""]
    for piece in pieces:
        if piece == ")":
            break
        if piece == "|":
            done, before, now = done + now, [""], [""]
        elif piece == "?":
            now = before + now
        else:
            options = _alternatives(pieces, host) if piece == "(?:" else [_literal(piece, host)]
            before, now = now, [first + second for first in now for second in options]
        if len(done) + len(now) > MOST_HOSTS:
            raise ItemPatternRefused(f"the host {host} stands for more than {MOST_HOSTS} hosts; write fewer alternatives")
    return done + now


def _literal(piece: str, host: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]|\\[.-]", piece):
        raise ItemPatternRefused(
            f"the host {host} is not written out ({piece}); write it as board\\.example\\.org or (?:a|b)\\.example"
        )
    return piece[-1]


def plain_host(host: str) -> str:
    """Return a host without www, m or mobile before it."""
    return re.sub(r"^(?:www|m|mobile)\.(?=[^.]+\.)", "", host)


def plain_address(url: str, naming: Sequence[str]) -> str:
    """Return a web address in the one spelling that patterns are written for; empty where its path or port is a detour.

    That is https without port, the host without www, m or mobile, escapes normalised, no slash at the end, and of the query the
    ``naming`` parameters alone, sorted. With ``#`` in ``naming`` a route in the fragment of the front page (``#!/name/status/1``)
    is the path.
    """
    parts = urlsplit(url)
    path, query = parts.path, parts.query
    if "#" in naming and path in ("", "/") and (route := unquote(parts.fragment).removeprefix("!")).startswith("/"):
        path, _, query = route.partition("?")
    try:
        port = parts.port
    except ValueError:
        return ""
    if _DETOUR.search(path) or "/.." in url or not parts.netloc.isascii() or port not in (None, _PORTS.get(parts.scheme)):
        return ""
    host = plain_host(parts.hostname or "")
    return str(url_query_cleaner(canonicalize_url(f"https://{host}{path.rstrip('/')}?{query}"), naming, unique=False))
