"""Checks that the index has what a run sealed, and that the kept pages show the same.

A posting is derived from the WARC again by the same parsers. When a newer parser version reads it differently, title, text and
address must still be in the kept pages, and both versions are named.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from sqlalchemy import Engine

from crawlers.evidence.kept_pages import Derivation, KeptPage, derive, kept_pages, parser_version
from crawlers.evidence.partition import Report, partitions, source_and_run
from crawlers.items import Capture, Posting
from crawlers.sources.source import Source
from desk.custody import audit
from desk.custody.kept_records import RESTORE, EvidenceError, SealedPartitions, home_of
from desk.custody.sealed_partitions import partition_notes
from desk.database import writing
from foundation.messages import _
from index.admission import without_people
from index.base import Record, Revision
from index.history import text_sha256

_REBUILD = _("the index was changed: `lurewatch index rebuild`")
_OF_A_NOTICE = {"deleted": False, "edited": False, "fetched_at": None, "capture": None, "views": None}
"""Fields in which a notice that an item is gone differs from its posting."""


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """The checked origin of an item."""

    shown: Posting
    """The sealed posting whose capture shows the item's words; the newest one, unless it is a notice that the item is gone."""
    home: str
    """The partition that holds its capture."""
    derivation: str
    """How the posting was derived again, as text for people."""
    besides: frozenset[str] = frozenset()
    """Record ids of further pages that contain a part of it."""
    unchecked: tuple[int, ...] = ()
    """Earlier revisions whose run is gone."""


def trace(sealed: SealedPartitions, record: Record, source: Source | None) -> Origin:
    """Return the origin of an item; raise EvidenceError, naming the difference, when index, partition and pages disagree."""
    told = _sealed_posting(sealed, record)
    _check_revisions(record)
    _check_assessment(record)
    shown, run = _shown_posting(sealed, record, told)
    if shown.capture is None:
        named = {"item": record.id, "name": record.posting.source}
        raise EvidenceError(_("%(item)s: no capture was kept with this revision; crawl %(name)s again", **named))
    home = home_of(run, shown.capture)
    derivation, besides = _derive_again(sealed, shown, home, source)
    unchecked = tuple(_unchecked_revisions(sealed, record))
    return Origin(shown=shown, home=home, derivation=derivation, besides=besides, unchecked=unchecked)


def _sealed_posting(sealed: SealedPartitions, record: Record) -> Posting:
    """Return the sealed posting the index has; raise EvidenceError when it has another."""
    entries, named = sealed.postings(record.partition, record.id), {"item": record.id, "run": record.partition, "fix": _REBUILD}
    if not entries:
        raise EvidenceError(_("%(item)s: is not in %(run)s, where the index says it is from; %(fix)s", **named))
    if record.posting.deleted and any(posting.deleted for posting in entries):
        return next(posting for posting in entries if posting.deleted)
    differences = [_differences(record, posting) for posting in entries]
    fewest = min(differences, key=len)
    if fewest:
        told = _("%(item)s: %(fields)s in the index differ from what %(run)s says; %(fix)s", fields=", ".join(fewest), **named)
        raise EvidenceError(told)
    return entries[differences.index(fewest)]


def _differences(record: Record, posting: Posting) -> list[str]:
    """Return the fields in which the index differs from a sealed posting, as it is or as it may be indexed."""
    kept = [posting, without_people(posting, record.assessment)[0]]
    return min(
        ([name for name in Posting.__struct_fields__ if getattr(each, name) != getattr(record.posting, name)] for each in kept),
        key=len,
    )


def _shown_posting(sealed: SealedPartitions, record: Record, told: Posting) -> tuple[Posting, str]:
    """Return the sealed posting whose capture shows the item's words, and its partition.

    Raises EvidenceError when the index says it of an item that is gone, and no partition does.
    """
    if not record.posting.deleted:
        return told, record.partition
    wanted = _derived_words(record, record.posting)
    if told.capture and told.capture.run and _derived_words(record, told) == wanted:
        return told, record.partition
    for address in _earlier(record):
        for posting in sealed.postings(address, record.id):
            if not posting.deleted and _derived_words(record, posting) == wanted:
                return posting, address
    raise EvidenceError(
        _(
            "%(item)s: it is gone from its site, and no run under %(folder)s holds the "
            "words the index has of it; bring the earlier runs back",
            item=record.id,
            folder=record.partition.rstrip("/").rpartition("/")[0],
        )
    )


def _derived_words(record: Record, posting: Posting) -> Posting:
    return msgspec.structs.replace(without_people(posting, record.assessment)[0], **_OF_A_NOTICE)


