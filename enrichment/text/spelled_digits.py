"""Digits written as words or letters inside a number: ``không chín``, ``ศูนย์แปด``, ``O9O``."""

import re
from functools import cache

import ahocorasick_rs

from enrichment.contacts.label_words import DIGIT_WORDS, french_pairs
from enrichment.text.views import Edit, bare, fold

_LEAST = 6
"""Digits in words in a row that make a number; fewer are prose."""
_PART = r"[\s.,،、\-/]{0,3}"
_POINT = r"chấm|cham|gạch|titik|strip|dot|dash|point|tiret|ponto|traço|hífen|punto|тире|点|點|の|ノ|점|จุด|ขีด"
"""Words for the signs between the digits of a number."""
_BETWEEN = re.compile(rf"{_PART}(?:(?:\d{{1,5}}|{_POINT}){_PART})?$")
_LONGEST_BETWEEN = 9
_COMMA = re.compile(rf"\s?(?:[,،、]|{_POINT})\s?$")
_REST = re.compile(r"(?:\s?[,،、]\s?\d{1,4}(?!\d))+")


@cache
def _automaton() -> tuple[ahocorasick_rs.AhoCorasick, list[str], list[bool]]:
    words: dict[str, str] = {}
    for digit, listed in DIGIT_WORDS.items():
        for word in listed.split():
            for form in (fold(word), bare(word)):
                if len(form) > 1 or form >= "\u2e80":
                    words.setdefault(form, digit)
    for number, word in french_pairs().items():
        for form in (fold(word), bare(word)):
            words.setdefault(form, number)
            words.setdefault(form.replace("-", " "), number)
    listed_words = list(words)
    spaced = [word[0] < "\u0e00" or "\u1200" <= word[0] < "\u1380" for word in listed_words]
    machine = ahocorasick_rs.AhoCorasick(
        listed_words,
        matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
        implementation=ahocorasick_rs.Implementation.ContiguousNFA,
    )
    return machine, [words[word] for word in listed_words], spaced


def spelled_digits(text: str) -> list[Edit]:
    """Return the edits that put digits for digit words where enough of them follow one another; ``text`` is folded."""
    machine, digits, spaced = _automaton()
    results = machine.find_matches_as_indexes(text)
    if sum([len(digits[number]) for number, _, _ in results]) < _LEAST:
        return []
    edits: list[Edit] = []
    run: list[Edit] = []
    for number, start, end in results:
        if spaced[number] and (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha()):
            continue
        if run and not (start - run[-1][1] <= _LONGEST_BETWEEN and _BETWEEN.match(text[run[-1][1] : start])):
            edits += _number_edits(run, text)
            run = []
        run.append((start, end, digits[number]))
    return edits + _number_edits(run, text)


def starts(edits: list[Edit]) -> list[int]:
    """Return where each number in words starts; such numbers are always telephone numbers."""
    return [edit[0] for place, edit in enumerate(edits) if not place or edit[0] - edits[place - 1][1] > _LONGEST_BETWEEN]


def _number_edits(run: list[Edit], text: str) -> list[Edit]:
    if 2 * len(run) < _LEAST or sum(len(digits) for _, _, digits in run) < _LEAST:
        return []
    joined: list[Edit] = []
    for place, (start, end, digit) in enumerate(run):
        between = text[run[place - 1][1] : start] if place else ""
        if between.isspace() or _COMMA.match(between):
            start = run[place - 1][1]  # the gap between two digit words goes with them
        joined.append((start, end, digit))
    rest = _REST.match(text, run[-1][1])  # "…, quatre-vingt-dix-huit, 22, 14"
    if rest:
        joined.append((rest.start(), rest.end(), " ".join(_DIGITS.findall(rest.group()))))
    return joined


_DIGITS = re.compile(r"\d+")


_LETTERED = re.compile(
    r"(?<![a-z\u00c0-\u0dff\u1e00-\u1eff])(?=[olis]{0,3}\d)[\dolis]{2,}(?:[ .-]{1,2}[\dolis]{2,}){0,4}(?![^\W\d_])"
)
_NEXT_TO_DIGIT = re.compile(r"\d[olis]")
_LETTER_DIGITS = str.maketrans("olis", "0115")


def lettered_digits(text: str) -> str:
    """Return ``text`` with o, l, i and s read as digits inside numbers (``o9o1 234 567``); its length stays."""

    def read(match: re.Match[str]) -> str:
        piece = match.group()
        digits = sum(char.isdigit() for char in piece)
        letters = sum(char.isalpha() for char in piece)
        only_o = piece.count("o") == letters
        zeros = digits >= 3 and digits + letters >= 9 and piece[0] in "0o" and piece.count("o") >= letters - 2
        plain = (digits >= 5 and digits >= 2 * letters) or (only_o and digits >= 3 and digits + letters >= 8) or zeros
        return piece.translate(_LETTER_DIGITS) if letters and plain else piece

    return _LETTERED.sub(read, text) if _NEXT_TO_DIGIT.search(text) else text
