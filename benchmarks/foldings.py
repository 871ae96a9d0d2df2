"""Whether one folding could serve for another: words that would come to mean two things, words lost, and the cost of each.

Printed for the labels of boards and the words for money. Run: ``python -m benchmarks.foldings``.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping

from crawlers.pages.posting_fields.field_labels import _LABELS
from crawlers.text.folding import fold_text
from crawlers.text.money_words import CURRENCIES, MULTIPLIERS, PERIODS
from enrichment.text.views import fold as matched
from index.terms.analysis import fold as indexed

FOLDINGS: dict[str, Callable[[str], str]] = {
    "folding.folded": fold_text,
    "views.fold": matched,
    "analysis.fold": indexed,
}
ROUNDS = 3
"""Times everything is folded; the quickest counts."""


def meanings() -> dict[str, dict[str, str]]:
    """Return label -> field and word for money -> what it means."""
    labels = {label: field for field, labels in reversed(_LABELS.items()) for label in labels.split("|")}
    tables: tuple[Mapping[str, str] | Mapping[float, str], ...] = (CURRENCIES, MULTIPLIERS, PERIODS)
    money = {
        word: f"{number} {code}"
        for number, words in enumerate(tables)
        for code, listed in words.items()
        for word in listed.split()
    }
    return {"labels": labels, "money": money}


def ambiguous(words: dict[str, str], fold: Callable[[str], str]) -> int:
    """Return how many folded words stand for several meanings."""
    found = defaultdict(set)
    for word, meaning in words.items():
        found[fold(word)].add(meaning)
    return sum(len(each) > 1 for each in found.values())


def lost(words: dict[str, str], fold: Callable[[str], str]) -> int:
    """Return of how many words nothing is left, or the words inside run together."""
    return sum(not fold(word) or len(fold(word).split()) != len(word.split()) for word in words)


def seconds(words: dict[str, str], fold: Callable[[str], str]) -> float:
    """Return how long all words take, one by one."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for word in words:
            fold(word)
        best = min(best, time.perf_counter() - started)
    return best


def main() -> None:
    """Print one line a folding and list of words."""
    print("words    folding             ambiguous  lost  cost")
    for name, words in meanings().items():
        base = seconds(words, str.lower)
        for folding, fold in FOLDINGS.items():
            cost = f"{seconds(words, fold) / base:.0f} x str.lower"
            print(f"{name:<8} {folding:<19} {ambiguous(words, fold):>9} {lost(words, fold):>5}  {cost}")


if __name__ == "__main__":
    main()
