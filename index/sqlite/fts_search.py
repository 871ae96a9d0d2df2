"""Searches the SQLite store: a query is one FTS5 expression, read in the requested order.

FTS5 gives rowids in order at no cost, and a rowid here is a record's position with its sign turned: the newest comes first, for
FTS5 reads its lists forwards in half the time of backwards. So "newest" stops after one page, and "score" walks the keys of whole
points from 100 downwards: neither sorts all matches, which takes 163 ms at 100,000 records when done by ``ORDER BY rank``.
"""

import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from enrichment.harm import BAND, BAND_STEP, LEVEL_STEP, RANKS
from index.base import Query, Sort
from index.query.plan import Place, Plan, Word, place, score_keys, within
from index.sqlite.database_file import Connection
from index.sqlite.rows import ANYWHERE, TITLED, letters, lone_key
from index.terms.analysis import LONGEST, SearchTerm, running
from index.terms.record_terms import DECIDED, EVERY, MAX_POSITION, RAISED, key

FEW = 5_000
"""So many matches are read and sorted at once; more are counted and walked, and facets other than those kept at write count the
newest so many of them (``Page.facets_over`` says it)."""
_EXPANSIONS = 200
"""Words a beginning is asked for as; one that begins more is left to FTS5, which first reads all of them to the end."""
_LETTERS = "SELECT word, letters & ~? AS more, ~letters & ? AS less FROM words WHERE initial = ? AND length BETWEEN ? AND ?"
_NONE = "more & (more - 1) = 0 AND less & (less - 1) = 0"
"""At most one bit in each: ``x & (x - 1)`` is x without its lowest bit."""
_NEAR = {
    1: f"SELECT word FROM ({_LETTERS}) WHERE {_NONE}",  # noqa: S608 - written above
    2: f"SELECT word FROM (SELECT word, more & (more - 1) AS more, less & (less - 1) AS less FROM ({_LETTERS})) WHERE {_NONE}",  # noqa: S608
}
"""Words that have at most so many letters more, and so many less, than the one typed: what ``within`` then looks at."""
_BEGUN = """SELECT word FROM json_each(?) AS lengths CROSS JOIN words ON words.initial = ? AND words.length = lengths.value
            WHERE word >= ? AND word < ? LIMIT ?"""


_DOCS, _NARROW = "docs", "docs INDEXED BY docs_narrow"
"""The table, and what holds of it what thousands of matches are asked for: of five times as many records a page."""
_SORTED = {"docs.score": _NARROW, **dict.fromkeys(("docs.rank", "docs.priority", "docs.gravity", "docs.growth"), _DOCS)}
_WIDEST = 8
"""Points of a step of the walk by score at most."""


class FtsTerm(NamedTuple):
    """A word or phrase as FTS5 is asked for it."""

    anywhere: str
    titled: str


class Match(NamedTuple):
    """A plan as SQLite asks it."""

    groups: tuple[str, ...]
    """All of these must hold,"""
    scored: str
    """and this, the keys of the scores between ``low`` and ``high``, where not every score will do,"""
    without: tuple[str, ...]
    """and none of these."""
    words: tuple[FtsTerm, ...]
    first: int
    last: int
    low: float
    high: float
    docs: str
    """What ``docs`` must hold besides: a part of the statement, empty when nothing."""
    values: tuple[object, ...]
    few: str = ""
    """All positions that match as JSON, where they are known: they need not be looked for again."""

    def expression(self, *more: str, scored: bool = True, without: str = "") -> str:
        """Return the FTS5 expression, where ``more`` must hold too, and ``without`` must not."""
        wanted = " AND ".join((*self.groups, *([self.scored] if self.scored and scored else ()), *more)) or EVERY
        unwanted = (*self.without, *([without] if without else ()))
        # One list, not one NOT after another: FTS5 builds a level for each of those, and takes 256.
        return f"({wanted}) NOT {_or(unwanted)}" if unwanted else wanted


