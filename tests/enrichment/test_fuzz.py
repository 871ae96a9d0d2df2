"""Random texts break nothing; ``python -m benchmarks.fuzz`` judges as many as one has time for."""

import sys

from benchmarks import fuzz
from enrichment.lexicon import matcher

UNBOUNDED_MOST = 300
"""Entries that a cache without a bound may hold: one for each language, country or table."""


def test_a_thousand_random_texts_and_two_large_ones_are_judged() -> None:
    """Mixed scripts, look-alikes, emoji, cut surrogates, every line break; number 499 and 999 have tens of kilobytes."""
    judged, faults = fuzz.judge(range(1000), seed=1)
    assert (judged, faults) == (1000, [])


def test_a_text_is_made_from_its_seed_and_number_alone() -> None:
    """So that one which broke something can be looked at."""
    texts = [fuzz.text(1, number, fuzz.words()).text for number in range(200)]
    assert texts[150] == fuzz.text(1, 150, fuzz.words()).text
    assert texts != [fuzz.text(2, number, fuzz.words()).text for number in range(200)]
    assert any("\ud800" in text for text in texts)
    assert any("\u2028" in text for text in texts)


def test_no_cache_grows_with_the_texts_read() -> None:
    """What a process keeps is bounded: caches without a bound hold a few tables each, not what texts bring."""
    fuzz.judge(range(600), seed=7)
    kept = {
        f"{name}.{attribute}": value.cache_info()
        for name, module in sys.modules.items()
        if name.startswith("enrichment.")
        for attribute, value in vars(module).items()
        if callable(getattr(value, "cache_info", None))
    }
    assert kept["enrichment.lexicon.matcher._pattern"].currsize > UNBOUNDED_MOST, "the texts fill what they can"
    assert {name: info for name, info in kept.items() if info.maxsize is None and info.currsize > UNBOUNDED_MOST} == {}
    assert matcher.SEARCHED * matcher.SEARCH_MEMORY <= 128 << 20
