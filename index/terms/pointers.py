"""Where a posting points: the channel it was forwarded from, the channels, groups and sites it names or links to.

A pure function of posting and assessment: the stores keep each pointer as a key of its record, and a rebuild makes them again.
"""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from crawlers.items import Posting
from enrichment.assessment import Assessment
from index.terms.venues import Venue, telegram, venue_of

Manner = Literal["forwarded", "linked", "mentioned"]
_MANNERS: tuple[Manner, ...] = ("forwarded", "linked", "mentioned")
_CHANNEL_PATH = re.compile(r"/s/\w+|/\w+/\d+")
"""Paths that only channels and public groups have: a preview, a post."""


class Pointer(msgspec.Struct, frozen=True, kw_only=True):
    """A venue that a posting points to, and how."""

    venue: Venue
    manner: Manner

    @property
    def sure_channel(self) -> bool:
        """Whether the pointer itself shows that a Telegram name is a channel's: a forward, a preview, the address of a post."""
        return self.manner == "forwarded" or bool(_CHANNEL_PATH.search(self.venue.address))


def pointers(posting: Posting, judged: Assessment) -> dict[str, Pointer]:
    """Return the venues a posting points to, by name, each in its strongest manner; not the one where it stands itself."""
    here = venue_of(posting.url)
    results: dict[str, Pointer] = {}
    for pointer in _all(posting, judged):
        name = pointer.venue.name
        known = results.get(name)
        if not (here and name == here.name) and (known is None or _MANNERS.index(pointer.manner) < _MANNERS.index(known.manner)):
            results[name] = pointer
    return results


def pointer_tokens(posting: Posting, judged: Assessment) -> Iterator[str]:
    """Yield what a store keeps for pointers, as ``points:kind:value``.

    Telegram's need none: they are found as contacts and channels (``enrichment.campaigns.network_ties``).
    """
    for name, pointer in pointers(posting, judged).items():
        if pointer.venue.kind != "telegram":
            yield f"points:{name}"


def search_tokens(venue: Venue) -> tuple[str, ...]:
    """Return what the records that point to a venue are found by (``RecordStore.find_alike``); some others may be found too."""
    return (f":{venue.value}", f"channel:{venue.value}") if venue.kind == "telegram" else (f"points:{venue.name}",)


def _all(posting: Posting, judged: Assessment) -> Iterator[Pointer]:
    if posting.forwarded_from and (channel := telegram(posting.forwarded_from.strip().removeprefix("@"))):
        yield Pointer(venue=channel, manner="forwarded")
    for address in (*posting.contacts, *posting.links, posting.company_url or ""):
        if "://" in address and (venue := venue_of(address)):
            yield Pointer(venue=venue, manner="linked")
    for contact in judged.contacts:
        if (written := _venue_address(contact.type, contact.value)) and (venue := venue_of(written)):
            yield Pointer(venue=venue, manner="mentioned")


def _venue_address(kind: str, value: str) -> str:
    """Return the address of the venue a contact read from the text stands for; "" for one that is a person's alone."""
    if kind == "telegram":
        return f"t.me/{value}" if value.startswith("+") else f"@{value}"
    if kind == "whatsapp":
        return "" if value.startswith("+") else f"chat.whatsapp.com/{value}"
    if kind == "zalo":
        return f"zalo.me/{value}" if value.startswith("g/") else ""
    if kind == "kakaotalk":
        return f"open.kakao.com/{value}" if value.startswith("o/") else ""
    return value if kind == "url" else ""
