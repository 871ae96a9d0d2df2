"""Tells whether a word denies what stands beside it.

A word that denies has a scope: it reaches what stands next to it in its clause, over words that carry no meaning of their own
(``no need to pay a deposit``), on the side where its language puts it (``denials.yml``).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import msgspec

from enrichment.text.characters import SENTENCE_ENDS
from foundation.yaml_limits import read_table

DENSE = ("zh", "ja", "th", "lo", "km", "my")
"""Languages written without spaces between words."""
REACH = 48
"""A denying word may be this many characters away from what it denies."""
CLAUSE = re.compile(rf"[{SENTENCE_ENDS};:\n()，；：、،؛၊፣፤៖|•…]|[,.](?!\d)|(?<!\d)[,.]| [-–—] ")
"""What parts the clauses of a sentence; the marks inside a figure (15,000) do not."""
_WORD = r"[\w’'‘ʻ\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e\u0eb1-\u0ece\u102b-\u103e\u17b4-\u17d3]"
_BEGINNING, _ENDING = re.compile(rf"(?:{_WORD}|-)*$"), re.compile(rf"{_WORD}*")
_CYRILLIC, _MIXED = re.compile("[а-яё]", re.IGNORECASE), re.compile("[а-яёABCEHKMOPTXYaceopxyi]+", re.IGNORECASE)
# Of most, capitals alone look alike (H and Н, but not h): `deobfuscation` undoes small letters in words that mix alphabets.
_TWINS = str.maketrans("ABCEHKMOPTXYaceopxyi", "АВСЕНКМОРТХУасеорхуі")
_LONGEST = 24
"""Letters that a word is read on at most beyond what a rule found of it."""


class NegationWords(msgspec.Struct, frozen=True):
    """The words of one language that deny, each list as ``denials.yml`` explains it."""

    before: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


NEGATION = read_table(__file__, "denials.yml", dict[str, NegationWords])
"""By language of the lexicon."""
ONLY = frozenset(
    {"only", "just", "solo", "sólo", "apenas", "seulement", "hanya", "sekadar", "chỉ", "только", "lang", "仅", "只", "但", "止"}
)
"""Words behind a denying word that turn it into an addition: not only."""


class DenialPatterns(NamedTuple):
    """What finds denying words; the last group of each is the denying word itself."""

    before: re.Pattern[str]
    """One that ends before what it denies."""
    after: re.Pattern[str]
    """One that begins behind it."""
    inside: re.Pattern[str]
    """One in the midst of a match."""
    affix: re.Pattern[str]
    """A whole word that carries the denial in its beginning or ending."""
    dense: bool
    """Words are not parted by spaces."""


@cache
def denial_patterns(code: str) -> DenialPatterns:
    """Return the patterns of a language of ``NEGATION``."""
    words = NEGATION[code]
    dense = code in DENSE
    edge, gap = ("", "") if dense else (rf"(?<!{_WORD})", r"\s+")
    over = f"(?:{gap}(?:{_alternatives(words.between, dense)}))*"
    listed = f"(?:(?:{gap}{_WORD}+){{1,3}}{gap}(?:{_alternatives(words.lists, dense)}){over})?" if words.lists else ""
    pause = gap or r"\s*"
    until = f"(?:(?:{_alternatives(words.until, dense)}){pause})*"
    end = r"\s*" if dense else rf"{_WORD}{{0,3}}\s*"  # of the word that a match ends in
    all_words = words.before + words.after
    both, bound = (_alternatives(some, dense) for some in (all_words, [word for word in all_words if "~" in word]))
    behind, objects = _alternatives(words.after, dense), _alternatives(words.objects, dense)
    return DenialPatterns(
        re.compile(f"{edge}({_alternatives(words.before, dense)}){over}{listed}{gap}$"),
        re.compile(f"{end}(?:{until}({behind})|{gap}({objects}))" + ("" if dense else f"(?!{_WORD})")),
        re.compile(f"{edge}({both}){over}"),
        re.compile(r"(?!)" if dense else f"(?:{bound}){_WORD}*"),
        dense,
    )


def _alternatives(listed: Iterable[str], dense: bool) -> str:
    """Return words as a pattern, the longest first; one that matches nothing where there are none."""
    forms = []
    some = r"[^ ]{0,12}?" if dense else rf"{_WORD}{{0,14}}"
    for word in sorted(listed, key=lambda one: -len(one)):
        form = re.escape(word).replace(r"\ ", r"\s+").replace(r"\~", "~").replace("~", some)
        forms.append(form if dense or word.endswith("~") else rf"{form}(?!{_WORD})")
    return "|".join(forms) or r"(?!)"


def clause_before(raw: str, start: int) -> str:
    """Return what stands before a place in its clause, in lower case, as far as a denying word reaches."""
    head = raw[max(0, start - REACH) : start]
    return lower_words(head[max((match.end() for match in CLAUSE.finditer(head)), default=0) :])


def clause_behind(raw: str, end: int) -> str:
    """Return what stands behind a place in its clause, in lower case, as far as a denying word reaches."""
    return lower_words(CLAUSE.split(raw[end : end + REACH], maxsplit=1)[0])


def lower_words(text: str) -> str:
    """Return a text in lower case; beside Cyrillic letters, words of Latin letters that all look like such are Cyrillic: they
    hide a denial as well as what it denies."""
    if not text.isascii() and _CYRILLIC.search(text):
        text = _MIXED.sub(_undo_twins, text)
    return text.lower()


def _undo_twins(match: re.Match[str]) -> str:
    around = match.string[match.start() - 1 : match.start()] + match.string[match.end() : match.end() + 1]
    return match[0] if any(map(str.isalpha, around)) else match[0].translate(_TWINS)


def find_clause(raw: str, start: int, end: int) -> tuple[int, int]:
    """Return where the clause of a stretch begins and ends, as far as a denying word reaches."""
    low = max(0, start - REACH)
    first = max((match.end() for match in CLAUSE.finditer(raw, low, start)), default=low)
    stop = CLAUSE.search(raw, end, end + REACH)
    return first, stop.start() if stop else min(len(raw), end + REACH)


class DenialWord(NamedTuple):
    """A word of a concept in the raw text."""

    start: int
    end: int
    denies: bool
    """It says itself that something is not so: nothing denies it."""


def denied_words(raw: str, words: Sequence[DenialWord], codes: Iterable[str]) -> bool:
    """Tell whether one of the words of a concept is denied, by a word that is none of the concept itself."""
    known = [denial_patterns(code) for code in codes if code in NEGATION]
    own = [(word.start, word.end) for word in words]
    return any(_is_denied(raw, word, own, patterns) for word in words if not word.denies for patterns in known)


def denying_words(raw: str, start: int, end: int, codes: Iterable[str]) -> list[tuple[int, int]]:
    """Return where denying words stand in the clause around a stretch, in order."""
    head, tail = clause_before(raw, start), clause_behind(raw, end)
    first = start - len(head)
    clause = lower_words(raw[first : end + len(tail)])
    spans = {
        (first + match.start(1), first + match.end(1))
        for code in codes
        if code in NEGATION
        for match in denial_patterns(code).inside.finditer(clause)
    }
    return sorted(spans)


def denied_before(raw: str, start: int, codes: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where the words stand that deny, from before it, what begins at a place."""
    head = clause_before(raw, start)
    for code in codes:
        if code in NEGATION and (match := denial_patterns(code).before.search(head)):
            yield start - len(head) + match.start(1), start - len(head) + match.end(1)


