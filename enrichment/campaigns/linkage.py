"""Which adverts are one crew's: linked by contact, copied text or picture; each link says why.

``link`` is a function of the *set* of items: the order they come in, and how they are cut into batches, change nothing.
Texts that only name a contact (warnings, news, testimonies) are never members, nor are honest adverts among themselves: a
campaign holds at least one flagged text.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from enrichment.assessment import Assessment
from enrichment.text.fingerprint import Hashes, likeness, shingles

COUNTER = ("warning", "news", "testimony")
"""Voices that name a contact without it being theirs."""
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
"""A flagged text of so many shingles that stands in another by so much is an excerpt of it."""
COPY = 0.9
"""From here an unflagged offer is the same text as a flagged one."""
HUB_USERS, HUB_FLAGGED = 4, 0.5
"""A contact in so many offers, fewer than half of them flagged, is a help desk, an agency or a board: it links nobody."""
SHORTEST_HANDLE = 5
PUBLIC = frozenset(
    {
        "botfather",
        "telegram",
        "username",
        "admin",
        "support",
        "telegramtips",
        "durov",
        "joinchat",
        "share",
        "spambot",
        "contact",
        "gmail.com",
        "facebook.com",
        "instagram.com",
        "youtube.com",
        "twitter.com",
        "x.com",
        "tiktok.com",
        "google.com",
        "linkedin.com",
        "zalo.me",
        "wa.me",
        "t.me",
        "line.me",
        "whatsapp.com",
        "telegram.org",
        "play.google.com",
        "apps.apple.com",
        "forms.gle",
    }
)
"""Addresses that belong to a platform, not to a crew."""
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
    """SHA-256 of its pictures, hex."""
    first_seen: datetime | None = None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Why two members belong together."""

    one: str
    two: str
    kind: Literal["contact", "text", "image", "person"]
    why: str
    """In words, for the analyst."""
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
    """What people decided about campaigns; it outlives every re-linking."""

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

    Who warns of an advert quotes it, so its words make him look like the advertiser. He is not one when the voice says so, when
    he quotes a good part of what counts against him, or when somebody clearly warns, reports or suffers in it and it is not
    flagged.
    """
    if judged.stance in COUNTER or quotes(judged, text):
        return False
    spoken = -sum(signal.weight for signal in judged.signals if signal.family == "voice" and signal.weight < 0)
    return judged.flagged or (judged.stance == "offer" and spoken < SPOKEN)


def quotes(judged: Assessment, text: str) -> bool:
    """Whether a good part of what counts against a text stands between quotation marks: somebody passes it on."""
    counted = [signal for signal in judged.signals if signal.weight > 0]
    spans = [match.span() for match in _QUOTED.finditer(text)] if counted else []
    inside = sum(one.weight for one in counted if any(start <= one.start and one.end <= end for start, end in spans))
    return inside > 0 and inside >= QUOTED * sum(one.weight for one in counted)


def link(items: Iterable[LinkItem], known: Iterable[LinkItem] = (), *, rules: Rules = Rules()) -> tuple[Campaign, ...]:  # noqa: B008 - frozen
    """Return the campaigns among ``items`` and ``known`` together; items that stand alone are in none.

    Of two items with one id the later given counts. Campaigns come in the order of their ids.
    """
    by_id = {one.id: one for one in (*known, *items)}
    decided = frozenset[str]().union(*rules.together, *rules.locked)
    present = sorted((one for one in by_id.values() if one.offer or one.id in decided), key=_seniority)
    offers = [one for one in present if one.offer]
    groups = _Groups(rules)
    links = [*_by_decision(present, rules, groups), *_by_contact(offers, rules.hubs, groups), *_by_image(offers, groups)]
    links += _by_text(offers, groups)
    members: dict[str, list[LinkItem]] = defaultdict(list)
    for one in present:
        members[groups.head(one.id)].append(one)
    reasons: dict[str, list[Link]] = defaultdict(list)
    for edge in links:
        reasons[groups.head(edge.one)].append(edge)
    found = [
        _campaign(group, reasons[head])
        for head, group in members.items()
        if len(group) > 1 and any(one.flagged or one.id in decided for one in group)
    ]
    return tuple(sorted(found, key=lambda campaign: campaign.id))


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


def _seniority(one: LinkItem) -> tuple[bool, float, str]:
    return one.first_seen is None, one.first_seen.timestamp() if one.first_seen else 0.0, one.id


class _Groups:
    """Union of items under people's rules: what must stay apart is never joined, whatever links it."""

    def __init__(self, rules: Rules) -> None:
        self._parents: dict[str, str] = {}
        self._sides: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for number, (left, right) in enumerate(rules.apart):
            for side, ids in enumerate((left, right)):
                for one in ids:
                    self._sides[one].add((number, side))
        self._locks = {one: number for number, ids in enumerate(rules.locked) for one in ids}

    def head(self, one: str) -> str:
        while (parent := self._parents.get(one, one)) != one:
            self._parents[one] = self._parents.get(parent, parent)
            one = parent
        return one

    def join(self, one: str, two: str) -> bool:
        """Join the groups of two items; return whether they are one group now."""
        if self._locks.get(one) != self._locks.get(two):
            return False
        left, right = self.head(one), self.head(two)
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

    Without rules that is the very first; one that a rule keeps from it begins a group of its own, so that a split or a lock
    never costs the others what links them.
    """
    heads: list[LinkItem] = []
    for one in using:
        joined = next((head for head in heads if groups.join(head.id, one.id)), None)
        if joined is None:
            heads.append(one)
        else:
            yield joined, one


def _by_decision(present: Sequence[LinkItem], rules: Rules, groups: _Groups) -> list[Link]:
    """Return people's own links. What they name may be no offer (any more): it is a member all the same, and leads nowhere."""
    found = []
    for why, named in (("put together by an analyst", rules.together), ("locked by an analyst", rules.locked)):
        for group in named:
            using = [one for one in present if one.id in group]
            found += [Link(one=one.id, two=two.id, kind="person", why=why) for one, two in _star(using, groups)]
    return found


