"""Learns the n-gram model from labelled texts: a logistic regression for each sum over the n-grams of ``enrichment.ngram_model``.

Deterministic, a minute or two. Needs scikit-learn (the extra ``dev``); reading what was learned does not.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from enrichment.ngram_model import HUNDREDTHS, KINDS, Keys, NgramModel, grams
from enrichment.text.characters import Points
from enrichment.text.views import codes_of
from lurewatch.evaluation.listings import NO_OFFER, POSITIVE
from lurewatch.evaluation.measures import DataError

FOLDS = 5
"""Parts for what is told of texts that were not learned from: campaigns stay whole."""
CLASSES: Mapping[str, tuple[str, ...]] = {"lure": POSITIVE, "report": NO_OFFER, **{kind: (kind,) for kind in KINDS}}
"""For each sum (``enrichment.ngram_model.SUMS``) the classes of listings it speaks for."""
NEVER = -4.0
"""The bias of a sum that no text speaks for."""
SEEN = 3
"""Of how many authors a piece must come to be learned: the texts of one campaign share names."""
SOFTNESS = 30.0
"""Inverse strength of the regularisation; 10 to 100 measure the same on texts not learned from."""
FAINT = 0.02
"""Points below which a piece is left out of the file: they change no third digit."""


class Text(NamedTuple):
    """A folded text without contacts, names and quotations, what it is, and whose (a campaign has one author)."""

    folded: str
    kind: str
    """Class of the listing (``lurewatch.evaluation.listings``)."""
    author: str
    weight: float = 1.0
    """How many texts it counts as."""


def learned(texts: Sequence[Text]) -> NgramModel:
    """Return the pieces learned from ``texts``; raise DataError without scikit-learn, or when one of the labels is missing."""
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as exc:
        raise DataError("training needs scikit-learn; install the extra: pip install 'lurewatch[dev]'") from exc
    weights = np.array([text.weight for text in texts])
    wanted = [[text.kind in kinds for text in texts] for kinds in CLASSES.values()]
    if any(len({*sides}) < 2 for sides in wanted[:2]):
        raise DataError("training needs lures, reports and honest offers; the files hold one kind only")
    shown = [ngrams_of(text) for text in texts]
    chosen = _of_several(texts, shown)
    rows = [columns_of(chosen, keys) for keys in shown]
    counted = np.bincount(np.concatenate(rows), minlength=len(chosen))
    rarity = np.log((1 + len(shown)) / (1 + counted)) + 1
    table = tfidf(rows, rarity)

    def fitted(sides: list[bool]) -> tuple[npt.NDArray[np.float64], float]:
        if not any(sides):
            return np.zeros(len(chosen)), NEVER
        # The dual problem: there are far fewer texts than pieces.
        model = LogisticRegression(
            C=SOFTNESS, class_weight="balanced", max_iter=3000, solver="liblinear", dual=True, tol=1e-3, random_state=0
        )
        made = model.fit(table, sides, sample_weight=weights)
        return made.coef_[0], float(made.intercept_[0])

    sums = [fitted(sides) for sides in wanted]
    learned_points = np.column_stack([rarity, *(points for points, _ in sums)])
    kept = np.abs(learned_points[:, 1:]).max(axis=1) >= FAINT
    points = np.rint(learned_points[kept] * HUNDREDTHS).astype(np.int32)
    return NgramModel(chosen[kept], points, tuple([round(bias * HUNDREDTHS) for _, bias in sums]))


def _of_several(texts: Sequence[Text], shown: Sequence[Keys]) -> Keys:
    """Return the pieces that come from enough authors, in order."""
    authors: dict[str, list[Keys]] = defaultdict(list)
    for text, keys in zip(texts, shown, strict=True):
        authors[text.author].append(keys)
    everything = np.concatenate([np.unique(np.concatenate(keys)) for keys in authors.values()])
    pieces, count = np.unique(everything, return_counts=True)
    return pieces[count >= SEEN]


def ngrams_of(text: Text) -> Keys:
    """Return the keys of the n-grams of a text, each once, in order."""
    return np.unique(grams(codes_of(text.folded).astype(np.intp)))


def columns_of(chosen: Keys, keys: Keys) -> Points:
    """Return where those of ``keys`` that are in ``chosen``, which is in order, stand there."""
    places = np.minimum(chosen.searchsorted(keys), len(chosen) - 1)
    columns: Points = places[chosen[places] == keys]
    return columns


def tfidf(rows: Sequence[Points], rarity: npt.NDArray[np.float64]) -> Any:
    """Return texts by n-grams (a scipy sparse matrix) from the columns of each text: the rarity of each, of length 1 a text."""
    from scipy.sparse import csr_matrix

    lengths = [float(np.sqrt(np.sum(rarity[columns] ** 2))) or 1.0 for columns in rows]
    values = np.concatenate([rarity[columns] / length for columns, length in zip(rows, lengths, strict=True)])
    return csr_matrix((values, np.concatenate(rows), np.cumsum([0, *map(len, rows)])), shape=(len(rows), len(rarity)))


def apart(texts: Sequence[Text], sides: Sequence[int]) -> list[NgramModel]:
    """Return for each text what was learned from the texts of the other sides only, so that none is judged by itself."""
    made = {side: learned([text for text, other in zip(texts, sides, strict=True) if other != side]) for side in sorted({*sides})}
    return [made[side] for side in sides]
