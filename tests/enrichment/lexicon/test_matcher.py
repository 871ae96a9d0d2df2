"""Both engines find the same phrases at the same places."""

import random
import re
from pathlib import Path

import pytest
import re2

from benchmarks.assess import lures
from benchmarks.facts import listings as everyday
from enrichment.assess import Assessor, PostingText
from enrichment.language.detect import language
from enrichment.lexicon import matcher
from enrichment.lexicon.lexicon import Lexicon, lexicon
from enrichment.lexicon.matcher import Matcher
from enrichment.lexicon.matches import LexiconMatcher
from enrichment.lexicon.pattern import marked_pattern
from enrichment.lexicon.stream import stream
from enrichment.text.views import views
from evaluation.labelled_listings import Listing


@pytest.fixture(scope="module")
def shipped(seeds: Path) -> Lexicon:
    """Return the shipped lexicon."""
    return lexicon(seeds / "lures")


@pytest.mark.slow
def test_hyperscan_and_the_portable_engine_agree_on_listings_of_every_language(shipped: Lexicon, labelled: list[Listing]) -> None:
    """Same entries, same spans, same disguises: none is lost, none is added."""
    fast, portable = LexiconMatcher(shipped), LexiconMatcher(shipped, portable=True)
    total = 0
    for item in labelled:
        seen = views(item.raw)
        spoken = language(seen)
        found = fast.evidence(seen, spoken)
        assert found == portable.evidence(seen, spoken), item.id
        total += len(found)
    assert fast._compile_entries(("en",))[2].engine == "hyperscan"
    assert portable._compile_entries(("en",))[2].engine == "portable"
    assert total > 5 * len(labelled)


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


def test_both_engines_agree_on_texts_shuffled_from_phrases(shipped: Lexicon) -> None:
    """Overlaps, repetitions and cut words of one language."""
    entries = [entry for entry in shipped.entries if entry.language == "id"]
    forms = [entry.form for entry in entries]
    fast, portable = Matcher(forms), Matcher(forms, portable=True)
    words = [word for form in forms for word in form.words]
    dice = random.Random(5)
    for _ in range(300):
        data = (" " + " ".join(dice.choice([*words[:40], dice.choice(words), "."]) for _ in range(60)) + " ").encode()
        assert fast.hits(data) == portable.hits(data)


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
    assert len({entry.form.expression for entry in shipped.entries if not entry.form.required_literals.whole}) <= matcher.COMPILED
