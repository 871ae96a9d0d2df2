"""The ties of a record: contacts, poster, channel, all its words, and the stem of a renamed handle."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from crawlers.items import Posting
from enrichment.assessment import Assessment
from enrichment.campaigns.linkage import PUBLIC, SHORTEST_HANDLE, contact_value, quotes
from enrichment.campaigns.network import Node, Tie

HANDLES = ("telegram", "whatsapp", "line", "zalo", "wechat", "viber", "signal", "kakaotalk")
"""Contact types that may be a handle somebody chose, and so rename."""
OFFERING = ("offer", "other")
"""Voices that may be an advertiser's, unless a cue of another voice stands beside them. A text that speaks in no way that can be
told gains by who posted it, not by the contact it names: it may warn in words we do not know."""
SHORTEST_STEM = 10
"""Letters a handle keeps when its number changes: shorter stems (``admin``, ``hr_jobs``) are anybody's."""
HONEST = -2.0
"""Points against by which honest terms (family ``honest``) make an ordinary advert of an unflagged text."""
_HANDLE = re.compile(r"[a-z][a-z0-9_]{4,31}")
"""The grammar of Telegram's public names."""
_NUMBERED = re.compile(r"[\d_.]+$")


def node(
    posting: Posting,
    judged: Assessment,
    *,
    first_seen: datetime,
    state: Literal["open", "confirmed", "dismissed"] = "open",
) -> Node:
    """Return a record as the network sees it."""
    raw = f"{posting.title or ''}\n{posting.text}"
    entries = tuple(ties(posting, judged))
    spoken = any(signal.family == "voice" and signal.weight < 0 for signal in judged.signals)
    honest = sum(signal.weight for signal in judged.signals if signal.family == "honest")
    return Node(
        id=posting.id,
        offer=judged.stance in OFFERING and not spoken and not quotes(judged, raw),
        calls=judged.stance == "offer",
        state=state,
        flagged=judged.flagged,
        honest=honest <= HONEST,
        length=len(raw.encode("utf-8", "surrogatepass")),
        names=frozenset(tie.name for tie in entries if tie.kind in ("contact", "poster")),
        tokens=frozenset(tokens(posting, judged)),
        ties=entries,
        source=posting.source,
        first_seen=first_seen,
    )


def ties(posting: Posting, judged: Assessment) -> Iterator[Tie]:
    """Yield the ties of a record."""
    for value, token, stem in _contacts(judged):
        yield Tie("contact", value, (token, f"channel:{value}"))
        if stem:
            yield Tie("renamed", value, (stem,))
    if poster := _poster(posting):
        yield Tie("poster", poster, (f"poster:{posting.source}/{poster}",))
    if channel := _handle(posting.forwarded_from):
        yield Tie("channel", channel, (f"channel:{channel}", f":{channel}"))
    if words := _wording_token(judged):
        yield Tie("words", "its words", (words,))


def tokens(posting: Posting, judged: Assessment) -> Iterator[str]:
    """Yield all that others find a record by: its contacts as ``:value``, which a store knows already, and ``own_tokens``."""
    yield from (token for _, token, _ in _contacts(judged))
    yield from own_tokens(posting, judged)


def own_tokens(posting: Posting, judged: Assessment) -> Iterator[str]:
    """Yield what a store keeps for the network besides contacts, as ``kind:value``."""
    yield from (stem for _, _, stem in _contacts(judged) if stem)
    if poster := _poster(posting):
        yield f"poster:{posting.source}/{poster}"
    for channel in dict.fromkeys(map(_handle, (posting.author, posting.forwarded_from))):
        if channel:
            yield f"channel:{channel}"
    if words := _wording_token(judged):
        yield words


def _contacts(judged: Assessment) -> Iterator[tuple[str, str, str]]:
    """Yield the value, the token and the stem (or nothing) of each contact that links."""
    for contact in judged.contacts:
        value = contact_value(f"{contact.type}:{contact.value}")
        if value is None:
            continue
        stem = _NUMBERED.sub("", value) if contact.type in HANDLES and not value.startswith("+") else ""
        yield value, f":{contact.value.casefold()}", f"stem:{stem}" if len(stem) >= SHORTEST_STEM else ""


def _poster(posting: Posting) -> str:
    name = (posting.author or "").strip().casefold().removeprefix("@")
    return name if len(name) >= SHORTEST_HANDLE and name not in PUBLIC else ""


def _handle(name: str | None) -> str:
    """Return the public name of a channel; nothing for a shown name, which others may have too."""
    handle = (name or "").strip().casefold().removeprefix("@")
    return handle if _HANDLE.fullmatch(handle) and handle not in PUBLIC else ""


def _wording_token(judged: Assessment) -> str:
    """Return one token for all texts with the same shingles, without contacts, numbers and dates; none for a short text."""
    bands = judged.fingerprint.bands
    return f"words:{hashlib.sha256(' '.join(bands).encode()).hexdigest()[:24]}" if bands else ""