def _is_denied(raw: str, word: DenialWord, own: Sequence[tuple[int, int]], patterns: DenialPatterns) -> bool:
    first, last = (word.start, word.end) if patterns.dense else _expand_to_words(raw, word)
    if last - first > word.end - word.start and any(map(patterns.affix.fullmatch, lower_words(raw[first:last]).split())):
        return True
    head = clause_before(raw, first)
    match = patterns.before.search(head)
    if match and ONLY.isdisjoint(match[0].split()) and not _is_own(match, first - len(head), own):
        return True
    match = patterns.after.match(clause_behind(raw, last))
    return match is not None and not _is_own(match, last, own)


def _expand_to_words(raw: str, word: DenialWord) -> tuple[int, int]:
    """Return the whole word, or words, that the letters of a concept's word stand in."""
    head = _BEGINNING.search(raw, max(0, word.start - _LONGEST), word.start)
    tail = _ENDING.match(raw, word.end, word.end + _LONGEST)
    return head.start() if head else word.start, tail.end() if tail else word.end


def _is_own(match: re.Match[str], at: int, own: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a denying word is a word of the concept itself; ``at`` is where the text it was found in begins."""
    group = match.lastindex or 0
    start, end = at + match.start(group), at + match.end(group)
    return any(start < last and first < end for first, last in own)
