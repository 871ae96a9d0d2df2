"""The lexicon in seeds/lures holds what it promises, and reading it is strict."""

from pathlib import Path

import pytest

from enrichment.lexicon import LexiconError, lexicon
from enrichment.matcher import REACH
from lurewatch import proofs

INDICATORS = """\
indicators:
  - {slug: free_travel, family: logistics, title: "ticket paid", why: "bait"}
  - {slug: closed_site, family: control, title: "closed site", why: "control", tag: scam_compound}
"""
GOOD = 'gloss: "free ticket", indicator: free_travel, strength: medium, basis: own'


def folder(path: Path, entries: str, language: str = "en") -> Path:
    (path / "indicators.yml").write_text(INDICATORS, encoding="utf-8")
    (path / f"{language}.yml").write_text(f"entries:\n{entries}\n", encoding="utf-8")
    return path


def test_every_entry_catches_its_examples_spares_what_it_must_and_cannot_run_away(seeds: Path) -> None:
    """One fault is one line that names file, line and fix."""
    assert list(proofs.faults(lexicon(seeds / "lures"))) == []


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (f'  - {{phrase: "free flight", {GOOD}, colour: red}}', "colour"),
        (f'  - {{{GOOD}}}', "give either phrase (plain words) or pattern"),
        (f'  - {{phrase: "a b", pattern: "a * b", {GOOD}}}', "not both"),
        (f'  - {{phrase: "free * flight", {GOOD}}}', "write pattern:"),
        (f'  - {{pattern: "(free|paid flight", {GOOD}}}', "close the group"),
        (f'  - {{pattern: "licen[cs flight", {GOOD}}}', "close or remove them"),
        (f'  - {{pattern: "* flight", {GOOD}}}', "looks for nothing"),
        (f'  - {{pattern: "(free)? (flight)?", {GOOD}}}', "obligatory"),
        ('  - {phrase: "free flight", gloss: "x", indicator: nonsense, strength: medium, basis: own}', "unknown indicator 'n"),
        ('  - {phrase: "free flight", gloss: "x", indicator: free_travel, strength: huge, basis: own}', "huge"),
        (f'  - {{phrase: "free flight", {GOOD}}}\n  - {{phrase: "Free  FLIGHT", {GOOD}}}', "stands already at"),
        ("  - just words", "each item is {key: value"),
        ('  - {phrase: "free flight"', "mend the YAML"),
    ],
)
def test_a_wrong_entry_is_named_with_file_line_and_fix(tmp_path: Path, entry: str, problem: str) -> None:
    """Every fault of every file is told at once."""
    with pytest.raises(LexiconError) as told:
        lexicon(folder(tmp_path, entry))
    message = str(told.value)
    assert problem in message
    assert message.startswith(f"{tmp_path / 'en.yml'}:")
    assert message.split(":")[1].isdigit()


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """An operator mends a file in one go."""
    with pytest.raises(LexiconError) as told:
        lexicon(folder(tmp_path, f'  - {{phrase: "a * b", {GOOD}}}\n  - {{pattern: "(a", {GOOD}}}'))
    assert [line.split(":")[1] for line in str(told.value).splitlines()] == ["2", "3"]


def test_a_folder_without_indicators_is_no_lexicon(tmp_path: Path) -> None:
    """The message says what the missing file is for."""
    with pytest.raises(LexiconError, match=r"indicators\.yml: missing"):
        lexicon(tmp_path)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (f'  - {{pattern: "free * flight", {GOOD}, catches: ["a flight at your own cost"]}}', "does not catch"),
        (f'  - {{pattern: "free * flight", {GOOD}, spares: ["feel free to book your own flight"]}}', "must spare"),
    ],
)
def test_a_broken_promise_is_named(tmp_path: Path, entry: str, problem: str) -> None:
    """The check can fail: an entry that misses its example, or fires on what it must spare."""
    found = list(proofs.faults(lexicon(folder(tmp_path, entry))))
    assert len(found) == 1
    assert found[0].startswith(f"{tmp_path / 'en.yml'}:2: ")
    assert problem in found[0]


def test_examples_are_read_in_the_script_of_their_file(tmp_path: Path) -> None:
    """A Latin word in a Chinese file is found beside Chinese; a gap needs no words in it."""
    entries = f'  - {{pattern: "包*机票", {GOOD}, spares: ["机票自理"]}}\n  - {{phrase: "KK园区", {GOOD}}}'
    assert list(proofs.faults(lexicon(folder(tmp_path, entries, "zh")))) == []


@pytest.mark.parametrize("expression", [rb"a[^.]*b", rb"a+", rb"(?:a|b)+", rb"a{3,}", rb"(?=a)b", rb"(a)\1"])
def test_unbounded_or_back_tracking_expressions_are_refused(expression: bytes) -> None:
    """What the pattern language cannot say is refused even if its translation said it."""
    assert proofs.unsafe(expression)


def test_a_match_longer_than_the_reach_is_refused() -> None:
    """Of choices only the longest counts."""
    gap = rb"[^.]{0,80}"
    assert proofs.unsafe(b"(?:" + b"|".join([gap] * 40) + b")x") is None
    assert f"more than {REACH}" in (proofs.unsafe(gap * 13 + b"x") or "")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(free|paid) * (flight~|ticket)", "free flight"), ("(a b)? c s?", "c s"), ("word~ (x|y)", "word x"),
        ("包*机票", "包机票"), ("licen[cs]e", "licence"), ("(a (b|c)|d) e", "a b e"),
    ],
)
def test_a_text_is_made_from_a_pattern(pattern: str, text: str) -> None:
    """First choices, no gaps, nothing that may be missing."""
    assert proofs.instance(pattern) == text
