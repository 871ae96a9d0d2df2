"""Finds the family of a page by itself and reads the page with it: the one door to ``crawlers/pages``."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from crawlers.items import Page
from crawlers.pages import channel, feed, job_posting_ld, labels, listing, plain, prose
from crawlers.pages.document import Document

Parser = Callable[[Document], Page]

FAMILIES: dict[str, Parser] = {
    channel.FAMILY: channel.parse,
    feed.FAMILY: feed.parse,
    job_posting_ld.FAMILY: job_posting_ld.parse,
    listing.FAMILY: listing.parse,
    plain.FAMILY: plain.parse,
}
"""Family name -> its parser. Names are what a source's ``crawl.page`` and ``lurewatch extract --page`` take."""


def parse(text: str, url: str, *, page: str | None = None, source: str = "", now: datetime | None = None) -> Page:
    """Return what the page says, read by the family named ``page`` or by the one found.

    ``now`` is when the page was fetched (relative dates count from it). Raises KeyError, naming the families, for an unknown ``page``.
    """
    document = Document(text, url, source=source, now=now)
    name = page or _family(document)
    if name not in FAMILIES:
        raise KeyError(f"no page family {name!r}; there are: {', '.join(sorted(FAMILIES))}")
    read = FAMILIES[name](document)
    if name == job_posting_ld.FAMILY and not read.postings:  # its JSON is beyond repair: the same advert stands in the HTML
        fallback = plain.parse(document)
        return Page(
            family=fallback.family,
            title=fallback.title,
            postings=fallback.postings,
            rejected=(*read.rejected, *fallback.rejected) if not fallback.postings else fallback.rejected,
            facts={**fallback.facts, "json_ld": "; ".join(f"{reject.reason}: {reject.detail}" for reject in read.rejected)},
        )
    return read


def family(text: str, url: str) -> str:
    """Return the name of the family that reads this page."""
    return _family(Document(text, url))


def _family(document: Document) -> str:
    for module in (channel, feed, job_posting_ld):
        if module.speaks(document):
            return module.FAMILY
    return listing.FAMILY if _is_list(document) else plain.FAMILY


def _is_list(document: Document) -> bool:
    return not _is_advert(document) and (len(listing.detail_links(document)) >= 4 or listing.says_empty(document))


def _is_advert(document: Document) -> bool:
    """Tell whether the page describes one advert: three facts are labelled, or two and a description, and none as often as rows of a list."""
    counts = Counter(found for line in prose.text_of(document.body).split("\n") if (found := _announced(line)))
    facts = [name for name in ("company", "location", "posted_at", "valid_through", "pay_raw", "openings", "employment_type") if counts[name]]
    return len(facts) + bool(counts["text"]) >= 3 and max(counts[name] for name in facts) <= 3


def _announced(line: str) -> str | None:
    pair = labels.labelled(line)
    return pair[0] if pair else labels.field(line)
