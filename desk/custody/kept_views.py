"""What an item's run kept, to be seen at the desk: pictures, screenshot, page; each opening is noted in the audit log.

It is read from partitions that match the ledger alone, as evidence packs are.
"""

from datetime import datetime

import msgspec
from sqlalchemy import Engine

from crawlers.evidence.kept_pages import KeptPage, kept_pages
from crawlers.items import Capture, Posting
from crawlers.sources.source import Source
from desk.custody import audit
from desk.custody.kept_records import EvidenceError, SealedPartitions, home_of
from desk.custody.origin import trace
from desk.custody.sealed_partitions import partition_notes
from desk.database import writing
from foundation.messages import _
from index.base import Record


class KeptPicture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of an advert, or the screenshot of its page."""

    capture: Capture
    record_id: str
    """Which record of the capture it is."""
    screenshot: bool = False
    width: int = 0
    height: int = 0
    words: str = ""
    """What was read from it."""
    refused: str = ""
    """Why it was not decoded; it is not shown then."""


def pictures_of(posting: Posting) -> tuple[KeptPicture, ...]:
    """Return the pictures that were kept of a posting, its own first."""
    found = []
    for media in posting.media:
        if media.capture and media.kind == "image":
            reading = media.reading
            found.append(
                KeptPicture(
                    capture=media.capture,
                    record_id=media.capture.record_id,
                    width=reading.width if reading else 0,
                    height=reading.height if reading else 0,
                    words=posting.text[media.start : media.end],
                    refused=(reading.reason or "damaged") if reading and reading.state == "refused" else "",
                )
            )
    if posting.capture and posting.capture.screenshot:
        found.append(KeptPicture(capture=posting.capture, record_id=posting.capture.screenshot, screenshot=True))
    return tuple(found)


def open_picture(engine: Engine, record: Record, picture: KeptPicture, *, by: str, now: datetime) -> KeptPage:
    """Return the file of a picture; raise EvidenceError when it cannot be vouched for."""
    return _open(engine, record, home_of(record.partition, picture.capture), picture.capture, picture.record_id, by=by, now=now)


def open_page(engine: Engine, record: Record, source: Source | None, *, by: str, now: datetime) -> KeptPage:
    """Return the page an item was read from, as scripts left it where they made it; raise EvidenceError."""
    capture, home = record.posting.capture, record.partition
    if record.posting.deleted:  # its own capture is of the notice that it is gone
        with engine.connect() as connection:
            origin = trace(SealedPartitions(partition_notes(connection)), record, source)
        capture, home = origin.shown.capture, origin.home
    if capture is None:
        raise EvidenceError(_("%(item)s: no capture was kept with this revision", item=record.id))
    return _open(engine, record, home_of(home, capture), capture, capture.rendered or capture.record_id, by=by, now=now)


def _open(engine: Engine, record: Record, home: str, capture: Capture, name: str, *, by: str, now: datetime) -> KeptPage:
    """Return one record of a capture, noted in the audit log before anybody sees it."""
    with engine.connect() as connection:
        sealed = SealedPartitions(partition_notes(connection))
    page = next((each for each in kept_pages(sealed.records(home, capture).content) if each.record_id == name), None)
    if page is None:
        raise EvidenceError(_("%(run)s: record %(record)s of %(item)s holds no page", run=home, record=name, item=record.id))
    detail: dict[str, object] = {"record": name, "sha256": page.sha256}
    with writing(engine) as connection:
        audit.append(connection, at=now, actor=by, action="evidence_opened", subject=record.id, detail=detail)
    return page
