"""The results of stage 1: the Posting, its evidence, and the page a parser read it from.

All types are frozen and keyword-only; an unknown fact is ``None``, never ``""`` or ``"N/A"``. The raw text as published is
kept beside each derived value (``posted_at`` / ``posted_at_raw``).
"""

import hashlib
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from crawlers.pictures.picture import PictureReading
from crawlers.text.stated_pay import Pay

REPLY = "reply"
"""``Posting.form`` of a post that is not known to open its thread: no advert."""


class Capture(msgspec.Struct, frozen=True, kw_only=True):
    """Where the evidence of a posting lies inside its run partition."""

    record_id: str
    """WARC-Record-ID of the response in ``captures.warc.gz``."""
    sha256: str
    """SHA-256 of the response body, hex."""
    screenshot: str | None = None
    """WARC-Record-ID of the screenshot, for rendered pages."""
    rendered: str | None = None
    """WARC-Record-ID of the page as scripts left it, which is what was read; the response is what the server sent."""
    run: str | None = None
    """Run id of the earlier partition that holds the record, when the server said the page has not changed since."""
    captured_at: datetime | None = None
    """WARC-Date of the record, UTC; ``None`` for captures that releases before 0.2 kept."""


class Media(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A picture, video or document shown with a posting. Pictures are fetched as evidence, and read, within a budget.

    Unknown values are not written, so a posting of an earlier release keeps its digest.
    """

    url: str
    kind: Literal["image", "video", "audio", "document"]
    from_page: bool = False
    """Found on the page of an advert, not published as its own: no edit of the advert when it changes."""
    capture: Capture | None = None
    """Where a fetched picture lies."""
    reading: PictureReading | None = None
    """What a fetched picture shows; its words are in the posting's text."""
    start: int = 0
    end: int = 0
    """Where its words are in the posting's text: ``text[start:end]``; both 0 for none."""


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """One advert, channel post or forum post as it was published."""

    id: str
    """``posting_id(source, native_id or canonical url)``: the same post keeps its id over all runs."""
    source: str
    url: str
    native_id: str | None = None
    """The site's own id (``channel/123`` on t.me, a post number in a forum)."""
    title: str | None = None
    """In the advertiser's own words; ``None`` for a reply."""
    thread_title: str | msgspec.UnsetType = msgspec.UNSET
    """The title of the thread that a reply stands in, somebody else's words: shown and searched, never judged. Not written where
    unset, so a posting of an earlier release keeps its digest."""
    text: str
    """As published; the words read from its pictures follow at its end (``Media.start``)."""
    company: str | None = None
    company_url: str | None = None
    """The employer's own site, when the page names a real address."""
    location: str | None = None
    pay: Pay | None = None
    pay_raw: str | None = None
    posted_at: datetime | None = None
    """UTC."""
    posted_at_raw: str | None = None
    valid_through: datetime | None = None
    employment_type: str | None = None
    remote: bool | None = None
    openings: str | None = None
    author: str | None = None
    """Handle of the advertiser; people who only reply are never carried here."""
    language_hint: str | None = None
    """What the page itself declares (``lang=``, ``inLanguage``); evidence for the detector, not an answer."""
    media: tuple[Media, ...] = ()
    contacts: tuple[str, ...] = ()
    """Contact addresses as published in structured form: ``mailto:``, ``tel:``, ``https://t.me/…`` and the like; those in the
    codes of its pictures too."""
    links: tuple[str, ...] = ()
    """Other absolute addresses the posting's own text points to."""
    form: str | None = None
    """What a channel post is besides text: ``text``, ``photo``, ``video``, ``poll``, ``link preview`` and the like; ``reply`` for
    a post that is not known to open its thread, which is no advert."""
    forwarded_from: str | None = None
    edited: bool = False
    deleted: bool = False
    """True when a later run found the post gone where it must have stood."""
    is_open: bool | None = None
    """False when the page says that the position is closed."""
    views: str | None = None
    fetched_at: datetime | None = None
    """UTC; ``None`` for a parser's output, filled by the run."""
    capture: Capture | None = None

    @property
    def heading(self) -> str | None:
        """What it is listed and searched under: its title, or that of its thread."""
        return self.title or self.thread_title or None


class Lead(NamedTuple):
    """Another page of a list."""

    url: str
    ahead: int = 1
    """Pages after the one that links it, as far as numbers tell: 1 is the next, -1 the one before."""


class ParsedPage(msgspec.Struct, frozen=True, kw_only=True):
    """What one page of any family says: its postings and where to go from it."""

    family: str
    """Name of the parser in ``crawlers/pages/`` that read it."""
    title: str | None = None
    postings: tuple[Posting, ...] = ()
    links: tuple[str, ...] = ()
    """Absolute addresses of detail pages found on a listing."""
    next_page: str | None = None
    previous_page: str | None = None
    rejected: tuple["Reject", ...] = ()
    facts: dict[str, str] = {}
    """What else the family knows, by name (``channel``, ``subscribers``, ``first_author``)."""


class Reject(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was seen and not kept, with the reason by name (``no_title``, ``json_ld_broken``)."""

    url: str
    reason: str
    detail: str = ""


def posting_id(source: str, address: str) -> str:
    """Return the stable id (32 hex digits of SHA-256) of the item at ``address`` in ``source``."""
    return hashlib.sha256(f"{source}\n{address}".encode()).hexdigest()[:32]
