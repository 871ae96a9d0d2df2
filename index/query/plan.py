"""A Query as both stores carry it out: words, keys and bounds, computed here once for both."""

import math
from collections.abc import Callable
from typing import NamedTuple

from foundation.messages import _
from index.base import Query, Record, Sort, StoreError
from index.fields import NAMES
from index.query.highlights import highlights
from index.terms.analysis import SearchTerm, read_search_term, running, whole_words
from index.terms.record_terms import DECIDED, MAX_POSITION, RAISED, key, position, position_from, position_until

MAX_SIZE = 1000
MAX_WORDS, MAX_VALUES = 100, 500
"""The most words, phrases and contacts in a query, and the most facet values: each is looked up on its own."""
MAX_GROWTH = (1 << 31) - 1
"""The greatest an index field of Elasticsearch's type ``integer`` holds."""
Words = tuple["Word", ...]
Place = tuple[float, int]
"""Sort value and position of a record; the cursor of a page is the last one's."""


class UnusableQuery(StoreError):
    """The query cannot be answered; the message says why and how to correct it."""


class Word(NamedTuple):
    """A word or phrase that must (or must not) occur; ``edits`` is how many wrong letters it may have."""

    sought: SearchTerm
    edits: int = 0


class Plan(NamedTuple):
    """Conditions on a record; all must hold."""

    words: Words
    without: Words
    keys: tuple[tuple[str, ...], ...]
    """Of each group, any."""
    without_keys: tuple[str, ...]
    first: int
    """Least position."""
    last: int
    score_min: float | None
    score_max: float | None
    campaign: str | None


def plan(query: Query) -> Plan:
    """Return the plan of a query; raise UnusableQuery when a part of it can never be answered."""
    _check_ranges(query)
    _check_amount(query)
    words = [_word(text, edits=query.fuzzy) for text in query.words]
    words += [_word(text) for text in query.phrases]
    words += [_word(text, edits=True) for text in query.typos]
    words += [_word(text, prefix=True) for text in query.prefixes]
    groups = [_any(name, values) for name, values in query.filters.items() if values]
    if query.contact:
        groups.append(tuple(dict.fromkeys(contact_key(value) for value in query.contact)))
    groups += [(RAISED,)] if query.raised else []
    return Plan(
        words=tuple(words),
        without=tuple(_word(text) for text in query.exclude),
        keys=tuple(groups),
        without_keys=tuple(k for name, values in query.exclude_filters.items() for k in _any(name, values))
        + ((DECIDED,) if query.undecided else ()),
        first=position_from(query.since) if query.since else 0,
        last=position_until(query.until) if query.until else MAX_POSITION,
        score_min=query.score_min,
        score_max=query.score_max,
        campaign=query.campaign,
    )


def _check_ranges(query: Query) -> None:
    """Raise UnusableQuery for a range that holds nothing."""
    if not 1 <= query.size <= MAX_SIZE:
        raise UnusableQuery(_("size %(size)s: ask for 1 to %(max_size)s records a page", size=query.size, max_size=MAX_SIZE))
    if query.score_min is not None and query.score_max is not None and query.score_min > query.score_max:
        raise UnusableQuery(
            _(
                "no score is from %(score_min)s to %(score_max)s; give the lower bound first",
                score_min=f"{query.score_min:g}",
                score_max=f"{query.score_max:g}",
            )
        )
    if query.since and query.until and query.since > query.until:
        raise UnusableQuery(
            _(
                "no time is from %(since)s to %(until)s; give the earlier day first",
                since=f"{query.since:%Y-%m-%d}",
                until=f"{query.until:%Y-%m-%d}",
            )
        )


def _check_amount(query: Query) -> None:
    """Raise UnusableQuery for a query of more parts than an engine can be sure to carry out."""
    words = sum(map(len, (query.words, query.phrases, query.typos, query.prefixes, query.exclude, query.contact)))
    if words > MAX_WORDS:
        fix = f"use at most {MAX_WORDS}, or make several searches of it"
        raise UnusableQuery(_("%(words)s words, phrases and contacts are sought or excluded; %(fix)s", words=words, fix=fix))
    values = sum(map(len, (*query.filters.values(), *query.exclude_filters.values())))
    if values > MAX_VALUES:
        raise UnusableQuery(
            _(
                "%(values1)s values of fields are asked for or excluded; use at most %(max_values)s",
                values1=values,
                max_values=MAX_VALUES,
            )
        )


def contact_key(value: str) -> str:
    """Return the key that finds a contact: ``type:value``, a value of any type, or a number without its country."""
    kind, colon, rest = value.partition(":")
    if colon and kind.isalpha() and not rest.startswith("//"):
        # A number without its country is nobody's key of one app: whatever ends in its digits, on any app.
        return contact_key(rest) if rest.isdigit() and len(rest.lstrip("0")) >= 8 else key("ct", value)
    digits = "".join(c for c in value if c not in " -.()/")
    if digits.isdigit() and len(digits.lstrip("0")) >= 8 and not value.startswith("+"):
        return f"cp_{digits[-8:]}"
    return key("c", value.removeprefix("@"))


