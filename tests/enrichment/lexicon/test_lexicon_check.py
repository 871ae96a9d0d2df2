"""The lexicon in seeds/lures holds what it promises, and reading it is strict."""

from pathlib import Path

import pytest

from enrichment.lexicon import lexicon_check
from enrichment.lexicon.lexicon import LexiconError, lexicon
from enrichment.lexicon.matcher import REACH

INDICATORS = """\
indicators:
  - {slug: free_travel, family: logistics, title: "ticket paid", why: "bait"}
  - {slug: closed_site, family: control, title: "closed site", why: "control", tag: scam_compound}
"""
GOOD = "gloss: free ticket, indicator: free_travel, strength: medium, basis: own, added: 2026-11-28"


def rule(text: str, suffix: str = "0001", status: str = "active", language: str = "en") -> str:
    return f"  - {{id: {language}-free-travel-{suffix}, status: {status}, {text}, {GOOD}}}"


def folder(path: Path, rules: str, language: str = "en") -> Path:
    (path / "indicators.yml").write_text(INDICATORS, encoding="utf-8")
    (path / language).mkdir()
    (path / language / "logistics.yml").write_text(f"rules:\n{rules}\n", encoding="utf-8")
    return path


def test_every_rule_catches_its_examples_spares_what_it_must_and_cannot_run_away(seeds: Path) -> None:
    """One fault is one line that names file, line and fix."""
    assert list(lexicon_check.faults(lexicon(seeds / "lures"))) == []


def test_the_lexicon_stays_one_that_people_can_own(seeds: Path) -> None:
    """Rare wording belongs to the learned model."""
    files = list((seeds / "lures").rglob("*.yml"))
    assert sum(file.read_text(encoding="utf-8").count("\n") for file in files) <= 38_500
    assert len(lexicon(seeds / "lures").entries) <= 2_250


BARE = "id: en-free-travel-0001, status: active, phrase: free flight, gloss: x, strength: medium, basis: own"
HEAD = "  - {id: en-free-travel-0001, status: active,"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (rule('phrase: "free flight", colour: red'), "colour"),
        (rule("reviewed_by: nobody"), "give either phrase (plain words) or pattern"),
        (rule('phrase: "a b", pattern: "a * b"'), "not both"),
        (rule('phrase: "free * flight"'), "write pattern:"),
        (rule('pattern: "(free|paid flight"'), "close the group"),
        (rule('pattern: "licen[cs flight"'), "close or remove them"),
        (rule('pattern: "* flight"'), "looks for nothing"),
        (rule('pattern: "(free)? (flight)?"'), "obligatory"),
        (rule("phrase: free flight", status="new"), "status"),
        (rule("phrase: free flight", suffix="x"), "write id: en-free-travel-e0ccc9"),
        (rule("phrase: free flight", language="vi"), "write id: en-free-travel-e0ccc9"),
        (rule("phrase: free flight").replace("id: en-free-travel-0001, ", ""), "id is missing; write id: en-free-travel-e0ccc9"),
        (f"  - {{{BARE}, added: 2026-11-28, indicator: nonsense}}".replace("free-travel", "nonsense"), "unknown indicator 'n"),
        (
            f"  - {{{BARE}, added: 2026-11-28, indicator: closed_site}}".replace("free-travel", "closed-site"),
            "move the rule to en/control.yml",
        ),
        (f"  - {{{BARE}, added: soon, indicator: free_travel}}", "added"),
        (f"  - {{{BARE}, indicator: free_travel}}", "added"),
        (rule("phrase: free flight").replace("medium", "huge"), "huge"),
        (rule("phrase: free flight").replace("own", "quoted"), "names where under references"),
        (rule("phrase: free flight, phrase: paid flight"), "phrase stands twice"),
        (f"{rule('phrase: free flight')}\n{rule('phrase: Free  FLIGHT', suffix='0002')}", "stands already at"),
        (f"{rule('phrase: free flight')}\n{rule('phrase: paid flight')}", "give this rule an id of its own"),
        (f"{rule('phrase: free flight', status='retired')}\n{rule('phrase: paid flight')}", "give this rule an id of its own"),
        ("  - just words", "each item is a mapping"),
        ('  - {phrase: "free flight"', "mend the YAML"),
    ],
)
def test_a_wrong_rule_is_named_with_file_line_and_fix(tmp_path: Path, text: str, problem: str) -> None:
    """Every fault of every file is told at once."""
    with pytest.raises(LexiconError) as told:
        lexicon(folder(tmp_path, text))
    message = str(told.value)
    assert problem in message
    assert message.startswith(f"{tmp_path / 'en' / 'logistics.yml'}:")
    assert message.split(":")[1].isdigit()


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """An operator mends a file in one go."""
    with pytest.raises(LexiconError) as told:
        lexicon(folder(tmp_path, f"{rule('phrase: a * b')}\n{rule('pattern: (a', suffix='0002')}"))
    assert [line.split(":")[1] for line in str(told.value).splitlines()] == ["2", "3"]


