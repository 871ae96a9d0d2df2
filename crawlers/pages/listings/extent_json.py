"""How many items a JSON answer and its headers announce, and the address of the next ones.

An address or a token for the next items is used as given. Where an answer says only that there is more (a total, a number of
pages, a flag), the number in its own address is counted up. Where its address has no number, likely parameters are
``guesses``, tried one after another: a wrong one shows the same items again.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from crawlers.pages.listings import json_facts
from crawlers.pages.listings.json_facts import Fact, Facts, answer_facts, count_of, parameter_name, plain_name
from crawlers.pages.page_urls import absolute

_LONGEST = 8
"""Digits of a number that is counted on."""


class QueryAddress:
    """An address and what its parameters are named; names are asked for by the patterns of ``json_facts``."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self._pairs = parse_qsl(self._parts.query, keep_blank_values=True)

    @cached_property
    def _names(self) -> list[str]:
        return [parameter_name(name) for name, _ in self._pairs]

    def has(self, kind: str) -> bool:
        """Tell whether there is a parameter of this kind."""
        return bool(self._places(kind))

    def number(self, kind: str) -> int | None:
        """Return the number in the first parameter of this kind that carries one."""
        values = (self._pairs[at][1] for at in self._places(kind))
        return next((int(value) for value in values if value.isdecimal() and len(value) <= _LONGEST), None)

    @property
    def size(self) -> int | None:
        """How many items it asks for."""
        return self.number(json_facts.SIZE)

    @property
    def size_name(self) -> str:
        """Name of the parameter that says so; "" for none."""
        return next((self._pairs[at][0] for at in self._places(json_facts.SIZE)), "")

    def replace(self, kind: str, value: str | int) -> str | None:
        """Return the address with ``value`` in its one parameter of this kind, also in the variables of a GraphQL question."""
        places = self._places(kind)
        if not places:
            return self._change_variables(kind, value)
        return self._change_values({places[0]: str(value)}) if len(places) == 1 else None

    def move_by(self, count: int) -> str | None:
        """Return the address of the items ``count`` further on; None where it does not count items."""
        start = self.number(json_facts.OFFSET)
        return None if start is None else self.replace(json_facts.OFFSET, start + count)

    def turn_page(self) -> str | None:
        """Return the address of the next page; None where it does not count pages."""
        number = self.number(json_facts.PAGE)
        return None if number is None else self.replace(json_facts.PAGE, number + 1)

    @property
    def path_counts(self) -> bool:
        """Whether the path names what the number at its end counts (``/search/1``)."""
        return re.search(r"(?:page|search|list|p)/\d+/?$", self._parts.path) is not None

    def path_turned(self, turn: int) -> str | None:
        """Return the address whose path ends with the next page's number; None where it ends with no number of page ``turn``."""
        head, _, last = self._parts.path.rstrip("/").rpartition("/")
        if not last.isdecimal() or len(last) > _LONGEST or not (self.path_counts or int(last) in (turn - 1, turn)):
            return None
        return urlunsplit(self._parts._replace(path=f"{head}/{int(last) + 1}"))

    def add(self, name: str, value: str | int) -> str | None:
        """Return the address with one more parameter; None where it has one of that name."""
        if any(name == known for known, _ in self._pairs):
            return None
        return self._join_pairs([*self._pairs, (name, str(value))])

    def set_values(self, values: Mapping[str, str | int]) -> str:
        """Return the address with these parameters, in place of those it has of the same names."""
        kept = [(name, str(values.get(name, value))) for name, value in self._pairs]
        names = {name for name, _ in kept}
        return self._join_pairs([*kept, *((name, str(value)) for name, value in values.items() if name not in names)])

    def _places(self, kind: str) -> list[int]:
        regex = re.compile(kind)
        return [at for at, name in enumerate(self._names) if regex.fullmatch(name)]

    def _change_values(self, values: Mapping[int, str]) -> str:
        return self._join_pairs([(name, values.get(at, value)) for at, (name, value) in enumerate(self._pairs)])

    def _join_pairs(self, pairs: list[tuple[str, str]]) -> str:
        return urlunsplit(self._parts._replace(query=urlencode(pairs)))

    def _change_variables(self, kind: str, value: str | int) -> str | None:
        for at, (name, inner) in enumerate(self._pairs):
            if name != "variables":
                continue
            try:
                variables = msgspec.json.decode(inner)
            except msgspec.DecodeError:
                return None
            keys = [key for key in variables if re.fullmatch(kind, plain_name(key))] if isinstance(variables, dict) else []
            if len(keys) == 1:
                return self._change_values({at: msgspec.json.encode(variables | {keys[0]: value}).decode()})
        return None