class ScoreKeys(NamedTuple):
    """Scores between two bounds, as keys."""

    any: tuple[str, ...]
    without: tuple[str, ...]
    exact: bool
    """Whether the keys say it all; a bound between two points needs a look at the score itself."""


def score_keys(low: float | None, high: float | None) -> ScoreKeys | None:
    """Return the keys of all scores a record can have between the bounds; ``None`` when there is no bound."""
    if low is None and high is None:
        return None
    lowest = 0.0 if low is None else low
    highest = 100.0 if high is None else min(100.0, high)
    least, most = max(0, math.floor(lowest)), math.floor(highest)
    above = lowest > 0 and lowest == math.nextafter(least, math.inf)
    exact = lowest <= least or above
    results = ["s_zero"] if lowest <= 0 <= most else []
    if highest == most < 100:  # of its points only the whole
        results += [f"w_{most}"] if most > 0 else []
        most -= 1
    elif highest < 100:
        exact = exact and highest == math.nextafter(most + 1, -math.inf)
    results += _point_keys(least, most)
    return ScoreKeys(tuple(results) or ("s_none",), (f"w_{least}",) if above else (), exact)


def _point_keys(least: int, most: int) -> list[str]:
    """Return the keys of all scores of so many whole points, tens as one."""
    results = []
    for tens in range(10):
        points = range(max(least, tens * 10), min(most, tens * 10 + 9) + 1)
        results += [f"d_{tens}"] if len(points) == 10 else [f"s_{point}" for point in points]
    return results + (["s_100"] if most == 100 else [])


def mark_words(raw: str, asked: Plan) -> tuple[tuple[int, int], ...]:
    """Return where the words and phrases of a plan stand in a text, those written with wrong letters too."""
    if not asked.words:
        return ()
    sought_words = [word.sought for word in asked.words if not word.edits]
    loose = [(word.sought.terms[0], word.edits) for word in asked.words if word.edits]
    if loose:
        there = {word.term for word in whole_words(raw)}
        sought_words += [
            SearchTerm((other,))
            for other in there
            for meant, edits in loose
            if other[:1] == meant[0] and within(meant, other, edits)
        ]
    return highlights(raw, tuple(sought_words))


def place(query: Query) -> Place | None:
    """Return where the page before ended; raise UnusableQuery for a cursor of another sort."""
    if query.after is None:
        return None
    sort, _colon, rest = query.after.partition(":")
    value, _comma, position = rest.partition(",")
    try:
        result = (float(value), int(position))
    except ValueError:
        result = (math.nan, 0)
    if sort != query.sort or not _has_value(query.sort, result[0]) or not 0 <= result[1] <= MAX_POSITION:
        raise UnusableQuery(
            _("cursor %(after)r is not of a page sorted by %(sort)s; start again without it", after=query.after, sort=query.sort)
        )
    return result


def _has_value(sort: Sort, value: float) -> bool:
    """Whether a record can stand there in a list of that order; the engines fail over what none can."""
    if sort == "relevance":
        return value in (0, 1, 2)
    if sort == "growth":
        return value.is_integer() and 0 <= value <= MAX_GROWTH
    return math.isfinite(value)


_SORT_VALUES: dict[Sort, Callable[[Record], float]] = {
    "score": lambda record: record.assessment.score,
    "rank": lambda record: record.rank,
    "priority": lambda record: record.priority,
    "harm": lambda record: record.gravity,
    "growth": lambda record: float(record.growth),
}
"""What a record alone is sorted by."""


def place_of(record: Record, query: Query) -> Place:
    """Return the place of a record in the list of a query, as if it were in it, to find what comes after it."""
    value = 0.0
    if read := _SORT_VALUES.get(query.sort):
        value = read(record)
    elif query.sort == "relevance":
        asked, title = plan(query), record.posting.heading or ""
        titled = [bool(mark_words(title, asked._replace(words=(word,)))) for word in asked.words]
        value = float(any(titled) + (bool(titled) and all(titled)))
    return value, position(record.id, record.first_seen)


def cursor(query: Query, last: Place) -> str:
    """Return the cursor of the page after the one that ends at ``last``."""
    return f"{query.sort}:{last[0]!r},{last[1]}"


def _word(text: str, *, prefix: bool = False, edits: bool = False) -> Word:
    search_term = read_search_term(text, prefix=prefix)
    if search_term is None:
        raise UnusableQuery(_("%(text)r holds no letter or digit to search for; type a word", text=text))
    if not edits or len(search_term.terms) > 1 or running(search_term.terms[0]) or len(search_term.terms[0]) < 3:
        return Word(search_term)
    return Word(search_term, 2 if len(search_term.terms[0]) >= 8 else 1)


def _any(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    if name not in NAMES:
        raise UnusableQuery(_("no field %(name)r; there are %(names)s", name=name, names=", ".join(NAMES)))
    return tuple(key(name, value) for value in values)


def within(left: str, right: str, most: int) -> bool:
    """Whether two words are at most ``most`` edits apart; an edit adds, drops, changes a letter or swaps two neighbours.

    Optimal string alignment, as Lucene's ``fuzzy`` with transpositions counts for up to two edits.
    """
    if abs(len(left) - len(right)) > most:
        return False
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if older and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
    return row[-1] <= most
