"""Reads a moment in UTC from a printed date: ISO, Buddhist and Minguo years, month names, relative forms.

A date without a zone stays on that date (00:00 UTC); a guessed zone could move it to another day. Bikram Sambat and
Ethiopian-calendar dates are not converted; they come out as None and the raw text stands beside.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from itertools import chain

import msgspec

from foundation.yaml_limits import read_table


class DateWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tables of ``date_words.yml``: each text is a list of words, parted by spaces, or of phrases, parted by bars."""

    months: dict[int, str]
    thai_marks: str
    units: dict[str, str]
    letters: dict[str, dict[str, str]]
    ago: str
    published: str
    one: str
    counted: dict[str, str]
    days: dict[int, str]
    month_first: tuple[str, ...]
    year_first: tuple[str, ...]


WORDS = read_table(__file__, "date_words.yml", DateWords)
_phrases = re.compile(r"\s*\|\s*").split
_MONTH_OF = {name: number for number, names in WORDS.months.items() for name in names.split()}
_UNIT_OF = {name: unit for unit, names in WORDS.units.items() for name in names.split()}
_DAY_OF = {name: days for days, names in WORDS.days.items() for name in _phrases(names)}
_COUNTED = {name: (int(said[0]), said[2:]) for said, names in WORDS.counted.items() for name in names.split()}


def _word_choice(names: object) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))  # type: ignore[call-overload]


_LETTER = r"[^\W\d_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]|[\u0300-\u036f\u0900-\u0dff]"
"""A letter or mark of a script that puts spaces between words; Thai, Lao, Burmese and Khmer do not, so a name may touch its
neighbours."""
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?", re.I
)
_CLOCK = re.compile(
    r"(上午|下午|午前|午後|오전|오후|sáng|chiều|tối)?\s*(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|น\.|sa|ch)?(?!\d)",
    re.I,
)
_EAST = re.compile(r"(民國|民国|令和)?\s*(?:(\d{2,4})\s*[年년]\s*)?(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号號일]?")
_VIET = re.compile(r"(?:ngày\s*)?(\d{1,2})\s*(?:tháng|thg|th)\.?\s*(\d{1,2})(?:\s*(?:,|năm|-|/)?\s*(\d{4}))?", re.I)
_NAMED = re.compile(rf"(?<!(?:{_LETTER}))({_word_choice(_MONTH_OF)})(?!{_LETTER})", re.I)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})\s*([/.\-])\s*(\d{1,2})\s*\2\s*(\d{1,4})(?!\d)")
_SHORT = re.compile(r"(\d{1,2})[/-](\d{1,2})(\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_LATIN = r"[a-z\u00c0-\u024f\u1e00-\u1eff]"
_AGO = re.compile(rf"(?<!{_LATIN})(?:{_word_choice(_phrases(WORDS.ago))})(?!{_LATIN})|(?<![\w.,])[-\u2212](?=\d)", re.I)
_SPACED = r"[^\W\d_\u0e00-\u11ff\u1780-\uffff]|[\u0300-\u036f\u0900-\u0dff]"
_SHORT_UNITS = [name for name in {*_UNIT_OF, *chain(*WORDS.letters.values())} if re.fullmatch(f"(?:{_SPACED}){{1,2}}", name)]
_UNIT = rf"(?:{_word_choice(_UNIT_OF.keys() - set(_SHORT_UNITS))})(?!{_LATIN})|(?:{_word_choice(_SHORT_UNITS)})(?!{_SPACED})"
"""A unit that ends where a word ends. Long ones may go on in scripts that put endings to words; one or two letters may not."""
_SPAN = re.compile(
    rf"(\d+|(?<!{_LETTER})(?:{_word_choice(WORDS.one.split())}))\+?\s*({_UNIT})|"
    rf"(?<!{_LETTER})({_UNIT})\s*(\d+)(?!\d|\+?\s*(?:{_UNIT}))|(?<!{_LETTER})({_word_choice(_COUNTED)})",
    re.I,
)
"""A number with its unit: "2 weeks"; the unit first, where it begins a word and the number has none of its own: "siku 3"."""
_DAY = re.compile(rf"(?<!(?:{_LETTER}))({_word_choice(_DAY_OF)})", re.I)
_NOW = re.compile(r"now|vừa|mới|baru|สักครู่|เมื่อกี้|刚|剛|たった|방금|अभी|instant|agora|только|gerade|lang$")
_BARE = re.compile(rf"(?:(?:{_word_choice(WORDS.published.split())})\W*\s)?\d+\+?\s*\S+")
"""A span without "ago", alone or behind a word that says what happened then."""
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_629_800, "year": 31_557_600}
_LONGEST = 200
LAST_YEAR = 2060
"""Later years belong to other calendars (Bikram Sambat is in its 2080s)."""


