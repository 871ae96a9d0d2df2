"""Removes postings that are no adverts: references to entities, error pages of our own proxy, one page at many addresses."""

import re
from collections import defaultdict
from collections.abc import Iterable

import msgspec

from crawlers.items import ParsedPage, Posting, Reject

OWN_ERROR = "LureWatch proxy: "
"""Beginning of every error page of the crawler's own proxy, so that none is taken for a site's page."""
SAME_PAGE = "same_page"
"""Why postings are rejected that are one and the same page at several addresses, as walls are that nobody has described yet."""
FEW = 3
"""So many adverts, and half of a run's, may not show the same words."""
_FACTS = ("company", "location", "pay_raw", "posted_at", "valid_through", "employment_type", "contacts", "native_id")
_PASSING = re.compile(r"(?=\S*\d)[\w.:+-]{8,}")
"""What a wall says of one request: its number, its time, our address."""
_CONTACT = re.compile(r"@|\bt\.me/|\bwa\.me/|(?<![\d.])\+?\d(?:[ ()-]{0,2}\d){7,}(?![\d.])")
_ENTITY = re.compile(r"&#?\w{1,40};")


def fault(posting: Posting) -> str | None:
    """Return why a posting is no advert: ``own_proxy`` or ``only_entities``; None when it may be one."""
    if posting.text.startswith((OWN_ERROR, "page budget exceeded: ")):
        return "own_proxy"
    if posting.media:
        return None
    said = f"{posting.title or ''} {posting.text}"
    if "&" in said and not re.search(r"\w", _ENTITY.sub(" ", said)) and _ENTITY.search(said):
        return "only_entities"
    return None


def sorted_out(page: ParsedPage) -> ParsedPage:
    """Return the page with such postings among its rejects."""
    faults = [(posting, why) for posting in page.postings if (why := fault(posting))]
    if not faults:
        return page
    rejects = tuple(Reject(url=posting.url, reason=why, detail=posting.text[:100]) for posting, why in faults)
    wrong = {posting.id for posting, _ in faults}
    standing = tuple(posting for posting in page.postings if posting.id not in wrong)
    return msgspec.structs.replace(page, postings=standing, rejected=(*page.rejected, *rejects))


def find_same_pages(postings: Iterable[Posting]) -> list[Posting]:
    """Return the postings of a run that are one and the same page at several addresses: a wall, or a notice of the site.

    Adverts are put up again word for word, so words alone decide only where they state no fact of an advert and no contact.
    Where half of a run shows the same words, or the same bytes whatever they say, the addresses show no adverts.
    """
    fresh = [item for item in postings if item.capture and item.capture.run is None and not item.deleted]
    alike: dict[str, dict[str, Posting]] = defaultdict(dict)
    for item in fresh:
        assert item.capture
        bare = not item.media and not any(getattr(item, name) for name in _FACTS)
        words = _PASSING.sub("", f"{item.title}\n{item.text}") if bare else item.capture.sha256
        alike[words][item.capture.record_id] = item
    results: list[Posting] = []
    for words, same in alike.items():
        most = len(same) >= FEW and 2 * len(same) >= len(fresh)
        silent = "\n" in words and not _CONTACT.search(words)
        results += same.values() if most or (silent and len(same) > 1) else ()
    return results
