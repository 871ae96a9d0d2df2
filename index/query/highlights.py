"""Finds the words and phrases of a query in a text, as code points of the raw text."""

from collections.abc import Iterator
from itertools import pairwise

from index.terms.analysis import SearchTerm, Term, locate_terms, running, terms, whole_words


def highlights(raw: str, wanted: tuple[SearchTerm, ...]) -> tuple[tuple[int, int], ...]:
    """Return where the sought words and phrases stand in the raw text: spans in order, joined where they touch."""
    words = [phrase for phrase in wanted if len(phrase.terms) == 1 and not running(phrase.terms[0])]
    rest = [phrase for phrase in wanted if phrase not in words]
    if located := locate_terms(raw):
        spaced, runs = located
        chained = [phrase for phrase in rest if _is_one_piece(phrase)]
        rest = [phrase for phrase in rest if phrase not in chained]
        spans = [span for phrase in words for span in _word_spans(spaced, phrase)]
        spans += [span for phrase in chained for span in _chain_spans(runs, phrase)]
    else:
        spans = _whole_word_spans(raw, words) if words else []
    return _join_spans(spans + (_slowly(raw, rest) if rest else []))


def _whole_word_spans(raw: str, words: list[SearchTerm]) -> list[tuple[int, int]]:
    """Return the spans of words, or of the words that begin so, read word by word."""
    whole = {phrase.terms[0] for phrase in words}
    beginnings = tuple(phrase.terms[0] for phrase in words if phrase.prefix)
    return [(at, end) for term, at, end in whole_words(raw) if term in whole or term.startswith(beginnings)]


def _word_spans(spaced: str, phrase: SearchTerm) -> Iterator[tuple[int, int]]:
    """Yield the spans of a word, or of the words that begin so, in the words of a text with NUL between."""
    text = f"\0{spaced}\0"
    typed = f"\0{phrase.terms[0]}" + ("" if phrase.prefix else "\0")
    at = text.find(typed)
    while at >= 0:
        yield at, text.index("\0", at + 1) - 1
        at = text.find(typed, at + 1)


def _is_one_piece(phrase: SearchTerm) -> bool:
    """Whether a phrase is one piece of a script without spaces."""
    return all(map(running, phrase.terms)) and all(
        len(value) == 2 and value[1] == two[0] for value, two in pairwise(phrase.terms)
    )


def _chain_spans(runs: str, phrase: SearchTerm) -> Iterator[tuple[int, int]]:
    """Yield the spans of a piece of a script without spaces."""
    typed = "".join(term[0] for term in phrase.terms) + phrase.terms[-1][1:]
    at = runs.find(typed)
    while at >= 0:
        yield at, at + len(typed)
        at = runs.find(typed, at + 1)


def _slowly(raw: str, wanted: list[SearchTerm]) -> list[tuple[int, int]]:
    """Return the spans of phrases term by term, through hidden characters and other spellings."""
    results = list(terms(raw))
    places: dict[str, list[int]] = {}
    for at, term in enumerate(results):
        places.setdefault(term.term, []).append(at)
    spans: list[tuple[int, int]] = []
    for phrase in wanted:
        first, *rest = phrase.terms
        if not rest and phrase.prefix:
            spans += [(term.start, _stop(term, first)) for term in results if term.term.startswith(first)]
            continue
        for at in places.get(first, ()):
            if _stands(results, at, phrase):
                last = results[at + len(rest)]
                spans.append((results[at].start, _stop(last, phrase.terms[-1]) if phrase.prefix else last.end))
    return spans


def _stop(term: Term, beginning: str) -> int:
    """Return where the sought beginning of a term ends: one character of a running script, a whole word otherwise."""
    return term.start + 1 if len(beginning) == 1 and running(term.term) else term.end


def _stands(results: list[Term], at: int, phrase: SearchTerm) -> bool:
    if at + len(phrase.terms) > len(results):
        return False
    *whole, last = phrase.terms
    if any(results[at + step].term != term for step, term in enumerate(whole)):
        return False
    there = results[at + len(whole)].term
    return there.startswith(last) if phrase.prefix else there == last


def _join_spans(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)