_LOOKS_LIKE_ADDRESS = re.compile(r"https?://|/|\?|\./|[^\s]*/[^\s]*\?")
_GUESSES = 6
Token = tuple[Fact, dict[str, str | int]]
"""A token for the next items, and the parameters it may go into; "" is the token's own name."""


class JsonExtent(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer announces besides its items."""

    total: int | None = None
    pages: int | None = None
    following: str | None = None
    """Absolute address of the next items."""
    guesses: tuple[str, ...] = ()
    """Addresses that may lead to the next items when the answer does not say, the likeliest first."""
    more: str = ""
    """Name of the key that says there is more, where it gives no address."""


class ListPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where an answer stands in its list."""

    count: int
    """Items it shows."""
    turn: int = 1
    """Its number among the pages of the list, from 1."""
    before: int = 0
    """Items that the pages before it showed."""

    @property
    def shown_count(self) -> int:
        """Items shown so far."""
        return self.before + self.count


def read_json_extent(
    answer: Any, items: str, base: str, count: int, *, turn: int = 1, before: int = 0, headers: Mapping[str, str] | None = None
) -> JsonExtent:
    """Return what an ``answer`` fetched from ``base`` with ``count`` items at the dotted path ``items`` announces.

    ``turn`` and ``before`` say where it stands in its list; ``headers`` are named in lower case.
    """
    facts = Facts([*answer_facts(answer, items), *json_facts.header_facts(headers or {})])
    extent = _extent(facts, base, ListPlace(count=count, turn=turn, before=before), linked_next(headers or {}, base))
    if not extent.more and isinstance(answer, dict) and isinstance(answer.get("errors"), list) and answer["errors"]:
        return msgspec.structs.replace(extent, more="errors")
    return extent


def read_header_extent(headers: Mapping[str, str], base: str, count: int = 0, *, turn: int = 1) -> JsonExtent:
    """Return what the headers (names in lower case) of a page with ``count`` items announce."""
    place = ListPlace(count=count, turn=turn)
    extent = _extent(Facts(json_facts.header_facts(headers)), base, place, linked_next(headers, base))
    return msgspec.structs.replace(extent, guesses=())  # a page for people links its pages


def linked_next(headers: Mapping[str, str], base: str) -> str | None:
    """Return the address that the header ``Link`` names as the next."""
    for part in re.split(r",\s*(?=<)", headers.get("link", "")[:8192]):
        match = re.match(r"\s*<([^<>]{1,2000})>(.*)", part, re.S)
        if match and re.search(r";\s*rel\s*=\s*(?:\"[^\"]*\bnext\b(?!-)[^\"]*\"|'?next\b(?!-)'?)", match[2], re.I):
            return absolute(base, match[1])
    return None


def _extent(facts: Facts, base: str, place: ListPlace, linked: str | None) -> JsonExtent:
    following = linked or _named_address(facts, base)
    token = _token(facts) if following is None else None
    flag = _flag(facts) or (token[0].path[-1] if token else "")
    says_more = bool(following or flag)
    total, pages = _total(facts, place, says_more=says_more), _pages(facts)
    owed = bool(flag) or _is_owed(facts, total, pages, place)
    extent = JsonExtent(total=total, pages=pages, following=following)
    if not says_more and _says_end(facts):
        return extent
    address = QueryAddress(base) if base else None
    if address and following is None:
        following = _add_token(address, token) or _count_on(address, facts, place, total, pages, owed=owed)
    guesses = _guesses(address, facts, place, token) if address and following is None and owed and place.count else []
    if following or guesses:
        return msgspec.structs.replace(extent, following=following, guesses=tuple(guesses[:_GUESSES]))
    return msgspec.structs.replace(extent, more=flag) if flag else _assume_next(extent, address, place)


def _assume_next(extent: JsonExtent, address: QueryAddress | None, place: ListPlace) -> JsonExtent:
    """Return the extent of an answer that says nothing of further items: one as long as its address allows may have them."""
    if not address or not place.count or address.size != place.count or (extent.total, extent.pages) != (None, None):
        return extent
    following = address.move_by(place.count) or address.turn_page()
    more = "" if following else f"as many items as its address allows, {place.count},"
    return msgspec.structs.replace(extent, following=following, more=more)


def _total(facts: Facts, place: ListPlace, *, says_more: bool) -> int | None:
    """Return the total; a number that counts only this page's items is no total, and neither is one that the answer
    contradicts."""
    found = facts.count("recordsfiltered") or facts.count(json_facts.TOTAL)
    if found and not (says_more and found[1] <= place.count):
        return found[1]
    found = facts.count(json_facts.COUNT)
    return found[1] if found and (found[1] > place.count or not (says_more or place.turn > 1)) else None


def _pages(facts: Facts) -> int | None:
    found = facts.count(json_facts.PAGES) or facts.count("lastpage")
    return found[1] if found else None


def _is_owed(facts: Facts, total: int | None, pages: int | None, place: ListPlace) -> bool:
    """Tell whether numbers say that there is more than this page and those before it have shown."""
    start, number = facts.count(json_facts.OFFSET), facts.count(json_facts.PAGE)
    if total is not None and place.shown_count < total:
        return not (start and start[1] + place.count >= total)
    return pages is not None and place.turn < pages and not (number and number[1] >= pages)


def _named_address(facts: Facts, base: str) -> str | None:
    """Return the address of the next items under this name, as a text or inside an object."""
    for fact in facts.all_named(json_facts.NEXT):
        values = list(fact.value.values()) if isinstance(fact.value, dict) else [fact.value]
        for value in values:
            if isinstance(value, str) and _LOOKS_LIKE_ADDRESS.match(value) and (address := absolute(base, value)):
                return _add_extension(address, base)
    return None


def _add_extension(address: str, base: str) -> str:
    """Return a next address that leads to the page for people (``/latest``) as that of the answer (``/latest.json``)."""
    path, mark, query = address.partition("?")
    here = base.partition("?")[0]
    return f"{path}.json{mark}{query}" if here == f"{path}.json" else address


def _token(facts: Facts) -> Token | None:
    """Return what says where the next items begin without an address."""
    if any(fact.value is False for fact in facts.all_named(r"has(?:next|more)\w{0,12}")):
        return None
    for fact in facts.all_named(rf"{json_facts.CONTINUES}|{json_facts.NEXT}|continue"):
        if isinstance(fact.value, dict):
            pairs = {str(key): value for key, value in fact.value.items() if _is_token(value)}
            if pairs and len(pairs) == len(fact.value):
                return fact, pairs
        elif _is_token(fact.value):
            return fact, {"": fact.value}
    return None


def _is_token(value: Any) -> bool:
    return (isinstance(value, str) and 0 < len(value) < 4000) or (
        isinstance(value, int) and not isinstance(value, bool) and value > 0
    )


def _flag(facts: Facts) -> str:
    """Return the name that says there is more; "" where none does."""
    for fact in facts.all_named(json_facts.MORE):
        if fact.value is True or (count_of(fact.value) or 0) > 0 or fact.value in ("true", "True", "yes"):
            return fact.path[-1]
    return next((fact.path[-1] for fact in facts.all_named(f"{json_facts.LAST}|isend") if fact.value is False), "")


def _says_end(facts: Facts) -> bool:
    """Tell whether an answer says itself that nothing follows: ``next: null``, ``has_more: false``, ``last: true``."""
    nothing = any(fact.value in (None, "", False) for fact in facts.all_named(rf"{json_facts.NEXT}|{json_facts.CONTINUES}"))
    closed = any(fact.value is False for fact in facts.all_named(json_facts.MORE))
    return nothing or closed or any(fact.value is True for fact in facts.all_named(json_facts.LAST))


def _add_token(address: QueryAddress, token: Token | None) -> str | None:
    """Return the address with the token that an answer gives, where the address or the answer names its parameter."""
    if token is None:
        return None
    fact, pairs = token
    if "" not in pairs:
        return address.set_values(pairs)
    value = pairs[""]
    if isinstance(value, int) or value.isdecimal():
        kinds = [json_facts.OFFSET] if fact.name == "nextoffset" else [json_facts.PAGE, json_facts.OFFSET, json_facts.CURSOR]
    else:
        kinds = [json_facts.CURSOR]
    return next((changed for kind in kinds if (changed := address.replace(kind, value))), None)


def _count_on(
    address: QueryAddress, facts: Facts, place: ListPlace, total: int | None, pages: int | None, *, owed: bool
) -> str | None:
    """Return the address with its own number counted up, until the announced number is reached."""
    if not owed or not place.count:
        return None
    size = facts.count(json_facts.SIZE)
    if (start := address.number(json_facts.OFFSET)) is not None:
        after = start + place.count - (start == place.before + 1)
        return address.move_by(place.count) if total is None or after < total else None
    if (number := address.number(json_facts.PAGE)) is None:
        return None
    length = address.size or (size[1] if size else 0)
    reached = (pages is not None and number >= pages) or (total is not None and bool(length) and number * length >= total)
    return None if reached else address.turn_page()


def _guesses(address: QueryAddress, facts: Facts, place: ListPlace, token: Token | None) -> list[str]:
    """Return addresses that may lead to the next items: with the names that the answer itself uses first, then usual ones."""
    pairs = _own_names(token) if token else []
    if found := facts.count(json_facts.PAGE):
        spelled = [found[0].path[-1]] if found[0].name not in ("currentpage", "curpage") else []
        pairs += [(name, found[1] + 1) for name in (*spelled, "page", _bracket(found[0].path))]
    elif found := facts.count("number"):
        pairs.append(("page", found[1] + 1))
    if found := facts.count(json_facts.OFFSET):
        pairs += [(name, found[1] + place.count) for name in (found[0].path[-1], "offset")]
    if not token and not address.has(json_facts.PAGE) and not address.has(json_facts.OFFSET):
        pairs += _usual(address, place)
    found_addresses = [changed for name, value in pairs if (changed := address.add(name, value))]
    if by_path := address.path_turned(place.turn):  # last, where nothing says that the number in the path counts pages
        found_addresses.insert(0 if address.path_counts else _GUESSES - 1, by_path)
    return list(dict.fromkeys(found_addresses))


def _own_names(token: Token) -> list[tuple[str, str | int]]:
    """Return the parameters that a token may go into, by the name under which it was given."""
    fact, value = token[0], token[1].get("")
    if value is None:
        return []
    own = fact.path[-1]
    bare = re.sub(r"^(?:next|end)[_-]?(?=\w)", "", own, flags=re.I)
    bare = bare[:1].lower() + bare[1:] if own[:1].islower() else bare
    names = ["after", bare, own] if fact.name == "endcursor" else [bare, own, "cursor", f"pagination_{bare}"]
    return [(name, value) for name in names]


def _bracket(path: tuple[str, ...]) -> str:
    return f"{path[-2]}[{path[-1]}]" if len(path) > 1 else path[-1]


def _usual(address: QueryAddress, place: ListPlace) -> list[tuple[str, str | int]]:
    """Return the usual parameters that go with the one that says how long an answer is, the likeliest first."""
    size = address.size_name
    by_page: list[tuple[str, str | int]] = [("Page" if size[:1].isupper() else "page", place.turn + 1)]
    by_item: list[tuple[str, str | int]] = [(name, place.shown_count) for name in ("offset", "from", "start", "skip")]
    partner = {"rows": "start", "size": "from", "limit": "offset", "top": "skip", "take": "skip"}.get(size.strip("$").lower())
    by_item.sort(key=lambda pair: pair[0] != partner)
    return [*by_item, *by_page] if partner and partner != "from" else [*by_page, *by_item]
