"""The weight of each analyst in training, and its bound: one account cannot turn the model.

A label's weight is shared by those who decided so. What one analyst's shares come to is scaled down to ``MOST`` of all weight
that is learned from. Who confirms or dismisses far more of their texts than the others do of theirs is named.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec.structs import replace

from desk.agreement_measures import wilson
from evaluation.comparison import Influence
from evaluation.labelled_listings import Listing
from evaluation.labels import Label

MOST = 0.1
"""Largest share of the learning weight one analyst's decisions have (a choice: about 170 texts beside the carried 4,700)."""
LEAST_TEXTS = 20
"""Texts from which on an analyst is compared with the others."""


def weigh_labels(
    labels: Sequence[Label], carried: float, disputes: Mapping[str, int]
) -> tuple[list[Listing], tuple[Influence, ...]]:
    """Return the texts to learn from with bounded weights, and each analyst's influence.

    ``carried`` is the summed weight of all other texts learned from. The bound holds whatever the others decide: an analyst has
    at most ``MOST / (1 - MOST)`` of the carried weight.
    """
    weights: dict[str, float] = defaultdict(float)
    for label in labels:
        for analyst in label.analysts:
            weights[analyst] += _part(label)
    allowed = carried * MOST / (1 - MOST)
    factors = {analyst: min(1.0, allowed / weight) for analyst, weight in weights.items()}
    listings = [
        replace(label.listing, weight=sum(_part(label) * factors[analyst] for analyst in label.analysts)) for label in labels
    ]
    before = carried + sum(label.listing.weight for label in labels)
    after = carried + sum(listing.weight for listing in listings)
    return listings, tuple(
        _influence(analyst, labels, disputes, weight / before, weight * factors[analyst] / after)
        for analyst, weight in sorted(weights.items())
    )


def _part(label: Label) -> float:
    return label.listing.weight / len(label.analysts)


def _influence(analyst: str, labels: Sequence[Label], disputes: Mapping[str, int], uncapped: float, share: float) -> Influence:
    own = [label for label in labels if analyst in label.analysts]
    others = [label for label in labels if set(label.analysts) - {analyst}]
    return Influence(
        analyst=analyst,
        texts=len(own),
        confirmed=sum(label.listing.label for label in own),
        alone=sum(len(label.analysts) == 1 for label in own),
        weak=sum(label.strength == "unread" for label in own),
        disputed=disputes.get(analyst, 0),
        uncapped=uncapped,
        share=share,
        leaning=_leaning(own, others),
    )


def _leaning(own: Sequence[Label], others: Sequence[Label]) -> Literal["confirms", "dismisses", ""]:
    if min(len(own), len(others)) < LEAST_TEXTS:
        return ""
    mine, theirs = (Counter(label.listing.label for label in some) for some in (own, others))
    low, high = wilson(mine[1], len(own))
    other_low, other_high = wilson(theirs[1], len(others))
    return "confirms" if low > other_high else "dismisses" if high < other_low else ""