def match(connection: Connection, plan: Plan) -> Match:
    """Return a plan as SQLite asks it."""
    words = tuple(_word(connection, word) for word in plan.words)
    low = -math.inf if plan.score_min is None else plan.score_min
    high = math.inf if plan.score_max is None else plan.score_max
    scored, docs = "", ""
    values: list[object] = []
    if plan.campaign:
        docs += " AND docs.campaign = ?"
        values.append(plan.campaign)
    without = [_phrase(word.sought).anywhere for word in plan.without] + list(plan.without_keys)
    if (keys := score_keys(plan.score_min, plan.score_max)) is not None:
        scored = _or(keys.any)
        without += keys.without
        if not keys.exact:
            docs += " AND docs.score BETWEEN ? AND ?"
            values += (low, high)
    groups = (*(word.anywhere for word in words), *map(_or, plan.keys))
    return Match(groups, scored, tuple(without), words, plan.first, plan.last, low, high, docs, tuple(values))


def only_facets(plan: Plan) -> bool:
    """Whether a plan asks for values of facets and nothing else: then the counts kept at each write answer it."""
    free = not (plan.words or plan.without or plan.campaign) and (plan.first, plan.last) == (0, MAX_POSITION)
    others = any(name == RAISED or name.partition("_")[0] in ("c", "ct", "cp") for group in plan.keys for name in group)
    return free and not others and DECIDED not in plan.without_keys and plan.score_min is None and plan.score_max is None


def total(connection: Connection, matching: Match) -> int:
    """Return how many records match."""
    if matching.expression() == EVERY and not matching.docs and (matching.first, matching.last) == (0, MAX_POSITION):
        return count(connection)
    statement, values = _from(matching, matching.expression())
    return int(connection.execute(f"SELECT count(*) {statement}", values).fetchone()[0])


def count(connection: Connection) -> int:
    """Return how many records there are, as counted at each write: counting the table's rows reads all of it."""
    return int(connection.execute("SELECT coalesce(sum(held), 0) FROM combinations").fetchone()[0])


def newest(connection: Connection, matching: Match) -> tuple[list[int], list[int]]:
    """Return positions and combinations of the newest matches, newest first: all when they are few, else ``FEW`` and one."""
    expression = matching.expression()
    statement, values = _from(matching, expression, docs=_NARROW)
    order = _at(matching, expression)[1]
    sql = f"SELECT docs.position, docs.combination {statement} ORDER BY {order} LIMIT {FEW + 1}"
    rows = connection.execute(sql, values).fetchall()
    return [at for at, _ in rows], [combination for _, combination in rows]


def these(matching: Match, positions: list[int]) -> Match:
    """Return a match as the list of its positions, which are all."""
    return matching._replace(first=0, last=MAX_POSITION, docs="", values=(), few=json.dumps(positions))


def matching_ids(connection: Connection, matching: Match) -> list[str]:
    """Return the ids of all matches, in order."""
    statement, values = _from(matching, matching.expression(), docs=_DOCS)
    return [row[0] for row in connection.execute(f"SELECT docs.id {statement} ORDER BY docs.id", values)]


def _from(matching: Match, expression: str, *, docs: str = "") -> tuple[str, tuple[object, ...]]:
    """Return FROM and WHERE of an expression within a match, and their values; ``docs`` joins the table though the match itself
    does not need it."""
    bounds = (matching.first, matching.last, *matching.values)
    docs = _DOCS if matching.docs else docs  # what it must hold may have an index of its own
    if matching.few:
        join = f"json_each(?) AS few CROSS JOIN {docs or _DOCS} ON docs.position = few.value"
        return f"FROM {join} WHERE docs.position BETWEEN ? AND ?{matching.docs}", (matching.few, *bounds)
    if expression == EVERY:
        # Nothing to look up: the table alone, so that its own order or a campaign's index can serve.
        return f"FROM {docs or _DOCS} WHERE docs.position BETWEEN ? AND ?{matching.docs}", bounds
    join = f" CROSS JOIN {docs} ON docs.position = -terms.rowid" if docs else ""
    where = f"WHERE terms MATCH ? AND terms.rowid BETWEEN ? AND ?{matching.docs}"
    return f"FROM terms{join} {where}", (expression, -matching.last, -matching.first, *matching.values)


def _at(matching: Match, expression: str) -> tuple[str, str]:
    """Return what gives a record's position in the statement of an expression, and the order that has the newest first."""
    return ("docs.position", "docs.position DESC") if matching.few or expression == EVERY else ("-terms.rowid", "terms.rowid")


