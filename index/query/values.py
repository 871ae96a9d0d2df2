"""The values of a typed query's fields: score ranges, dates, contacts in any of their written forms."""

import math
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Any

from enrichment.contacts.addresses import addresses
from foundation.messages import _
from index.base import Query, RecordStore

_AGO = re.compile(r"(\d{1,4})([dwmy])")
_AGO_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_RANGE = re.compile(r"(?P<low>[^.<>=]*(?:\.\d+)?)\.\.(?P<high>[^<>=]*)")
_COMPARED = re.compile(r"(?P<sign>>=|<=|>|<|=)?(?P<value>.+)")


class ValueProblem(Exception):
    """A value cannot be read: what is wrong, and what to type instead."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.problem, self.fix = problem, fix


def absent(store: RecordStore, query: Query) -> list[str]:
    """Say of each value of a field that nothing in the index has it, and which there are; for a query that finds nothing."""
    lines = []
    for name, values in query.filters.items():
        for value in values:
            if store.search(Query(filters={name: (value,)}, size=1, count_facets=False)).total == 0:
                there = [each for each, _ in store.search(Query(size=1)).facets.get(name, ())]
                lines.append(f"nothing here has {name} {value}; there are {', '.join(there[:20]) or 'none yet'}")
    return lines


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


def contact(typed: str) -> str:
    """Return a contact as it is stored, from any form a person may paste.

    ``@Name``, ``t.me/Name``, ``tg://resolve?domain=name``, ``+84 50 000 0123``, ``0084…``, ``wa.me/8450…``, ``zalo.me/050…``,
    ``line.me/ti/p/~name``, ``telegram:name``, ``mailto:`` and ``tel:`` links, an address. A number without its country stays
    without (its last eight digits count).
    """
    value = "".join(c for c in unicodedata.normalize("NFKC", typed) if unicodedata.category(c) != "Cf").strip()
    kind, colon, rest = value.partition(":")
    if colon and rest.strip() and not rest.startswith("//"):
        if kind.lower() in ("mailto", "tel", "sms"):
            return contact(rest.partition("?")[0])
        if kind.isalpha() and len(kind) > 2:
            return f"{kind.lower()}:{contact(rest)}"
    # The very reader that finds contacts in adverts, so that a link typed here becomes what was stored.
    linked = next((address for address in addresses(value.casefold()) if address.type not in (None, "url", "email")), None)
    if linked is not None:
        return linked.value if not linked.digits else _number(linked.value if linked.value[0] == "0" else f"+{linked.value}")
    if re.fullmatch(r"[+\d\s().\-/]*\d[\d\s().\-/]{5,}", value):
        return _number(value)
    return value.removeprefix("@").lower()


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
