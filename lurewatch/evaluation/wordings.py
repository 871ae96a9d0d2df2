"""Learns how lures are worded from labelled texts: two logistic regressions over the pieces of ``enrichment.wording``.

Deterministic, about a minute. Needs scikit-learn (the extra ``dev``); reading what was learned does not.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from enrichment.characters import Points
from enrichment.text import codes_of
from enrichment.wording import Keys, Term, Wording, grams, piece_of
from lurewatch.evaluation.measures import DataError

FOLDS = 5
"""Parts for what is told of texts that were not learned from: campaigns stay whole."""
SEEN = 3
"""Of how many authors a piece must come to be learned: the texts of one campaign share names."""
SOFTNESS = 30.0
"""Inverse strength of the regularisation; 10 to 100 measure the same on texts not learned from."""
FAINT = 0.02
"""Points below which a piece is left out of the file: they change no third digit."""


class Text(NamedTuple):
    """A folded text without contacts and names, whether it is a lure, whether a report, and whose it is (a campaign has one
    author)."""

    folded: str
    label: int
    reports: int
    author: str


def learned(texts: Sequence[Text], *, names: str = "") -> Wording:
    """Return the pieces learned from ``texts``; raise DataError without scikit-learn, or when one of the labels is missing."""
    try:
        from scipy.sparse import csr_matrix
        from sklearn.linear_model import LogisticRegression
    except ImportError as exc:
        raise DataError("training needs scikit-learn; install the extra: pip install 'lurewatch[dev]'") from exc
    if len({text.label for text in texts}) < 2 or len({text.reports for text in texts}) < 2:
        raise DataError("training needs lures, reports and honest offers; the files hold one kind only")
    shown = [np.unique(grams(codes_of(text.folded).astype(np.intp))) for text in texts]
    chosen = _of_several(texts, shown)
    held = [_places(chosen, keys) for keys in shown]
    counted = np.bincount(np.concatenate(held), minlength=len(chosen))
    rarity = np.log((1 + len(shown)) / (1 + counted)) + 1
    lengths = [np.sqrt(np.sum(rarity[columns] ** 2)) or 1.0 for columns in held]
    values = np.concatenate([rarity[columns] / length for columns, length in zip(held, lengths, strict=True)])
    starts = np.cumsum([0, *map(len, held)])
    table = csr_matrix((values, np.concatenate(held), starts), shape=(len(shown), len(chosen)))

    def fitted(wanted: list[int]) -> tuple[list[float], float]:
        model = LogisticRegression(C=SOFTNESS, class_weight="balanced", max_iter=3000, solver="liblinear", random_state=0)
        made = model.fit(table, wanted)
        return made.coef_[0].tolist(), round(float(made.intercept_[0]), 4)

    points, bias = fitted([text.label for text in texts])
    reports, other = fitted([text.reports for text in texts])
    rows = zip(map(piece_of, chosen.tolist()), points, reports, rarity.tolist(), strict=True)
    return Wording(
        bias=bias, reports=other, trained_on=names,
        terms={piece: Term(round(one, 3), round(two, 3), round(rare, 2)) for piece, one, two, rare in rows
               if max(abs(one), abs(two)) >= FAINT},
    )


def _of_several(texts: Sequence[Text], shown: Sequence[Keys]) -> Keys:
    """Return the pieces that come from enough authors, in order."""
    authors: dict[str, list[Keys]] = defaultdict(list)
    for text, keys in zip(texts, shown, strict=True):
        authors[text.author].append(keys)
    everything = np.concatenate([np.unique(np.concatenate(keys)) for keys in authors.values()])
    pieces, count = np.unique(everything, return_counts=True)
    return pieces[count >= SEEN]


def _places(chosen: Keys, keys: Keys) -> Points:
    """Return where those of ``keys`` that are chosen stand in ``chosen``."""
    places = np.minimum(chosen.searchsorted(keys), len(chosen) - 1)
    held: Points = places[chosen[places] == keys]
    return held


def apart(texts: Sequence[Text], sides: Sequence[int]) -> list[Wording]:
    """Return for each text what was learned from the texts of the other sides only, so that it says nothing it was told."""
    made = {
        side: learned([text for text, other in zip(texts, sides, strict=True) if other != side]) for side in sorted({*sides})
    }
    return [made[side] for side in sides]


def written(made: Wording) -> str:
    """Return the file the assessor reads: one piece a line, so that a change can be reviewed."""
    lines = ",\n".join(f"{encoded(piece)}:[{one.points},{one.reports},{one.rarity}]" for piece, one in sorted(made.terms.items()))
    return f'{{"bias":{made.bias},"reports":{made.reports},"trained_on":{encoded(made.trained_on)},"terms":{{\n{lines}\n}}}}\n'


def encoded(text: str) -> str:
    """Return ``text`` as a JSON string."""
    return msgspec.json.encode(text).decode()