@pytest.mark.parametrize("stray", ["vi.yml", "vi/job.yaml", "vi/older/job.yml"])
def test_a_file_where_no_rules_are_read_is_named(tmp_path: Path, stray: str) -> None:
    """A file that nobody reads looks like rules that work."""
    folder(tmp_path, rule("phrase: free flight"))
    (tmp_path / stray).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / stray).write_text("rules: []\n")
    with pytest.raises(LexiconError, match=rf"{stray}:1: rules stand in <language>/<family>\.yml"):
        lexicon(tmp_path)


def test_a_folder_without_indicators_is_no_lexicon(tmp_path: Path) -> None:
    """The message says what the missing file is for."""
    with pytest.raises(LexiconError, match=r"indicators\.yml: missing"):
        lexicon(tmp_path)


def test_a_long_pattern_may_take_several_lines(tmp_path: Path) -> None:
    """Beside a bar a line break is nothing, elsewhere a space; both ways are the same pattern."""
    head = "  - id: en-free-travel-0001\n    status: active\n    pattern: |-\n      (free|\n      paid)\n      flight\n"
    (entry,) = lexicon(folder(tmp_path, head + "    " + GOOD.replace(", ", "\n    "))).entries
    assert entry.phrase == "(free|paid) flight"


def test_a_status_says_what_a_rule_weighs(tmp_path: Path) -> None:
    """Experimental rules weigh as weak ones at most; retired ones are not looked for, and their ids stay taken."""
    made = [
        rule(f"phrase: {status} flight", f"000{number}", status)
        for number, status in enumerate(("active", "experimental", "shadow", "retired"))
    ]
    read = lexicon(folder(tmp_path, "\n".join(made)))
    assert [(entry.status, entry.strength) for entry in read.entries] == [("active", 0.8), ("experimental", 0.5), ("shadow", 0.8)]
    assert read.retired == ("en-free-travel-0003",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (rule('pattern: "free * flight", catches: ["a flight at your own cost"]'), "does not catch"),
        (rule('pattern: "free * flight", spares: ["feel free to book your own flight"]'), "must spare"),
    ],
)
def test_a_broken_promise_is_named(tmp_path: Path, text: str, problem: str) -> None:
    """The check can fail: a rule that misses its example, or fires on what it must spare."""
    found = list(lexicon_check.faults(lexicon(folder(tmp_path, text))))
    assert len(found) == 1
    assert found[0].startswith(f"{tmp_path / 'en' / 'logistics.yml'}:2: ")
    assert problem in found[0]


def test_examples_are_read_in_the_script_of_their_file(tmp_path: Path) -> None:
    """A Latin word in a Chinese file is found beside Chinese; a gap needs no words in it."""
    gap = rule('pattern: "包*机票", spares: ["机票自理"]', language="zh")
    made = f"{gap}\n{rule('phrase: KK园区', '0002', language='zh')}"
    assert list(lexicon_check.faults(lexicon(folder(tmp_path, made, "zh")))) == []


@pytest.mark.parametrize("expression", [rb"a[^.]*b", rb"a+", rb"(?:a|b)+", rb"a{3,}", rb"(?=a)b", rb"(a)\1"])
def test_unbounded_or_back_tracking_expressions_are_refused(expression: bytes) -> None:
    """What the pattern language cannot say is refused even if its translation said it."""
    assert lexicon_check.unsafe(expression)


def test_a_match_longer_than_the_reach_is_refused() -> None:
    """Of choices only the longest counts."""
    gap = rb"[^.]{0,80}"
    assert lexicon_check.unsafe(b"(?:" + b"|".join([gap] * 40) + b")x") is None
    assert f"more than {REACH}" in (lexicon_check.unsafe(gap * 13 + b"x") or "")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(free|paid) * (flight~|ticket)", "free flight"), ("(a b)? c s?", "c s"), ("word~ (x|y)", "word x"),
        ("包*机票", "包机票"), ("licen[cs]e", "licence"), ("(a (b|c)|d) e", "a b e"),
    ],
)  # fmt: skip
def test_a_text_is_made_from_a_pattern(pattern: str, text: str) -> None:
    """First choices, no gaps, nothing that may be missing."""
    assert lexicon_check.instance(pattern) == text
