"""Who reads: their language and time zone, and how numbers and moments are written for them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from foundation.messages import LANGUAGES, Message, _, ngettext

MOMENTS = {"en": "dd MMM yyyy HH:mm", "vi": "dd/MM/yyyy HH:mm", "fr": "d MMM yyyy HH:mm"}
"""How a moment is written: unlike CLDR's own patterns without marks between, and the same width in a column."""
PLAIN_MOMENT = "yyyy-MM-dd HH:mm"
"""In the languages of notices alone."""


class ReaderLocale(msgspec.Struct, frozen=True):
    """The language and the time zone of whoever reads."""

    language: str = "en"
    zone: str = "UTC"


class _Holder:
    """What a request's threads share: one of them learns who is logged in, others write the page."""

    def __init__(self, locale: ReaderLocale) -> None:
        self.locale = locale


_HOLDER: ContextVar[_Holder] = ContextVar("reader_locale")


def reader_locale() -> ReaderLocale:
    """Return who reads; outside requests and mails English in UTC."""
    holder = _HOLDER.get(None)
    return holder.locale if holder else ReaderLocale()


def begin_reading(locale: ReaderLocale) -> None:
    """Begin a request, whose reader may turn out to be another one."""
    _HOLDER.set(_Holder(locale))


def set_reader(locale: ReaderLocale) -> None:
    """Write the rest of this request for another reader."""
    holder = _HOLDER.get(None)
    if holder:
        holder.locale = locale


@contextmanager
def reading(locale: ReaderLocale) -> Iterator[None]:
    """Write for a reader, as of a mail."""
    token = _HOLDER.set(_Holder(locale))
    try:
        yield
    finally:
        _HOLDER.reset(token)


def guessed_language(accepted: str) -> str:
    """Return the first of our languages that a browser's ``Accept-Language`` names, by its weights; English when none."""
    weighed = []
    for part in accepted[:500].split(","):
        if found := re.fullmatch(r"\s*([A-Za-z]{2,8})(?:-[\w-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?", part):
            weighed.append((-float(found[2] or 1), found[1].lower()))
    wanted = (code for weight, code in sorted(weighed, key=lambda pair: pair[0]) if weight < 0)
    return next((code for code in wanted if code in LANGUAGES), "en")


@cache
def zones() -> tuple[str, ...]:
    """Return the names of time zones that a person may choose."""
    return ("UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/"))))


@cache
def parse_locale(language: str) -> Locale:
    """Return what Babel knows of a language tag (``vi``, ``zh-Hant``)."""
    return Locale.parse(language, sep="-")


def number(value: float) -> str:
    """Return a number with the marks of the reader's language."""
    return format_decimal(value, locale=parse_locale(reader_locale().language))


def stamp(moment: datetime | None) -> str | Message:
    """Return a moment as the reader writes it, always with its zone; UTC, in which evidence is kept, stands beside another."""
    if moment is None:
        return _("unknown")
    locale = reader_locale()
    pattern, babel_locale = MOMENTS.get(locale.language, PLAIN_MOMENT), parse_locale(locale.language)
    universal = moment.astimezone(UTC)
    local = universal.astimezone(ZoneInfo(locale.zone))
    written = format_datetime(universal, pattern, locale=babel_locale)
    minutes = round((local.utcoffset() or timedelta()).total_seconds()) // 60
    if not minutes:
        return f"{written} UTC"
    offset = f"UTC{'+' if minutes > 0 else '-'}{abs(minutes) // 60}" + (f":{abs(minutes) % 60:02}" if minutes % 60 else "")
    beside = f"{universal:%H:%M}" if local.date() == universal.date() else written
    return f"{format_datetime(local.replace(tzinfo=None), pattern, locale=babel_locale)} {offset} ({beside} UTC)"


def clock(moment: datetime) -> str:
    """Return a moment as the reader's own clock shows it, for a list whose page need not name the zone on each line."""
    locale = reader_locale()
    local = moment.astimezone(ZoneInfo(locale.zone)).replace(tzinfo=None)
    return format_datetime(local, MOMENTS.get(locale.language, PLAIN_MOMENT), locale=parse_locale(locale.language))


def day(value: date) -> str:
    """Return a day as the reader writes it."""
    language = reader_locale().language
    return format_date(value, MOMENTS.get(language, PLAIN_MOMENT).removesuffix(" HH:mm"), locale=parse_locale(language))


def ago(moment: datetime, now: datetime) -> Message:
    """Return how long ago, in the largest whole unit."""
    seconds = int((now - moment).total_seconds())
    if seconds >= 86_400 * 365:
        return ngettext("%(num)s year ago", "%(num)s years ago", seconds // (86_400 * 365))
    if seconds >= 86_400 * 30:
        return ngettext("%(num)s month ago", "%(num)s months ago", seconds // (86_400 * 30))
    if seconds >= 86_400:
        return ngettext("%(num)s day ago", "%(num)s days ago", seconds // 86_400)
    if seconds >= 3600:
        return ngettext("%(num)s hour ago", "%(num)s hours ago", seconds // 3600)
    if seconds >= 60:
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", seconds // 60)
    return _("just now")


def language_name(code: str) -> str | Message:
    """Return the name of an advert's language in the reader's own; the code itself where there is no name."""
    if code == "und":
        return _("Not sure")
    names = parse_locale(reader_locale().language).languages
    name = str(names.get("fil" if code == "tl" else code.replace("-", "_"), code))
    return name[:1].upper() + name[1:]


def country_name(code: str) -> str:
    """Return the name of a country in the reader's language; the code itself where there is no name."""
    return str(parse_locale(reader_locale().language).territories.get(code, code))
