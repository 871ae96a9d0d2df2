"""Learns a challenger: the champion's numbers, moved by decisions and held by the carried texts.

First the sums of the n-gram model move, each by its own labels. Then the points of the lexicon's arguments, and the middle of the
score, move by what the whole score still gets wrong on texts the moved n-grams were not learned from; the prior stays the
champion's. Needs scikit-learn's scipy (the extra ``dev``).
"""

from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace

from enrichment.assess import Assessor
from enrichment.features import Feature
from enrichment.model import SourceCounts, save
from enrichment.ngram_model import HUNDREDTHS, NgramModel
from enrichment.scoring import Weights
from evaluation.labelled_listings import Listing, folds
from evaluation.learning import Example, examples
from evaluation.measures import DataError
from evaluation.ngram_training import CLASSES, hundredths, tfidf
from evaluation.shift import shift
from evaluation.training import MOST, POINTS, sign

SOFTNESS = 10.0
"""How far the n-gram model moves: inverse strength of the ridge; 1 to 10 measure alike on real texts taken for decisions."""
FIRM = 0.3
"""The same for the points of arguments: there are few of them, and each is in many texts."""
LOOSE = 10.0
"""How much freer the middle of the score moves than the points."""
SIDES = 2
"""Parts for the arguments of texts the moved n-grams were not learned from: campaigns stay whole."""


def learn(
    champion: Assessor, carried: Sequence[Listing], decisions: Sequence[Listing], into: Path, *, created: str,
    trained_on: Mapping[str, SourceCounts],
) -> str:  # fmt: skip
    """Write the challenger to the folder ``into``; return its version.

    ``trained_on`` is what the card says of the texts. Raise DataError without scipy, or when nothing but one label is given.
    """
    known = examples([*carried, *decisions], champion)
    if len({example.item.label for example in known}) < 2:
        raise DataError("learning needs lures and others; the decisions and carried texts hold one kind only")
    before = champion.model.ngrams
    table = tfidf([example.text.ngrams for example in known], before.points[:, 0] / HUNDREDTHS)
    ngrams = moved_ngrams(before, known, table)
    sides = folds([example.item for example in known], SIDES)
    argued: list[tuple[Example, list[Feature]]] = []
    for side in sorted({*sides}):
        others = [number for number, other in enumerate(sides) if other != side]
        apart = moved_ngrams(before, [known[number] for number in others], table[others])
        argued += [
            (example, example.features(apart, champion.model.weights.voices))
            for example, other in zip(known, sides, strict=True)
            if other == side
        ]
    weights = moved_weights(champion.model.weights, argued)
    return save(into, weights, ngrams, created=created, trained_on=dict(trained_on)).version


def moved_ngrams(before: NgramModel, known: Sequence[Example], table: Any) -> NgramModel:
    """Return the n-gram model with each sum moved by the texts of its classes; ``table`` holds the n-grams of each text."""
    points, weights = before.points / HUNDREDTHS, [example.item.weight for example in known]
    for number, classes in enumerate(CLASSES.values()):
        wanted = [example.text.kind in classes for example in known]
        if any(wanted):
            odds = table @ points[:, 1 + number] + before.bias[number] / HUNDREDTHS
            points[:, 1 + number] += shift(table, odds.tolist(), wanted, weights, softness=SOFTNESS)
    return NgramModel(hundredths(points), before.bias, before.levels)


def moved_weights(before: Weights, argued: Sequence[tuple[Example, Sequence[Feature]]]) -> Weights:
    """Return the weights with the middle and the points of the lexicon's arguments moved; each keeps its sign and its bound."""
    from scipy.sparse import csr_matrix

    kinds = {item.name: item for _, some in argued for item in some if item.family != "wording" and item.name in before.points}
    column = {name: number for number, name in enumerate(sorted(kinds))}
    table = np.zeros((len(argued), len(column) + 1))
    table[:, -1] = LOOSE
    balanced = log((1 - before.prior) / before.prior)  # both labels weigh the same here, in the world lures are rare
    odds = []
    for row, (_, some) in zip(table, argued, strict=True):
        for feature in some:
            if feature.name in column:
                row[column[feature.name]] = feature.value * POINTS / before.spread
        points = sum(before.points.get(item.name, 0.0) * item.value for item in some)
        odds.append((points - before.middle) / before.spread + balanced)
    items = [example.item for example, _ in argued]
    moved = shift(
        csr_matrix(table), odds, [bool(item.label) for item in items], [item.weight for item in items], softness=FIRM
    ).tolist()
    learned = dict(before.points)
    for name, number in column.items():
        direction = sign(kinds[name])
        size = min(max(0.0, direction * (learned[name] + POINTS * moved[number])), MOST.get(name, 4 * POINTS))
        learned[name] = round(direction * size, 2)
    return replace(before, points=learned, middle=round(before.middle - before.spread * LOOSE * moved[-1], 2))