def moment(raw: str | None, *, now: datetime, language: str | None = None) -> datetime | None:
    """Return the UTC time that ``raw`` names, or None when it names none. ``now`` is when the page was fetched."""
    if not raw:
        return None
    try:
        time = datetime.fromisoformat(raw)
    except ValueError:
        text = _simplify(raw)
        return _read(text, now, (language or "").lower().replace("_", "-")) if text else None
    if time.year >= 2400:
        time = time.replace(year=time.year - 543)
    if not 1970 <= time.year <= LAST_YEAR:
        return None
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


@lru_cache(4096)
def _simplify(raw: str) -> str:
    text = re.sub(r"[\u200c\u200d]", "", raw[:_LONGEST])  # joiners stand inside words: Sinhala April has one
    text = re.sub(r"[\u00a0\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]", " ", text)
    text = "".join(str(unicodedata.decimal(char)) if char.isdecimal() and not char.isascii() else char for char in text)
    return re.sub(r"\s+", " ", text).strip().lower()


def _read(text: str, now: datetime, language: str) -> datetime | None:
    if match := _ISO.search(text):
        return _build_moment(int(match[1]), int(match[2]), int(match[3]), match[4], match[5], match[6], match[7])
    if re.fullmatch(r"\d{10}|\d{13}", text):
        seconds = int(text) if len(text) == 10 else int(text) / 1000
        return datetime.fromtimestamp(seconds, UTC)
    if re.search(r"\d{1,2}:\d{2}.*(?:gmt|utc|[+-]\d{4}|est|edt|pst|pdt)$", text):
        try:
            time = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            pass
        else:
            return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    return _calendar_date(text, now, language) or _relative(text, now, language) or _last_resort(text, now, language)


def _calendar_date(text: str, now: datetime, language: str) -> datetime | None:
    if (match := _EAST.search(text)) and ("月" in text or "월" in text) and not _is_relative(text):
        year = int(match[2]) if match[2] else None
        if match[1] and year is not None:
            year += 2018 if match[1] == "令和" else 1911
        return _build_date(year, int(match[3]), int(match[4]), text[: match.start()] + " " + text[match.end() :], now)
    if match := _NUMERIC.search(text):
        return _numeric(match, text, now, language)
    if (match := _VIET.search(text)) and not _is_relative(text):
        return _build_date(
            int(match[3]) if match[3] else None,
            int(match[2]),
            int(match[1]),
            text[: match.start()] + " " + text[match.end() :],
            now,
        )
    if (match := _NAMED.search(text)) and not _is_relative(text):
        return _read_named(match, text, now, language)
    if match := _SHORT.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        month_first = language.startswith((*WORDS.year_first, *WORDS.month_first)) or second > 12
        return _build_date(None, first if month_first else second, second if month_first else first, match[3] or "", now)
    return None


def _numeric(match: re.Match[str], text: str, now: datetime, language: str) -> datetime | None:
    first, middle, last = int(match[1]), int(match[3]), int(match[4])
    rest = text[: match.start()] + " " + text[match.end() :]
    if len(match[1]) == 4:
        return _build_date(first, middle, last, rest, now)
    if len(match[4]) == 1:  # 1.2.3 is a version, not a date
        return None
    if len(match[1]) == 3:  # Minguo year, 114/03/09
        return _build_date(first + 1911, middle, last, rest, now)
    if len(match[4]) == 2 and language.startswith(WORDS.year_first) and middle <= 12:
        return _build_date(2000 + first, middle, last, rest, now)
    month_first = middle > 12 or (first <= 12 and match[2] == "/" and language.startswith(WORDS.month_first))
    day, month = (middle, first) if month_first else (first, middle)
    return _build_date(_full_year(last, language.startswith("th")), month, day, rest, now)


def _read_named(match: re.Match[str], text: str, now: datetime, language: str) -> datetime | None:
    month = _MONTH_OF[match[1].lower()]
    buddhist = language.startswith("th") or any(mark in match[1] for mark in WORDS.thai_marks.split())
    start, end = next(
        (found.span() for found in _CLOCK.finditer(text) if found.start() >= match.end() or ":" in found[0]), (0, 0)
    )
    clock, bare = text[start:end], text[:start] + " " * (end - start) + text[end:]
    before = list(map(int, re.findall(r"\d+", bare[: match.start()])))[-2:]
    after = list(map(int, re.findall(r"\d+", bare[match.end() :])))[:2]
    if len(before) == 2 and before[0] > 31:  # 2025 march 9 is written year month day: both may stand before only in error
        return _build_date(before[0], month, before[1], text, now)
    if before and before[-1] > 31:
        return _build_date(before[-1], month, after[0] if after else 1, text, now)
    if before and before[-1] >= 1:
        return _build_date(_full_year(after[0], buddhist) if after else None, month, before[-1], clock or bare, now)
    if after and after[0] <= 31:
        return _build_date(_full_year(after[1], buddhist) if len(after) > 1 else None, month, after[0], clock, now)
    return _build_date(after[0], month, 1, "", now) if after else None


