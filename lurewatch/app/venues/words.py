"""Describes a suggestion in sentences, for the command and for the desk's page."""

from collections.abc import Iterator

from lurewatch.app.venues.mentions import VenueMention
from lurewatch.app.venues.ranking import LeadCounts
from lurewatch.app.venues.suggest import Suggestion

_SAID = {"forwarded": "forwarded from it", "linked": "links to it", "mentioned": "names it"}


def facts(suggestion: Suggestion) -> Iterator[str]:
    """Yield the counts, the shared contacts and the relatives of a venue, a sentence each."""
    yield _count_all(suggestion.rank.counts)
    if suggestion.rank.contacts:
        yield "shared contacts: " + ", ".join(f"{contact} ({count})" for contact, count in suggestion.rank.contacts)
    yield from (relative.sentence for relative in suggestion.relatives)


def lure(mention: VenueMention) -> str:
    """Return how a lure leads to its venue."""
    return f"{mention.standing}, {_SAID[mention.manner]}, {mention.source}: {mention.title}"


def count_noun(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _count_all(counts: LeadCounts) -> str:
    lures = f"{count_noun(counts.confirmed + counts.flagged, 'different lure')} ({counts.confirmed} confirmed)"
    against = f"{counts.ordinary} ordinary and {counts.dismissed} dismissed adverts"
    return f"{lures} in {count_noun(counts.sources, 'source')} lead there, {against}; {counts.quoting} that warn or report"
