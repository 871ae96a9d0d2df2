"""How the SQLite store finds records: everything is one FTS5 expression, walked in the order that is asked for.

FTS5 gives rowids in order at no cost, and a rowid here is ``terms.position`` (newest greatest). So "newest" stops after one
page, and "score" walks the keys of whole points from 100 downwards: neither sorts all matches, which takes 163 ms at
100,000 records when done by ``ORDER BY rank``.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from index.analysis import Sought
from index.base import Query
from index.plan import Place, Plan, Word, place, score_keys, within
from index.sqlite_file import Connection
from index.sqlite_write import letters
from index.terms import EVERY

FACET_LIMIT = 20_000
"""Facets count all matches up to here, and of more the newest so many (``Page.facets_over`` says it)."""
SORT_ALL = 2_000
"""Up to so many matches are sorted at once; more are walked."""
_LETTERS = "SELECT word, letters & ~? AS more, ~letters & ? AS less FROM words WHERE initial = ? AND length BETWEEN ? AND ?"
_NONE = "more & (more - 1) = 0 AND less & (less - 1) = 0"
"""At most one bit in each: ``x & (x - 1)`` is x without its lowest bit."""
_NEAR = {
    1: f"SELECT word FROM ({_LETTERS}) WHERE {_NONE}",  # noqa: S608 - written above
    2: f"SELECT word FROM (SELECT word, more & (more - 1) AS more, less & (less - 1) AS less FROM ({_LETTERS})) WHERE {_NONE}",  # noqa: S608
}
"""Words that have at most so many letters more, and so many less, than the one typed: what ``within`` then looks at."""


class Match(NamedTuple):
    """A plan as SQLite asks it."""

    expression: str
    words: tuple[str, ...]
    first: int
    last: int
    docs: str
    """What ``docs`` must hold besides: a part of the statement, empty when nothing."""
    values: tuple[object, ...]


def match(connection: Connection, asked: Plan) -> Match:
    """Return the FTS5 expression of a plan."""
    words = tuple(_word(connection, word) for word in asked.words)
    groups = list(asked.keys)
    docs: list[str] = []
    values: list[object] = []
    if asked.campaign:
        docs.append(" AND docs.campaign = ?")
        values.append(asked.campaign)
    if (keys := score_keys(asked.score_min, asked.score_max)) is not None:
        groups.append(keys)
        low = asked.score_min if asked.score_min is not None else -math.inf
        high = asked.score_max if asked.score_max is not None and asked.score_max < 100 else math.inf
        if high != math.inf or (low != -math.inf and low != math.floor(low)):  # whole points cannot express it
            docs.append(" AND docs.score BETWEEN ? AND ?")
            values += (low, high)
    parts = [*words, *("(" + " OR ".join(group) + ")" for group in groups)]
    expression = " AND ".join(parts or [EVERY])
    excluded = [_phrase(word.sought) for word in asked.without] + list(asked.without_keys)
    if excluded:
        expression = f"({expression})" + "".join(f" NOT {part}" for part in excluded)
    return Match(expression, words, asked.first, asked.last, "".join(docs), tuple(values))


def total(connection: Connection, found: Match) -> int:
    """Return how many records match."""
    sql = f"SELECT count(*) {_from(found)}"
    return int(connection.execute(sql, (found.expression, found.first, found.last, *found.values)).fetchone()[0])


def matching_ids(connection: Connection, found: Match) -> list[str]:
    """Return the ids of all matches, in order."""
    sql = f"SELECT docs.id {_from(found, docs=True)} ORDER BY docs.id"
    return [row[0] for row in connection.execute(sql, (found.expression, found.first, found.last, *found.values))]


def _from(found: Match, *, docs: bool = False) -> str:
    """Return FROM and WHERE of a match; ``docs`` joins the table though the match itself does not need it."""
    if found.expression == EVERY:
        # Nothing to look up: the table alone, so that its own order or a campaign's index can serve.
        return f"FROM docs WHERE ? IS NOT NULL AND docs.position BETWEEN ? AND ?{found.docs}"
    join = " CROSS JOIN docs ON docs.position = terms.rowid" if docs or found.docs else ""
    return f"FROM terms{join} WHERE terms MATCH ? AND terms.rowid BETWEEN ? AND ?{found.docs}"


def places(connection: Connection, found: Match, query: Query, matches: int) -> list[Place]:
    """Return one page's places in order, and one more when there is a next page."""
    after = place(query)
    walk = {"newest": _newest, "score": _by_score, "growth": _by_growth, "relevance": _by_relevance}[query.sort]
    out: list[Place] = []
    for part in walk(connection, found, after, query.size + 1, matches):
        out += part
        if len(out) > query.size:
            break
    return out[: query.size + 1]


