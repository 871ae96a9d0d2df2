"""Learns the score from labelled listings: the n-gram model, the points of every argument, and how both are fused.

What the n-gram model says of a text comes from n-grams learned from other texts, so it is not flattered by having seen it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from enrichment.assess import Assessor
from enrichment.features import WORDING, Feature, TextFeatures, features
from enrichment.lexicon.lexicon import lexicon
from enrichment.ngram_model import NgramModel
from enrichment.scoring import Weights, score, signals, tag
from enrichment.stance_cues import StanceWeights, cue_features
from enrichment.text.views import text_of
from lurewatch.evaluation.fusion import PRIOR, fused
from lurewatch.evaluation.listings import Listing, folds
from lurewatch.evaluation.measures import average_precision
from lurewatch.evaluation.ngram_training import FOLDS, TrainingText, apart, learned
from lurewatch.evaluation.training import train, train_voices, unmet


class Example(NamedTuple):
    """A labelled listing, what it shows, and its words."""

    item: Listing
    shown: TextFeatures
    text: TrainingText

    def features(self, ngrams: NgramModel, voices: StanceWeights) -> list[Feature]:
        """Return all that is argued in the listing, worded and voiced as was learned."""
        return features(self.shown, self.shown.stance(ngrams, voices), self.item.raw)


class LearnedScore(NamedTuple):
    """All that is learned."""

    weights: Weights
    ngrams: NgramModel
    alone: tuple[float, float] = (0.0, 0.0)
    """Average precision of each sum of the n-gram model alone, for lures and for reports, as learned from other texts."""


def examples(items: Sequence[Listing], assessor: Assessor) -> list[Example]:
    """Return ``items`` made ready for learning and judging."""
    return [_example(item, assessor.shown(item.raw)) for item in items]


def _example(item: Listing, shown: TextFeatures) -> Example:
    folded = text_of(shown.codes.astype(np.uint32))
    return Example(item, shown, TrainingText(folded, item.kind, item.group, item.weight, item.language, item.stance_known))


def learn(known: Sequence[Example]) -> LearnedScore:
    """Return the score learned from ``known``; raise DataError without scikit-learn or with one label only."""
    texts = [one.text for one in known]
    labels, reports = [one.item.label for one in known], [one.item.reports for one in known]
    models = apart(texts, folds([one.item for one in known], FOLDS))
    told = [ngrams.score(one.shown.codes) for one, ngrams in zip(known, models, strict=True)]
    worded = [found.reports if found else 0.0 for found in told]
    alone = average_precision(labels, [found.value if found else 0.0 for found in told]), average_precision(reports, worded)
    cues = [cue_features(one.shown.found, value, one.shown.repeated) for one, value in zip(known, worded, strict=True)]
    weights = [one.item.weight for one in known]
    certain = [number for number, one in enumerate(known) if one.item.stance_known]
    voices = train_voices(
        [cues[number] for number in certain],
        [reports[number] for number in certain],
        [weights[number] for number in certain],
    )
    argued = [one.features(ngrams, voices) for one, ngrams in zip(known, models, strict=True)]
    points = train(argued, labels, weights)
    fusion = fused(
        [sum(points.get(one.name, 0.0) * one.value for one in features_of) for features_of in argued],
        [sum(one.value for one in features_of if one.name == WORDING) for features_of in argued],
        labels,
        [bool(one.item.source) for one in known],
    )
    points[WORDING] = fusion.wording
    made = Weights(points=points, voices=voices, middle=fusion.middle, spread=fusion.spread, prior=PRIOR)
    return LearnedScore(made, learned(texts), alone)


def judged(one: Example, by: LearnedScore) -> tuple[float, str]:
    """Return score and tag of a listing."""
    made = signals(one.features(by.ngrams, by.weights.voices), by.weights, one.item.raw)
    return score(made, by.weights), tag(made)


def trained(items: Sequence[Listing], *, seeds: Path) -> LearnedScore:
    """Return what is learned from ``items``: the same each time. Indicators no text shows keep the points they start from."""
    known = examples(items, Assessor(seeds))
    made = learn(known)
    shown = [one.features(made.ngrams, made.weights.voices) for one in known]
    kept = unmet(lexicon(seeds / "lures").indicators.values(), shown)
    points = kept | made.weights.points
    return made._replace(weights=replace(made.weights, points=dict(sorted(points.items()))))
