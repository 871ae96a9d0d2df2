"""Makes signals of features and the score of signals: every point has a span of the raw text.

Points are learned by ``python -m evaluation train`` (``weights.json``); the score is the logistic of their sum, recomputed
from the signals and the weights with ``score``. It is calibrated: of texts with score 80, 80 in 100 are lures where the share of
lures among all texts is ``Weights.prior``.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from enrichment.assessment import LureKind, Signal, Tag
from enrichment.combinations import CONFINED, GRAVE, TAKEN
from enrichment.features import OFFER_CUES, Feature
from enrichment.stance_cues import StanceWeights
from enrichment.text.unspaced import whole_words

FLAGGED = 50.0
"""Texts with this score or more are flagged; measured precision and recall: docs/enrichment.md."""


NEAR = 8.0
"""Points around it within which a text is uncertain: a decision there teaches a model most."""


class Weights(msgspec.Struct, frozen=True):
    """Points per argument at value 1, by name, and what tells whose words they are, as trained."""

    points: dict[str, float]
    voices: StanceWeights = StanceWeights()
    middle: float = 16.0
    """Points that bring a text to score 50, where it is flagged."""
    spread: float = 6.0
    """Points from score 50 to score 73: how fast the score turns."""
    prior: float = 0.08
    """Share of lures among all texts for which the score is calibrated."""


SURE, REACH = 3.0, 10.0
"""Log-odds, score 95, from which each ``REACH`` more leave 1/e of what is missing to 100: no labelled text shows that a score is
wrong less often than one time in a hundred, and the surest texts must still stand in an order."""


SHOWN, MOST_UNFLAGGED = "shown_advert", -0.1
"""Indicator of an advert that is only shown or told of, and the log-odds, score 47.5, that such a text reaches at most, and one
for which nothing speaks but its learned wording, that it offers and that it calls the reader: who asks, warns or reports is not
flagged, nor is who cannot be told why. A person reads both near the threshold (``NEAR``)."""


def score(signals: Iterable[Signal], weighed: Weights) -> float:
    """Return the score, 0 to 100, that ``signals`` come to."""
    given = list(signals)
    points = math.fsum(signal.weight for signal in given)
    odds = (points - weighed.middle) / weighed.spread
    grounds = (item for item in given if item.family not in ("wording", "voice") and item.indicator not in OFFER_CUES)
    if any(signal.indicator == SHOWN for signal in given) or not any(item.weight > 0 for item in grounds):
        odds = min(odds, MOST_UNFLAGGED)
    even = 100.0 / (1.0 + math.exp(min(700.0, -min(odds, SURE))))
    return round(100.0 - (100.0 - even) * math.exp(min(0.0, (SURE - odds) / REACH)), 3)


def signals(features: Sequence[Feature], weighed: Weights, raw: str) -> tuple[Signal, ...]:
    """Return the features with their points and spans; what weighs nothing is left out."""
    results = []
    for feature in features:
        points = round(weighed.points.get(feature.name, 0.0) * feature.value, 2)
        if points:
            start, end = whole_words(raw, feature.start, feature.end)
            results.append(
                Signal(
                    indicator=feature.name,
                    family=feature.family,
                    start=start,
                    end=end,
                    text=raw[start:end],
                    weight=points,
                    gloss=feature.gloss,
                    reference=feature.reference,
                    against=feature.against,
                )
            )
    return tuple(sorted(_held_up(results), key=lambda signal: (signal.start, signal.end, signal.indicator)))


LEAST_GRAVE = 4.0
"""Points from which such a signal counts."""
TAKEN_BACK = {1: 0.7, 2: 0.5}
"""What honest terms take back at most of all that speaks for a lure, by how many such signals there are: one may be misread."""


HONEST_MOST = 20.0
"""Points that honest terms take back at most, all together: some four of them, for a paragraph of ten is as easily added."""


def _held_up(entries: Sequence[Signal]) -> Sequence[Signal]:
    """Return the signals with a bound on honest terms, and on wording like that of honest adverts, where a text does what no
    honest employer does: anybody can add a sentence about licences and contracts."""
    entries = _bound_signals(entries, ("honest",), HONEST_MOST, "anybody can add honest terms: together they take back no more")
    grave = {signal.indicator for signal in entries if signal.indicator in GRAVE and signal.weight >= LEAST_GRAVE}
    if not grave:
        return entries
    most = TAKEN_BACK[min(len(grave), 2)] * math.fsum(signal.weight for signal in entries if signal.weight > 0)
    why = "beside what no honest employer does, honest terms take back a part only"
    return _bound_signals(entries, ("honest", "wording"), most, why)


def _bound_signals(entries: Sequence[Signal], families: Sequence[str], most: float, why: str) -> Sequence[Signal]:
    """Return the signals of which those of ``families`` take back at most ``most`` points, each in proportion."""
    added = [signal for signal in entries if signal.weight < 0 and signal.family in families]
    total = -math.fsum(signal.weight for signal in added)
    if total <= most:
        return entries
    return [
        replace(signal, weight=round(signal.weight * most / total, 2), against=why) if signal in added else signal
        for signal in entries
    ]


TAGS: Mapping[LureKind, tuple[str, ...]] = {
    "organ_trade": ("organ", "organ_papers"),
    "surrogacy_or_egg": ("surrogacy_egg", "foetus_baby"),
    "marriage_broker": ("marriage", "bride_price"),
    "money_scam": (
        "task_scam",
        "home_daily_pay",
        "upfront_fee",
        "prepaid_return",
        "unsolicited_hire",
        "remote_bait",
        "mule_account",
        "fee_before_work",
        "account_for_pay",
    ),
    "scam_compound": (*TAKEN, *CONFINED),
}
"""The indicators and combinations that name each kind."""


def tag(entries: Sequence[Signal]) -> Tag:
    """Return the kind of lure that words of a flagged text name, ``unstated`` where they name none: to be worded like the offers
    of a kind is not enough to accuse of it. A related trade is told from a money scam, and that from a compound, by points."""
    sums = {
        kind: math.fsum(signal.weight for signal in entries if signal.indicator in slugs and signal.weight > 0)
        for kind, slugs in TAGS.items()
    }
    compound = sums.pop("scam_compound")
    best = max(sums, key=lambda kind: sums[kind])
    if compound and (not sums[best] or (best == "money_scam" and compound >= sums[best])):
        return "scam_compound"
    return best if sums[best] else "unstated"
