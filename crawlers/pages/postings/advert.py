"""Removes postings that are no adverts: references to entities, error pages of our own proxy."""

import re

import msgspec

from crawlers.items import ParsedPage, Posting, Reject

OWN_ERROR = "LureWatch proxy: "
"""Beginning of every error page of the crawler's own proxy, so that none is taken for a site's page."""
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
