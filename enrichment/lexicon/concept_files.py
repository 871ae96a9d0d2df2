"""The concept grammar as it is written, read strictly: ``seeds/lures/concepts.yml`` and ``seeds/lures/<language>/words.yml``.

A concept is made of word classes and holds in every language; a language is the words of each class (``docs/lures.md``).
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import msgspec
import yaml

from enrichment.lexicon.pattern import fold_stream, has_edge, prepare
from enrichment.lexicon.rule_files import Strength, compose_mapping, list_items

CONCEPTS, WORDS = "concepts.yml", "words.yml"
NEUTRAL = ("amount", "percent", "number", "few")
"""Classes that are read from figures and need no words: a sum of money, a share in percent, any number, one to three."""
SHARED = "any"
"""The language of words that stand in ``concepts.yml`` because they are the same everywhere (apps, currencies)."""
OF_CLASSES = "of class: [words]"
"""What a file of words is a mapping of."""
_ID = re.compile(r"[a-z][a-z0-9-]{3,40}")
_KEYS = (
    "id, indicator, strength, words (a list of classes, choices parted by |), gloss and, where it has them, unless, within, "
    "overlap, across, denied, denial, denial_gloss, counter, absent, catches, spares"
)


class ConceptRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One concept as written."""

    id: str
    indicator: str
    strength: Strength
    words: tuple[str, ...]
    """Classes of which a word must stand there, each a choice parted by ``|``."""
    unless: tuple[str, ...] = ()
    """Classes that spare it where a word of them stands in the same clause."""
    within: int = 80
    """Letters its words span at most."""
    overlap: bool = False
    """A word may be part of another one of its words: *self-kept* is both kept and by oneself."""
    across: bool = False
    """Its words may stand in several sentences: what is sought in one, what is paid in the next."""
    denied: bool = False
    """It holds where its words are denied, or said not to be needed: no interview."""
    denial: str = ""
    """Indicator that holds instead where its words are denied: the passport is not kept."""
    denial_gloss: str = ""
    counter: bool = False
    """It takes its indicator back in its sentence: the law bans it, nothing is paid."""
    absent: tuple[str, ...] = ()
    """Classes of which a text has no word at all: then a counter takes its indicator back in the whole text."""
    gloss: str
    """What it says of an advert, true of whatever words show it."""
    catches: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()
    place: str = ""
    """``file:line`` for messages."""

    @property
    def slots(self) -> tuple[tuple[str, ...], ...]:
        """The choices of classes, one for each word that must stand there."""
        return _split_choices(self.words)

    @property
    def classes(self) -> Iterator[str]:
        """All classes it names."""
        for choice in (*self.words, *self.unless, *self.absent):
            yield from choice.split("|")


@cache
def _split_choices(words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(choice.split("|")) for choice in words)


