"""Random texts break nothing; ``python -m benchmarks.fuzz`` judges as many as one has time for."""

from benchmarks import fuzz


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
