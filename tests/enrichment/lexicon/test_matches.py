"""Which entries a text shows: by the files its language and script call for, with the words' own marks, and how openly."""

from pathlib import Path

import pytest

from enrichment.language.detect import language
from enrichment.lexicon.lexicon import lexicon
from enrichment.lexicon.matches import LexiconMatch, LexiconMatcher
from enrichment.text.views import Views


@pytest.fixture(scope="module")
def matcher(seeds: Path) -> LexiconMatcher:
    """Return the shipped lexicon, ready for reading."""
    return LexiconMatcher(lexicon(seeds / "lures"))


def read(matcher: LexiconMatcher, text: str) -> list[LexiconMatch]:
    """Return what is found in a text."""
    seen = Views(f"\n{text}")
    return matcher.evidence(seen, language(seen))


def test_a_match_slices_to_the_words_of_the_raw_text(matcher: LexiconMatcher) -> None:
    """Whatever was folded on the way."""
    text = "We keep your PASSPORT safe until the contract ends. Free flight!"
    matches = read(matcher, text)
    spans = {("\n" + text)[match.start : match.end].lower() for match in matches}
    assert any("passport" in span for span in spans)
    assert matches == sorted(matches, key=lambda match: (match.start, match.end))


def test_a_disguised_phrase_is_found_and_worth_a_step_less(matcher: LexiconMatcher) -> None:
    """The disguise is named."""
    plain = {match.entry.id: match for match in read(matcher, "free flight to the office, visa handled by us")}
    hidden = {match.entry.id: match for match in read(matcher, "fr33 fl1ght to the office, visa handled by us")}
    both = [name for name in plain if name in hidden and hidden[name].disguise]
    assert both
    assert all(hidden[name].value < plain[name].value for name in both)


def test_a_word_with_other_marks_is_another_word(matcher: LexiconMatcher) -> None:
    """Vietnamese ``bảo`` and ``bao`` differ; written without any mark both may be meant."""
    found = {match.entry.language for match in read(matcher, "Công ty bảo hiểm tuyển nhân viên văn phòng tại Hà Nội")}
    assert "th" not in found


def test_latin_files_stay_shut_on_a_text_of_another_language(matcher: LexiconMatcher) -> None:
    """French phrases say nothing about an Indonesian text."""
    text = "Dibutuhkan segera karyawan toko, gaji bulanan, hubungi kami di kantor. Pengalaman tidak diperlukan."
    assert "fr" not in {match.entry.language for match in read(matcher, text)}
