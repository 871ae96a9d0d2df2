"""Links the adverts of one crew by contact, copied text or picture; each link has its reason.

``link`` is a function of the *set* of items: the order they come in, and how they are cut into batches, change nothing.
Texts that only name a contact (warnings, news, testimonies) are never members, nor are honest adverts among themselves: a
campaign holds at least one flagged text.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from enrichment.assessment import Assessment
from enrichment.campaigns.posters import near_pairs
from enrichment.text.fingerprint import Hashes, likeness, shingles

COUNTER = ("warning", "news", "testimony")
"""Stances whose contact is not the author's."""
QUOTED = 0.25
"""Share of the points for flagging that stands between quotation marks: of 128 development lures none has any, of 32 warnings 23
have 0.3 and more."""
SPOKEN = 15.0
"""Points against flagging by which others speak in an unflagged text (one clear warning has 20, a stray word of a story 8)."""
_QUOTED = re.compile(
    r"“[^”“]{8,600}”|«[^»]{8,600}»|„[^“”]{8,600}[“”]|「[^」]{6,600}」|『[^』]{6,600}』|\"[^\"\n]{8,600}\"|‘[^’]{12,600}’"
)
ALIKE = 0.5
"""Jaccard index from which two flagged texts are copies. In the development listings texts of different crews reach 0.13."""
CONTAINED, CONTAINED_LEAST = 0.8, 80
"""A flagged text of so many shingles, of which another text contains this share, is an excerpt of it."""
COPY = 0.9
"""From here an unflagged offer is the same text as a flagged one."""
HUB_USERS, HUB_FLAGGED = 4, 0.5
"""A contact in so many offers, fewer than half of them flagged, is a help desk, an agency or a board: it links nobody."""
SHORTEST_HANDLE = 5
PUBLIC = frozenset({
    "botfather", "telegram", "username", "admin", "support", "telegramtips", "durov", "joinchat", "share", "spambot", "contact",
    "gmail.com", "facebook.com", "instagram.com", "youtube.com", "twitter.com", "x.com", "tiktok.com", "google.com",
    "linkedin.com", "zalo.me", "wa.me", "t.me", "line.me", "whatsapp.com", "telegram.org", "play.google.com", "apps.apple.com",
    "forms.gle",
})  # fmt: skip
"""Addresses of platforms, which link nobody."""
_BUCKET = 64
"""Texts of one band compared pair by pair; in a larger bucket each is compared with the first of every group found."""
_COMMON = 256
"""A band of so many different texts is boilerplate (a board's own footer) and says no more."""


class LinkItem(msgspec.Struct, frozen=True, kw_only=True):
    """What linking needs to know of one advert."""

    id: str
    text: str
    """``title + "\\n" + text``."""
    offer: bool
    flagged: bool
    language: str = "und"
    contacts: tuple[str, ...] = ()
    """``type:value``."""
    bands: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    """PDQ hashes of its posters, hex."""
    first_seen: datetime | None = None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Why two members belong together."""

    one: str
    two: str
    kind: Literal["contact", "text", "image", "person"]
    why: str
    """As a sentence for the analyst."""
    likeness: float = 1.0


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """The adverts of one crew."""

    id: str
    """Made from the member seen first: stays while the campaign grows."""
    members: tuple[str, ...]
    """Ids, first seen first."""
    links: tuple[Link, ...]
    contacts: tuple[str, ...] = ()
    """Contacts that two members or more share."""
    languages: tuple[str, ...] = ()
    first_seen: datetime | None = None
    last_seen: datetime | None = None


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """People's rulings on campaigns; they survive every linking."""

    together: tuple[frozenset[str], ...] = ()
    """Merged: these items are one campaign."""
    apart: tuple[tuple[frozenset[str], frozenset[str]], ...] = ()
    """Split: no campaign holds members of both sets."""
    locked: tuple[frozenset[str], ...] = ()
    """Locked: exactly these are the campaign; nobody joins."""
    hubs: frozenset[str] = frozenset()
    """Contact values that never link."""


