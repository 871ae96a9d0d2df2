"""Fits a digest into a mail that no program clips: Gmail cuts a message at 102 KB.

The lists of a mail are short by themselves (``select``); only long words around them can still make it too large. The size is
measured as sent, in base64, in the language that takes most room.
"""

import math
from datetime import UTC, datetime

from crawlers.text.messages import LANGUAGES
from desk.digest import render
from desk.digest.edition import Edition
from desk.languages.reader_locale import ReaderLocale
from desk.subscribers.subscriptions import Subscription

LARGEST_MESSAGE = 100_000
"""Bytes of the whole message as it crosses the wire."""
_HEADERS = 1_600
"""Bytes kept free for headers with the longest addresses, and for the ends of lines."""
_READER = Subscription(
    id=999_999_999, address="", owner="-", by="-", search=None, typed="", schedule="weekly", language="en", zone="UTC", key="00",
    created_at=datetime.min.replace(tzinfo=UTC),
)  # fmt: skip
"""Whose links take as much room as anybody's."""
_LEAST_GRAVE = ("searches", "unreviewed", "movements", "confirmed", "retracted")


def fit_edition(edition: Edition, *, desk_url: str, organisation: str) -> Edition:
    """Return the edition with as many items as a mail has room for; the rest is added to the counts."""
    while _size(edition, desk_url, organisation) > LARGEST_MESSAGE:
        name = next((name for name in _LEAST_GRAVE if getattr(edition, name)), None)
        if name is None:
            break
        edition = edition.cut({name: len(getattr(edition, name)) - 1})
    return edition


def _size(edition: Edition, desk_url: str, organisation: str) -> int:
    locales = [ReaderLocale(language) for language in LANGUAGES]
    return _HEADERS + max(
        sum(_encoded_size(form(edition, desk_url, organisation, locale, _READER)) for form in (render.text, render.html))
        for locale in locales
    )


def _encoded_size(body: str) -> int:
    """Return the bytes of a text as a MIME part sends it: base64 in lines of 76 characters."""
    length = 4 * math.ceil(len(body.encode("utf-8", "surrogatepass")) / 3)
    return length + 2 * math.ceil(length / 76)
