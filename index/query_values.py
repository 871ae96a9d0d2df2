"""The values of a typed query's fields: score ranges, dates, contacts in any of their written forms."""

import math
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

_AGO = re.compile(r"(\d{1,4})([dwmy])")
_AGO_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_RANGE = re.compile(r"(?P<low>[^.<>=]*(?:\.\d+)?)\.\.(?P<high>[^<>=]*)")
_COMPARED = re.compile(r"(?P<sign>>=|<=|>|<|=)?(?P<value>.+)")


class ValueProblem(Exception):
    """A value cannot be read: what is wrong, and what to type instead."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.problem, self.fix = problem, fix


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
    than seven days)."""
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
    """Return a contact as it is stored, from any form a person may paste: ``@Name``, ``t.me/Name``, ``+84 50 000 0123``,
    ``wa.me/8450…``, ``telegram:name``, an address; a number without its country stays without (its last eight digits count)."""
    value = typed.strip()
    kind, colon, rest = value.partition(":")
    if colon and kind.isalpha() and len(kind) > 2 and not rest.startswith("//"):
        return f"{kind.lower()}:{contact(rest)}"
    if link := re.fullmatch(r"(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me)/(?:s/)?@?(\w+)/?", value, re.IGNORECASE):
        return link[1].lower()
    if link := re.fullmatch(r"(?:https?://)?(?:wa\.me|zalo\.me)/\+?(\d+)/?.*", value, re.IGNORECASE):
        return "+" + link[1] if not link[1].startswith("0") else link[1]
    if re.fullmatch(r"\+?[\d\s().\-/]{6,}", value):
        digits = "".join(c for c in value if c.isdecimal())
        digits = "".join(str(int(c)) for c in digits)
        if value.startswith("+") or digits.startswith("00"):
            return "+" + digits.removeprefix("00")
        return digits
    return value.removeprefix("@").lower()


def _points(typed: str) -> float:
    try:
        points = float(typed)
    except ValueError:
        points = math.nan
    if not 0 <= points <= 100:
        raise ValueProblem(f"score {typed!r} is no number from 0 to 100", "type score:>70 or score:40..60")
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
        raise ValueProblem(f"{typed!r} is no day", fix)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _end(day: datetime) -> datetime:
    return day + timedelta(days=1) - timedelta(seconds=1)
