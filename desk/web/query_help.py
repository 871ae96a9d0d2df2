"""Help with a query while it is typed: what its parts may become, its fields as pills, and which part is wrong."""

from collections.abc import Iterable
from typing import Literal, get_args

import msgspec

from desk.web.context import Desk
from desk.web.pages import value_words
from desk.web.results import SearchRequest, query_of, undecided_query
from index.base import Sort
from index.fields import BY_WORD, FIELDS
from index.query.parse import QueryToken, parse, read_tokens, wrong_part
from index.query.plan import UnusableQuery

MOST = 8
EXAMPLES = {
    "contact": ("contact:@name",),
    "campaign": ("campaign:c-",),
    "score": ("score:>70", "score:40..60"),
    "first_seen": ("first_seen:>7d", "first_seen:2026-01-01..2026-01-31"),
    "sort": tuple(f"sort:{order}" for order in get_args(Sort)),
}
"""Of fields whose values are not counted, what may be typed."""


class QuerySuggestion(msgspec.Struct, frozen=True, kw_only=True):
    """What the part that is being typed may become."""

    insert: str
    """What then stands in its place; it ends in a colon where a value follows."""
    says: str = ""
    """What it means."""
    count: int | None = None
    """Adverts that have it, among those the rest of the query finds."""


class FieldPill(msgspec.Struct, frozen=True, kw_only=True):
    """A field of the query in force, with the address of the list without it."""

    field: str
    value: str
    minus: bool
    without: str


def suggest(desk: Desk, want: SearchRequest, part: str, near: Literal["queue", "search"]) -> list[QuerySuggestion]:
    """Return what ``part``, the end of a query, may become: names of fields, or after a colon values with their counts."""
    minus = "-" if part.startswith("-") else ""
    name, colon, typed = part.removeprefix("-").lower().partition(":")
    if not colon:
        return _suggest_fields(minus, name) if name else []
    if name in EXAMPLES and not minus:
        return [QuerySuggestion(insert=each) for each in EXAMPLES[name] if each.startswith(f"{name}:{typed}")]
    if name not in BY_WORD:
        return []
    *before, last = part.partition(":")[2].split(",")
    kept = "".join(f"{value}," for value in before)
    found = []
    for value, count in _count_values(desk, want, BY_WORD[name].name, near):
        says = value_words(BY_WORD[name].name, value)
        if value not in before and any(each.lower().startswith(last.lower()) for each in (value, *says.split())):
            written = f'"{value}"' if " " in value else value
            found.append(QuerySuggestion(insert=f"{minus}{name}:{kept}{written}", says=says, count=count))
    return found[:MOST]


def _suggest_fields(minus: str, name: str) -> list[QuerySuggestion]:
    words = [field.typed_names for field in FIELDS]
    words += [] if minus else [(each,) for each in EXAMPLES]
    fitting = [next((each for each in names if each.startswith(name)), "") for names in words]
    return [QuerySuggestion(insert=f"{minus}{each}:") for each in fitting if each][:MOST]


def _count_values(desk: Desk, want: SearchRequest, field: str, near: str) -> Iterable[tuple[str, int]]:
    """Return the values of a field with their counts among what the rest of the query finds; of all where that is unusable."""
    rest = msgspec.structs.replace(
        want, after=None, ticked={name: values for name, values in want.ticked.items() if name != field}
    )
    try:
        query = query_of(desk, rest, 1)
    except UnusableQuery:
        query = parse("")
    query = undecided_query(query, want) if near == "queue" else query
    return desk.store.search(msgspec.structs.replace(query, size=1)).facets.get(field, ())


def pills(want: SearchRequest, path: str) -> list[FieldPill]:
    """Return the fields of a query that can be read, typed and ticked, each with the address of the list without it."""
    found = [_typed_pill(want, path, token) for token in read_tokens(want.typed) if token.field]
    for name, values in want.ticked.items():
        for value in values:
            ticked = want.ticked | {name: tuple(each for each in values if each != value)}
            without = msgspec.structs.replace(want, ticked=ticked).address(path)
            found.append(FieldPill(field=name, value=value_words(name, value), minus=False, without=without))
    return found


def _typed_pill(want: SearchRequest, path: str, token: QueryToken) -> FieldPill:
    rest = f"{want.typed[: token.column - 1]} {want.typed[token.end :]}"
    field = BY_WORD[token.field].name if token.field in BY_WORD else token.field
    said = ", ".join(value_words(field, each) for each in ([token.value] if token.quoted else token.value.split(",")) if each)
    without = msgspec.structs.replace(want, typed=" ".join(rest.split())).address(path)
    return FieldPill(field=field, value=said, minus=token.minus, without=without)


def told_problem(typed: str, column: int) -> tuple[str, str, str]:
    """Return a query in three: what stands before the part that is wrong, that part, and what follows it."""
    if not column:
        return "", typed, ""
    start, end = wrong_part(typed, column)
    return typed[:start], typed[start:end], typed[end:]
