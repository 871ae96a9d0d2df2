"""Network points of a record from its neighbours, for texts that say little: beside the text score, each explained and
bounded.

A record is compared with the offers that share a contact, a poster, a channel, all its words or a renamed handle with it. Only
what people confirmed makes such a tie speak, and only as far as the tie is *trusted*: of an agency, a help line, a board or an
honest text that many copy, most users are ordinary adverts. Who warns, reports, asks or
suffers neither gains points nor lends any. Points move a record's place in the queue; they never flag it or decide about it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from enrichment.campaigns.linkage import HUB_USERS

Kind = Literal["contact", "poster", "channel", "words", "renamed", "names", "burst"]
POINTS: dict[Kind, float] = {
    "contact": 45.0,
    "words": 35.0,
    "poster": 25.0,
    "channel": 25.0,
    "renamed": 25.0,
    "names": 8.0,
    "burst": 8.0,
}
"""The most each kind adds. Chosen, not learned: a contact shared with several confirmed lures lifts a text that says nothing
nearly to the flagging line (50), nothing else does so alone."""
MOST = 60.0
"""The most all kinds add together."""
TRUSTED = 0.5
"""A tie less trusted than this says nothing."""
TERSE, TERSE_WEIGHT = 160, 0.1
"""A text of fewer bytes (an SMS; 53 Chinese or Thai letters) names little but its contact. Unflagged and without honest terms
it hardly counts as ordinary: ten of them weigh as much as one confirmed lure."""
WORDY_WEIGHT = 0.5
"""A longer unflagged text without honest terms: half an ordinary advert."""
NAMES, SOURCES, BURST = 3, 3, timedelta(hours=48)
"""So many names under one text, or sources within this time, make a reason of their own."""


class NetworkReason(msgspec.Struct, frozen=True, kw_only=True):
    """One reason from a record's neighbours."""

    kind: Kind
    points: float
    why: str
    """As a sentence for the analyst."""
    confirmed: int = 0
    """Confirmed lures it rests on; 0 for what only supports another reason."""
    since: datetime | None = None
    """When the first of these was first seen."""


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """All reasons from a record's neighbours, heaviest first."""

    reasons: tuple[NetworkReason, ...] = ()

    @property
    def points(self) -> float:
        """Points beside the text score: 0 to ``MOST``."""
        return min(MOST, sum(reason.points for reason in self.reasons))


class Tie(msgspec.Struct, frozen=True):
    """A tie: something that records can share; they are found by any of its ``tokens``."""

    kind: Kind
    name: str
    """What is shared, as text."""
    tokens: tuple[str, ...]


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """What the network needs to know of one record."""

    id: str
    offer: bool
    """It may offer something itself: no cue says that somebody else speaks in it."""
    calls: bool = True
    """Its stance is an offer."""
    state: Literal["open", "confirmed", "dismissed"] = "open"
    flagged: bool = False
    honest: bool = False
    """It carries honest terms."""
    length: int = 0
    """Bytes of its text in UTF-8."""
    names: frozenset[str] = frozenset()
    """Contacts and poster: who it is by."""
    tokens: frozenset[str] = frozenset()
    """All that others find it by."""
    ties: tuple[Tie, ...] = ()
    source: str = ""
    first_seen: datetime

    @property
    def means_its_contact(self) -> bool:
        """Whether the contact it names is its own: its stance is an offer, and it is a call or flagged. A longer text that is
        not flagged says enough to be judged by, and may quote whom it warns of."""
        return self.calls and (self.flagged or self.length < TERSE)


def trust(users: Iterable[Node], hubs: frozenset[str] = frozenset(), name: str = "") -> float:
    """Return how far offers that share a tie speak as one crew, 0 to 1: the share of confirmed lures among them, each of the
    others counted by how ordinary it is. What is flagged and undecided counts on neither side. 0 for a hub that people named."""
    if name in hubs:
        return 0.0
    good = bad = 0.0
    for user in users:
        if user.state == "confirmed":
            good += 1
        elif user.state == "dismissed":
            bad += 1
        elif not user.flagged:
            bad += 1.0 if user.honest else TERSE_WEIGHT if user.length < TERSE else WORDY_WEIGHT
    return good / (good + bad) if good else 0.0


