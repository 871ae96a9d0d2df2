"""Which reasons to name first when there is room for a few only, and which never leave the desk."""

import math
from collections.abc import Iterable, Sequence

from enrichment.assessment import Signal

BACKGROUND = ("voice", "combination")
"""Families that say who speaks, or sum up other signals: they weigh, but tell a reader little about this text."""
LEARNED = ("wording",)
"""Families of learned features: pieces of words with learned points. No person can check them, so they give no reason."""
COUNTING = ("few_words", "many_families")
"""Signals that count others: how the score works, and no reason of their own."""
LEARNED_REASON, LEARNED_AGAINST = "worded like known lures", "worded unlike known lures"
"""What is said of learned features that speak for and against a lure, last and in one line."""


def grounds(signals: Iterable[Signal]) -> list[Signal]:
    """Return the signals that speak for a lure and that a person can check: those about the text itself first, heaviest first."""
    speaking = [
        signal for signal in signals if signal.weight > 0 and signal.family not in LEARNED and signal.indicator not in COUNTING
    ]
    return sorted(speaking, key=lambda signal: (signal.family in BACKGROUND, -signal.weight, signal.start))


def telling(signals: Iterable[Signal]) -> list[str]:
    """Return what the grounds mean, each meaning once, in that order."""
    return list(dict.fromkeys(ground.gloss for ground in grounds(signals)))


def checkable(signals: Iterable[Signal]) -> list[Signal]:
    """Return the signals, for and against, that a person can check: all but the learned ones."""
    return [signal for signal in signals if signal.family not in LEARNED]


def learned_points(signals: Iterable[Signal]) -> float:
    """Return the points of all learned features together."""
    return math.fsum(signal.weight for signal in signals if signal.family in LEARNED)


def learned_reason(points: float) -> str:
    """Return what is said of learned features that come to ``points``."""
    return LEARNED_REASON if points > 0 else LEARNED_AGAINST


def learned(signals: Iterable[Signal]) -> bool:
    """Tell whether learned features speak for a lure."""
    return any(signal.weight > 0 and signal.family in LEARNED for signal in signals)


def learned_alone(signals: Sequence[Signal]) -> bool:
    """Tell whether nothing but learned features speaks for a lure: then no mail and no notice goes out on it."""
    return learned(signals) and not grounds(signals)
