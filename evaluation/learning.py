"""Learns the score from labelled listings: the n-gram model, the points of every argument, and how both are fused.

What the n-gram model says of a text comes from n-grams learned from other texts, so it is not flattered by having seen it. That a
text is worded like a lure comes from other sources, so that wording weighs in the score what it is worth on texts of a source
that nobody taught.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from enrichment.assess import Assessor
from enrichment.features import WORDING, Feature, TextFeatures, features
from enrichment.lexicon.lexicon import lexicon
from enrichment.ngram_model import NgramModel, script_of
from enrichment.scoring import Weights, score, signals, tag
from enrichment.stance_cues import StanceWeights, cue_features
from evaluation.fusion import PRIOR, fused
from evaluation.labelled_listings import Listing, folds, folds_of_sources
from evaluation.measures import average_precision
from evaluation.ngram_training import FOLDS, TrainingText, learn_apart, learn_ngrams, ngrams_of
from evaluation.training import train, train_voices, unmet


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
    return [_example(item, assessor.text_features(item.raw)) for item in items]


def _example(item: Listing, shown: TextFeatures) -> Example:
    text = TrainingText(ngrams_of(shown.codes), item.kind, item.origin, item.language, item.stance_known, script_of(shown.codes))
    return Example(item, shown, text)


def learn(known: Sequence[Example]) -> LearnedScore:
    """Return the score learned from ``known``; raise DataError without scikit-learn or with one label only."""
    texts = [example.text for example in known]
    labels, reports = [example.item.label for example in known], [example.item.reports for example in known]
    items = [example.item for example in known]
    models = learn_apart(texts, {"lure": folds_of_sources(items, FOLDS), "report": folds(items, FOLDS)})
    ngram_scores = [ngrams.score(example.shown.codes) for example, ngrams in zip(known, models, strict=True)]
    worded = [ngram_score.reports if ngram_score else 0.0 for ngram_score in ngram_scores]
    alone = (
        average_precision(labels, [ngram_score.value if ngram_score else 0.0 for ngram_score in ngram_scores]),
        average_precision(reports, worded),
    )
    cues = [
        cue_features(example.shown.found, value, example.shown.repeated) for example, value in zip(known, worded, strict=True)
    ]
    weights = [example.item.weight for example in known]
    certain = [number for number, example in enumerate(known) if example.item.stance_known]
    voices = train_voices(
        [cues[number] for number in certain],
        [reports[number] for number in certain],
        [weights[number] for number in certain],
    )
    argued = [example.features(ngrams, voices) for example, ngrams in zip(known, models, strict=True)]
    points = train(argued, labels, weights)
    fusion = fused(
        [sum(points.get(feature.name, 0.0) * feature.value for feature in features_of) for features_of in argued],
        [sum(feature.value for feature in features_of if feature.name == WORDING) for features_of in argued],
        labels,
        [bool(example.item.source) for example in known],
    )
    points[WORDING] = fusion.wording
    result = Weights(points=points, voices=voices, middle=fusion.middle, spread=fusion.spread, prior=PRIOR)
    return LearnedScore(result, learn_ngrams(texts, models[0].levels), alone)


def judged(example: Example, by: LearnedScore) -> tuple[float, str]:
    """Return score and tag of a listing."""
    entries = signals(example.features(by.ngrams, by.weights.voices), by.weights, example.item.raw)
    return score(entries, by.weights), tag(entries)


def trained(items: Sequence[Listing], *, seeds: Path) -> LearnedScore:
    """Return what is learned from ``items``: the same each time. Indicators no text shows keep the points they start from."""
    known = examples(items, Assessor(seeds))
    learned_score = learn(known)
    entries = [example.features(learned_score.ngrams, learned_score.weights.voices) for example in known]
    kept = unmet(lexicon(seeds / "lures").indicators.values(), entries)
    points = kept | learned_score.weights.points
    return learned_score._replace(weights=replace(learned_score.weights, points=dict(sorted(points.items()))))