def item(judged: Assessment, text: str, *, first_seen: datetime | None = None, images: tuple[str, ...] = ()) -> LinkItem:
    """Return the item of an assessed text."""
    contacts = tuple(dict.fromkeys(f"{contact.type}:{contact.value}" for contact in judged.contacts))
    return LinkItem(
        id=judged.id,
        text=text,
        offer=_offers(judged, text),
        flagged=judged.flagged,
        language=judged.language.code,
        contacts=contacts,
        bands=judged.fingerprint.bands,
        images=images,
        first_seen=first_seen,
    )


def _offers(judged: Assessment, text: str) -> bool:
    """Whether a text offers something itself.

    A warning quotes the advert, so its words look like an offer. It is none when the stance says so, when much of what counts
    against it is quoted, or when it is not flagged and clearly warns, reports or testifies.
    """
    if judged.stance in COUNTER or quotes(judged, text):
        return False
    spoken = -sum(signal.weight for signal in judged.signals if signal.family == "voice" and signal.weight < 0)
    return judged.flagged or (judged.stance == "offer" and spoken < SPOKEN)


def quotes(judged: Assessment, text: str) -> bool:
    """Whether much of what counts against a text is between quotation marks."""
    counted = [signal for signal in judged.signals if signal.weight > 0]
    spans = [match.span() for match in _QUOTED.finditer(text)] if counted else []
    inside = sum(signal.weight for signal in counted if any(start <= signal.start and signal.end <= end for start, end in spans))
    return inside > 0 and inside >= QUOTED * sum(signal.weight for signal in counted)


def link(items: Iterable[LinkItem], known: Iterable[LinkItem] = (), *, rules: Rules = Rules()) -> tuple[Campaign, ...]:  # noqa: B008 - frozen
    """Return the campaigns among ``items`` and ``known`` together; items that stand alone are in none.

    Of two items with one id the later given counts. Campaigns come in the order of their ids.
    """
    by_id = {entry.id: entry for entry in (*known, *items)}
    decided = frozenset[str]().union(*rules.together, *rules.locked)
    present = sorted((entry for entry in by_id.values() if entry.offer or entry.id in decided), key=_seniority)
    offers = [entry for entry in present if entry.offer]
    groups = _Groups(rules)
    links = [
        *_link_by_decision(present, rules, groups),
        *_link_by_contact(offers, rules.hubs, groups),
        *_link_by_image(offers, groups),
    ]
    links += _link_by_text(offers, groups)
    members: dict[str, list[LinkItem]] = defaultdict(list)
    for link_item in present:
        members[groups.head(link_item.id)].append(link_item)
    reasons: dict[str, list[Link]] = defaultdict(list)
    for edge in links:
        reasons[groups.head(edge.one)].append(edge)
    campaigns = [
        _campaign(group, reasons[head])
        for head, group in members.items()
        if len(group) > 1 and any(entry.flagged or entry.id in decided for entry in group)
    ]
    return tuple(sorted(campaigns, key=lambda campaign: campaign.id))


