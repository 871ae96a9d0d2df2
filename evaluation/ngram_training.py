"""Learns the n-gram model from labelled texts: a logistic regression for each sum over the n-grams of ``enrichment.ngram_model``.

A source has its own wording, and its own share of lures: where a file of honest adverts is the only one in its language, all its
words would speak against a lure. So each source has a column of its own for each language, which takes up what tells it from the
others, and the n-grams are left with what tells lures from others within sources. The columns are learned with the n-grams and
left out of the model (as fixed effects). A second vote is learned without them, more firmly held, and both are added up in one
table: it finds more in real texts of sources not learned from, the first more in authored ones. Whether a text reports is learned
without columns: warnings and news mostly come from sources that hold nothing else.

Deterministic, some seconds. Needs scikit-learn (the extra ``dev``); reading what was learned does not.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from enrichment.ngram_model import HUNDREDTHS, SIZE, UNLEVELLED, NgramModel, pieces
from enrichment.text.characters import Points
from evaluation.labelled_listings import NO_OFFER, POSITIVE
from evaluation.measures import DataError

FOLDS = 5
"""Parts for what is told of texts that were not learned from: sources and campaigns stay whole."""
Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int32]
CLASSES: Mapping[str, tuple[str, ...]] = {"lure": POSITIVE, "report": NO_OFFER}
"""For each sum (``enrichment.ngram_model.SUMS``) the classes of listings it speaks for."""
SOFTNESS = 100.0
"""Inverse strength of the regularisation; 30 to 100 measure alike on sources not learned from."""
OWN = 0.5
"""How freely a source takes up what is its own, beside the n-grams of a text, which have length 1: at 0 wording that one source
has speaks for or against lures, at 3 the sources explain all; 0.3 to 1 measure alike."""
ACROSS, SOFTNESS_ACROSS = 0.4, 10.0
"""Share of the second vote, and its softness (docs/decisions/0239-late-fusion.md)."""
LEAST_OF_SCRIPT = 40
"""Others that a script is compared by at least."""
ALARMS = 0.9
"""Share of the others that must be worded alike in all scripts, beside half of them."""
LEAST_LACK = 0.5
"""Log-odds that the others of a script must lie lower to be levelled: less may be chance."""
LEAST_SPREAD = 0.5
"""Log-odds between both, at least."""
LARGEST = 32_000
"""Hundredths the file can hold."""


class TrainingText(NamedTuple):
    """What of a text is learned from: its n-grams without contacts, names and quotations, what it is, and where it comes from."""

    ngrams: Points
    """Their places in the table, each once, in order (``ngrams_of``)."""
    kind: str
    """Class of the listing (``evaluation.labelled_listings``)."""
    source: str = ""
    """Where its wording comes from (``Listing.origin``)."""
    language: str = "und"
    stance_known: bool = True
    """False where its class leaves open whether it offers anything: the stance is not learned from it."""
    script: int = 0
    """What most of its letters are (``enrichment.ngram_model.script_of``)."""


class _Material:
    """Texts as a table, and what is told of them."""

    def __init__(self, texts: Sequence[TrainingText]) -> None:
        """Count the n-grams; raise DataError without scikit-learn, or when one of the labels is missing."""
        try:
            from scipy.sparse import hstack
            from sklearn.linear_model import LogisticRegression
        except ImportError as exc:
            raise DataError("training needs scikit-learn; install the extra: pip install 'lurewatch[train]'") from exc
        self._solver = LogisticRegression
        self._wanted = {name: np.array([text.kind in kinds for text in texts]) for name, kinds in CLASSES.items()}
        self._known = {"lure": np.ones(len(texts), np.bool_), "report": np.array([text.stance_known for text in texts])}
        if any(len({*self._wanted[name][self._known[name]].tolist()}) < 2 for name in CLASSES):
            raise DataError("training needs lures, reports and honest offers; the files hold one kind only")
        entries = [text.ngrams for text in texts]
        counted = np.bincount(np.concatenate(entries), minlength=SIZE)
        self.rarity = np.where(counted, np.log((1 + len(entries)) / (1 + counted)) + 1, 0.0)
        self._ngrams = tfidf(entries, self.rarity)
        self._scripts = np.array([text.script for text in texts])
        by_source = hstack([self._ngrams, OWN * _own_columns(texts)]).tocsr()
        self._tables = {
            "lure": ((by_source, SOFTNESS, 1 - ACROSS), (self._ngrams, SOFTNESS_ACROSS, ACROSS)),
            "report": ((self._ngrams, SOFTNESS, 1.0),),
        }

    def fit(self, name: str, rows: npt.NDArray[np.bool_]) -> tuple[Floats, int]:
        """Return the points of a sum and its bias in hundredths, learned from some of the texts."""
        used = np.flatnonzero(self._known[name] & rows)
        points, bias = np.zeros(SIZE), 0.0
        for table, softness, share in self._tables[name]:
            # The dual problem: there are far fewer texts than pieces.
            model = self._solver(
                C=softness, class_weight="balanced", max_iter=3000, solver="liblinear", dual=True, tol=1e-2, random_state=0
            ).fit(table[used], self._wanted[name][used])
            points += share * model.coef_[0][:SIZE]
            bias += share * float(model.intercept_[0])
        return points, round(bias * HUNDREDTHS)

    def level(self, sides: npt.NDArray[np.int_], fitted: Mapping[int, tuple[Floats, int]]) -> Levels:
        """Return what brings each script whose others are worded far less like lures than those in Latin letters to the same:
        half of them, and ``ALARMS`` of them, by what the sum of its other side says of each text."""
        odds = np.zeros(len(sides))
        for side, (points, bias) in fitted.items():
            odds[sides == side] = self._ngrams[sides == side] @ points + bias / HUNDREDTHS
        levels, others = UNLEVELLED.copy(), ~self._wanted["lure"]
        found = {
            script: np.quantile(odds[chosen], (0.5, ALARMS))
            for script in np.unique(self._scripts).tolist()
            if (chosen := others & (self._scripts == script)).sum() >= LEAST_OF_SCRIPT
        }
        if 0 not in found:
            return levels
        middle, most = found[0]
        for script, (own_middle, own_most) in found.items():
            if own_most < most - LEAST_LACK:
                slope = (most - middle) / max(own_most - own_middle, LEAST_SPREAD)
                levels[script] = np.rint(np.array((most - own_most, max(1.0, slope), most)) * HUNDREDTHS)
        return levels

    def model(self, sums: Sequence[tuple[Floats, int]], levels: Levels) -> NgramModel:
        """Return the model of the sums, in the order of ``CLASSES``."""
        points = np.column_stack([self.rarity, *(some for some, _ in sums)])
        return NgramModel(hundredths(points), tuple([bias for _, bias in sums]), levels)


def learn_ngrams(texts: Sequence[TrainingText], levels: Levels = UNLEVELLED) -> NgramModel:
    """Return the points learned from ``texts``; raise DataError without scikit-learn, or when one of the labels is missing."""
    material = _Material(texts)
    return material.model([material.fit(name, np.ones(len(texts), np.bool_)) for name in CLASSES], levels)


def learn_apart(texts: Sequence[TrainingText], sides: Mapping[str, Sequence[int]]) -> list[NgramModel]:
    """Return for each text a model in which each sum was learned from the texts of its other ``sides`` only, so that none is
    judged by itself."""
    material = _Material(texts)
    parts = {name: np.array(side) for name, side in sides.items()}
    fitted = {(name, side): material.fit(name, part != side) for name, part in parts.items() for side in np.unique(part).tolist()}
    levels = material.level(parts["lure"], {side: fitted["lure", side] for side in np.unique(parts["lure"]).tolist()})
    models: dict[tuple[int, ...], NgramModel] = {}
    results = []
    for each in zip(*(sides[name] for name in CLASSES), strict=True):
        if each not in models:
            models[each] = material.model([fitted[name, side] for name, side in zip(CLASSES, each, strict=True)], levels)
        results.append(models[each])
    return results


def hundredths(points: Floats) -> npt.NDArray[np.int16]:
    """Return points as a model holds them."""
    return np.rint(np.clip(points * HUNDREDTHS, -LARGEST, LARGEST)).astype(np.int16)


def _own_columns(texts: Sequence[TrainingText]) -> Any:
    """Return texts by sources, each language of a source for itself (a scipy sparse matrix of ones)."""
    from scipy.sparse import csr_matrix

    names = [f"{text.source}:{text.language}" for text in texts]
    column = {name: number for number, name in enumerate(sorted({*names}))}
    return csr_matrix((np.ones(len(texts)), (np.arange(len(texts)), [column[name] for name in names])))


def ngrams_of(codes: Points) -> Points:
    """Return the places of the n-grams of folded code points, each once, in order."""
    return np.unique(pieces(codes).places)


def tfidf(rows: Sequence[Points], rarity: Floats) -> Any:
    """Return texts by n-grams (a scipy sparse matrix) from the places of each text: the rarity of each, of length 1 a text."""
    from scipy.sparse import csr_matrix

    lengths = [float(np.sqrt(np.sum(rarity[places] ** 2))) or 1.0 for places in rows]
    values = np.concatenate([rarity[places] / length for places, length in zip(rows, lengths, strict=True)])
    return csr_matrix((values, np.concatenate(rows), np.cumsum([0, *map(len, rows)])), shape=(len(rows), len(rarity)))