class ClassWord(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One word of a class, as it is looked for."""

    written: str
    """The word as written, without ``~``."""
    needle: bytes
    """Its bytes in a stream, with the spaces at its edges."""
    classes: frozenset[str]
    marked: str = ""
    """The word as it looks in ``Stream.marked_text``."""


class ConceptFile(msgspec.Struct, frozen=True):
    """What ``concepts.yml`` holds."""

    concepts: tuple[ConceptRule, ...] = ()
    shared: dict[str, tuple[str, ...]] = {}
    """Words of a class that are the same in every language."""

    @property
    def classes(self) -> frozenset[str]:
        """The classes that words are needed of."""
        return frozenset(name for concept in self.concepts for name in concept.classes) - {*NEUTRAL}


def read_concepts(file: Path, faults: list[str]) -> ConceptFile:
    """Return the concepts of ``concepts.yml``, none where there is no such file; what is wrong is added to ``faults``."""
    if not file.is_file():
        return ConceptFile()
    concepts: dict[str, ConceptRule] = {}
    pairs = compose_mapping(file, "with concepts:", faults)
    beside = [node for name, node in pairs if name.value == "shared"]
    for line, item in list_items(file, [pair for pair in pairs if pair[0].value != "shared"], "concepts", faults):
        place = f"{file}:{line}"
        try:
            rule = msgspec.convert({**item, "place": place}, ConceptRule, strict=False)
        except msgspec.ValidationError as exc:
            faults.append(f"{place}: {exc}; a concept has {_KEYS}")
            continue
        if problem := _concept_fault(rule, concepts):
            faults.append(f"{place}: {problem}")
        concepts.setdefault(rule.id, rule)
    shared = {name: words for node in beside[:1] for name, _, words in _classes(file, _class_pairs(file, node, faults), faults)}
    return ConceptFile(tuple(concepts.values()), shared)


def _concept_fault(rule: ConceptRule, known: dict[str, ConceptRule]) -> str | None:
    if not _ID.fullmatch(rule.id):
        return f"id {rule.id!r} is not lower-case words joined by hyphens"
    if rule.id in known:
        return f"id {rule.id} stands already at {known[rule.id].place}; give this concept an id of its own"
    if not rule.words:
        return "words: names no class; a concept needs at least one"
    if bool(rule.denial) != bool(rule.denial_gloss):
        return "denial and denial_gloss belong together: what holds where it is denied, and what that means"
    return None


def read_words(file: Path, known: frozenset[str], faults: list[str]) -> tuple[ClassWord, ...]:
    """Return the words of a language by ``words.yml``, none where there is no such file; faults are added."""
    if not file.is_file():
        return ()
    listed: dict[str, tuple[str, ...]] = {}
    for name, line, words in _classes(file, compose_mapping(file, OF_CLASSES, faults), faults):
        if name in listed:
            faults.append(f"{file}:{line}: {name} stands twice; write its words once")
        listed[name] = words
        faults += [f"{file}:{line}: {problem}" for word in words if (problem := _word_fault(word))]
    faults += [
        f"{file}:1: {name} is missing; write its words, or [] where the language has none" for name in sorted(known - {*listed})
    ]
    return class_words(listed)


def class_words(listed: dict[str, tuple[str, ...]]) -> tuple[ClassWord, ...]:
    """Return words by class as they are looked for; a word of several classes once."""
    for marks in (False, True):
        prepare([word.strip("~") for words in listed.values() for word in words], marks=marks)
    made: dict[tuple[bytes, str], tuple[str, list[str]]] = {}
    for name, words in listed.items():
        for word in words:
            needle = _needle(word)
            if needle.strip():
                marked = fold_stream(word.strip("~"), marks=True)
                made.setdefault((needle, marked), (word.strip("~"), []))[1].append(name)
    return tuple(ClassWord(written, needle, frozenset(names), marked) for (needle, marked), (written, names) in made.items())


def _needle(word: str) -> bytes:
    folded = fold_stream(word.strip("~"))
    left = " " * (not word.startswith("~") and has_edge(folded[:1]))
    right = " " * (not word.endswith("~") and has_edge(folded[-1:]))
    return (left + folded + right).encode()


def _word_fault(word: str) -> str | None:
    letters = word.strip("~").strip()
    if any(char in word for char in "*()|[]?"):
        return f"{word!r} has signs of a pattern; a word is plain letters, with ~ at an end for any ending"
    if "~" in letters:
        return f"{word!r} has ~ in its midst; it stands at the beginning or the end"
    folded = fold_stream(letters)
    if len(folded) < 2 and folded.isascii():
        return f"{word!r} is too short to mean one thing; write at least two letters"
    return None


def _class_pairs(file: Path, node: yaml.Node, faults: list[str]) -> Sequence[tuple[yaml.Node, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        return node.value  # type: ignore[no-any-return]
    faults.append(f"{file}:1: must be a mapping {OF_CLASSES}")
    return ()


def _classes(
    file: Path, pairs: Sequence[tuple[yaml.Node, yaml.Node]], faults: list[str]
) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Yield the classes of a mapping with the line each stands on and its words."""
    for name, node in pairs:
        line = name.start_mark.line + 1
        if not isinstance(node, yaml.SequenceNode) or not all(isinstance(word, yaml.ScalarNode) for word in node.value):
            faults.append(f"{file}:{line}: {name.value} must be a list of words, as in [passport~, id card]")
            continue
        yield name.value, line, tuple(word.value for word in node.value)
