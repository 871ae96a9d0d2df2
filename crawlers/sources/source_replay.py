"""Reads the kept pages of the newest run with a changed source file; no site is asked."""

from collections.abc import Sequence
from typing import Any

import msgspec

from crawlers.evidence.kept_pages import kept_pages
from crawlers.evidence.partition import CAPTURES, file_bytes, partitions, read_postings, read_report
from crawlers.items import Posting
from crawlers.sources.expectations import FIELDS, fill_rates
from crawlers.sources.source import Source
from foundation.crawl_errors import PartitionError

PAGES = 20
"""Kept pages that are read again."""


class SourceReplay(msgspec.Struct, frozen=True, kw_only=True):
    """What a changed file reads on the pages of the newest run, beside what that run read."""

    pages: int = 0
    """None where nothing is kept that can be read again: no run yet, or a JSON API."""
    adverts_before: int = 0
    adverts_after: int = 0
    filled: tuple[tuple[str, float, float], ...] = ()
    """(field, share of adverts that had it, share that have it now)."""


def replay_source(runs: str, source: Source) -> SourceReplay:
    """Return what ``source`` reads on at most ``PAGES`` pages of its newest run that brought adverts, beside what that run read.

    Only pages kept in that run count; walking lists, steps on a page and a JSON API are tried with ``lurewatch sources try``.
    """
    for partition in () if source.crawl.json_paths else reversed(partitions(runs, source.name)):
        try:
            read_report(partition)
        except PartitionError:  # not sealed yet
            continue
        if before := [posting for posting in read_postings(partition) if _is_kept_in(posting)]:
            return _compare_pages(source, partition, before)
    return SourceReplay()


def _is_kept_in(posting: Posting) -> bool:
    return posting.capture is not None and posting.capture.run is None and not posting.deleted


def _record(posting: Posting) -> str:
    """Return the id of the record that was read: the page as scripts left it, where there is one."""
    assert posting.capture is not None
    return posting.capture.rendered or posting.capture.record_id


def _compare_pages(source: Source, partition: str, before: Sequence[Posting]) -> SourceReplay:
    from crawlers.pages import page_families

    wanted: dict[str, Any] = {}
    for posting in before:
        if len(wanted) < PAGES:
            wanted.setdefault(_record(posting), posting.fetched_at)
    before = [posting for posting in before if _record(posting) in wanted]
    after: dict[str, Posting] = {}
    for kept in kept_pages(file_bytes(partition, CAPTURES)):
        if kept.record_id not in wanted:
            continue
        read = page_families.parse(
            kept.text, kept.url, page=source.crawl.page, source=source.name, now=wanted[kept.record_id],
            identity=source.identity, fields=source.crawl.fields.named_fields(),
        )  # fmt: skip
        after |= {posting.id: posting for posting in read.postings}
    old, new = fill_rates(before, FIELDS), fill_rates(after.values(), FIELDS)
    return SourceReplay(
        pages=len(wanted),
        adverts_before=len(before),
        adverts_after=len(after),
        filled=tuple((name, old.get(name, 0.0), new.get(name, 0.0)) for name in FIELDS),
    )
