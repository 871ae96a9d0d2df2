"""RSS, Atom and RDF feeds, ill-formed ones too: one Posting per item.

feedparser reads them. It gets bytes in memory, never a string, because it would open a string that looks like an address or a
file name. Document types are removed before, so no entity is expanded.
"""

import io
import re
from collections import Counter
from typing import Any, Literal

from msgspec import UNSET

from crawlers.items import REPLY, Media, ParsedPage, Posting
from crawlers.pages import page_urls, xml
from crawlers.pages.document import SHARED, PageDocument, separate_postings
from crawlers.pages.posting_fields import prose

FAMILY = "feed"
_MOST_ITEMS = 5000
"""Items read from one feed; the longest real job feeds seen hold 1,000. More are counted as rejects by the caller of
``facts``."""
_ANSWERS = re.compile(r"#(?:comment|reply|answer)[-_]?c?\d+$|/t/[^/?#]+/\d+/(?!1$)\d+$|/comments/\w+/[^/]+/\w+/?$", re.IGNORECASE)
"""Addresses of a comment or an answer: WordPress and others, Discourse (its first post has number 1), Reddit."""
_ANSWER_TITLE = re.compile(
    r"^(?:[^•]{1,80} • )?(?:re|aw|antw|sv|odp|res|rép|ynt|bls|balas|trả lời|ответ|回复|回覆|返信|답글|ตอบ)"
    r"(?:\[\d+\]|\^\d+)?\s?[:：]\s*",
    re.IGNORECASE,
)
"""What mail and forums put before the title that is answered, the name of the forum before it."""


def speaks(document: PageDocument) -> bool:
    """Tell whether the text is a feed: the first element is rss, feed or RDF."""
    return xml.first_element(document.text) in ("rss", "feed", "rdf", "channel")


