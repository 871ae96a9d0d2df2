"""Venues: places where adverts are posted, and the venues a posting points to.

A venue is a Telegram name, a site, a group or a page behind a log-in. Pointers are a pure function of posting and assessment:
the stores keep each as a key of its record, and a rebuild makes them again.
"""

import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from crawlers.items import Posting
from enrichment.assessment import Assessment
from enrichment.campaigns.linkage import PUBLIC

VenueKind = Literal["telegram", "site", "group", "login"]
HANDLE = re.compile(r"[a-z][a-z0-9_]{3,31}")
"""A public name on Telegram, in lower case."""
LOGIN_HOSTS = frozenset(
    {
        "facebook.com", "fb.com", "fb.me", "instagram.com", "tiktok.com", "x.com", "twitter.com", "linkedin.com", "threads.net",
        "vk.com", "ok.ru", "weibo.com", "xiaohongshu.com", "douyin.com", "kuaishou.com",
    }
)  # fmt: skip
"""Social networks that show their pages to people who are logged in."""
GROUP_HOSTS = frozenset({"discord.gg", "discord.com", "chat.whatsapp.com", "invite.viber.com", "signal.group", "open.kakao.com"})
"""Messengers' addresses of groups: a reader has to join."""
GENERAL_HOSTS = frozenset(
    {
        "google.com", "goo.gl", "forms.gle", "gmail.com", "youtube.com", "youtu.be", "apple.com", "wikipedia.org", "w3.org",
        "schema.org", "telegram.org", "whatsapp.com", "telegra.ph", "bit.ly", "tinyurl.com", "t.co", "is.gd", "cutt.ly",
        "linktr.ee", "imgur.com", "wa.me", "zalo.me", "line.me", "lin.ee", "viber.com", "wechat.com", "qq.com", "signal.me",
    }
)  # fmt: skip
"""Hosts of everybody's pages: an address there says nothing of who runs it."""
_TELEGRAM = frozenset({"t.me", "telegram.me", "telegram.dog"})
_OF_TWO = frozenset({"groups", "in", "company"})
"""First steps of a social network's path that say nothing without the second."""


class Venue(msgspec.Struct, frozen=True, kw_only=True):
    """Somewhere adverts may be posted."""

    kind: VenueKind
    """``telegram`` (a channel, a group or an account), ``site``, ``group`` (readers must join), ``login`` (they must log in)."""
    value: str
    """Handle in lower case; host, with a port that is not the usual one; host and path of a group or page."""
    address: str = ""
    """The address as written with its scheme, where there is one."""

    @property
    def name(self) -> str:
        """``kind:value``: how people and the audit log call the venue."""
        return f"{self.kind}:{self.value}"


def venue_of(written: str) -> Venue | None:
    """Return the venue that an address, ``@handle`` or ``kind:value`` stands for; None where it stands for none."""
    kind, _, rest = written.partition(":")
    if kind in ("site", "group", "login"):
        venue = venue_of(rest)
        return venue if venue and venue.kind == kind else None
    if written.startswith(("@", "telegram:")):
        return telegram(written.removeprefix("telegram:").removeprefix("@"))
    address = written if "://" in written else ""
    try:
        parts = urlsplit(address or f"https://{written}")
        host, port = (parts.hostname or "").casefold().removeprefix("www."), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or ("." not in host and host != "localhost"):
        return None
    steps = [step for step in parts.path.split("/") if step]
    if host in _TELEGRAM:
        return _telegram_venue(address, [step for step in steps if step != "s"])
    return _web_venue(address, host, f"{host}:{port}" if port not in (None, 80, 443) else host, steps)


def telegram(handle: str, address: str = "") -> Venue | None:
    """Return the venue of a public name on Telegram; None where it is none, or one of Telegram's own."""
    handle = handle.casefold()
    known = HANDLE.fullmatch(handle) and handle not in PUBLIC
    return Venue(kind="telegram", value=handle, address=address) if known else None


def _telegram_venue(address: str, steps: list[str]) -> Venue | None:
    if not steps:
        return None
    if steps[0].startswith("+") or (steps[0] == "joinchat" and len(steps) > 1):
        code = steps[-1].removeprefix("+")
        return None if code.isdigit() else Venue(kind="group", value=f"t.me/+{code}", address=address)
    return telegram(steps[0], address)


def _web_venue(address: str, host: str, site: str, steps: list[str]) -> Venue | None:
    if host in GROUP_HOSTS or (host.endswith("zalo.me") and steps[:1] == ["g"]) or (host == "line.me" and "g" in steps):
        return Venue(kind="group", value="/".join([host, *steps]), address=address) if steps else None
    if network := _above(host, LOGIN_HOSTS):
        kept = steps[: 2 if steps and steps[0] in _OF_TWO else 1]
        return Venue(kind="login", value="/".join([network, *kept]).casefold(), address=address) if kept else None
    return None if _above(host, GENERAL_HOSTS) else Venue(kind="site", value=site, address=address)


def _above(host: str, hosts: frozenset[str]) -> str:
    """Return which of ``hosts`` a host is or belongs to; "" for none."""
    labels = host.split(".")
    return next((name for at in range(len(labels)) if (name := ".".join(labels[at:])) in hosts), "")


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
