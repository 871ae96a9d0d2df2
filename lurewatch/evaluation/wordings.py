"""Learns how lures are worded from labelled texts: a logistic regression over the terms of ``enrichment.wording``.

Deterministic, seconds. Needs scikit-learn (the extra ``dev``); reading what was learned does not.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from enrichment.contact_labels import FRAGMENTS, LABELS
from enrichment.places import spellings
from enrichment.text import bare
from enrichment.wording import Term, Wording, terms
from lurewatch.evaluation.measures import DataError

FOLDS = 5
"""Parts for what is told of texts that were not learned from: campaigns stay whole."""
SEEN = 2
"""Of how many authors a term must come to be learned: the texts of one campaign share names."""
SOFTNESS = 30.0
"""Inverse strength of the regularisation; 10 to 100 measure the same on texts not learned from."""
FAINT = 0.02
"""Points below which a term is left out of the file: they change no third digit."""


class Barred:
    """What must never be learned: places, countries, peoples and the names of messengers, whole or in part."""

    def __init__(self, seeds: Path) -> None:
        """Read ``places.yml`` and ``evaluation/barred.txt`` of ``seeds``; raise GazetteerError, OSError."""
        lines = (seeds / "evaluation" / "barred.txt").read_text(encoding="utf-8").splitlines()
        peoples = {word for line in lines if not line.startswith("#") for word in line.split()}
        messengers = {word for name, words in LABELS.items() if name != "phone" for word in words.split()}
        listed = {form for form, _ in spellings(seeds / "places.yml")} | {bare(word) for word in (*messengers, *peoples)}
        parts = [(word, form) for form in listed for word in form.replace("-", " ").split()]
        words = {word for word, form in parts if word == form or len(word) >= 4} - FRAGMENTS
        self._whole = frozenset(words)
        self._starts = frozenset(word[:5] for word in words if len(word) >= 5)
        self._heads = frozenset(word[:size] for word in words for size in (4, 6) if len(word) > size)
        self._unspaced = "\n".join(sorted(listed))

    def __call__(self, term: str) -> bool:
        """Tell whether ``term`` names any of it."""
        return any(self._names(word) for word in bare(term).rstrip("~").split(" "))

    def _names(self, word: str) -> bool:
        if word in self._whole or word[:5] in self._starts:
            return True
        if word >= "\u0e00":
            return len(word) > 1 and word in self._unspaced
        return len(word) >= 4 and word in self._heads


class Text(NamedTuple):
    """A folded text without its contacts and places, whether it is a lure, whether a report, and whose it is (a campaign has one
    author)."""

    folded: str
    label: int
    reports: int
    author: str


def learned(texts: Sequence[Text], barred: Callable[[str], bool], *, names: str = "") -> Wording:
    """Return the terms learned from ``texts``; raise DataError without scikit-learn, or when one of the labels is missing."""
    try:
        from scipy.sparse import csr_matrix
        from sklearn.linear_model import LogisticRegression
    except ImportError as exc:
        raise DataError("training needs scikit-learn; install the extra: pip install 'lurewatch[dev]'") from exc
    if len({text.label for text in texts}) < 2 or len({text.reports for text in texts}) < 2:
        raise DataError("training needs lures, reports and honest offers; the files hold one kind only")
    shown = [terms(text.folded) for text in texts]
    authors: dict[str, set[str]] = defaultdict(set)
    counted: Counter[str] = Counter()
    for text, one in zip(texts, shown, strict=True):
        counted.update(one)
        for term in one:
            authors[term].add(text.author)
    chosen = sorted(term for term, known in authors.items() if len(known) >= SEEN and not barred(term))
    column = {term: number for number, term in enumerate(chosen)}
    rarity = np.array([math.log((1 + len(shown)) / (1 + counted[term])) + 1 for term in chosen])
    starts, columns, values = [0], [], []
    for one in shown:
        known = sorted(column[term] for term in one if term in column)
        length = math.sqrt(float(np.sum(rarity[known] ** 2))) or 1.0
        columns += known
        values += (rarity[known] / length).tolist()
        starts.append(len(columns))
    table = csr_matrix((values, columns, starts), shape=(len(shown), len(chosen)))

    def fitted(wanted: list[int]) -> tuple[list[float], float]:
        made = LogisticRegression(C=SOFTNESS, class_weight="balanced", max_iter=3000).fit(table, wanted)
        return made.coef_[0].tolist(), round(float(made.intercept_[0]), 4)

    points, bias = fitted([text.label for text in texts])
    reports, other = fitted([text.reports for text in texts])
    return Wording(
        bias=bias, reports=other, trained_on=names,
        terms={term: Term(round(points[at], 3), round(reports[at], 3), round(float(rarity[at]), 2)) for term, at in column.items()
               if max(abs(points[at]), abs(reports[at])) >= FAINT},
    )


def apart(texts: Sequence[Text], sides: Sequence[int], barred: Callable[[str], bool]) -> list[Wording]:
    """Return for each text what was learned from the texts of the other sides only, so that it says nothing it was told."""
    made = {
        side: learned([text for text, other in zip(texts, sides, strict=True) if other != side], barred)
        for side in sorted({*sides})
    }
    return [made[side] for side in sides]


def written(made: Wording) -> str:
    """Return the file the assessor reads: one term a line, so that a change can be reviewed."""
    lines = ",\n".join(f"{encoded(term)}:[{one.points},{one.reports},{one.rarity}]" for term, one in sorted(made.terms.items()))
    return f'{{"bias":{made.bias},"reports":{made.reports},"trained_on":{encoded(made.trained_on)},"terms":{{\n{lines}\n}}}}\n'


def encoded(text: str) -> str:
    """Return ``text`` as a JSON string."""
    return msgspec.json.encode(text).decode()