def places(connection: Connection, matching: Match, query: Query, matches: int) -> list[Place]:
    """Return one page's places in order, and one more when there is a next page."""
    after, size, order = place(query), query.size + 1, _ORDERS[query.sort]
    if order.value and matches <= FEW:
        return _rows(connection, matching, size, value=order.value, sort=True, after=after)
    return _take(order.walk(connection, matching, after, size), size)


def _take(steps: Iterator[list[Place]], size: int) -> list[Place]:
    """Return so many places, and walk no further."""
    out: list[Place] = []
    for step in steps:
        out += step
        if len(out) >= size:
            break
    return out[:size]


def _newest(connection: Connection, matching: Match, after: Place | None, size: int) -> Iterator[list[Place]]:
    yield _rows(connection, _before(matching, after), size, value="0.0")


def _walk_points(
    connection: Connection, matching: Match, after: Place | None, size: int, *, value: str, offset: float = 0.0
) -> Iterator[list[Place]]:
    """Walk the scores downwards, whole points at a time; ``value`` is the score plus ``offset``."""
    ended = math.inf if after is None else after[0] - offset
    top = math.floor(min(matching.high, ended, 100.0))
    bottom = max(0, math.floor(max(matching.low, 0.0)))
    points = 1
    while top >= bottom and ended > 0:
        low = max(bottom, top - points + 1)
        # Where the points of a step are all asked for, the keys of all scores asked for need not be looked at besides.
        inside = matching.low <= low and (top == 100 or matching.high >= math.nextafter(top + 1, 0))
        step = matching.expression(_or([f"s_{point}" for point in range(low, top + 1)]), scored=not inside)
        yield _rows(connection, matching, size, step, value=value, sort=True, after=after)
        top = low - 1
        points = min(_WIDEST, points * 2)  # each step reads all that is in it: where there is much, few points are enough
    if matching.low <= 0:
        zero = _before(matching, after if ended <= 0 else None)
        yield _rows(connection, zero, size, matching.expression("s_zero"), value=repr(offset))


def _walk_moved(
    connection: Connection, matching: Match, after: Place | None, size: int, *, value: str, walk: "Walk"
) -> Iterator[list[Place]]:
    """Those with network points, which are few, are sorted; the others have their score for a rank, so ``walk`` has them in
    order."""
    moved = matching._replace(docs=f"{matching.docs} AND docs.rank > docs.score")
    still = matching._replace(docs=f"{matching.docs} AND docs.rank = docs.score")
    order = _rows(connection, moved, size, value=value, sort=True, after=after)
    yield sorted((*order, *_take(walk(connection, still, after, size), size)), reverse=True)[:size]


