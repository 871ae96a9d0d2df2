"""Ranks venues: lures that lead there against ordinary adverts that do; copies count once."""

from collections import Counter

import msgspec

from lurewatch.app.venues.mentions import SourceLead, Standing, VenueMention

FLAGGED_WORTH = 0.4
"""What an undecided flagged text is worth beside a confirmed one: about three in four of them prove right, and a false alarm
must not make a source. One alone stays below ``THRESHOLD``, two reach it."""
THRESHOLD = 30.0
"""Points from which a venue is suggested. Chosen with ``FLAGGED_WORTH``; docs/suggestions.md has the figures."""
TRUSTED = 0.5
"""Share of lures, by worth, among all that points there, under which a venue is never suggested."""
SHOWN = 5
"""Postings and contacts shown as reasons."""


class LeadCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Different texts that point to a venue, by how they stand."""

    confirmed: int = 0
    flagged: int = 0
    ordinary: int = 0
    dismissed: int = 0
    quoting: int = 0
    """Warnings, news, testimonies and questions: they count on neither side."""
    sources: int = 0
    """Sources the lures stand in."""


class Rank(msgspec.Struct, frozen=True, kw_only=True):
    """How strongly a venue is suggested, and why."""

    points: float
    """0 to 100."""
    trust: float
    """Lures by worth over all that points there, 0 to 1."""
    counts: LeadCounts
    contacts: tuple[tuple[str, int], ...] = ()
    """``type:value`` that several texts share, with how many; the commonest first."""
    reasons: tuple[VenueMention, ...] = ()
    """The lures that say most: confirmed before flagged, forwards before links before names, the newest first."""

    @property
    def is_suggested(self) -> bool:
        """Whether an operator should look at it."""
        return self.points >= THRESHOLD and self.trust >= TRUSTED


def rank(lead: SourceLead) -> Rank:
    """Return how strongly a venue is suggested; a function of the lead alone."""
    texts = _texts(lead)
    counts = Counter(mention.standing for mention in texts)
    good = counts["confirmed"] + FLAGGED_WORTH * counts["flagged"]
    bad = sum(mention.weight for mention in texts if mention.standing in ("ordinary", "dismissed"))
    trust = good / (good + bad) if good else 0.0
    lures = [mention for mention in texts if mention.standing in ("confirmed", "flagged")]
    shared = Counter(contact for mention in lures for contact in mention.contacts)
    return Rank(
        points=round(100 * trust * good / (good + 1), 1),
        trust=round(trust, 3),
        counts=LeadCounts(
            **{str(name): count for name, count in counts.items()}, sources=len({mention.source for mention in lures})
        ),
        contacts=tuple((contact, count) for contact, count in sorted(shared.items(), key=_commonest) if count > 1)[:SHOWN],
        reasons=tuple(sorted(lures, key=_most_telling)[:SHOWN]),
    )


_ORDER: tuple[Standing, ...] = ("confirmed", "dismissed", "flagged", "ordinary", "quoting")
"""Of copies with different standings, the one that counts: a person's decision before a computed one."""
_MANNERS = ("forwarded", "linked", "mentioned")


def _texts(lead: SourceLead) -> list[VenueMention]:
    """Return one mention of each text."""
    texts: dict[str, VenueMention] = {}
    for mention in sorted(lead.mentions, key=lambda mention: (_ORDER.index(mention.standing), _most_telling(mention))):
        texts.setdefault(mention.text, mention)
    return list(texts.values())


def _most_telling(mention: VenueMention) -> tuple[int, int, float, str]:
    return _ORDER.index(mention.standing), _MANNERS.index(mention.manner), -mention.first_seen.timestamp(), mention.item


def _commonest(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
