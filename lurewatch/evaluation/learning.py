"""Learns the score from labelled listings: how lures are worded, then the points of every argument with that one among them.

What the wording says of a text is told by terms learned from other texts, so its points are not flattered by having seen it.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from msgspec import to_builtins
from msgspec.structs import replace

from enrichment.arguments import Argument, Shown, arguments
from enrichment.assess import Assessor
from enrichment.lexicon import lexicon
from enrichment.lures import Weights, score, signals, tag
from enrichment.text import text_of
from enrichment.voice import Voices, features
from enrichment.wording import Wording
from lurewatch.evaluation.listings import Listing, folds, listings
from lurewatch.evaluation.measures import average_precision
from lurewatch.evaluation.training import train, train_voices, unmet
from lurewatch.evaluation.wordings import FOLDS, Text, apart, learned


class Example(NamedTuple):
    """A labelled listing, what it shows, and its words."""

    item: Listing
    shown: Shown
    text: Text

    def arguments(self, wording: Wording, voices: Voices) -> list[Argument]:
        """Return all that is argued in the listing, worded and voiced as was learned."""
        return arguments(self.shown, self.shown.stance(wording, voices), self.item.raw)


class Score(NamedTuple):
    """All that is learned."""

    weights: Weights
    wording: Wording
    alone: tuple[float, float] = (0.0, 0.0)
    """Average precision of each sum of the wording alone, for lures and for reports, as learned from other texts."""


def examples(items: Sequence[Listing], assessor: Assessor) -> list[Example]:
    """Return ``items`` made ready for learning and judging."""
    return [_example(item, assessor.shown(item.raw)) for item in items]


def _example(item: Listing, shown: Shown) -> Example:
    return Example(item, shown, Text(text_of(shown.codes.astype(np.uint32)), item.kind, item.group, item.weight))


def learn(known: Sequence[Example], *, names: str = "") -> Score:
    """Return the score learned from ``known``; raise DataError without scikit-learn or with one label only."""
    texts = [one.text for one in known]
    labels, reports = [one.item.label for one in known], [one.item.reports for one in known]
    wordings = apart(texts, folds([one.item for one in known], FOLDS))
    told = [wording.told(one.shown.codes) for one, wording in zip(known, wordings, strict=True)]
    worded = [found.reports if found else 0.0 for found in told]
    alone = average_precision(labels, [found.value if found else 0.0 for found in told]), average_precision(reports, worded)
    cues = [features(one.shown.found, value, one.shown.repeated) for one, value in zip(known, worded, strict=True)]
    weights = [one.item.weight for one in known]
    voices = train_voices(cues, reports, weights)
    points = train([one.arguments(wording, voices) for one, wording in zip(known, wordings, strict=True)], labels, weights)
    return Score(Weights(points=points, voices=voices, trained_on=names), learned(texts, names=names), alone)


def judged(one: Example, by: Score) -> tuple[float, str]:
    """Return score and tag of a listing."""
    made = signals(one.arguments(by.wording, by.weights.voices), by.weights, one.item.raw)
    return score(made), tag(made)


def trained(files: Sequence[Path], *, seeds: Path) -> tuple[Score, int]:
    """Return what is learned from the listings of ``files``, and how many there were: the same each time.

    Indicators no text shows keep the points they start from.
    """
    known = examples([item for file in files for item in listings(file)], Assessor(seeds))
    made = learn(known, names=", ".join(file.name for file in files))
    shown = [one.arguments(made.wording, made.weights.voices) for one in known]
    kept = unmet(lexicon(seeds / "lures").indicators.values(), shown)
    points = kept | made.weights.points
    return made._replace(weights=replace(made.weights, points=dict(sorted(points.items())))), len(known)


def written(made: Weights) -> str:
    """Return the points as the file the assessor reads: one a line, so that a change of one can be reviewed."""
    return json.dumps(to_builtins(made), indent=0, sort_keys=True) + "\n"
