"""`python -m evaluation real`: lures among real texts, with the shipped score, and learned anew without the texts judged.

Cross-validation keeps near duplicates (the collectors' clusters) on one side; leave-one-source-out learns nothing from the file
a text comes from. The lexicon stays as it is in both. EMSCAD's fraudulent advertisements are no lures of a compound, and nothing
is learned from them: how far the score ranks them above EMSCAD's real ones is told apart, learned without either.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from enrichment.assess import Assessor, PostingText
from enrichment.scoring import FLAGGED
from evaluation.calibration import calibration
from evaluation.labelled_listings import Listing, folds, listings
from evaluation.learning import Example, examples, judged, learn
from evaluation.measures import average_precision, share, sum_rows
from evaluation.public_sources import public_texts
from evaluation.real_texts import group, real_texts
from evaluation.text_sets import TextSets
from evaluation.text_tables import join_lines

FOLDS = 5
FRAUD = "emscad"
"""The source whose undecided texts are fraud of another kind."""
RATES = (0.005, 0.01, 0.02)
"""Shares of the other texts, honest ones and reports together, that may be flagged, at which recall is read."""
Progress = Callable[[str], None]


def report(
    data: Path, *, seeds: Path, texts: TextSets, split: str, progress: Progress, more: Path | None = None
) -> dict[str, Any]:
    """Return the figures; ``split`` is ``shipped``, ``cross-validate`` or ``leave-source-out``, ``more`` the folder of public
    texts, which are only judged. Raise DataError."""
    read = real_texts(data, texts.text_labels)
    public = public_texts(more, texts.public_sources) if more else []
    public_scores: list[float] = []
    assessor = Assessor(seeds)
    fraud: dict[str, Any] = {}
    if split == "shipped":
        scores, public_scores = _shipped(read.decided, assessor), _shipped(public, assessor)
    else:
        authored = [item for file in texts.training_files() for item in listings(file)]
        sides = _sides(read.decided, split)
        progress(f"reading {len(authored) + len(read.decided)} texts")
        known = examples([*authored, *read.decided], assessor)
        other_fraud = [item for item in read.undecided if item.source == FRAUD] if split == "leave-source-out" else []
        real = known[len(authored) :]
        scores, beside = _apart(known[: len(authored)], real, sides, examples(other_fraud, assessor), progress)
        if beside:
            fraud = {
                "emscad": fraud_figures(
                    beside, [score for score, example in zip(scores, real, strict=True) if example.item.source == FRAUD]
                )
            }
        if public:
            progress(f"learning from all real texts, for {len(public)} public ones")
            learned_score = learn(known)
            public_scores = [judged(example, learned_score)[0] for example in examples(public, assessor)]
    undecided = _shipped(read.undecided, assessor)
    return {
        "split": split,
        "texts": len(read.decided),
        **figures(read.decided, scores),
        "undecided": [sum(score >= FLAGGED for score in undecided), len(undecided)],
        **fraud,
        **({"public": public_figures(public, public_scores)} if public else {}),
    }


def public_figures(items: Sequence[Listing], scores: Sequence[float]) -> dict[str, Any]:
    """Return how many of the public texts are flagged, per file, and which."""
    pairs = list(zip(items, scores, strict=True))
    return {
        "flagged": _flagged(items, scores),
        "ids": [item.id for item, score in sorted(pairs, key=lambda pair: -pair[1]) if score >= FLAGGED],
    }


def fraud_figures(fraudulent: Sequence[float], honest: Sequence[float]) -> dict[str, Any]:
    """Return how scores rank fraudulent above honest advertisements (area under the ROC curve, 0.5 is chance), and how many of
    both are flagged."""
    from scipy.stats import mannwhitneyu  # of the extra `train`, which commands that only judge run without

    rank = mannwhitneyu(fraudulent, honest).statistic / (len(fraudulent) * len(honest))
    flagged = [[sum(score >= FLAGGED for score in scores), len(scores)] for scores in (fraudulent, honest)]
    return {"auc": float(rank), "fraud": flagged[0], "honest": flagged[1]}


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
        "reliability": [item._asdict() for item in read.bins],
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
    return {"groups": dict(sorted(groups.items())), "found": sum_rows(groups.values()), "others": [wrong, total]}


def _flagged(items: Sequence[Listing], scores: Sequence[float]) -> dict[str, list[int]]:
    results: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for item, score in zip(items, scores, strict=True):
        if not item.label:
            row = results[f"{item.source} {item.kind}"]
            row[0] += score >= FLAGGED
            row[1] += 1
    return dict(sorted(results.items()))


def _shipped(items: Sequence[Listing], assessor: Assessor) -> list[float]:
    return [assessment.score for assessment in assessor.assess_all(PostingText(item.id, item.title, item.text) for item in items)]


def _sides(items: Sequence[Listing], split: str) -> list[int]:
    if split == "cross-validate":
        return folds(items, FOLDS)
    names = sorted({item.source for item in items})
    return [names.index(item.source) for item in items]


def _apart(
    authored: Sequence[Example],
    real: Sequence[Example],
    sides: Sequence[int],
    beside: Sequence[Example],
    progress: Progress,
) -> tuple[list[float], list[float]]:
    """Return the scores of ``real`` texts, each learned without its side, and of those ``beside`` them, without their source."""
    scores = [0.0] * len(real)
    scores_beside: list[float] = []
    for side in sorted({*sides}):
        progress(f"learning without part {side + 1} of {max(sides) + 1}")
        learned_score = learn([*authored, *(item for item, other in zip(real, sides, strict=True) if other != side)])
        for number, example in enumerate(real):
            if sides[number] == side:
                scores[number] = judged(example, learned_score)[0]
        left_out = {item.item.source for item, other in zip(real, sides, strict=True) if other == side}
        scores_beside += [judged(item, learned_score)[0] for item in beside if item.item.source in left_out]
    return scores, scores_beside


@join_lines
def render(results: dict[str, Any]) -> Iterator[str]:
    """Return the figures as tables for people; shares stand with their 95 % Wilson intervals."""
    yield f"{results['texts']} real texts, {results['lures']} of them lures; {results['split']}"
    yield (
        f"average precision {results['average_precision']:.3f}   Brier {results['brier']:.3f}   "
        f"expected calibration error {results['calibration_error']:.3f}"
    )
    for name, row in results["recall"].items():
        groups = "  ".join(f"{entry} {share(*counts)}" for entry, counts in row["groups"].items())
        yield f"found at {name:9} {share(*row['found'])}   others flagged {share(*row['others'])}\n    {groups}"
    yield f"\n{'others flagged at score 50':34}"
    for name, (hits, total) in results["flagged"].items():
        yield f"{name:34} {share(hits, total)}"
    hits, total = results["undecided"]
    yield f"{'undecided (neither counted)':34} {hits}/{total}"
    if fraud := results.get("emscad"):
        yield (
            f"EMSCAD, learned without it: fraud ranked above real advertisements, AUC {fraud['auc']:.3f}; "
            f"flagged {share(*fraud['fraud'])} of the fraud and {share(*fraud['honest'])} of the others"
        )
    if public := results.get("public"):
        hits, total = (sum(counts[place] for counts in public["flagged"].values()) for place in (0, 1))
        yield f"\n{'public texts flagged':34} {share(hits, total)}"
        for name, (wrong, count) in public["flagged"].items():
            yield f"{name:34} {share(wrong, count)}"
    yield "\nscore      texts   mean score   share of lures"
    for item in results["reliability"]:
        low = item["low"] * 100
        yield f"{low:3.0f}-{low + 10:3.0f}   {item['texts']:6.0f}   {item['score']:10.3f}   {item['lures']:14.3f}"
