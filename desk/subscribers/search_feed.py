"""A saved search as a feed, Atom (RFC 4287), for whoever holds its address: what a mail would say, newest first.

The address carries a token that its subscription signs, so that it is of that search alone and ends with it. Titles are masked as
in mails; of texts by people at risk, and of escalated items, there is nothing. What a person takes back stays in the feed as
taken back, for feed readers keep what they once read.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from desk.cases.case_decisions import TAGS, Case, cases
from desk.cases.comments import escalated_items
from desk.cases.reason_marks import all_struck
from desk.cases.top_reasons import telling
from desk.cases.visible_store import visible
from desk.highlighting import defang, plain_line
from desk.languages.catalogues import say
from desk.languages.glosses import translate_gloss
from desk.languages.reader_locale import ReaderLocale, reading
from desk.masks import headline, without_identities
from desk.subscribers.subscriptions import Subscription, active_subscriptions, read_token
from enrichment.harm import LEVELS
from foundation.messages import _
from index.admission import AT_RISK
from index.base import Record, Store
from index.query.parse import Places

CLAIM = "feed"
"""What the token of a feed's address claims."""
MOST, REASONS = 50, 3
"""Adverts in a feed, and reasons of each, at most."""
ATOM = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML holds."""


class SearchFeed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed as it is sent."""

    content: bytes
    updated: datetime
    """When anything in it changed last, to the second."""

    @property
    def tag(self) -> str:
        """Its entity tag: another one for any other bytes."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An advert in a feed."""

    id: str
    title: str
    summary: str
    first_seen: datetime
    updated: datetime


def feed_token(one: Subscription) -> str:
    """Return the token of a feed's address."""
    return one.token(CLAIM)


def feed_subscription(connection: Connection, token: str) -> Subscription | None:
    """Return the feed in force that a token opens; None for any other token."""
    found, claim = read_token(connection, token)
    if found is None or claim != CLAIM or found.schedule != "feed":
        return None
    return next((one for one in active_subscriptions(connection) if one.id == found.id), None)


def build_feed(
    connection: Connection, store: Store, one: Subscription, *, now: datetime, places: Places | None, desk_url: str,
    organisation: str,
) -> SearchFeed:  # fmt: skip
    """Return the feed of a subscription; raise UnusableQuery when its search can no longer be carried out."""
    query = one.query(now, places)
    if "true" not in query.filters.get("flagged", ("true",)):
        records: list[Record] = []
    else:
        query = replace(query, filters={**query.filters, "flagged": ("true",)}, sort="newest", size=MOST)
        found = visible(store, escalated_items(connection), all_struck(connection)).search(query)
        records = [hit.record for hit in found.hits if hit.record.assessment.stance not in AT_RISK]
    decided = cases(connection, [record.id for record in records])
    with reading(ReaderLocale(one.language, one.zone)):
        entries = [entry for record in records if (entry := _entry(record, decided[record.id], one)) is not None]
        return _write_atom(one, entries, desk_url.rstrip("/"), organisation)


def _entry(record: Record, case: Case, one: Subscription) -> _Entry | None:
    """Return the entry of an advert; of one that was dismissed before the feed began there is none."""
    changed = max(record.first_seen, *(one.at for one in record.revisions[-1:]), *(one.at for one in case.history[-1:]))
    title = without_identities(headline(record))
    said = _("A machine flagged this. Nobody has confirmed it; do not act on it.")
    if case.state == "dismissed":
        if changed < one.created_at:
            return None
        title, facts = say(_("Taken back")), [say(_("A person found that this is no lure. Disregard what was said of it."))]
    else:
        facts = [say(_("Confirmed by a person.") if case.state == "confirmed" else said), *_facts(record)]
    return _Entry(
        id=record.id, title=_clean_line(title), summary=_clean_line(" · ".join(facts)), first_seen=record.first_seen,
        updated=changed,
    )  # fmt: skip


def _facts(record: Record) -> Iterable[str]:
    judged = record.assessment
    yield say(TAGS[judged.tag])
    if judged.harm.level != "unstated":
        yield say(LEVELS[judged.harm.level])
    yield say(_("score %(score)s", score=round(judged.score)))
    yield from dict.fromkeys(place.name for place in judged.places[:REASONS])
    yield record.posting.source
    yield from (translate_gloss(gloss) or gloss for gloss in telling(judged.signals)[:REASONS])


def _clean_line(words: str) -> str:
    """Return words of whatever origin as XML holds them, in a line without links."""
    return _NO_XML.sub("", defang(plain_line(words)))


def _write_atom(one: Subscription, entries: list[_Entry], desk: str, organisation: str) -> SearchFeed:
    updated = max((entry.updated for entry in entries), default=one.created_at).astimezone(UTC).replace(microsecond=0)
    host = urlsplit(desk).hostname or "localhost"
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": one.language})
    _add(root, "id", f"tag:{host},2026:feed:{one.id}")
    _add(root, "title", _clean_line(f"LureWatch: {one.search or say(_('everything'))}"))
    _add(root, "updated", _moment(updated))
    _add(_add(root, "author"), "name", _clean_line(organisation) or "LureWatch")
    _add(root, "link", rel="alternate", href=f"{desk}/saved/{one.search_id}" if one.search_id else f"{desk}/search")
    for entry in entries:
        item = _add(root, "entry")
        _add(item, "id", f"tag:{host},2026:advert:{entry.id}")
        _add(item, "title", entry.title)
        _add(item, "updated", _moment(entry.updated))
        _add(item, "published", _moment(entry.first_seen))
        _add(item, "link", rel="alternate", href=f"{desk}/item/{entry.id}")
        _add(item, "summary", entry.summary)
    content: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return SearchFeed(content=content, updated=updated)


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name, attributes)
    child.text = text
    return child


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
