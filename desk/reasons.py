"""Which reasons to name first when there is room for a few only."""

from collections.abc import Iterable

from enrichment.assessment import Signal

BACKGROUND = ("voice", "combination")
"""Families that say who speaks, or sum up other signals: they weigh, but tell a reader little about this text."""


def grounds(signals: Iterable[Signal]) -> list[Signal]:
    """Return the signals that speak for a lure: those about the text itself first, heaviest first."""
    speaking = [one for one in signals if one.weight > 0]
    return sorted(speaking, key=lambda one: (one.family in BACKGROUND, -one.weight, one.start))


def telling(signals: Iterable[Signal]) -> list[str]:
    """Return what the signals mean, each meaning once, in that order."""
    return list(dict.fromkeys(one.gloss for one in grounds(signals)))
