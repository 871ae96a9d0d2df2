"""A mail as a program gets it: JSON about what is new in a saved search, masked as the mail is, grouped, and limited.

It is kept in the outbox as a message, so that it is built once, tried again, told apart by one id and erased like any mail.
"""

from email.message import EmailMessage
from email.utils import format_datetime

import msgspec

from desk.digest import wording
from desk.digest.edition import DigestItem, Edition, Retraction
from desk.highlighting import defang
from desk.languages.reader_locale import ReaderLocale, reading
from desk.outbox import message_id
from desk.subscribers.subscriptions import Subscription

TITLE = 120
"""Columns of a title at most."""


def call_message(edition: Edition, one: Subscription, *, sender: str, desk_url: str, locale: ReaderLocale) -> EmailMessage:
    """Return the message for one program; the same edition gives the same bytes and the same id."""
    desk, host = desk_url.rstrip("/"), sender.rpartition("@")[2] or "localhost"
    message = EmailMessage()
    message["From"] = sender or f"calls@{host}"
    message["Subject"] = f"Call about {edition.subscription} {edition.week}"
    message["Date"] = format_datetime(edition.until)
    message["Message-ID"] = message_id(edition.week, edition.subscription, one.address, host)
    with reading(locale):
        content = msgspec.json.encode(_content(edition, desk), order="sorted")
    message.set_content(content, maintype="application", subtype="json")
    return message


def _content(edition: Edition, desk: str) -> dict[str, object]:
    """Return what is said: adverts that are set out or have a line in the mail; the others are counted, and linked."""
    return {
        "type": "search.new",
        "search": edition.about,
        "period": edition.week,
        "since": edition.since,
        "until": edition.until,
        "counts": {"new_flagged": edition.counts.new_flagged, "confirmed": edition.counts.confirmed},
        "adverts": [
            *(_advert(item, desk, "confirmed") for item in edition.confirmed),
            *(_advert(item, desk, "unreviewed") for item in edition.unreviewed),
        ],
        "more": {
            "confirmed": edition.more_confirmed, "unreviewed": edition.more_unreviewed, "taken_back": edition.more_retracted,
            "url": f"{desk}/digest/{edition.week}",
        },
        "taken_back": [_taken_back(one, desk) for one in edition.retracted],
    }  # fmt: skip


def _advert(item: DigestItem, desk: str, state: str) -> dict[str, object]:
    return {
        "id": item.id, "url": f"{desk}/item/{item.id}", "state": state, "title": _title(item.title), "kind": item.tag,
        "severity": item.severity, "harm": item.harm, "score": item.score, "source": item.source, "alike": item.alike,
        "first_seen": item.first_seen, "places": item.places, "reasons": [defang(reason) for reason in item.reasons],
    }  # fmt: skip


def _taken_back(one: Retraction, desk: str) -> dict[str, object]:
    return {"id": one.id, "url": f"{desk}/item/{one.id}", "title": _title(one.title), "told": one.week}


def _title(title: str) -> str:
    return defang(wording.shown_title(title, TITLE))
