"""Reads the kept pages of the newest run with a changed source file; no site is asked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import fsspec
import msgspec
from warcio.archiveiterator import ArchiveIterator

from crawlers.evidence.partition import CAPTURES, partitions, read_postings, read_report
from crawlers.items import Posting
from crawlers.sources.expectations import FIELDS, fill_rates
from crawlers.sources.source import Source
from crawlers.text import encoding
from foundation.crawl_errors import PartitionError

PAGES = 20
"""Kept pages that are read again."""
_COMPARED = tuple(dict.fromkeys((*FIELDS, "pay_raw", "employment_type")))
_LONGEST = 200
"""Characters of a value that are shown."""


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """A field of one advert that a changed file reads differently; an empty value was not read."""

    url: str
    field: str
    before: str
    after: str


class SourceReplay(msgspec.Struct, frozen=True, kw_only=True):
    """What a changed file reads on the pages of the newest run, beside what that run read."""

    run: str
    """Run id; empty when there is nothing to read, and ``note`` says why."""
    note: str = ""
    pages: int = 0
    adverts_before: int = 0
    adverts_after: int = 0
    filled: tuple[tuple[str, float, float], ...] = ()
    """(field, share of adverts that had it, share that have it now)."""
    changes: tuple[FieldChange, ...] = ()


def replay_source(runs: str, source: Source) -> SourceReplay:
    """Return what ``source`` reads on at most ``PAGES`` pages of its newest run that brought adverts, beside what that run read.

    Only pages kept in that run count; walking lists, steps on a page and a JSON API are tried with ``lurewatch sources try``.
    """
    if source.crawl.json_paths:
        return SourceReplay(run="", note=f"it reads a JSON API: `lurewatch sources try {source.name}` asks it")
    for partition in reversed(partitions(runs, source.name)):
        try:
            report = read_report(partition)
        except PartitionError:  # not sealed yet
            continue
        before = [posting for posting in read_postings(partition) if _kept_in(posting)]
        if before:
            return _compare_pages(report.run_id, source, partition, before)
    return SourceReplay(run="", note="no run has kept a page of it yet: `lurewatch sources try` asks the site for two")


def _kept_in(posting: Posting) -> bool:
    return posting.capture is not None and posting.capture.run is None and not posting.deleted


def _record(posting: Posting) -> str:
    """Return the id of the record that was read: the page as scripts left it, where there is one."""
    assert posting.capture is not None
    return posting.capture.rendered or posting.capture.record_id


def _compare_pages(run: str, source: Source, partition: str, before: Sequence[Posting]) -> SourceReplay:
    from crawlers.pages import page_families

    wanted: dict[str, datetime | None] = {}
    for posting in before:
        if len(wanted) < PAGES:
            wanted.setdefault(_record(posting), posting.fetched_at)
    before = [posting for posting in before if _record(posting) in wanted]
    after: dict[str, Posting] = {}
    for url, text, record in _pages(partition, wanted):
        read = page_families.parse(
            text, url, page=source.crawl.page, source=source.name, now=wanted[record], identity=source.identity,
            fields=source.crawl.fields.named_fields(),
        )  # fmt: skip
        after |= {posting.id: posting for posting in read.postings}
    old, new = fill_rates(before, FIELDS), fill_rates(after.values(), FIELDS)
    return SourceReplay(
        run=run,
        pages=len(wanted),
        adverts_before=len(before),
        adverts_after=len(after),
        filled=tuple((name, old.get(name, 0.0), new.get(name, 0.0)) for name in FIELDS),
        changes=tuple(change for posting in before for change in _changes(posting, after.get(posting.id))),
    )


def _pages(partition: str, wanted: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (address, text, record id) of the records that are wanted."""
    with fsspec.open(f"{partition.rstrip('/')}/{CAPTURES}", "rb") as file:
        for record in ArchiveIterator(file):
            record_id = record.rec_headers.get_header("WARC-Record-ID")
            if record_id in wanted:
                headers = record.http_headers
                kind = headers.get_header("Content-Type") if headers else record.rec_headers.get_header("Content-Type")
                yield (
                    record.rec_headers.get_header("WARC-Target-URI"),
                    encoding.decode(record.content_stream().read(), kind),
                    record_id,
                )


def _changes(before: Posting, after: Posting | None) -> Iterator[FieldChange]:
    if after is None:
        yield FieldChange(url=before.url, field="the advert", before="read", after="")
        return
    for name in _COMPARED:
        old, new = _describe_value(getattr(before, name)), _describe_value(getattr(after, name))
        if old != new:
            yield FieldChange(url=before.url, field=name, before=old, after=new)


def _describe_value(value: object) -> str:
    if value in (None, "", ()):
        return ""
    if isinstance(value, tuple):
        return ", ".join(_describe_value(part) for part in value)[:_LONGEST]
    return str(getattr(value, "url", value))[:_LONGEST]
