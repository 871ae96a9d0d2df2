"""`lurewatch eval real`: lures among real texts, with the shipped score, and learned anew without the texts judged.

Cross-validation keeps near duplicates (the collectors' clusters) on one side; leave-one-source-out learns nothing from the file
a text comes from. The lexicon stays as it is in both.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from enrichment.assess import Assessor, PostingText
from enrichment.scoring import FLAGGED
from lurewatch.evaluation.calibration import calibration
from lurewatch.evaluation.learning import Example, examples, judged, learn
from lurewatch.evaluation.listings import Listing, folds, listings
from lurewatch.evaluation.measures import average_precision
from lurewatch.evaluation.real_tables import render
from lurewatch.evaluation.real_texts import group, real_texts
from lurewatch.evaluation.text_sets import TextSets

__all__ = ["figures", "render", "report"]

FOLDS = 5
RATES = (0.005, 0.01, 0.02)
"""Shares of the other texts that may be flagged, at which recall is read."""
Progress = Callable[[str], None]


def report(data: Path, *, seeds: Path, texts: TextSets, split: str, progress: Progress) -> dict[str, Any]:
    """Return the figures; ``split`` is ``shipped``, ``cross-validate`` or ``leave-source-out``. Raise DataError."""
    read = real_texts(data, texts.text_labels)
    assessor = Assessor(seeds)
    if split == "shipped":
        scores = _shipped(read.decided, assessor)
    else:
        authored = [item for file in texts.learned() for item in listings(file)]
        sides = _sides(read.decided, split)
        progress(f"reading {len(authored) + len(read.decided)} texts")
        known = examples([*authored, *read.decided], assessor)
        scores = _apart(known[: len(authored)], known[len(authored) :], sides, progress)
    undecided = _shipped(read.undecided, assessor)
    return {
        "split": split,
        "texts": len(read.decided),
        **figures(read.decided, scores),
        "undecided": [sum(score >= FLAGGED for score in undecided), len(undecided)],
    }


def figures(items: Sequence[Listing], scores: Sequence[float]) -> dict[str, Any]:
    """Return average precision, recall per group at given shares of others flagged, what is flagged per source, calibration."""
    labels = [item.label for item in items]
    others = sorted((score for score, label in zip(scores, labels, strict=True) if not label), reverse=True)
    bounds = {"score 50": FLAGGED, **{f"{rate:.1%}": _bound(others, rate) for rate in RATES}}
    read = calibration(labels, scores)
    return {
        "lures": sum(labels),
        "average_precision": average_precision(labels, scores),
        "recall": {name: _recall(items, scores, bound) for name, bound in bounds.items()},
        "flagged": _flagged(items, scores),
        "brier": read.brier,
        "calibration_error": read.error,
        "reliability": [one._asdict() for one in read.bins],
    }


def _bound(others: Sequence[float], rate: float) -> float:
    """Return the lowest score at which no more than ``rate`` of the others, ranked, are flagged."""
    allowed = int(len(others) * rate)
    return others[allowed] + 1e-9 if allowed < len(others) else 0.0


def _recall(items: Sequence[Listing], scores: Sequence[float], bound: float) -> dict[str, Any]:
    groups: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    wrong = total = 0
    for item, score in zip(items, scores, strict=True):
        if item.label:
            groups[group(item)][0] += score >= bound
            groups[group(item)][1] += 1
        else:
            wrong, total = wrong + (score >= bound), total + 1
    shares = [hits / count for hits, count in groups.values()]
    return {"groups": dict(sorted(groups.items())), "mean": sum(shares) / len(shares), "others": [wrong, total]}


def _flagged(items: Sequence[Listing], scores: Sequence[float]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for item, score in zip(items, scores, strict=True):
        if not item.label:
            row = found[f"{item.source} {item.kind}"]
            row[0] += score >= FLAGGED
            row[1] += 1
    return dict(sorted(found.items()))


def _shipped(items: Sequence[Listing], assessor: Assessor) -> list[float]:
    return [made.score for made in assessor.assess_all(PostingText(item.id, item.title, item.text) for item in items)]


def _sides(items: Sequence[Listing], split: str) -> list[int]:
    if split == "cross-validate":
        return folds(items, FOLDS)
    names = sorted({item.source for item in items})
    return [names.index(item.source) for item in items]


def _apart(authored: Sequence[Example], real: Sequence[Example], sides: Sequence[int], progress: Progress) -> list[float]:
    scores = [0.0] * len(real)
    for side in sorted({*sides}):
        progress(f"learning without part {side + 1} of {max(sides) + 1}")
        made = learn([*authored, *(one for one, other in zip(real, sides, strict=True) if other != side)])
        for number, one in enumerate(real):
            if sides[number] == side:
                scores[number] = judged(one, made)[0]
    return scores