def _full_year(year: int, buddhist: bool) -> int:
    if year < 100:
        return 2500 + year if buddhist and year >= 50 else 2000 + year
    return year


def _build_date(year: int | None, month: int, day: int, rest: str, now: datetime) -> datetime | None:
    clock = _CLOCK.search(rest)
    hour = minute = second = None
    if clock:
        hours = int(clock[2])
        late = (clock[1] or "") in ("下午", "午後", "오후", "chiều", "tối") or (clock[5] or "").startswith(("p", "ch"))
        hours = hours + 12 if late and hours < 12 else 0 if (clock[5] or "").startswith("a") and hours == 12 else hours
        hour, minute, second = str(hours), clock[3], clock[4]
    if year is None:
        time = _build_moment(now.year, month, day, hour, minute, second, None)
        if time and time > now + timedelta(days=2):  # a date without a year on a board lies in the past
            time = _build_moment(now.year - 1, month, day, hour, minute, second, None)
        return time
    return _build_moment(year, month, day, hour, minute, second, None)


def _build_moment(
    year: int, month: int, day: int, hour: str | None, minute: str | None, second: str | None, zone: str | None
) -> datetime | None:
    if year >= 2400:
        year -= 543
    elif year < 100:
        year += 2000
    if not 1970 <= year <= LAST_YEAR:
        return None
    offset = UTC if not zone or zone.lower() in ("z", "utc", "gmt") else _offset(zone)
    try:
        return datetime(year, month, day, int(hour or 0), int(minute or 0), int(second or 0), tzinfo=offset).astimezone(UTC)
    except ValueError:
        return None


def _offset(zone: str) -> timezone:
    digits = zone[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(min(size, timedelta(hours=14)) * (-1 if zone[0] == "-" else 1))


def _is_relative(text: str) -> bool:
    return bool(_AGO.search(text) and _SPAN.search(text))


def _relative(text: str, now: datetime, language: str) -> datetime | None:
    spans = list(_SPAN.finditer(text)) if _AGO.search(text) or _BARE.fullmatch(text) else []
    match = _DAY.search(text)
    if match and not any(span[1] or span[4] for span in spans):
        return _read_day(match, text, now)
    if not spans:
        return None
    seconds, finest, letters = 0, "year", WORDS.letters.get(language.split("-")[0], {})
    for span in spans[:3]:
        number, said = span[1] or span[4] or "1", (span[2] or span[3] or span[5]).lower()
        count, unit = _COUNTED[said] if span[5] else (int(number) if number.isdigit() else 1, letters.get(said) or _UNIT_OF[said])
        seconds += count * _SECONDS[unit]
        finest = unit
    if seconds > 60 * _SECONDS["year"]:
        return None
    time = now.astimezone(UTC) - timedelta(seconds=seconds)
    return time if finest in ("second", "minute", "hour") else time.replace(hour=0, minute=0, second=0, microsecond=0)


def _read_day(match: re.Match[str], text: str, now: datetime) -> datetime | None:
    """Return the time of a named day: "yesterday, 15:20"."""
    days = _DAY_OF[match[1].lower()]
    day = now.astimezone(UTC) - timedelta(days=days)
    clock = _CLOCK.search(text, match.end()) or _CLOCK.search(text[: match.start()])
    if days == 0 and not clock and _NOW.search(text):
        return day
    return _build_date(day.year, day.month, day.day, clock[0] if clock else "", now)


def _last_resort(text: str, now: datetime, language: str) -> datetime | None:
    """Ask dateparser (slow, many locales) about a short text with a digit that no rule above read."""
    if len(text) > 40 or not re.search(r"\d", text) or not re.search(rf"{_LETTER}{{2}}", text):
        return None
    import dateparser  # type: ignore[import-untyped]  # 0.3 s to import: only when asked

    settings = {
        "RELATIVE_BASE": now.astimezone(UTC).replace(tzinfo=None),
        "TIMEZONE": "UTC",
        "RETURN_AS_TIMEZONE_AWARE": True,
        "PREFER_DATES_FROM": "past",
    }
    try:
        value: datetime | None = dateparser.parse(
            text, languages=[language.split("-")[0]] if language else None, settings=settings
        )
    except ValueError:  # dateparser refuses unknown language codes
        return None
    if not value or not 1990 <= value.year <= now.year + 5:
        return None
    value = value.astimezone(UTC)  # a day or a month ago comes with the clock of now
    return value.replace(hour=0, minute=0, second=0, microsecond=0) if value.time() == now.astimezone(UTC).time() else value