def is_hub(users: Sequence[Node]) -> bool:
    """Whether a tie has many users and most are ordinary: an agency, a help line, a board, an honest text that many copy."""
    return len(users) >= HUB_USERS and trust(users) < TRUSTED


def network(node: Node, others: Iterable[Node], hubs: frozenset[str] = frozenset()) -> Network:
    """Return what ``others`` say of ``node``; a function of the set, and nothing for who offers nothing.

    ``others`` may hold nodes that share nothing with it. ``hubs`` are contact values that people said link nobody.
    """
    if not node.offer:
        return Network()
    offers = [other for other in others if other.offer and other.id != node.id]
    best: dict[Kind, NetworkReason] = {}
    supporting: list[NetworkReason] = []
    ordinary = False
    for tie in node.ties:
        users = _users(tie, node, offers)
        everybody = [*users, node]
        if (trusted := trust(everybody, hubs, tie.name)) < TRUSTED:
            ordinary |= tie.kind == "contact" and (tie.name in hubs or is_hub(everybody))
            continue
        if tie.kind in ("contact", "renamed") and not node.means_its_contact:
            continue
        reason = _known_reason(tie, users, trusted)
        if reason and (tie.kind not in best or reason.points > best[tie.kind].points):
            best[tie.kind] = reason
        supporting += filter(None, (_names(tie, everybody), _burst(tie, everybody, node)))
    if ordinary:  # an agency's own contact: only a crew's contact beside it speaks against that
        best = {kind: reason for kind, reason in best.items() if kind == "contact"}
    for reason in supporting if best else ():
        best.setdefault(reason.kind, reason)
    return Network(reasons=tuple(sorted(best.values(), key=lambda reason: (-reason.points, reason.kind))))


def _users(tie: Tie, node: Node, offers: Iterable[Node]) -> list[Node]:
    """Return the offers that share a tie with ``node``; who kept a renamed handle is found by the contact itself."""
    users = [other for other in offers if not other.tokens.isdisjoint(tie.tokens)]
    return [user for user in users if node.names.isdisjoint(user.names)] if tie.kind == "renamed" else users


def _known_reason(tie: Tie, users: Sequence[Node], trusted: float) -> NetworkReason | None:
    """Return what the confirmed users of a tie say: more of them say more, with less added by each."""
    confirmed = [user.first_seen for user in users if user.state == "confirmed"]
    if not confirmed:
        return None
    count, since = len(confirmed), min(confirmed)
    whom = f"{count} confirmed lure{'s' if count > 1 else ''}"
    what = {
        "contact": f"contact {tie.name} is that of",
        "poster": f"posted by {tie.name}, like",
        "words": "the same text as",
        "channel": f"forwarded from {tie.name}, as known from",
        "renamed": f"handle {tie.name}, renamed, is that of",
    }[tie.kind]
    points = round(POINTS[tie.kind] * trusted * count / (count + 0.5), 1)
    return NetworkReason(kind=tie.kind, points=points, why=f"{what} {whom} since {since:%Y-%m-%d}", confirmed=count, since=since)


def _names(tie: Tie, everybody: Sequence[Node]) -> NetworkReason | None:
    names = {min(user.names) for user in everybody if user.names} if tie.kind == "words" else ()
    if len(names) < NAMES:
        return None
    return NetworkReason(kind="names", points=POINTS["names"], why=f"the same text under {len(names)} names")


def _burst(tie: Tie, everybody: Sequence[Node], node: Node) -> NetworkReason | None:
    if tie.kind != "contact":
        return None
    near = {user.source for user in everybody if abs(user.first_seen - node.first_seen) <= BURST}
    if len(near) < SOURCES:
        return None
    return NetworkReason(kind="burst", points=POINTS["burst"], why=f"contact {tie.name} on {len(near)} sources within two days")
