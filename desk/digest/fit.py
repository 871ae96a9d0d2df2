"""Fits a digest into a mail that no program clips: Gmail cuts a message at 102 KB.

The lists of a mail are short by themselves (``select``); only long words around them can still make it too large. The message is
measured as sent, with the longest addresses and links, in the language that takes most room.
"""

from datetime import UTC, datetime
from email import policy

from desk.digest import render
from desk.digest.edition import Edition
from desk.languages.reader_locale import ReaderLocale
from desk.subscribers.subscriptions import Subscription
from foundation.messages import LANGUAGES

LARGEST_MESSAGE = 100_000
"""Bytes of the whole message as it crosses the wire."""
_ADDRESS = f"{'a' * 64}@{'b' * 60}.{'b' * 60}.{'b' * 60}.example"
"""As long as an address may be."""
_READER = Subscription(
    id=999_999_999, address=_ADDRESS, owner="-", by="-", search=None, typed="", schedule="weekly", language="en", zone="UTC",
    key="00", created_at=datetime.min.replace(tzinfo=UTC),
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
    house = {"recipient": _ADDRESS, "sender": _ADDRESS, "desk_url": desk_url, "organisation": organisation}
    messages = (render.message(edition, locale=ReaderLocale(one), reader=_READER, **house) for one in LANGUAGES)
    return max(len(each.as_bytes(policy=policy.SMTP)) for each in messages)