def parse(document: PageDocument) -> ParsedPage:
    """Return the items of the feed as postings; the words of an item are its content, else its summary."""
    import feedparser  # every crawl would load it

    prose.refuse_excess(document.text)
    headers = {"content-type": "application/xml; charset=utf-8", **({"content-location": document.url} if document.url else {})}
    feed = feedparser.parse(
        io.BytesIO(xml.without_doctype(document.text).encode()),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    home = document.absolute(feed.feed.get("link"))
    read_postings: list[Posting] = []
    links: dict[str, None] = {}
    authors = Counter(entry.get("author") for entry in feed.entries)
    # who writes a third of a feed is its publisher, not the employer of each advert
    publishers = {
        feed.feed.get("author"),
        *(name for name, count in authors.items() if count > 2 and 3 * count >= len(feed.entries)),
    }
    for entry in feed.entries[:_MOST_ITEMS]:
        posting = _posting(entry, feed.feed, publishers, document)
        if posting is not None:
            read_postings.append(posting)
            if document.absolute(entry.get("link")):
                links[posting.url] = None
    facts = {
        name: value
        for name, value in (("home", home), ("version", feed.get("version")), ("language", feed.feed.get("language")))
        if value
    }
    postings, shared = separate_postings(read_postings)
    facts |= {SHARED: str(shared)} if shared else {}
    if (total := str(feed.feed.get("opensearch_totalresults") or "")).isdecimal():
        facts["total"] = total
    if len(feed.entries) > _MOST_ITEMS:
        facts["items_left_out"] = str(len(feed.entries) - _MOST_ITEMS)
    if feed.get("bozo"):
        facts["ill_formed"] = type(feed.bozo_exception).__name__
    following = {link.get("rel"): document.absolute(link.get("href")) for link in feed.feed.get("links", ())}
    return ParsedPage(
        family=FAMILY,
        title=prose.one_line(prose.text_of_html(feed.feed.get("title", ""))),
        postings=tuple(postings),
        links=tuple(links),
        next_page=following.get("next"),
        previous_page=following.get("previous") or following.get("prev"),
        facts=facts,
    )


def _posting(entry: Any, feed: Any, publishers: set[str | None], document: PageDocument) -> Posting | None:
    link = document.absolute(entry.get("link"))
    title = prose.one_line(prose.text_of_html(entry.get("title", "")))
    ends = entry.get("expired") or _entry_name(entry, "validthrough", "expirationdate", "expires")
    contents = [part.get("value", "") for part in entry.get("content", ())]
    markup = max(contents, key=len, default="") or entry.get("summary", "")
    text = prose.text_of_html(markup)
    native = entry.get("id") or None
    address = link or (native if str(native).startswith("http") else None)
    if not (address or title or text):
        return None
    author = re.sub(r"^\S+@\S+\s*\((.+)\)$", r"\1", prose.one_line(entry.get("author")) or "") or None
    published = next(filter(None, map(entry.get, ("published", "updated", "created"))), None)
    language = _language(entry) or feed.get("language") or document.language
    company, location = _company_and_place(entry, text, author, publishers)
    body = PageDocument(markup if "<" in markup else "", document.url).body
    contacts, links = page_urls.of(body, link or document.base)
    asked = _answered_title(entry, address or "", title or "")
    return document.posting(
        address or f"{document.url}#{native or title}",
        native_id=native,
        text=text or title or "",
        title=title if asked is None else None,
        thread_title=asked or UNSET,
        form=None if asked is None else REPLY,
        company=company,
        location=location,
        pay_raw=_entry_name(entry, "salary", "compensation", "wage"),
        employment_type=_entry_name(entry, "job_type", "jobtype", "employmenttype"),
        posted_at=document.moment(published, language),
        posted_at_raw=published,
        valid_through=document.moment(ends, language),
        author=author,
        language_hint=language,
        media=_media(entry),
        contacts=contacts,
        links=links,
    )


def _answered_title(entry: Any, address: str, title: str) -> str | None:
    """Return the title that a comment or an answer stands under, empty where it is unknown; None for what is none."""
    own = _ANSWER_TITLE.sub("", title)
    return own if own != title or "thr_in-reply-to" in entry or _ANSWERS.search(address) else None


def _company_and_place(entry: Any, text: str, author: str | None, publishers: set[str | None]) -> tuple[str | None, str | None]:
    """Return who advertises and where: by elements of the entry, else by the first line of its text; the author advertises
    unless it is the feed's publisher."""
    company = _entry_name(entry, "company", "employer", "hiringorganization", "organization")
    location = _entry_name(entry, "location", "city", "region", "featurename")
    led_company, led_location = _lead(text, author, [tag.get("term") or "" for tag in entry.get("tags", ())])
    writer = author if entry.get("author") not in publishers else None
    return company or led_company or writer, location or led_location


def _entry_name(entry: Any, *names: str) -> str | None:
    """Return the words of the first element of these names, in whatever namespace (feedparser joins prefix and name by ``_``)."""
    for name in names:
        for key in (name, *(key for key in entry if key.endswith(f"_{name}"))):
            value = entry.get(key)
            if isinstance(value, str) and (text := prose.one_line(prose.text_of_html(value))):
                return text
    return None


def _language(entry: Any) -> str | None:
    for part in (*entry.get("content", ()), entry.get("title_detail") or {}, entry.get("summary_detail") or {}):
        if part.get("language"):
            return str(part["language"])
    return entry.get("language") or entry.get("dc_language") or None


def _lead(text: str, author: str | None, categories: list[str]) -> tuple[str | None, str | None]:
    """Return (company, location) of a first line "Company, Place" that the feed's own author or category field confirms."""
    first = text.partition("\n")[0]
    for category in categories:
        if len(category) > 1 and len(first) < 160 and first != category and first.endswith(category):
            before = first[: -len(category)].rstrip(" ,–-|·")
            if not author or before == author:
                return before, category
    if author and first.startswith(f"{author}, ") and len(first) < 160:
        return author, first[len(author) + 2 :]
    return None, None


def _media(entry: Any) -> tuple[Media, ...]:
    results: dict[str, Media] = {}
    kinds: dict[str, Literal["image", "video", "audio"]] = {"image": "image", "video": "video", "audio": "audio"}
    for part in (*entry.get("enclosures", ()), *entry.get("media_content", ())):
        kind = kinds.get((part.get("type") or part.get("medium") or "").split("/")[0])
        address = page_urls.absolute("", part.get("href") or part.get("url"))
        if address and kind:
            results[address] = Media(url=address, kind=kind)
    return tuple(results.values())