def campaign_id(first: str) -> str:
    """Return the id of the campaign whose member ``first`` was seen first."""
    return "c-" + hashlib.sha256(first.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def contact_value(contact: str) -> str | None:
    """Return what of ``type:value`` links across apps; ``None`` when it is a platform's own or too short to be anybody's."""
    value = contact.partition(":")[2].casefold()
    plain = value.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    if plain in PUBLIC or len(plain) < SHORTEST_HANDLE:
        return None
    return plain


def _seniority(link_item: LinkItem) -> tuple[bool, float, str]:
    return link_item.first_seen is None, link_item.first_seen.timestamp() if link_item.first_seen else 0.0, link_item.id


class _Groups:
    """Union of items under people's rules: what must stay apart is never joined, whatever links it."""

    def __init__(self, rules: Rules) -> None:
        self._parents: dict[str, str] = {}
        self._sides: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for number, (left, right) in enumerate(rules.apart):
            for side, ids in enumerate((left, right)):
                for value in ids:
                    self._sides[value].add((number, side))
        self._locks = {entry: number for number, ids in enumerate(rules.locked) for entry in ids}

    def head(self, value: str) -> str:
        while (parent := self._parents.get(value, value)) != value:
            self._parents[value] = self._parents.get(parent, parent)
            value = parent
        return value

    def join(self, value: str, two: str) -> bool:
        """Join the groups of two items; return whether they are one group now."""
        if self._locks.get(value) != self._locks.get(two):
            return False
        left, right = self.head(value), self.head(two)
        if left == right:
            return True
        sides, others = self._sides.get(left, set()), self._sides.get(right, set())
        if any((number, 1 - side) in others for number, side in sides):
            return False
        self._parents[right] = left
        if others:
            self._sides[left] = sides | others
        return True


def _star(using: Sequence[LinkItem], groups: _Groups) -> Iterator[tuple[LinkItem, LinkItem]]:
    """Join each item to the first before it that it may be with, and yield the pairs joined.

    Without rules that is the first item. An item that a rule keeps apart begins its own group, so that a split or a lock does
    not cut the links of the others.
    """
    heads: list[LinkItem] = []
    for link_item in using:
        joined = next((head for head in heads if groups.join(head.id, link_item.id)), None)
        if joined is None:
            heads.append(link_item)
        else:
            yield joined, link_item


def _link_by_decision(present: Sequence[LinkItem], rules: Rules, groups: _Groups) -> list[Link]:
    """Return people's own links. What they name may be no offer (any more): it is a member all the same, and leads nowhere."""
    links = []
    for why, named in (("put together by an analyst", rules.together), ("locked by an analyst", rules.locked)):
        for group in named:
            using = [link_item for link_item in present if link_item.id in group]
            links += [Link(one=link_item.id, two=two.id, kind="person", why=why) for link_item, two in _star(using, groups)]
    return links


def _link_by_contact(offers: Sequence[LinkItem], hubs: frozenset[str], groups: _Groups) -> list[Link]:
    users: dict[str, dict[str, str]] = defaultdict(dict)
    by_id = {link_item.id: link_item for link_item in offers}
    for offer in offers:
        for value, contact in {contact_value(contact): contact for contact in offer.contacts}.items():
            if value is not None and value not in hubs:
                users[value][offer.id] = contact
    links = []
    for value, contacts in sorted(users.items()):
        using = [by_id[name] for name in contacts]
        if len(using) < 2 or _is_hub(using):
            continue
        for offer, two in _star(using, groups):
            why = _same_contact(contacts[offer.id], contacts[two.id], value)
            links.append(Link(one=offer.id, two=two.id, kind="contact", why=why))
    return links


def _same_contact(entry: str, two: str, value: str) -> str:
    left, right = entry.partition(":")[0], two.partition(":")[0]
    return f"same contact {value} ({left})" if left == right else f"same contact {value} ({left} and {right})"


def _is_hub(using: Sequence[LinkItem]) -> bool:
    return len(using) >= HUB_USERS and sum(link_item.flagged for link_item in using) < HUB_FLAGGED * len(using)


def _link_by_image(offers: Sequence[LinkItem], groups: _Groups) -> list[Link]:
    users: dict[str, list[LinkItem]] = defaultdict(list)
    for offer in offers:
        for image in set(offer.images):
            users[image].append(offer)
    links = []
    for image, using in sorted(users.items()):
        flagged = [link_item for link_item in using if link_item.flagged]
        if _is_hub(using) or len(flagged) < 2:
            continue
        why = f"same picture {image[:12]}"
        links += [Link(one=link_item.id, two=two.id, kind="image", why=why) for link_item, two in _star(flagged, groups)]
    return [*links, *_link_by_near_image(users, groups)]


def _link_by_near_image(users: Mapping[str, Sequence[LinkItem]], groups: _Groups) -> list[Link]:
    """Return links of flagged adverts whose posters are copies with small changes; ``users`` by hash."""
    flagged = {
        image: [link_item for link_item in using if link_item.flagged] for image, using in users.items() if not _is_hub(using)
    }
    links = []
    for image, other, apart in near_pairs(name for name, using in flagged.items() if using):
        why = f"near-same picture ({apart} of 256 bits differ)"
        for link_item in flagged[other]:
            first = next(
                (head for head in flagged[image] if head.id != link_item.id and groups.join(head.id, link_item.id)), None
            )
            if first:
                links.append(Link(one=first.id, two=link_item.id, kind="image", why=why, likeness=1 - apart / 256))
    return links


def _link_by_text(offers: Sequence[LinkItem], groups: _Groups) -> list[Link]:
    """Return links of copied texts, one of each pair flagged: band-mates whose shingles are compared in full."""
    buckets: dict[str, list[int]] = {band: [] for link_item in offers if link_item.flagged for band in link_item.bands}
    for place, offer in enumerate(offers):
        for band in offer.bands:
            if band in buckets:
                buckets[band].append(place)
    copies = _Copies(offers, groups)
    for _, bucket in sorted(buckets.items()):
        flagged = [place for place in bucket if offers[place].flagged]
        heads = _heads(flagged, copies)
        for place in bucket if flagged else ():
            if not offers[place].flagged:
                for head in heads[:_BUCKET]:
                    copies.compare(head, place)
    return copies.links


def _heads(flagged: Sequence[int], copies: "_Copies") -> list[int]:
    """Compare the flagged texts of a bucket with each other, many only with those that are no copies; return these."""
    heads: list[int] = []
    for position, place in enumerate(flagged):
        for mate in flagged[:position] if position < _BUCKET else heads:
            copies.compare(mate, place)
        if position < _BUCKET or not any(copies.are_joined(head, place) for head in heads):
            heads.append(place)
        if len(heads) > _COMMON:
            break
    return heads


class _Copies:
    """Which texts are copies, each pair compared once, and not at all when copies between join it already.

    Only what joined in the campaigns too counts as joined here: a pair that a rule refused sends its copies to look further.
    """

    def __init__(self, offers: Sequence[LinkItem], campaigns: _Groups) -> None:
        self.links: list[Link] = []
        self._offers = offers
        self._campaigns = campaigns
        self._groups = _Groups(Rules())
        self._compared: set[tuple[int, int]] = set()
        self._shingles: dict[str, Hashes] = {}

    def are_joined(self, count: int, two: int) -> bool:
        return self._groups.head(self._offers[count].id) == self._groups.head(self._offers[two].id)

    def compare(self, count: int, two: int) -> None:
        if (count, two) in self._compared or self.are_joined(count, two):
            return
        self._compared.add((count, two))
        link = link_copy(self._offers[count], self._offers[two], self._shingles)
        if link and self._campaigns.join(link.one, link.two):
            self._groups.join(link.one, link.two)
            self.links.append(link)


def link_copy(link_item: LinkItem, two: LinkItem, known: dict[str, Hashes]) -> Link | None:
    """Return the link of two texts when one is a copy of the other; ``known`` keeps their shingles by id."""
    for each in (link_item, two):
        if each.id not in known:
            known[each.id] = shingles(each.text)
    shortest, longest = sorted((len(known[link_item.id]), len(known[two.id])))
    both = link_item.flagged and two.flagged
    if not both and (shortest < COPY * longest or not (link_item.flagged or two.flagged)):
        return None
    alike, contained = likeness(known[link_item.id], known[two.id])
    if alike >= COPY or (both and alike >= ALIKE):
        return Link(one=link_item.id, two=two.id, kind="text", why=f"same text but for {1 - alike:.0%} of it", likeness=alike)
    if both and contained >= CONTAINED and shortest >= CONTAINED_LEAST:
        why = f"{contained:.0%} of the shorter text stands in the longer"
        return Link(one=link_item.id, two=two.id, kind="text", why=why, likeness=alike)
    return None


def _campaign(group: Sequence[LinkItem], links: Sequence[Link]) -> Campaign:
    counts: dict[str, int] = defaultdict(int)
    for link_item in group:
        for contact in set(link_item.contacts):
            counts[contact] += 1
    times = [entry.first_seen for entry in group if entry.first_seen]
    return Campaign(
        id=campaign_id(group[0].id),
        members=tuple(entry.id for entry in group),
        links=tuple(links),
        contacts=tuple(sorted((c for c, n in counts.items() if n > 1), key=lambda c: (-counts[c], c))),
        languages=tuple(sorted({entry.language for entry in group})),
        first_seen=min(times, default=None),
        last_seen=max(times, default=None),
    )
