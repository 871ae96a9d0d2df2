"""Random texts break nothing; ``python -m benchmarks.fuzz`` judges as many as one has time for."""

import sys

import pytest

from benchmarks import fuzz
from enrichment.lexicon import matcher

UNBOUNDED_MOST = 300
"""Entries that a cache without a bound may hold: one for each language, country or table."""


@pytest.fixture(scope="module")
def judged() -> tuple[int, list[tuple[int, str]]]:
    """Judge random texts; return how many, and number and fault of those that broke something."""
    return fuzz.judge(range(500), seed=1)


def test_hundreds_of_random_texts_and_a_large_one_are_judged(judged: tuple[int, list[tuple[int, str]]]) -> None:
    """Mixed scripts, look-alikes, emoji, cut surrogates, every line break; number 499 has tens of kilobytes."""
    assert judged == (500, [])


def test_a_text_is_made_from_its_seed_and_number_alone() -> None:
    """So that one which broke something can be looked at."""
    texts = [fuzz.text(1, number, fuzz.words()).text for number in range(200)]
    assert texts[150] == fuzz.text(1, 150, fuzz.words()).text
    assert texts != [fuzz.text(2, number, fuzz.words()).text for number in range(200)]
    assert any("\ud800" in text for text in texts)
    assert any("\u2028" in text for text in texts)


@pytest.mark.usefixtures("judged")
def test_no_cache_grows_with_the_texts_read() -> None:
    """What a process keeps is bounded: caches without a bound hold a few tables each, not what texts bring."""
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
