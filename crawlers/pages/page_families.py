"""Finds the family of a page and reads the page with it: the only entry point of ``crawlers/pages``."""
# ruff: noqa: SIM905 - a list of words reads best as one text

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

import msgspec

from crawlers.items import ParsedPage, Posting, Reject
from crawlers.pages import sitemap, xml
from crawlers.pages.document import DISOWNED, PageDocument
from crawlers.pages.listings import cards, listing, pager
from crawlers.pages.posting_fields import contact_lines, field_overrides, letter_repair, prose
from crawlers.pages.posting_fields import field_labels as labels
from crawlers.pages.postings import advert, embedded, job_posting_ld, plain, poster, xml_jobs
from crawlers.pages.postings import feed_entries as feed
from crawlers.pages.threads import channel_preview as channel
from crawlers.pages.threads import forum_thread as forum
from foundation.url_identity import DEFAULT, UrlIdentity


class PageFamily(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of page and how it is read."""

    parse: Callable[[PageDocument], ParsedPage]
    speaks: Callable[[PageDocument], bool] | None = None
    """Tells a page of this family; None for the two that layout decides between."""
    title: str
    """Its name for people."""
    about: str
    """What it reads, one line."""
    spider: str = "board"
    """The spider that walks a site whose first page is of this family."""
    machine_readable: bool = False
    """Whether it reads facts written for machines, whose gaps the page's own text fills."""
    one_advert: bool = False
    """Whether its pages are about one advert, whose contacts may stand beside its description."""
    xml: bool = False
    """Whether a page with entities of its own, which are never expanded, is rejected whole."""


FAMILIES: dict[str, PageFamily] = {
    poster.FAMILY: PageFamily(
        parse=poster.parse, speaks=poster.speaks, title="poster",
        about="Adverts drawn as posters: SVG pictures whose words are text.",
    ),
    channel.FAMILY: PageFamily(
        parse=channel.parse, speaks=channel.speaks, spider="channel", title="public channel preview",
        about="Public Telegram previews, single message blocks and embeds: one posting per message.",
    ),
    feed.FAMILY: PageFamily(
        parse=feed.parse, speaks=feed.speaks, spider="feed", title="RSS or Atom", xml=True,
        about="RSS, Atom and RDF feeds, ill-formed ones too: one posting per item.",
    ),
    sitemap.FAMILY: PageFamily(
        parse=sitemap.parse, speaks=sitemap.speaks, title="sitemap", xml=True,
        about="Sitemaps: urlset, sitemapindex, and plain text with an address a line.",
    ),
    job_posting_ld.FAMILY: PageFamily(
        parse=job_posting_ld.parse, speaks=job_posting_ld.speaks, title="JSON-LD", machine_readable=True, one_advert=True,
        about="Job pages with JSON-LD: JobPosting as object, array, in @graph, nested or inside an ItemList.",
    ),
    embedded.MICRODATA: PageFamily(
        parse=partial(embedded.page, family=embedded.MICRODATA), speaks=partial(embedded.speaks, family=embedded.MICRODATA),
        title="microdata", machine_readable=True, one_advert=True,
        about='Job pages with schema.org microdata (itemscope itemtype="https://schema.org/JobPosting").',
    ),
    embedded.RDFA: PageFamily(
        parse=partial(embedded.page, family=embedded.RDFA), speaks=partial(embedded.speaks, family=embedded.RDFA),
        title="RDFa", machine_readable=True, one_advert=True,
        about='Job pages with RDFa Lite (vocab="https://schema.org/" typeof="JobPosting").',
    ),
    xml_jobs.FAMILY: PageFamily(
        parse=xml_jobs.parse, speaks=xml_jobs.speaks, spider="feed", title="XML job feed", xml=True,
        about="Job feeds in XML of the board's own making: one posting per repeated element.",
    ),
    forum.FAMILY: PageFamily(
        parse=forum.parse, speaks=forum.speaks, spider="forum", title="forum",
        about="Forum threads and indexes, of common software by its table, of others by what posts look like.",
    ),
    cards.FAMILY: PageFamily(
        parse=cards.parse, speaks=cards.speaks, title="cards",
        about="Boards that print whole adverts one under the other, without a page for each.",
    ),
    listing.FAMILY: PageFamily(
        parse=listing.parse, title="lists", about="List pages: addresses of the detail pages, next and previous page.",
    ),
    plain.FAMILY: PageFamily(
        parse=plain.parse, title="plain HTML", one_advert=True,
        about="Any page with one advert and no machine-readable facts: labels, class names and layout.",
    ),
}  # fmt: skip
"""One row a family, by the name that a source's ``crawl.page`` and ``lurewatch extract --page`` take.

They are asked in this order: what is said to machines is surer than what layout suggests.
"""
OWN_ENTITIES = "own_entities"
"""Why a whole feed or sitemap is rejected: it uses its own entities, which are never expanded."""
_FILLED = tuple(
    "title company location pay_raw posted_at posted_at_raw valid_through employment_type openings is_open contacts".split()
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
    if letter_repair.is_misread(read) and (mended := letter_repair.undone(text)) != text:
        read = _read(PageDocument(mended, url, source=source, now=now, identity=identity), page, fields)
        return msgspec.structs.replace(read, facts={**read.facts, "mojibake_mended": "true"})
    return read


def _read(document: PageDocument, page: str | None, fields: Mapping[str, str] | None) -> ParsedPage:
    name = page or _name_of(document)
    family = FAMILIES[name]
    if family.xml and (entities := xml.own_entities(document.text)):
        reject = Reject(url=document.url, reason=OWN_ENTITIES, detail=", ".join(entities[:5])[:200])
        return ParsedPage(family=name, rejected=(reject,))
    read = family.parse(document)
    read = _complete_page(read, document) if family.machine_readable else read
    read = contact_lines.complete_page(read, document) if family.one_advert else read
    read = advert.sorted_out(letter_repair.readable(field_overrides.override_fields(read, document, fields)))
    if read.postings and document.disowned_address:
        read = msgspec.structs.replace(read, facts={**read.facts, DISOWNED: document.disowned_address})
    return read


def _complete_page(read: ParsedPage, document: PageDocument) -> ParsedPage:
    """Return the page with what its machine-readable facts lack filled in from the HTML, which shows the same advert to
    people."""
    posting = read.postings[0] if read.postings else None
    if len(read.postings) > 1 or (posting and _is_complete(posting)):
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


def _is_complete(posting: Posting) -> bool:
    facts = (posting.title, posting.company, posting.posted_at, posting.location or posting.remote)
    return all(facts) and len(posting.text) >= _SHORT_TEXT


def family(text: str, url: str) -> str:
    """Return the name of the family that reads this page."""
    return _name_of(PageDocument(text, url))


def _name_of(document: PageDocument) -> str:
    for name, row in FAMILIES.items():
        if row.speaks is not None and row.speaks(document):
            return name
    return listing.FAMILY if is_list(document) else plain.FAMILY


def is_list(document: PageDocument) -> bool:
    """Tell whether the page lists adverts: similar links with a next or previous page, or many links beside little text."""
    if _is_advert(document):
        return False
    links = len(listing.detail_links(document))
    if links >= 2 and any(pager.pages(document)):
        return True
    longest = listing.longest_paragraph(document)
    return (links >= 4 and longest < 600) or (links >= 2 and longest < 120) or listing.says_empty(document)


def _is_advert(document: PageDocument) -> bool:
    """Tell whether the page describes one advert: three facts are labelled, or two and a description, and none as often as
    rows of a list."""
    lines = prose.text_of(document.body).split("\n")
    # labels one after another are the head of a table of many adverts, not facts of one
    said = (_announced_field(line, following) for line, following in zip(lines, [*lines[1:], ""], strict=True))
    counts = Counter(text for text in said if text)
    facts = [
        name
        for name in ("company", "location", "posted_at", "valid_through", "pay_raw", "openings", "employment_type")
        if counts[name]
    ]
    return len(facts) + bool(counts["text"]) >= 3 and max(counts[name] for name in facts) <= 3


def _announced_field(line: str, following: str) -> str | None:
    """Return the field that a line announces with its value, or with its value on the following line."""
    pair = labels.read_label(line)
    if pair:
        return pair[0]
    return None if labels.field(following) else labels.field(line)
