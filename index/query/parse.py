"""Reads what a person types into a Query; nothing typed is passed on raw.

::

    lương cao "việc nhẹ" -"cảnh báo" telegarm~ recruit*
    contact:@some_handle tag:scam_compound,organ_trade -lang:en place:myawaddy
    score:>70 first_seen:>2026-01-01 flagged:true sort:newest

Written by hand: the grammar is one regular expression long, and every error must name the column and what to type instead.
"""

import difflib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, get_args

from enrichment.assessment import Language
from enrichment.facts.places import Gazetteer
from enrichment.text.views import views
from foundation.messages import _
from index.base import Query, Sort
from index.fields import BY_WORD
from index.query.plan import UnusableQuery, plan
from index.query.values import ValueProblem, code_of, contacts, first_seen, score
from index.terms.analysis import read_search_term

MAX_LENGTH = 2000
Places = Callable[[str], str | None]
"""Gives a place's name for any of its spellings, None for what is no place known."""
FACET_WORDS = tuple(BY_WORD)
"""What may be typed before a colon to name a field of the table."""
WORDS = (*FACET_WORDS, "contact", "campaign", "score", "first_seen", "sort")
_UNKNOWN = Language(code="und", script="Zyyy", confidence=0)
_TOKEN = re.compile(r'\s*(?P<minus>-?)(?:(?P<field>[A-Za-z_]+):(?!//))?(?:"(?P<quoted>[^"]*)(?P<closed>"?)|(?P<bare>[^\s"]+))?')


class QueryError(UnusableQuery):
    """A typed query cannot be read; ``column`` (from 1) is where, the message says how to correct it."""

    def __init__(self, column: int, problem: str, fix: str) -> None:
        super().__init__(_("column %(column)s: %(problem)s; %(fix)s", column=column, problem=problem, fix=fix))
        self.column = column


class QueryToken(NamedTuple):
    """One part of what was typed: a word, a phrase, or a field with its value."""

    column: int
    """Where it begins, from 1."""
    end: int
    """Behind its last character, from 0."""
    minus: bool
    field: str
    value: str
    quoted: bool


class _Parts(NamedTuple):
    """The parts of the query read so far."""

    lists: dict[str, list[str]]
    filters: dict[str, list[str]]
    without: dict[str, list[str]]
    single: dict[str, Any]


def parse(typed: str, *, now: datetime | None = None, places: Places | None = None) -> Query:
    """Return the query a person typed; raise QueryError.

    ``now`` is what ``first_seen:>7d`` counts back from; ``places`` gives a place's name for any of its spellings.
    """
    if len(typed) > MAX_LENGTH:
        raise QueryError(
            MAX_LENGTH,
            _("the query has %(typed)s characters", typed=len(typed)),
            _("use at most %(max_length)s", max_length=MAX_LENGTH),
        )
    parts = _Parts({}, {}, {}, {})
    for token in read_tokens(typed):
        try:
            _take(token, parts, now or datetime.now(UTC), places)
        except ValueProblem as exc:
            raise QueryError(token.column, exc.problem, exc.fix) from exc
    if typed.strip() and not any(parts):
        raise QueryError(1, _("%(strip)r holds no letter or digit to search for", strip=typed.strip()), _("type a word"))
    fields: dict[str, Any] = parts.single | {name: tuple(values) for name, values in parts.lists.items()}
    query = Query(
        **fields,
        filters={name: tuple(values) for name, values in parts.filters.items()},
        exclude_filters={name: tuple(values) for name, values in parts.without.items()},
    )
    plan(query)
    return query


def place_names(file: Path) -> Places:
    """Return what gives a place's name for any of its spellings in ``places.yml``; the file is read when first asked."""
    gazetteers: list[Gazetteer] = []

    def name(typed: str) -> str | None:
        if not gazetteers:
            gazetteers.append(Gazetteer(file))
        places = gazetteers[0].places(views(typed), _UNKNOWN)
        return places[0].name if places else None

    return name


def read_tokens(typed: str) -> Iterator[QueryToken]:
    """Yield the parts of a typed query in order; raise QueryError where one cannot be read."""
    at = 0
    text = typed.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None  # every part of the expression is optional
        start = match.start("minus")
        column = start + 1
        if match["quoted"] is not None and not match["closed"]:
            raise QueryError(match.start("quoted"), _("the quotation mark is never closed"), _('end the phrase with "'))
        if match["quoted"] is None and match["bare"] is None:
            if name := match["field"]:
                raise QueryError(
                    column,
                    _("%(name)s: has no value", name=name),
                    _("type %(name)s:something, without a space between", name=name),
                )
            raise QueryError(column, _("a minus excludes nothing here"), _("write it right before a word, phrase or field"))
        quoted = match["quoted"] is not None
        value = match["quoted"] if quoted else match["bare"]
        yield QueryToken(column, match.end(), bool(match["minus"]), (match["field"] or "").lower(), value, quoted)
        at = match.end()


