"""Phrases are found where their patterns match, and nothing is compiled twice."""

import re
from pathlib import Path

import pytest
import re2

from benchmarks.assess import lures
from benchmarks.facts import listings as everyday
from enrichment.assess import Assessor, PostingText
from enrichment.lexicon import matcher
from enrichment.lexicon.lexicon import Lexicon, lexicon
from enrichment.lexicon.matcher import Matcher
from enrichment.lexicon.pattern import marked_pattern
from enrichment.lexicon.stream import stream
from enrichment.text.views import views
from evaluation.labelled_listings import Listing


@pytest.fixture(scope="module")
def shipped(seeds: Path) -> Lexicon:
    """Return the shipped lexicon."""
    return lexicon(seeds / "lures")


def test_an_entry_is_found_exactly_where_its_pattern_matches(shipped: Lexicon, labelled: list[Listing]) -> None:
    """The pieces looked for first spare work and change no answer: where none stand, the pattern matches nowhere."""
    for code in ("id", "ru", "th", "zh"):
        entries = [entry for entry in shipped.entries if entry.language == code]
        patterns = [re.compile(entry.form.expression) for entry in entries]
        matcher = Matcher([entry.form for entry in entries])
        for item in [item for item in labelled if item.lang.partition("-")[0] == code][:12]:
            data = stream(views(item.raw).folded_view, item.raw).data
            hits = {number: (start, end) for number, start, end in matcher.hits(data)}
            assert set(hits) == {number for number, pattern in enumerate(patterns) if pattern.search(data)}, item.id
            for number, (start, end) in hits.items():
                assert patterns[number].fullmatch(data, start, end)
                assert not patterns[number].search(data, 0, end - 1)  # none ends before


def test_a_second_pass_over_the_same_texts_compiles_nothing(assessor: Assessor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Judging takes its time for reading: what a pass compiles is kept, however many phrases its texts fire."""
    texts = [PostingText(str(number), None, text) for number, (_, text) in enumerate([*everyday(20), *lures()[::3]])]
    first = list(assessor.assess_all(texts))
    compiled: list[object] = []
    for module in (re, re2):
        made = module.compile
        monkeypatch.setattr(
            module, "compile", lambda *given, made=made, **more: compiled.append(given[0]) or made(*given, **more)
        )
    kept = _count_compiled()
    assert list(assessor.assess_all(texts)) == first
    assert _count_compiled() == kept
    assert compiled == []


def _count_compiled() -> list[int]:
    """Return how often each cache of compiled patterns had to compile."""
    return [cache.cache_info().misses for cache in (matcher._pattern, matcher._everywhere, matcher._ending, marked_pattern)]


def test_all_patterns_of_the_lexicon_can_be_kept_compiled(shipped: Lexicon) -> None:
    """The least used give way to no other: a corpus in all languages fires each of them."""
    wordings = {wording.expression for entry in shipped.entries for wording in entry.form.wordings if not wording.whole}
    assert len(wordings) <= matcher.COMPILED