def facet_rows(found: Match, matches: int) -> tuple[str, tuple[object, ...], int]:
    """Return the statement for the combinations of the matches that facets count, its values, and how many they are."""
    over = min(matches, FACET_LIMIT)
    sql = f"SELECT docs.combination {_from(found, docs=True)} ORDER BY {_place(found)} DESC LIMIT ?"
    return sql, (found.expression, found.first, found.last, *found.values, over), over


def _place(found: Match) -> str:
    """Return the column that holds a record's position in the statement of a match."""
    return "docs.position" if found.expression == EVERY else "terms.rowid"


def _newest(connection: Connection, found: Match, after: Place | None, size: int, _: int) -> Iterator[list[Place]]:
    last = min(found.last, after[1] - 1) if after else found.last
    yield _rows(connection, found._replace(last=last), size, value="0.0", order="")


def _by_score(connection: Connection, found: Match, after: Place | None, size: int, matches: int) -> Iterator[list[Place]]:
    if matches <= SORT_ALL:
        yield _rows(connection, found, size, value="docs.score", order="docs.score DESC,", after=after)
        return
    top = 100 if after is None else min(100, math.floor(after[0]))
    while top >= 0 and (after is None or after[0] > 0):
        low = max(0, top - 9)
        keys = " OR ".join(f"s_{point}" for point in range(low, top + 1))
        part = _and(found, f"({keys})")
        yield _rows(connection, part, size, value="docs.score", order="docs.score DESC,", after=after)
        top = low - 1
    last = min(found.last, after[1] - 1) if after and after[0] <= 0 else found.last
    yield _rows(connection, _and(found, "s_zero")._replace(last=last), size, value="docs.score", order="")


def _by_growth(connection: Connection, found: Match, after: Place | None, size: int, _: int) -> Iterator[list[Place]]:
    if after is None or after[0] > 0:
        part = found._replace(docs=f"{found.docs} AND docs.growth > 0")
        yield _rows(connection, part, size, value="docs.growth", order="docs.growth DESC,", after=after)
        after = None
    rest = found._replace(docs=f"{found.docs} AND docs.growth = 0")
    yield from _newest(connection, rest, after, size, 0)


def _by_relevance(connection: Connection, found: Match, after: Place | None, size: int, _: int) -> Iterator[list[Place]]:
    level = 2 if after is None else int(after[0])
    every = " AND ".join(f"(title : ({word}))" for word in found.words)
    some = " OR ".join(f"(title : ({word}))" for word in found.words)
    for rank in range(level, -1, -1):
        part = found
        if found.words:
            here = f"({found.expression})"
            by_level = (f"{here} NOT ({some})", f"({here} AND ({some})) NOT ({every})", f"{here} AND {every}")
            part = found._replace(expression=by_level[rank])
        elif rank:
            continue
        last = min(part.last, after[1] - 1) if after and rank == level else part.last
        yield _rows(connection, part._replace(last=last), size, value=f"{rank}.0", order="")


def _and(found: Match, term: str) -> Match:
    return found._replace(expression=f"({found.expression}) AND {term}")


def _rows(connection: Connection, found: Match, size: int, *, value: str, order: str, after: Place | None = None) -> list[Place]:
    """Return the next places of a match; ``value`` and ``order`` (what is sorted by before the position) are written here,
    never typed by a person."""
    at = _place(found)
    sql = f"SELECT {value}, {at} {_from(found, docs='docs.' in value)}"
    values: list[object] = [found.expression, found.first, found.last, *found.values]
    if after is not None:
        sql += f" AND ({value} < ? OR ({value} = ? AND {at} < ?))"
        values += (after[0], after[0], after[1])
    rows = connection.execute(f"{sql} ORDER BY {order} {at} DESC LIMIT ?", (*values, size))
    return [(float(number), position) for number, position in rows]


def _phrase(sought: Sought) -> str:
    return '"' + " ".join(sought.terms) + '"' + (" *" if sought.prefix else "")


def _word(connection: Connection, word: Word) -> str:
    if not word.edits:
        return _phrase(word.sought)
    term = word.sought.terms[0]
    has = letters(term)
    near = connection.execute(_NEAR[word.edits], (has, has, term[0], len(term) - word.edits, len(term) + word.edits))
    meant = sorted({term} | {other for (other,) in near if within(term, other, word.edits)})
    return "(" + " OR ".join(f'"{other}"' for other in meant) + ")"