def _by_contact(offers: Sequence[LinkItem], hubs: frozenset[str], groups: _Groups) -> list[Link]:
    users: dict[str, dict[str, str]] = defaultdict(dict)
    by_id = {one.id: one for one in offers}
    for one in offers:
        for value, contact in {contact_value(contact): contact for contact in one.contacts}.items():
            if value is not None and value not in hubs:
                users[value][one.id] = contact
    found = []
    for value, contacts in sorted(users.items()):
        using = [by_id[name] for name in contacts]
        if len(using) < 2 or _is_hub(using):
            continue
        for one, two in _star(using, groups):
            why = _same_contact(contacts[one.id], contacts[two.id], value)
            found.append(Link(one=one.id, two=two.id, kind="contact", why=why))
    return found


def _same_contact(one: str, two: str, value: str) -> str:
    left, right = one.partition(":")[0], two.partition(":")[0]
    return f"same contact {value} ({left})" if left == right else f"same contact {value} ({left} and {right})"


def _is_hub(using: Sequence[LinkItem]) -> bool:
    return len(using) >= HUB_USERS and sum(one.flagged for one in using) < HUB_FLAGGED * len(using)


def _by_image(offers: Sequence[LinkItem], groups: _Groups) -> list[Link]:
    users: dict[str, list[LinkItem]] = defaultdict(list)
    for one in offers:
        for image in set(one.images):
            users[image].append(one)
    found = []
    for image, using in sorted(users.items()):
        flagged = [one for one in using if one.flagged]
        if _is_hub(using) or len(flagged) < 2:
            continue
        why = f"same picture {image[:12]}"
        found += [Link(one=one.id, two=two.id, kind="image", why=why) for one, two in _star(flagged, groups)]
    return found


def _by_text(offers: Sequence[LinkItem], groups: _Groups) -> list[Link]:
    """Return links of copied texts, one of each pair flagged: band-mates whose shingles are compared in full."""
    buckets: dict[str, list[int]] = {band: [] for one in offers if one.flagged for band in one.bands}
    for place, one in enumerate(offers):
        for band in one.bands:
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
        if position < _BUCKET or not any(copies.same(head, place) for head in heads):
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

    def same(self, one: int, two: int) -> bool:
        return self._groups.head(self._offers[one].id) == self._groups.head(self._offers[two].id)

    def compare(self, one: int, two: int) -> None:
        if (one, two) in self._compared or self.same(one, two):
            return
        self._compared.add((one, two))
        link = copied(self._offers[one], self._offers[two], self._shingles)
        if link and self._campaigns.join(link.one, link.two):
            self._groups.join(link.one, link.two)
            self.links.append(link)


def copied(one: LinkItem, two: LinkItem, known: dict[str, Hashes]) -> Link | None:
    """Return the link of two texts when one is a copy of the other; ``known`` keeps their shingles by id."""
    for each in (one, two):
        if each.id not in known:
            known[each.id] = shingles(each.text)
    shortest, longest = sorted((len(known[one.id]), len(known[two.id])))
    both = one.flagged and two.flagged
    if not both and (shortest < COPY * longest or not (one.flagged or two.flagged)):
        return None
    alike, contained = likeness(known[one.id], known[two.id])
    if alike >= COPY or (both and alike >= ALIKE):
        return Link(one=one.id, two=two.id, kind="text", why=f"same text but for {1 - alike:.0%} of it", likeness=alike)
    if both and contained >= CONTAINED and shortest >= CONTAINED_LEAST:
        why = f"{contained:.0%} of the shorter text stands in the longer"
        return Link(one=one.id, two=two.id, kind="text", why=why, likeness=alike)
    return None


def _campaign(group: Sequence[LinkItem], links: Sequence[Link]) -> Campaign:
    counts: dict[str, int] = defaultdict(int)
    for one in group:
        for contact in set(one.contacts):
            counts[contact] += 1
    times = [one.first_seen for one in group if one.first_seen]
    return Campaign(
        id=campaign_id(group[0].id),
        members=tuple(one.id for one in group),
        links=tuple(links),
        contacts=tuple(sorted((c for c, n in counts.items() if n > 1), key=lambda c: (-counts[c], c))),
        languages=tuple(sorted({one.language for one in group})),
        first_seen=min(times, default=None),
        last_seen=max(times, default=None),
    )
