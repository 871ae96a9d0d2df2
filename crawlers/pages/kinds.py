"""Whether a page without machine-readable facts lists adverts or describes one."""

from collections import Counter

from crawlers.pages.document import PageDocument
from crawlers.pages.listings import listing, pager
from crawlers.pages.posting_fields import field_labels as labels
from crawlers.pages.posting_fields import prose


def is_list(document: PageDocument) -> bool:
    """Tell whether the page lists adverts: links of one kind with pages before or after, or many links beside little prose."""
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
