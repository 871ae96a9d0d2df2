"""Which reasons to name first when there is room for a few only, and which never leave the desk."""

from collections.abc import Iterable, Sequence

from enrichment.assessment import Signal

BACKGROUND = ("voice", "combination")
"""Families that say who speaks, or sum up other signals: they weigh, but tell a reader little about this text."""
LEARNED = ("wording",)
"""Families of learned features: pieces of words with learned points. No person can check them, so they give no reason."""
COUNTING = ("few_words", "many_families")
"""Signals that count others: how the score works, and no reason of their own."""
LEARNED_REASON = "worded like known lures"
"""What the desk says of learned features, last and in one line."""


def grounds(signals: Iterable[Signal]) -> list[Signal]:
    """Return the signals that speak for a lure and that a person can check: those about the text itself first, heaviest first."""
    speaking = [one for one in signals if one.weight > 0 and one.family not in LEARNED and one.indicator not in COUNTING]
    return sorted(speaking, key=lambda one: (one.family in BACKGROUND, -one.weight, one.start))


def telling(signals: Iterable[Signal]) -> list[str]:
    """Return what the grounds mean, each meaning once, in that order."""
    return list(dict.fromkeys(one.gloss for one in grounds(signals)))


def learned(signals: Iterable[Signal]) -> bool:
    """Tell whether learned features speak for a lure."""
    return any(one.weight > 0 and one.family in LEARNED for one in signals)


def learned_alone(signals: Sequence[Signal]) -> bool:
    """Tell whether nothing but learned features speaks for a lure: then no mail and no notice goes out on it."""
    return learned(signals) and not grounds(signals)
