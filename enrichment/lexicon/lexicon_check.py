"""Checks a lexicon: each rule matches its own examples, spares its near misses, and has a bounded match length."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import chain
from multiprocessing import get_context
from typing import Any

import re2

from enrichment.assessment import Language
from enrichment.features import COMPUTED, SILENT
from enrichment.lexicon.lexicon import Indicator, Lexicon, LexiconEntry
from enrichment.lexicon.matcher import REACH
from enrichment.lexicon.matches import BY_SCRIPT, LATIN, LexiconMatcher
from enrichment.lexicon.pattern import spelt
from enrichment.scoring import Weights
from enrichment.text.characters import SCRIPTS, tables
from enrichment.text.views import views

_TOKENS = re.compile(r"(\*|~|\(|\)\??|\||\w\?)")
_UNBOUNDED = re.compile(rb"(?<!\\)(?:\\\\)*(?:[*+]|\{\d+,\})")
_PIECES = re.compile(rb"\(\?:|\)\??|\||\[[^\]]+\]\{0,(\d+)\}|\\.|.", re.DOTALL)


def faults(read: Lexicon, progress: Callable[[int], None] = lambda _: None) -> Iterator[str]:
    """Yield every fault as ``file:line: problem; fix``. ``progress`` is told how many rules are done.

    Each language is proved by itself, the largest first, one a processor.
    """
    parts = sorted(_group_by_language(read).values(), key=len, reverse=True)
    workers = min(len(parts), os.cpu_count() or 1)
    done = 0
    if workers < 2:
        for part in parts:
            yield from _faults(read.indicators, part)
            progress(done := done + len(part))
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        values = {pool.submit(_faults, read.indicators, part): part for part in parts}
        for future in as_completed(values):
            yield from future.result()
            progress(done := done + len(values[future]))


def _faults(indicators: dict[str, Indicator], entries: list[LexiconEntry]) -> list[str]:
    """Return the faults of the rules of one language, read alone."""
    reader = LexiconMatcher(Lexicon(indicators=indicators, entries=tuple(entries), version=""))
    language = entries[0].language
    context = "" if language in LATIN else _native(language, entries)
    spoken = Language(code=language, script="", confidence=1.0)
    examples = [
        (entry, text, must)
        for entry in entries
        for must, some in ((True, entry.catches or (instance(entry.phrase),)), (False, entry.spares))
        for text in some
    ]
    results = reader.evidence_of([(views(f"{text}\n{context}"), spoken) for _, text, _ in examples])
    wrong = [f"{entry.place}: {entry.phrase!r} {problem}" for entry in entries if (problem := unsafe(entry.form.expression))]
    for (entry, text, must), lexicon_matches in zip(examples, results, strict=True):
        if must != any(lexicon_match.entry.id == entry.id for lexicon_match in lexicon_matches):
            wrong.append(f"{entry.place}: {entry.phrase!r} {_problem(entry, text, must=must)}")
    return wrong


def _problem(entry: LexiconEntry, text: str, *, must: bool) -> str:
    if not must:
        return f"fires on {text!r}, which it must spare; make the wording narrower"
    if entry.catches:
        return f"does not catch {text!r}; correct the wording or the example under catches:"
    return f"misses {text!r}, which is made from itself; simplify it or give it catches:"


def unsafe(expression: bytes) -> str | None:
    """Return why a translated pattern is unsafe, or None: RE2 must accept it, and no match may be longer than ``REACH``."""
    try:
        re2.compile(expression)
    except re2.error as exc:
        return f"is refused by RE2 ({exc}); simplify it"
    if _UNBOUNDED.search(expression):
        return "has a part without a bound; use * for a gap"
    longest, _ = _longest(list(_PIECES.finditer(expression)), 0)
    return f"may match {longest} bytes, more than {REACH}; use fewer gaps or choices" if longest > REACH else None


def _longest(pieces: list[re.Match[bytes]], at: int) -> tuple[int, int]:
    """Return the most bytes the choices from piece ``at`` on can match, and the piece after them."""
    most = length = 0
    while at < len(pieces) and pieces[at][0] not in (b")", b")?"):
        piece = pieces[at]
        at += 1
        if piece[0] == b"|":
            most, length = max(most, length), 0
        elif piece[0] == b"(?:":
            inner, at = _longest(pieces, at)
            length, at = length + inner, at + 1
        elif piece[0] != b"?":
            length += int(piece[1]) if piece[1] else 1
    return max(most, length), at


def instance(pattern: str) -> str:
    """Return a text made from ``pattern`` that it must match: first choices, no gaps, nothing that may be missing."""
    pieces = [token for token in _TOKENS.split(spelt(pattern)) if token]
    text, rest = _sequence(pieces, 0)
    assert rest == len(pieces), pattern
    return " ".join(text.split())


def _sequence(pieces: list[str], at: int) -> tuple[str, int]:
    out = ""
    while at < len(pieces) and pieces[at] not in ("|", ")", ")?"):
        piece = pieces[at]
        at += 1
        if piece == "(":
            first, at = _sequence(pieces, at)
            while pieces[at] == "|":
                _, at = _sequence(pieces, at + 1)
            out += "" if pieces[at] == ")?" else first
            at += 1
        elif piece not in ("*", "~"):
            out += piece.removesuffix("?") if len(piece) == 2 else piece
    return out, at


def summary(read: Lexicon, weighed: Weights) -> dict[str, Any]:
    """Return the number of rules by language, and the indicators without points."""
    languages = {}
    for name, entries in sorted(_group_by_language(read).items()):
        patterns = sum(not entry.form.plain for entry in entries)
        languages[name] = {
            "entries": len(entries),
            "phrases": len(entries) - patterns,
            "patterns": patterns,
            "catches": sum(len(entry.catches) for entry in entries),
            "spares": sum(len(entry.spares) for entry in entries),
            "own": sum(entry.basis == "own" for entry in entries),
            "reviewed": sum(entry.reviewed_by is not None for entry in entries),
            "waiting": sum(entry.status != "active" for entry in entries),
            "retired": sum(id.startswith(f"{name}-") for id in read.retired),
        }
    used = {entry.indicator.slug for entry in read.entries} | {concept.indicator for concept in read.concepts.concepts}
    return {
        "version": read.version,
        "entries": len(read.entries),
        "concepts": len(read.concepts.concepts),
        "indicators": len(read.indicators),
        "languages": languages,
        "unused": sorted(set(read.indicators) - used - set(COMPUTED)),
        "weightless": sorted(used - set(weighed.points) - set(SILENT)),
    }


def _group_by_language(read: Lexicon) -> dict[str, list[LexiconEntry]]:
    results: dict[str, list[LexiconEntry]] = defaultdict(list)
    for entry in read.entries:
        results[entry.language].append(entry)
    return results


def _native(name: str, entries: list[LexiconEntry]) -> str:
    """Return one letter that calls for the file ``name``, of a script that is its own where there is one (kana for Japanese)."""
    scripts = sorted((script for script, files in BY_SCRIPT.items() if name in files), key=lambda script: len(BY_SCRIPT[script]))
    letters = set(chain.from_iterable(entry.phrase for entry in entries))
    for script in scripts:
        for char in sorted(letters):
            if SCRIPTS[tables().script[ord(char)]][0] == script and char.isalpha():
                return char
    return ""
