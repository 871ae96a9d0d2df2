"""Finds the family of a page by itself and reads the page with it: the one door to ``crawlers/pages``."""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from crawlers.items import ParsedPage, Reject
from crawlers.pages import kinds, sitemap, xml
from crawlers.pages.document import DISOWNED, PageDocument
from crawlers.pages.listings import cards, listing
from crawlers.pages.posting_fields import contact_lines, field_overrides, letters
from crawlers.pages.postings import advert, job_posting_ld, microdata, plain, poster, rdfa, xml_jobs
from crawlers.pages.postings import feed_entries as feed
from crawlers.pages.threads import channel_preview as channel
from crawlers.pages.threads import forum_thread as forum
from crawlers.url_identity import DEFAULT, UrlIdentity

Parser = Callable[[PageDocument], ParsedPage]

FAMILIES: dict[str, Parser] = {
    channel.FAMILY: channel.parse,
    feed.FAMILY: feed.parse,
    job_posting_ld.FAMILY: job_posting_ld.parse,
    microdata.FAMILY: microdata.parse,
    rdfa.FAMILY: rdfa.parse,
    sitemap.FAMILY: sitemap.parse,
    xml_jobs.FAMILY: xml_jobs.parse,
    forum.FAMILY: forum.parse,
    cards.FAMILY: cards.parse,
    poster.FAMILY: poster.parse,
    listing.FAMILY: listing.parse,
    plain.FAMILY: plain.parse,
}
"""Family name -> its parser. Names are what a source's ``crawl.page`` and ``lurewatch extract --page`` take."""


_SPEAKS: dict[str, Callable[[PageDocument], bool]] = {
    poster.FAMILY: poster.speaks,
    channel.FAMILY: channel.speaks,
    feed.FAMILY: feed.speaks,
    sitemap.FAMILY: sitemap.speaks,
    job_posting_ld.FAMILY: job_posting_ld.speaks,
    microdata.FAMILY: microdata.speaks,
    rdfa.FAMILY: rdfa.speaks,
    xml_jobs.FAMILY: xml_jobs.speaks,
    forum.FAMILY: forum.speaks,
    cards.FAMILY: cards.speaks,
}
"""Asked in this order: what is said to machines is surer than what layout suggests."""
_MACHINE_READABLE = frozenset({job_posting_ld.FAMILY, microdata.FAMILY, rdfa.FAMILY})
OWN_ENTITIES = "own_entities"
"""Why a feed or a sitemap is rejected whole: it uses entities of its own, which are never expanded."""
_XML = frozenset({feed.FAMILY, sitemap.FAMILY, xml_jobs.FAMILY})
_ONE_ADVERT = _MACHINE_READABLE | {plain.FAMILY}
"""Families of pages about one advert, whose contacts may stand beside its description."""
_FILLED = (
    "title",
    "company",
    "location",
    "pay_raw",
    "posted_at",
    "posted_at_raw",
    "valid_through",
    "employment_type",
    "openings",
    "is_open",
    "contacts",
)
_SHORT_TEXT = 60
"""Characters below which a machine-readable description is a teaser, and the page's own text is looked at."""


def parse(
    text: str,
    url: str,
    *,
    page: str | None = None,
    source: str = "",
    now: datetime | None = None,
    identity: UrlIdentity = DEFAULT,
    fields: Mapping[str, str] | None = None,
) -> ParsedPage:
    """Return what the page says, read by the family named ``page`` or by the one found.

    ``now`` is when the page was fetched (relative dates count from it); ``identity`` says what of an address names a page;
    ``fields`` are selectors that overrule the family (`field_overrides.py`).
    Raises KeyError, naming the families, for an unknown ``page``.
    """
    if page is not None and page not in FAMILIES:
        raise KeyError(f"no page family {page!r}; there are: {', '.join(sorted(FAMILIES))}")
    read = _read(PageDocument(text, url, source=source, now=now, identity=identity), page, fields)
    if letters.is_misread(read) and (mended := letters.undone(text)) != text:
        read = _read(PageDocument(mended, url, source=source, now=now, identity=identity), page, fields)
        return msgspec.structs.replace(read, facts={**read.facts, "mojibake_mended": "true"})
    return read


def _read(document: PageDocument, page: str | None, fields: Mapping[str, str] | None) -> ParsedPage:
    name = page or _family(document)
    if name in _XML and (entities := xml.own_entities(document.text)):
        reject = Reject(url=document.url, reason=OWN_ENTITIES, detail=", ".join(entities[:5])[:200])
        return ParsedPage(family=name, rejected=(reject,))
    read = FAMILIES[name](document)
    read = _complete_page(read, document) if name in _MACHINE_READABLE else read
    read = contact_lines.complete_page(read, document) if name in _ONE_ADVERT else read
    read = advert.sorted_out(letters.readable(field_overrides.override_fields(read, document, fields)))
    if read.postings and document.disowned_address:
        read = msgspec.structs.replace(read, facts={**read.facts, DISOWNED: document.disowned_address})
    return read


def _complete_page(read: ParsedPage, document: PageDocument) -> ParsedPage:
    """Return the page with what its machine-readable facts lack filled in from the HTML, which shows the same advert to
    people."""
    if len(read.postings) > 1:
        return read
    posting = read.postings[0] if read.postings else None
    if (
        posting
        and posting.title
        and posting.company
        and posting.posted_at
        and (posting.location or posting.remote)
        and len(posting.text) >= _SHORT_TEXT
    ):
        return read
    parsed_page = plain.parse(document)
    if posting is None:  # JSON beyond repair
        broken = "; ".join(f"{reject.reason}: {reject.detail}" for reject in read.rejected)
        facts = {**parsed_page.facts, **({"machine_readable": broken} if broken else {})}
        return msgspec.structs.replace(
            parsed_page, rejected=() if parsed_page.postings else (*read.rejected, *parsed_page.rejected), facts=facts
        )
    if not parsed_page.postings:
        return read
    seen = parsed_page.postings[0]
    missing = {name: getattr(seen, name) for name in _FILLED if getattr(posting, name) in (None, ())}
    if posting.remote and not posting.location:
        missing.pop("location", None)
    text = seen.text if len(posting.text) < _SHORT_TEXT and len(seen.text) > len(posting.text) else posting.text
    return msgspec.structs.replace(read, postings=(msgspec.structs.replace(posting, text=text, **missing),))


def family(text: str, url: str) -> str:
    """Return the name of the family that reads this page."""
    return _family(PageDocument(text, url))


def _family(document: PageDocument) -> str:
    for name, speaks in _SPEAKS.items():
        if speaks(document):
            return name
    return listing.FAMILY if kinds.is_list(document) else plain.FAMILY
