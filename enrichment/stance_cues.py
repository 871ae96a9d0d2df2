"""Finds the cues of each stance in a text: offer, warning, report, testimony, question.

Each voice has its own phrases in the lexicon (family ``voice``). What they weigh against each other, and against how the
whole text is worded, is learned with the score (``weights.json``) from counts alone: it holds in every language that has the
phrases.
"""

import math
from collections.abc import Mapping, Sequence

import msgspec

from enrichment.assessment import StanceLabel
from enrichment.lexicon.matches import LexiconMatch

COUNTER: tuple[StanceLabel, ...] = ("warning", "news", "testimony", "seeker")
"""The voices that are no offer."""
CUES: Mapping[str, StanceLabel] = {
    "warning": "warning",
    "news": "news",
    "testimony": "testimony",
    "seeker": "seeker",
    "offer": "offer",
    "call_to_contact": "offer",
}
PROMOTION = "promotion"
"""Who sells, lends or takes bets offers something, but no work: no voice of its own, and no lure's."""
MOST = 4.0
"""More cues of one voice than this add nothing."""


def cues(lexicon_matches: Sequence[LexiconMatch]) -> dict[StanceLabel, float]:
    """Return how much of each voice the text shows: the summed strength of its distinct cues."""
    sums: dict[StanceLabel, float] = {}
    for item in lexicon_matches:
        stance_label = CUES.get(item.entry.indicator.slug)
        if stance_label is not None:
            sums[stance_label] = min(MOST, sums.get(stance_label, 0.0) + item.value)
    return sums


CLEARLY_REPORTED = 3.0
"""Strength of cues, summed, from which an unflagged text warns, reports or tells, whatever offer it repeats: the sentence that an
advertiser adds has 1.8, a neighbour's warning 5."""


def counter_cues(lexicon_matches: Sequence[LexiconMatch]) -> float:
    """Return the summed strength of the cues of a warning, a report, a testimony and a question."""
    sums = cues(lexicon_matches)
    return math.fsum(sums.get(label, 0.0) for label in COUNTER)


class StanceWeights(msgspec.Struct, frozen=True):
    """Log-odds that a text is no offer of work: of nothing at all, and per cue of each kind (``cue_features``), as trained."""

    none: float = -0.2
    reports: float = 1.9
    asks: float = 1.8
    offers: float = -1.6
    worded: float = 2.3
    promotes: float = 1.6
    repeats: float = 3.0


def cue_features(lexicon_matches: Sequence[LexiconMatch], reports: float, repeated: float) -> tuple[float, ...]:
    """Return what speaks for and against a report: cues of warning, news and testimony, of asking, of offering, how it is
    worded, from -1 (as offers are) to 1 (as reports are), cues of selling, and how much of its offer is quoted
    (``Quotes.repeated``). More than a few cues of a kind add nothing."""
    sums = cues(lexicon_matches)
    told = sum(sums.get(kind, 0.0) for kind in ("warning", "news", "testimony"))
    asks, offers, sells = min(2.0, sums.get("seeker", 0.0)), sums.get("offer", 0.0), min(2.0, _promotes(lexicon_matches))
    return min(3.0, told), asks, offers, reports, sells, repeated


def _promotes(lexicon_matches: Sequence[LexiconMatch]) -> float:
    return math.fsum(item.value for item in lexicon_matches if item.entry.indicator.slug == PROMOTION)


WITHOUT_CUE = 0.25
"""The most that lure words lose by wording alone in a text that can be answered and has no cue that nobody offers anything: a
few n-grams are a guess. Who gives no contact is taken at his wording: of 1,850 authored lures without one, two are worded as
reports are; of excerpts of reports and testimonies that look like lures, every fourth."""
LEAST, MOST_SHARE = 0.3, 0.96
"""A text that is less likely a report than this is taken for an offer; something of a lure's words is always left."""


def counter(
    lexicon_matches: Sequence[LexiconMatch], reports: float, repeated: float, learned: StanceWeights, *, reached: bool
) -> float:
    """Return the share, 0 to 0.96, by which lure words count less because the text warns, reports, tells what was
    suffered, or asks: how likely it is no offer; at most a quarter without any cue where the reader can answer (``reached``).
    ``reports`` is how it is worded, from -1 (as offers are) to 1."""
    value, asks, offers, worded, sells, quoted = cue_features(lexicon_matches, reports, repeated)
    odds = learned.none + learned.reports * value + learned.asks * asks + learned.offers * offers + learned.worded * worded
    odds += learned.promotes * sells + learned.repeats * quoted
    share = 1.0 / (1.0 + math.exp(-odds))
    most = MOST_SHARE if value or asks or sells or quoted or not reached else WITHOUT_CUE * (offers < 1)
    return min(most, share) if share > LEAST else 0.0


def stance_label(lexicon_matches: Sequence[LexiconMatch], *, work: bool, counter: float) -> StanceLabel:
    """Return the voice of a text; ``work`` tells whether it speaks of a job, a price or a reward at all, ``counter`` how likely
    it is no offer."""
    sums = cues(lexicon_matches)
    offer = sums.get("offer", 0.0)
    best = max(COUNTER, key=lambda kind: sums.get(kind, 0.0))
    strength = sums.get(best, 0.0)
    if not strength and counter >= 0.5:
        return "other"
    if strength >= 1.6 or counter >= 0.5 or (strength >= 0.8 and not offer):
        return best
    if offer >= 0.5 or (work and strength < 0.5):
        return "offer"
    return best if strength >= 0.5 else "other"