def wrong_part(typed: str, column: int) -> tuple[int, int]:
    """Return where the part of a query that begins at a column stands: for a page that marks what an error is about."""
    match = _TOKEN.match(typed, min(column, len(typed)) - 1) if typed else None
    return (column - 1, max(match.end(), column)) if match else (0, len(typed))


def _take(token: QueryToken, parts: _Parts, now: datetime, places: Places | None) -> None:
    """Add what one token says to the parts."""
    if not token.field:
        name, value = _word(token)
        if name != "words" or read_search_term(value):  # a sign between words ("food & drink") is no word
            parts.lists.setdefault(name, []).append(value)
    elif token.field not in WORDS:
        near = difflib.get_close_matches(token.field, WORDS, 1)
        guess = _("did you mean %(near)s?", near=f"{near[0]}:") if near else _("fields are %(names)s", names=", ".join(WORDS))
        raise QueryError(
            token.column,
            _("no field %(field)r", field=token.field),
            _('%(guess)s To search for the words, put them into "quotes"', guess=guess),
        )
    elif field := BY_WORD.get(token.field):
        into = parts.without if token.minus else parts.filters
        for value in _values(token, known=field.known, keeps_case=field.keeps_case):
            named = places(value) if places and field.name == "place" else code_of(value, field.names) if field.names else None
            into.setdefault(field.name, []).append(named or value)
    elif token.minus:
        raise QueryError(
            token.column,
            _("%(field)s: cannot be excluded", field=token.field),
            _("words can, and %(facet_words)s", facet_words=", ".join(FACET_WORDS)),
        )
    elif token.field == "contact":
        parts.lists.setdefault("contact", []).extend(
            each for value in _values(token, keeps_case=True) for each in contacts(value)
        )
    else:
        _once(token, parts, now)


def _once(token: QueryToken, parts: _Parts, now: datetime) -> None:
    """Add a field that may be typed once."""
    if token.field == "score":
        results = score(token.value)
    elif token.field == "first_seen":
        results = first_seen(token.value, now)
    else:
        values = _values(token, known=get_args(Sort) if token.field == "sort" else (), keeps_case=token.field == "campaign")
        if len(values) != 1:
            raise QueryError(
                token.column,
                _("%(field)s: takes one value", field=token.field),
                _("type %(field)s:%(values1)s", field=token.field, values1=values[0]),
            )
        results = {token.field: values[0]}
    if twice := results.keys() & parts.single.keys():
        one_range = token.field in ("score", "first_seen")
        fix = _("give a range in one, such as score:40..60") if one_range else _("keep one")
        raise QueryError(
            token.column, _("%(field)s: sets %(twice)s a second time", field=token.field, twice=sorted(twice)[0]), fix
        )
    parts.single.update(results)


def _word(token: QueryToken) -> tuple[str, str]:
    """Return the list of the query that a word or phrase belongs to, and what to put there."""
    if token.minus:
        return "exclude", token.value
    if token.quoted:
        return "phrases", token.value
    if token.value.endswith("~"):
        return "typos", token.value.rstrip("~")
    if token.value.endswith("*"):
        return "prefixes", token.value.rstrip("*")
    return "words", token.value


def _values(token: QueryToken, *, known: tuple[str, ...] = (), keeps_case: bool = False) -> list[str]:
    """Return the values of a field, several with commas between; known ones only where there is a list of them."""
    values = [token.value] if token.quoted else [value for value in token.value.split(",") if value]
    if not any(value.strip() for value in values):
        raise QueryError(
            token.column, _("%(field)s: has no value", field=token.field), _("type %(field)s:something", field=token.field)
        )
    if keeps_case:
        return values
    values = [value.lower() for value in values]
    for value in values:
        if known and value not in known:
            near = difflib.get_close_matches(value, known, 1)
            guess = _("did you mean %(near)s?", near=near[0]) if near else _("there are %(known)s", known=", ".join(known))
            raise QueryError(token.column, _("%(field)s: knows no %(value)r", field=token.field, value=value), guess)
    return values
