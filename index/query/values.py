"""The values of a typed query's fields: score ranges, dates, contacts in any of their written forms."""

import math
import re
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal, get_args

from babel import Locale
from babel.core import get_global

from enrichment.assessment import ContactType, Language
from enrichment.contacts.addresses import addresses
from enrichment.contacts.extract import contacts as advertised
from enrichment.contacts.handles import ContactLabel, labels
from enrichment.text.views import bare
from foundation.messages import LANGUAGES, _
from index.base import Query, RecordStore
from index.terms.record_terms import raw_text

_AGO = re.compile(r"(\d{1,4})([dwmy])")
_AGO_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_RANGE = re.compile(r"(?P<low>[^.<>=]*(?:\.\d+)?)\.\.(?P<high>[^<>=]*)")
_COMPARED = re.compile(r"(?P<sign>>=|<=|>|<|=)?(?P<value>.+)")
_UNKNOWN = Language(code="und", script="Zyyy", confidence=0)
_DIGITS = re.compile(r"\+?\d(?:[\s().\-/]{0,3}\d){7,}")
_NUMBER = re.compile(r"[+\d\s().\-/]*\d[\d\s().\-/]{5,}")
_ACCOUNT = re.compile(r"[a-z0-9_][a-z0-9_.\-]{2,}[a-z0-9_]")
_OWN = {"fil": "tl"}
"""Codes of the CLDR that detection writes otherwise."""
_PART = re.compile(r"[^()]+")
"""Of a name with another in brackets: ``Myanmar (Burma)``."""
_CODE = re.compile(r"[a-z]{2,3}(?:-\w+)*")


