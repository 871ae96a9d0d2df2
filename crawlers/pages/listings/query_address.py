"""An address whose parameters count the pages or items of a list, and the addresses beside it."""

import re
from collections.abc import Mapping
from functools import cached_property
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from crawlers.pages.listings import json_facts
from crawlers.pages.listings.json_facts import parameter_name, plain_name

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