def _earlier(record: Record) -> Iterator[str]:
    """Yield the partitions of the item's source up to its own, the run of its newest words first, then the newest."""
    folder, _, newest = record.partition.rstrip("/").rpartition("/")
    first = [f"{folder}/{revision.run_id}" for revision in reversed(record.revisions) if revision.change != "deleted"][:1]
    addresses = partitions(folder.rpartition("/")[0], record.posting.source)
    yield from (address for address in addresses if address in first)
    yield from (address for address in reversed(addresses) if source_and_run(address)[1] <= newest and address not in first)


def _check_revisions(record: Record) -> None:
    for revision in record.revisions:
        if revision.text_sha256 != text_sha256(revision.title, revision.text):
            named = {"item": record.id, "number": revision.revision, "fix": _REBUILD}
            raise EvidenceError(_("%(item)s: the text of revision %(number)s does not match its digest; %(fix)s", **named))
    newest = record.revisions[-1] if record.revisions else None
    if newest and (newest.title, newest.text) != (record.posting.title, record.posting.text):
        raise EvidenceError(_("%(item)s: its newest revision says something else; %(fix)s", item=record.id, fix=_REBUILD))


def _check_assessment(record: Record) -> None:
    said = f"{record.posting.title or ''}\n{record.posting.text}"
    for signal in record.assessment.signals:
        if signal.end and said[signal.start : signal.end] != signal.text:
            named = {"item": record.id, "indicator": signal.indicator, "start": signal.start, "fix": _REBUILD}
            raise EvidenceError(_("%(item)s: %(indicator)s is said to stand at %(start)s and does not; %(fix)s", **named))


def _unchecked_revisions(sealed: SealedPartitions, record: Record) -> Iterator[int]:
    """Yield the revisions whose run is gone; raise EvidenceError when a kept run says something else."""
    folder = record.partition.rstrip("/").rpartition("/")[0]
    present = set(partitions(folder.rpartition("/")[0], record.posting.source))
    for revision in record.revisions:
        if f"{folder}/{revision.run_id}" not in present:
            yield revision.revision
        elif revision.change != "deleted" and not _is_sealed(sealed, record, f"{folder}/{revision.run_id}", revision):
            run, number = f"{folder}/{revision.run_id}", revision.revision
            named = {"item": record.id, "number": number, "run": run, "fix": _REBUILD}
            raise EvidenceError(_("%(item)s: revision %(number)s in the index is not what %(run)s says; %(fix)s", **named))


def _is_sealed(sealed: SealedPartitions, record: Record, address: str, revision: Revision) -> bool:
    return any(
        (posting.title, posting.text) == (revision.title, revision.text) for posting in sealed.postings(address, record.id)
    )


def _derive_again(sealed: SealedPartitions, shown: Posting, home: str, source: Source | None) -> tuple[str, frozenset[str]]:
    """Return a sentence that says how a posting was derived again, and the ids of further records it stands in; raise
    EvidenceError."""
    assert shown.capture is not None
    read, named = shown.capture.rendered or shown.capture.record_id, []
    pages: list[KeptPage] = []
    for page in sealed.pages(home):
        if page.record_id == read:
            pages.append(page)
        elif page.text and page.names(shown):
            named.append(page)
    found, besides = derive(shown, pages, source), frozenset[str]()
    if not found.same and named:  # a feed or an API may say what the item's own page lacks
        found, besides = derive(shown, [*pages, *named], source), frozenset(page.record_id for page in named)
    report = sealed.report(home)
    _refuse(found, shown, home, report)
    if found.same:
        return "the parsers read the same from the kept pages again", besides
    versions = f"{report.versions.get('parser', 'unknown')[:12]} then, {parser_version()[:12]} now"
    read_otherwise = f"; read otherwise now: {', '.join(found.differs)}" if found.differs else ""
    return f"title, text and address stand in the kept pages (parsers: {versions}{read_otherwise})", besides


def _refuse(found: Derivation, shown: Posting, home: str, report: Report) -> None:
    same_parsers = report.versions.get("parser") == parser_version()
    if found.differs and same_parsers:
        fields = ", ".join(found.differs)
        what = _("%(fields)s of %(url)s are not what the same parsers read from the kept pages", fields=fields, url=shown.url)
    elif found.absent:
        what = _("the kept pages do not show what the posting says: %(absent)s", absent="; ".join(found.absent))
    else:
        return
    named = {"run": home, "what": what, "fix": RESTORE}
    raise EvidenceError(
        _("%(run)s: %(what)s; the run was changed before the ledger noted it, or its captures were: %(fix)s", **named)
    )


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
            found.append(KeptPicture(
                capture=media.capture, record_id=media.capture.record_id, width=reading.width if reading else 0,
                height=reading.height if reading else 0, words=posting.text[media.start : media.end],
                refused=(reading.reason or "damaged") if reading and reading.state == "refused" else "",
            ))  # fmt: skip
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
