"""Who speaks in a text: one who offers, warns, reports, suffered, or asks. Judged before any score.

Each voice has its own phrases in the lexicon (family ``voice``). What they weigh against each other is learned with the score
(``weights.json``) from counts alone, so it holds in every language that has the phrases.
"""

from collections.abc import Mapping, Sequence

from enrichment.assessment import Voice
from enrichment.evidence import Evidence

COUNTER: tuple[Voice, ...] = ("warning", "news", "testimony", "seeker")
"""The voices that are no offer."""
CUES: Mapping[str, Voice] = {"warning": "warning", "news": "news", "testimony": "testimony", "seeker": "seeker", "offer": "offer",
                             "call_to_contact": "offer"}
MOST = 4.0
"""More cues of one voice than this add nothing."""


def cues(found: Sequence[Evidence]) -> dict[Voice, float]:
    """Return how much of each voice the text shows: the summed strength of its distinct cues."""
    sums: dict[Voice, float] = {}
    for item in found:
        voice = CUES.get(item.entry.indicator.slug)
        if voice is not None:
            sums[voice] = min(MOST, sums.get(voice, 0.0) + item.value)
    return sums


ASKS = 1.6
"""Less of a question than this may be part of an offer (``who wants to come along?``)."""


WORDED = 1.0
"""How many cues it counts for when a text is wholly worded as reports are; against as many when it is worded as lures are."""


def counter(found: Sequence[Evidence], worded: float = 0.0) -> float:
    """Return the share, 0 to 0.96, by which lure words count less because the text warns, reports, tells what was
    suffered, or asks; ``worded`` is how it is worded, from -1 (as reports and honest adverts) to 1 (as lures).

    One cue may be chance; from two on, whatever is said in the words of a lure is quoted, and nearly nothing of it is left.
    """
    sums = cues(found)
    asked = sums.get("seeker", 0.0)
    weight = sum(sums.get(kind, 0.0) for kind in ("warning", "news", "testimony")) + (asked if asked >= ASKS else 0.0)
    weight -= WORDED * worded if weight else 0.0
    if weight <= 1.0:
        return 0.0
    return min(0.96, (weight - 1.0) * 1.06) if weight < 1.8 else min(0.96, 0.85 + (weight - 1.8) * 0.15)


def voice(found: Sequence[Evidence], *, work: bool, worded: float = 0.0) -> Voice:
    """Return the voice of a text; ``work`` tells whether it speaks of a job, a price or a reward at all, ``worded`` how."""
    sums = cues(found)
    offer = sums.get("offer", 0.0)
    best = max(COUNTER, key=lambda kind: sums.get(kind, 0.0))
    strength = sums.get(best, 0.0)
    if strength >= 1.6 or counter(found, worded) >= 0.5 or (strength >= 0.8 and not offer):
        return best
    if offer >= 0.5 or (work and strength < 0.5):
        return "offer"
    return best if strength >= 0.5 else "other"
