"""The pattern language says what it looks for, and the lexicon is versioned by its content."""

import shutil
from pathlib import Path

import pytest

from enrichment.lexicon.lexicon import lexicon
from enrichment.lexicon.matcher import Matcher
from enrichment.lexicon.pattern import compile_pattern, fold_stream, prepare
from enrichment.lexicon.stream import stream, stream_phrase
from enrichment.text.views import views


def first_match(pattern: str, text: str) -> str | None:
    """Return what of ``text`` the pattern matches."""
    seen = views(text)
    made = stream(seen.folded_view, text)
    hits = Matcher([compile_pattern(pattern)]).hits(made.data)
    places = [made.span(start, end) for _, start, end in hits]
    return text[slice(*places[0])] if places else None


@pytest.mark.parametrize(
    ("pattern", "text", "match"),
    [
        ("free flight", "Get a FREE   flight today", "FREE   flight"),
        ("free flight", "free-flight!", "free-flight"),
        ("free flight", "carefree flights", None),
        ("free * flight", "free return flight", "free return flight"),
        ("free * flight", "free food. The flight is yours", None),
        ("free * flight", "free flight", "free flight"),
        ("free * (one)? * flight", "free flight", "free flight"),
        ("free * (one)? * flight", "free and one way flight", "free and one way flight"),
        ("(free|paid) (air)? ticket~", "paid tickets", "paid ticket"),
        ("(free|paid) (air)? ticket~", "paid air ticketing", "paid air ticket"),
        ("~taken", "mistaken", "mistaken"),
        ("labou?r", "labor", "labor"),
        ("licen[cs]e", "licence", "licence"),
        ("licen[cs]e", "license", "license"),
        ("việc nhẹ", "VIỆC   NHẸ", "VIỆC   NHẸ"),
        ("việc nhẹ", "viec nhe", "viec nhe"),
        ("包*机票", "公司包来回机票", "包来回机票"),
        ("包*机票", "包吃。机票自理", None),
        ("包 * 机票", "包机票", "包机票"),
        ("ฟรี*ตั๋ว", "ที่พักฟรีและตั๋ว", "ฟรีและตั๋ว"),
        ("free flight", "f\u200bree fl\u200bight", "f\u200bree fl\u200bight"),
    ],
)
def test_patterns_match_what_they_say(pattern: str, text: str, match: str | None) -> None:
    """Case, marks, punctuation between words do not matter; word and sentence ends do."""
    assert first_match(pattern, text) == match


def test_the_version_is_that_of_the_content(seeds: Path, tmp_path: Path) -> None:
    """The same files anywhere have the same version; one changed byte changes it."""
    shutil.copy(seeds / "lures" / "indicators.yml", tmp_path)
    shutil.copytree(seeds / "lures" / "sw", tmp_path / "sw")
    first = lexicon(tmp_path).version
    assert lexicon(tmp_path).version == first
    with (tmp_path / "sw" / "job.yml").open("a", encoding="utf-8") as file:
        file.write("# a note\n")
    assert lexicon(tmp_path).version != first


def test_words_folded_together_are_folded_as_each_alone() -> None:
    """Words that vanish or fall apart into sentences must not shift the others: a lexicon reads the same in any company."""
    words = ["ticket", " ", "no. 5", "した。", "💰", "vé máy bay", "+", "a", "b", "吗?", "e\u0301", "ใบอนุญาต"]
    prepare(words)
    assert {word: fold_stream(word) for word in words} == {word: stream_phrase(word).strip(" .") for word in words}