def _walk_bands(connection: Connection, matching: Match, after: Place | None, size: int) -> Iterator[list[Place]]:
    """Walk the scores downwards, a band of the priority at a time: within one, any harm may come first."""
    wide = math.floor(BAND)
    top = math.floor(min(matching.high, 100.0)) // wide
    top = top if after is None else min(top, math.floor(after[0] // BAND_STEP))
    for band in range(top, max(0, math.floor(matching.low if matching.low > 0 else 0)) // wide - 1, -1):
        points = [f"s_{point}" for point in range(wide * band, min(100, wide * band + wide - 1) + 1)]
        step = matching.expression(_or(points if band else [*points, "s_zero"]))
        yield _rows(connection, matching, size, step, value="docs.priority", sort=True, after=after)


def _walk_harm(connection: Connection, matching: Match, after: Place | None, size: int) -> Iterator[list[Place]]:
    for level, rank in reversed(list(RANKS.items())):
        if after is None or rank <= after[0] // LEVEL_STEP:
            part = matching._replace(groups=(*matching.groups, key("harm", level)))
            here = after if after is not None and rank == after[0] // LEVEL_STEP else None
            yield from _walk_points(connection, part, here, size, value="docs.gravity", offset=LEVEL_STEP * rank)


def _walk_growth(connection: Connection, matching: Match, after: Place | None, size: int) -> Iterator[list[Place]]:
    if after is None or after[0] > 0:
        part = matching._replace(docs=f"{matching.docs} AND docs.growth > 0")
        yield _rows(connection, part, size, value="docs.growth", sort=True, after=after)
        after = None
    rest = matching._replace(docs=f"{matching.docs} AND docs.growth = 0")
    yield from _newest(connection, rest, after, size)


def _walk_relevance(connection: Connection, matching: Match, after: Place | None, size: int) -> Iterator[list[Place]]:
    levels = {0: matching.expression()}
    if matching.words:
        every, some = (joint.join(word.titled for word in matching.words) for joint in (" AND ", " OR "))
        levels = {2: matching.expression(f"({every})"), 0: matching.expression(without=f"({some})")}
        if len(matching.words) > 1:
            levels[1] = matching.expression(f"({some})", without=f"({every})")
    for rank in sorted(levels, reverse=True):
        if after is None or rank <= after[0]:
            part = _before(matching, after if after is not None and rank == after[0] else None)
            yield _rows(connection, part, size, levels[rank], value=f"{rank}.0")


Walk = Callable[[Connection, Match, Place | None, int], Iterator[list[Place]]]
"""Gives the places of a match from the greatest values downwards, step by step, each step in order."""


class SortOrder(NamedTuple):
    """How the matches of a query are put in order."""

    value: str
    """What few matches are sorted by; empty where they are walked as many are."""
    walk: Walk


_WALK_SCORES = partial(_walk_points, value="docs.score")
_ORDERS: Mapping[Sort, SortOrder] = {
    "score": SortOrder("docs.score", _WALK_SCORES),
    "rank": SortOrder("docs.rank", partial(_walk_moved, value="docs.rank", walk=_WALK_SCORES)),
    "priority": SortOrder("docs.priority", partial(_walk_moved, value="docs.priority", walk=_walk_bands)),
    "harm": SortOrder("docs.gravity", _walk_harm),
    "newest": SortOrder("", _newest),
    "growth": SortOrder("", _walk_growth),
    "relevance": SortOrder("", _walk_relevance),
}


def _before(matching: Match, after: Place | None) -> Match:
    """Return what of a match is older than where the page before ended."""
    return matching if after is None else matching._replace(last=min(matching.last, after[1] - 1))


def _rows(
    connection: Connection,
    matching: Match,
    size: int,
    expression: str | None = None,
    *,
    value: str,
    sort: bool = False,
    after: Place | None = None,
) -> list[Place]:
    """Return the next places of an expression, of the match itself by default; ``value`` (sorted by before the position when
    ``sort``) is written here, never typed by a person."""
    expression = expression or matching.expression()
    at, order = _at(matching, expression)
    statement, values = _from(matching, expression, docs=_SORTED.get(value, ""))
    if after is not None:
        statement += f" AND ({value} < ? OR ({value} = ? AND {at} < ?))"
        values += (after[0], after[0], after[1])
    order = f"{value} DESC, {order}" if sort else order
    rows = connection.execute(f"SELECT {value}, {at} {statement} ORDER BY {order} LIMIT ?", (*values, size))
    return [(float(number), position) for number, position in rows]


def _phrase(sought: SearchTerm) -> FtsTerm:
    if sought.prefix and len(sought.terms) == 1 and len(char := sought.terms[0]) == 1 and running(char):
        return FtsTerm(lone_key(ANYWHERE, char), lone_key(TITLED, char))
    phrase = '"' + " ".join(sought.terms) + '"' + (" *" if sought.prefix else "")
    # A beginning must not find keys, which begin with letters too; whole words cannot.
    return FtsTerm(f"({{title body}} : {phrase})" if sought.prefix else phrase, f"(title : {phrase})")


def _word(connection: Connection, word: Word) -> FtsTerm:
    term = word.sought.terms[0]
    if word.edits:
        has = letters(term)
        near = connection.execute(_NEAR[word.edits], (has, has, term[0], len(term) - word.edits, len(term) + word.edits))
        return _any({term, *(other for (other,) in near if within(term, other, word.edits))})
    if word.sought.prefix and len(word.sought.terms) == 1 and len(term) > 2 and not running(term):
        lengths = json.dumps(list(range(len(term), LONGEST + 1)))
        begun = connection.execute(_BEGUN, (lengths, term[0], term, term + chr(sys.maxunicode), _EXPANSIONS + 1)).fetchall()
        if len(begun) <= _EXPANSIONS:
            return _any({term, *(other for (other,) in begun)})
    return _phrase(word.sought)


def _any(words: set[str]) -> FtsTerm:
    text = _or([f'"{word}"' for word in sorted(words)])
    return FtsTerm(text, f"(title : {text})")


def _or(parts: Sequence[str]) -> str:
    return "(" + " OR ".join(parts) + ")"
