"""How the SQLite store finds records: everything is one FTS5 expression, walked in the order that is asked for.

FTS5 gives rowids in order at no cost, and a rowid here is ``terms.position`` (newest greatest). So "newest" stops after one
page, and "score" walks the keys of whole points from 100 downwards: neither sorts all matches, which takes 163 ms at
100,000 records when done by ``ORDER BY rank``.
"""

import json
import math
import sys
from collections.abc import Iterator
from typing import NamedTuple

from index.analysis import LONGEST, Sought, running
from index.base import Query
from index.plan import Place, Plan, Word, place, score_keys, within
from index.sqlite_file import Connection
from index.sqlite_rows import letters
from index.terms import EVERY, MAX_POSITION

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


class Match(NamedTuple):
    """A plan as SQLite asks it."""

    expression: str
    words: tuple[str, ...]
    first: int
    last: int
    docs: str
    """What ``docs`` must hold besides: a part of the statement, empty when nothing."""
    values: tuple[object, ...]
    few: bool = False
    """Whether ``expression`` is the list of all matching positions instead, as JSON: they need not be looked for again."""


def match(connection: Connection, asked: Plan) -> Match:
    """Return the FTS5 expression of a plan."""
    words = tuple(_word(connection, word) for word in asked.words)
    groups = list(asked.keys)
    docs: list[str] = []
    values: list[object] = []
    if asked.campaign:
        docs.append(" AND docs.campaign = ?")
        values.append(asked.campaign)
    excluded = [_phrase(word.sought) for word in asked.without] + list(asked.without_keys)
    if (keys := score_keys(asked.score_min, asked.score_max)) is not None:
        groups.append(keys.any)
        excluded += keys.without
        if not keys.exact:
            docs.append(" AND docs.score BETWEEN ? AND ?")
            values += (-math.inf if asked.score_min is None else asked.score_min,
                       math.inf if asked.score_max is None else asked.score_max)
    parts = [*words, *("(" + " OR ".join(group) + ")" for group in groups)]
    expression = " AND ".join(parts or [EVERY])
    if excluded:
        expression = f"({expression})" + "".join(f" NOT {part}" for part in excluded)
    return Match(expression, words, asked.first, asked.last, "".join(docs), tuple(values))


def only_facets(asked: Plan) -> bool:
    """Whether a plan asks for values of facets and nothing else: then the counts kept at each write answer it."""
    free = not (asked.words or asked.without or asked.campaign) and (asked.first, asked.last) == (0, MAX_POSITION)
    contacts = any(name.partition("_")[0] in ("c", "ct", "cp") for group in asked.keys for name in group)
    return free and not contacts and asked.score_min is None and asked.score_max is None


def total(connection: Connection, found: Match) -> int:
    """Return how many records match."""
    if found == Match(EVERY, (), 0, MAX_POSITION, "", ()):
        return count(connection)
    sql = f"SELECT count(*) {_from(found)}"
    return int(connection.execute(sql, (found.expression, found.first, found.last, *found.values)).fetchone()[0])


def count(connection: Connection) -> int:
    """Return how many records there are, as counted at each write: counting the table's rows reads all of it."""
    return int(connection.execute("SELECT coalesce(sum(held), 0) FROM combinations").fetchone()[0])


def newest(connection: Connection, found: Match) -> tuple[list[int], list[int]]:
    """Return positions and combinations of the newest matches, newest first: all when they are few, else ``FEW`` and one."""
    sql = f"SELECT docs.position, docs.combination {_from(found, docs=True)} ORDER BY {_place(found)} DESC LIMIT {FEW + 1}"
    rows = connection.execute(sql, (found.expression, found.first, found.last, *found.values)).fetchall()
    return [at for at, _ in rows], [combination for _, combination in rows]


def these(found: Match, positions: list[int]) -> Match:
    """Return a match as the list of its positions, which are all."""
    return Match(json.dumps(positions), found.words, 0, MAX_POSITION, "", (), few=True)


def matching_ids(connection: Connection, found: Match) -> list[str]:
    """Return the ids of all matches, in order."""
    sql = f"SELECT docs.id {_from(found, docs=True)} ORDER BY docs.id"
    return [row[0] for row in connection.execute(sql, (found.expression, found.first, found.last, *found.values))]


def _from(found: Match, *, docs: bool = False) -> str:
    """Return FROM and WHERE of a match; ``docs`` joins the table though the match itself does not need it."""
    if found.few:
        join = "json_each(?) AS few CROSS JOIN docs ON docs.position = few.value"
        return f"FROM {join} WHERE docs.position BETWEEN ? AND ?{found.docs}"
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


def _place(found: Match) -> str:
    """Return the column that holds a record's position in the statement of a match."""
    return "docs.position" if found.few or found.expression == EVERY else "terms.rowid"


def _newest(connection: Connection, found: Match, after: Place | None, size: int, _: int) -> Iterator[list[Place]]:
    last = min(found.last, after[1] - 1) if after else found.last
    yield _rows(connection, found._replace(last=last), size, value="0.0", order="")


def _by_score(connection: Connection, found: Match, after: Place | None, size: int, matches: int) -> Iterator[list[Place]]:
    if matches <= FEW:
        yield _rows(connection, found, size, value="docs.score", order="docs.score DESC,", after=after)
        return
    top = 100 if after is None else min(100, math.floor(after[0]))
    points = 1
    while top >= 0 and (after is None or after[0] > 0):
        low = max(0, top - points + 1)
        keys = " OR ".join(f"s_{point}" for point in range(low, top + 1))
        part = _and(found, f"({keys})")
        yield _rows(connection, part, size, value="docs.score", order="docs.score DESC,", after=after)
        top = low - 1
        points *= 2  # each step reads all that is in it: where there is much, few points are enough
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


def _any(words: set[str]) -> str:
    return "(" + " OR ".join(f'"{word}"' for word in sorted(words)) + ")"