class ValueProblem(Exception):
    """A value cannot be read: what is wrong, and what to type instead."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.problem, self.fix = problem, fix


def absent(store: RecordStore, query: Query) -> list[str]:
    """Say of each value of a field that nothing in the index has it, and which there are, and of each word that nothing has it
    and which it may be a slip of; for a query that finds nothing."""
    lines = []
    for name, values in query.filters.items():
        for value in values:
            if store.search(Query(filters={name: (value,)}, size=1, count_facets=False)).total == 0:
                there = [each for each, _ in store.search(Query(size=1)).facets.get(name, ())]
                lines.append(f"nothing here has {name} {value}; there are {', '.join(there[:20]) or 'none yet'}")
    for word in query.words:
        if store.search(Query(words=(word,), size=1, count_facets=False)).total == 0 and (near := _near_words(store, word)):
            lines.append(_("nothing here has %(word)s; did you mean %(near)s?", word=word, near=", ".join(near)))
    return lines


def _near_words(store: RecordStore, word: str) -> list[str]:
    """Return the words in the index that one may be a slip of, the commonest first."""
    hits = store.search(Query(typos=(word,), size=100, count_facets=False)).hits
    found = ({raw_text(hit.record)[start:end].casefold() for start, end in hit.highlights} for hit in hits)
    counts = Counter(near for each in found for near in each)
    return [near for near, _count in counts.most_common(3)]


def code_of(typed: str, names: Literal["languages", "territories"]) -> str:
    """Return the code of a language or country by its code or its name in a language of the desk; raise ValueProblem."""
    known, value = _codes(names), typed.strip().lower().replace("_", "-")
    if code := known.get(_strip_signs(value)):
        return code
    if _CODE.fullmatch(value):
        return value
    near = get_close_matches(_strip_signs(value), known, 1)
    kind = _("language") if names == "languages" else _("country")
    fix = _("did you mean %(near)s?", near=known[near[0]]) if near else _("type its code or its name in English")
    raise ValueProblem(_("there is no %(kind)s %(typed)r", kind=kind, typed=typed), fix)


@cache
def _codes(names: Literal["languages", "territories"]) -> dict[str, str]:
    """Return the codes of the CLDR by code, by name, and by the codes that others use for the same."""
    tables = [getattr(Locale.parse(language), names) for language in LANGUAGES]
    pairs = [(code, code) for table in tables for code in table]  # "ga" is Irish before it is the name of Ga
    pairs += [(each, code) for table in tables for code, name in table.items() for each in (name, *_PART.findall(name))]
    aliases = get_global("language_aliases" if names == "languages" else "territory_aliases")
    pairs += [(other, of if isinstance(of, str) else of[0]) for other, of in aliases.items()]
    return {_strip_signs(name): _OWN.get(code, code.replace("_", "-").lower()) for name, code in reversed(pairs)}


def _strip_signs(name: str) -> str:
    return re.sub(r"[\W_]", "", bare(name))


def score(typed: str) -> dict[str, Any]:
    """Return the score bounds of ``>70``, ``>=70``, ``<30``, ``40..60`` or ``70`` (at least 70 and below 71)."""
    if between := _RANGE.fullmatch(typed):
        return {"score_min": _points(between["low"]), "score_max": _points(between["high"])}
    compared = _COMPARED.fullmatch(typed)
    points = _points(compared["value"] if compared else typed)
    match compared and compared["sign"]:
        case ">":
            return {"score_min": math.nextafter(points, math.inf)}
        case ">=":
            return {"score_min": points}
        case "<":
            return {"score_max": math.nextafter(points, -math.inf)}
        case "<=":
            return {"score_max": points}
    return {"score_min": points, "score_max": math.nextafter(points + 1, -math.inf)}


def first_seen(typed: str, now: datetime) -> dict[str, Any]:
    """Return the time bounds of ``>2026-01-01`` (after that day), ``>=``, ``<``, ``<=``, a day, ``day..day``, or ``>7d`` (newer
    than seven days); raise ValueProblem."""
    try:
        return _bounds(typed, now)
    except OverflowError as exc:
        fix = "type a day such as first_seen:>2026-01-31, or first_seen:>7d"
        raise ValueProblem(_("%(typed)r leads outside the calendar", typed=typed), fix) from exc


def _bounds(typed: str, now: datetime) -> dict[str, Any]:
    if between := _RANGE.fullmatch(typed):
        return {"since": _day(between["low"], now), "until": _end(_day(between["high"], now))}
    compared = _COMPARED.fullmatch(typed)
    value = compared["value"] if compared else typed
    start = _day(value, now)
    ago = _AGO.fullmatch(value) is not None
    match compared and compared["sign"]:
        case ">":
            return {"since": start if ago else start + timedelta(days=1)}
        case ">=":
            return {"since": start}
        case "<":
            return {"until": start - timedelta(seconds=1)}
        case "<=":
            return {"until": start if ago else _end(start)}
    return {"since": start} if ago else {"since": start, "until": _end(start)}


def contacts(typed: str) -> tuple[str, ...]:
    """Return contacts as they are stored, from any form a person may paste: one at least, the likeliest first.

    ``@Name``, ``t.me/Name``, ``tg://resolve?domain=name``, ``+84 50 000 0123``, ``0084…``, ``wa.me/8450…``, ``zalo.me/050…``,
    ``line.me/ti/p/~name``, ``mailto:`` and ``tel:`` links, an address, with words around it as adverts have them:
    ``Zalo 0500 …``, ``微信 name``. ``telegram:name`` is of that app alone. A number without its
    country stays so (its last eight digits count).
    """
    value = "".join(c for c in unicodedata.normalize("NFKC", typed) if unicodedata.category(c) != "Cf").strip()
    kind, _colon, rest = value.partition(":")
    if kind.lower() in ("mailto", "tel", "sms") and rest.strip():
        return contacts(rest.partition("?")[0])
    if kind.lower() in get_args(ContactType) and rest.strip() and not rest.startswith(("//", " ")):
        return tuple(f"{kind.lower()}:{each}" for each in contacts(rest))
    number = [_number(value)] if _NUMBER.fullmatch(value) else []
    return tuple(dict.fromkeys(_read_links(value) or number or _read_announced(value)))


def _read_links(value: str) -> list[str]:
    """Return the accounts that links lead to, by the very reader that finds them in adverts."""
    links = [each for each in addresses(value.casefold()) if each.type not in (None, "url", "email")]
    return [_number(f"+{each.value}".replace("+0", "0")) if each.digits else each.value for each in links]


def _read_announced(value: str) -> list[str]:
    """Return what the reader of adverts finds, else numbers, else names beside words that announce some, else all of it."""
    read = [_typed_number(value[each.start : each.end], each.value) for each in advertised(value, _UNKNOWN)]
    whole, announced = value.removeprefix("@").lower(), labels(value.lower()).all
    read = read or [_number(each[0]) for each in _DIGITS.finditer(value)] or _accounts(value.lower(), announced)
    return read if read and (" " in whole or announced) else [*read, whole]


def drop_app(value: str) -> str:
    """Return a contact, as ``contacts`` gives it, without the app it is of."""
    kind, _colon, rest = value.partition(":")
    return rest if kind in get_args(ContactType) and rest and not rest.startswith("//") else value


def _typed_number(written: str, read: str) -> str:
    """Return what a contact was read as; of a number what was written, for which country it is from was guessed."""
    digits = sum(c.isdecimal() for c in written)
    return _number(written) if read.lstrip("+").isdigit() and digits >= 8 else read.lower()


def _accounts(value: str, announced: list[ContactLabel]) -> list[str]:
    """Return what may be the name of an account beside the words that announce one (``telegram samplename``)."""
    if not announced:
        return []
    for label in reversed(announced):
        value = f"{value[: label.start]} {value[label.end :]}"
    return _ACCOUNT.findall(value)


def _number(written: str) -> str:
    """Return a number's digits, with a plus when its country is among them."""
    digits = "".join(str(int(c)) for c in written if c.isdecimal())
    return "+" + digits.removeprefix("00") if written.lstrip("( ").startswith("+") or digits.startswith("00") else digits


def _points(typed: str) -> float:
    try:
        points = float(typed)
    except ValueError:
        points = math.nan
    if not 0 <= points <= 100:
        raise ValueProblem(_("score %(typed)r is no number from 0 to 100", typed=typed), "type score:>70 or score:40..60")
    return points


def _day(typed: str, now: datetime) -> datetime:
    if ago := _AGO.fullmatch(typed):
        return now - timedelta(days=int(ago[1]) * _AGO_DAYS[ago[2]])
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = None
    if day is None:
        fix = "type first_seen:>2026-01-31, first_seen:2026-01-01..2026-01-31 or first_seen:>7d"
        raise ValueProblem(_("%(typed)r is no day", typed=typed), fix)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _end(day: datetime) -> datetime:
    return day + timedelta(days=1, seconds=-1)
