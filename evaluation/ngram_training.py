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
from evaluation.measures import DataError
from lurewatch.models.labelled_listings import NO_OFFER, POSITIVE

FOLDS = 5
"""Parts for what is told of texts that were not learned from: campaigns stay whole."""
Floats = npt.NDArray[np.float64]
CLASSES: Mapping[str, tuple[str, ...]] = {"lure": POSITIVE, "report": NO_OFFER, **{kind: (kind,) for kind in KINDS}}
"""For each sum (``enrichment.ngram_model.SUMS``) the classes of listings it speaks for."""
NEVER = -4.0
"""The bias of a sum that no text speaks for."""
SEEN = 3
"""Of how many authors a piece must come to be learned: the texts of one campaign share names."""
SOFTNESS = 30.0
"""Inverse strength of the regularisation; 10 to 100 measure the same on texts not learned from."""
BALANCED = ("lure", "report")
"""Sums for which each language must hold as much of either side, so that the language itself tells nothing."""
SCALED_LEAST, SCALED_MOST = 0.2, 5.0
"""What the weight of a text is multiplied by for that, at least and at most."""
FAINT = 0.02
"""Points below which a piece is left out of the file: they change no third digit."""


class TrainingText(NamedTuple):
    """A folded text without contacts, names and quotations, what it is, and whose (a campaign has one author)."""

    folded: str
    kind: str
    """Class of the listing (``lurewatch.models.labelled_listings``)."""
    author: str
    weight: float = 1.0
    """How many texts it counts as."""
    language: str = "und"
    stance_known: bool = True
    """False where its class leaves open whether it offers anything: the stance is not learned from it."""


def learned(texts: Sequence[TrainingText]) -> NgramModel:
    """Return the pieces learned from ``texts``; raise DataError without scikit-learn, or when one of the labels is missing."""
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as exc:
        raise DataError("training needs scikit-learn; install the extra: pip install 'lurewatch[train]'") from exc
    weights = np.array([text.weight for text in texts])
    wanted = {name: np.array([text.kind in kinds for text in texts]) for name, kinds in CLASSES.items()}
    everything = np.ones(len(texts), np.bool_)
    rows_of = dict.fromkeys(CLASSES, everything) | {"report": np.array([text.stance_known for text in texts])}
    if any(len({*wanted[name][rows_of[name]].tolist()}) < 2 for name in BALANCED):
        raise DataError("training needs lures, reports and honest offers; the files hold one kind only")
    entries = [ngrams_of(text) for text in texts]
    chosen = _of_several(texts, entries)
    rows = [columns_of(chosen, keys) for keys in entries]
    counted = np.bincount(np.concatenate(rows), minlength=len(chosen))
    rarity = np.log((1 + len(entries)) / (1 + counted)) + 1
    table = tfidf(rows, rarity)

    languages = np.array([text.language for text in texts])

    def fitted(name: str) -> tuple[Floats, float]:
        used = np.flatnonzero(rows_of[name])
        sides, weight = wanted[name][used], weights[used]
        if not sides.any():
            return np.zeros(len(chosen)), NEVER
        if name in BALANCED:
            weight = balanced(sides, weight, languages[used])
        # The dual problem: there are far fewer texts than pieces.
        model = LogisticRegression(
            C=SOFTNESS, class_weight="balanced", max_iter=3000, solver="liblinear", dual=True, tol=1e-3, random_state=0
        )
        value = model.fit(table[used], sides, sample_weight=weight)
        return value.coef_[0], float(value.intercept_[0])

    sums = [fitted(name) for name in CLASSES]
    learned_points = np.column_stack([rarity, *(points for points, _ in sums)])
    kept = np.abs(learned_points[:, 1:]).max(axis=1) >= FAINT
    points = np.rint(learned_points[kept] * HUNDREDTHS).astype(np.int32)
    return NgramModel(chosen[kept], points, tuple([round(bias * HUNDREDTHS) for _, bias in sums]))


def balanced(sides: npt.NDArray[np.bool_], weights: Floats, languages: npt.NDArray[np.str_]) -> Floats:
    """Return ``weights`` scaled so that in each language both sides weigh the same; a language with one side stays as it is."""
    scaled = weights.copy()
    for language in np.unique(languages):
        own = languages == language
        half = weights[own].sum() / 2
        parts = [own & sides, own & ~sides]
        if all(part.any() for part in parts):
            for part in parts:
                scaled[part] *= np.clip(half / weights[part].sum(), SCALED_LEAST, SCALED_MOST)
    return scaled


def _of_several(texts: Sequence[TrainingText], entries: Sequence[Keys]) -> Keys:
    """Return the pieces that come from enough authors, in order."""
    authors: dict[str, list[Keys]] = defaultdict(list)
    for text, keys in zip(texts, entries, strict=True):
        authors[text.author].append(keys)
    everything = np.concatenate([np.unique(np.concatenate(keys)) for keys in authors.values()])
    pieces, count = np.unique(everything, return_counts=True)
    return pieces[count >= SEEN]


def ngrams_of(text: TrainingText) -> Keys:
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


def apart(texts: Sequence[TrainingText], sides: Sequence[int]) -> list[NgramModel]:
    """Return for each text what was learned from the texts of the other sides only, so that none is judged by itself."""
    ngram_models = {
        side: learned([text for text, other in zip(texts, sides, strict=True) if other != side]) for side in sorted({*sides})
    }
    return [ngram_models[side] for side in sides]
