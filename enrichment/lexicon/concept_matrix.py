"""What is proven of each concept in each language: sentences made of its words, said and denied, are read again.

A cell is proven when a sentence made of words of its classes shows the concept. That a word list says nothing, that its words
are parts of others, or that a language's own denying words stand among them, comes to light here.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from enrichment.lexicon.concept_files import NEUTRAL, SHARED, ConceptRule
from enrichment.lexicon.concepts import CORE, Concepts
from enrichment.lexicon.denial import DENSE, NEGATION
from enrichment.lexicon.lexicon import Lexicon
from enrichment.lexicon.matches import Hearing, word_stands
from enrichment.lexicon.stream import stream
from enrichment.text.views import Views

TRIED = 4
"""Sentences made for each cell, each of other words."""
FIGURES = dict(zip(NEUTRAL, ("500 USD", "10 %", "12", "2"), strict=True))


class Cell(NamedTuple):
    """One concept in one language."""

    concept: str
    indicator: str
    language: str
    made: int
    """Sentences made of its words; none where a class has no words."""
    found: int
    """Those that show it."""
    denied: int
    """Those that, with a denying word before them or behind, do not show it any more."""
    example: str
    """A sentence that shows it."""
    place: str
    """``file:line`` of the concept."""

    @property
    def is_proven(self) -> bool:
        """Whether a sentence shows it."""
        return self.found > 0


def cells(read: Lexicon) -> Iterator[Cell]:
    """Yield each concept in each language that has words."""
    grammar = Concepts(read.concepts, read.words, read.indicators)
    for language in sorted(set(read.words) - {SHARED}):
        words = _words_by_class(read, language)
        if words:
            for rule in read.concepts.concepts:
                yield _cell(grammar, rule, language, words)


def example_faults(read: Lexicon) -> Iterator[str]:
    """Yield each example of a concept, in English, that it does not catch or spare as it says."""
    grammar = Concepts(read.concepts, read.words, read.indicators)
    for rule in read.concepts.concepts:
        for text, must in [*((text, True) for text in rule.catches), *((text, False) for text in rule.spares)]:
            if must != (rule.id in _find_concepts(grammar, "en", text)) and not rule.counter:
                problem = "does not catch" if must else "fires on"
                yield f"{rule.place}: {rule.id} {problem} {text!r}; correct its classes, their words or the example"


def cell_faults(found: Sequence[Cell]) -> Iterator[str]:
    """Yield each cell whose words are there and show nothing."""
    for cell in found:
        if cell.made and not cell.is_proven:
            file = f"{cell.language}/words.yml"
            yield f"{cell.place}: {cell.concept} is shown by no sentence of the words in {file}; correct its words"


def _words_by_class(read: Lexicon, language: str) -> dict[str, list[str]]:
    words: dict[str, list[str]] = {name: [text] for name, text in FIGURES.items()}
    for word in (*read.words[language], *read.words.get(SHARED, ())):
        for name in word.classes:
            words.setdefault(name, []).append(word.written)
    return words if read.words[language] else {}


def _cell(grammar: Concepts, rule: ConceptRule, language: str, words: dict[str, list[str]]) -> Cell:
    core = 1 if rule.denied else CORE
    slots = rule.slots if _denies_before(language) else rule.slots[core:] + rule.slots[:core]
    made = [_sentence(slots, words, number) for number in range(TRIED)] if _has_words(rule, words) else []
    if rule.denied:
        pairs = [(text, made[number]) for number, text in enumerate(_deny(text, language) for text in made)]
    else:
        pairs = [(text, _deny(text, language)) for text in made]
    shown = [said for said, _ in pairs if rule.id in _find_concepts(grammar, language, said)]
    denied = sum(rule.id not in _find_concepts(grammar, language, other) for _, other in pairs)
    return Cell(rule.id, rule.indicator, language, len(pairs), len(shown), denied, shown[0] if shown else "", rule.place)


def _has_words(rule: ConceptRule, words: dict[str, list[str]]) -> bool:
    return all(any(words.get(name) for name in slot) for slot in rule.slots)


def _sentence(slots: Sequence[Sequence[str]], words: dict[str, list[str]], number: int) -> str:
    """Return the words of each class in a row, other ones for each number."""
    chosen = []
    for slot in slots:
        known = [name for name in slot if words.get(name)]
        listed = words[known[number % len(known)]]
        chosen.append(listed[number % len(listed)])
    return " ".join(chosen)


def _denies_before(language: str) -> str:
    """Return a word of a language that denies what follows it; empty where those that do stand behind."""
    return next((word for word in NEGATION[language].before if "~" not in word), "")


def _deny(text: str, language: str) -> str:
    """Return a sentence with a word of its language that denies it, on the side where that stands."""
    before = _denies_before(language)
    behind = next((word.rstrip("~") for word in NEGATION[language].after if "~" not in word[:-1]), "")
    space = "" if language in DENSE else " "
    return f"{before}{space}{text}" if before else f"{text}{space}{behind}"


def _find_concepts(grammar: Concepts, language: str, text: str) -> set[str]:
    """Return the names of the concepts that hold in a text, or take something back in it."""
    view = Views(text).folded_view
    hits = grammar.find(stream(view, text), text, [language], set(), partial(word_stands, hearing=Hearing()))
    return {hit.concept for hit in hits if (hit.holds or hit.entry.counter) and not hit.by_denial}


def proven(found: Sequence[Cell]) -> dict[str, tuple[int, int, int]]:
    """Return for each language its cells, those that are proven, and those whose denied sentences are all spared."""
    results: dict[str, tuple[int, int, int]] = {}
    for cell in found:
        count, good, spared = results.get(cell.language, (0, 0, 0))
        results[cell.language] = count + 1, good + cell.is_proven, spared + (cell.denied == cell.made)
    return results
