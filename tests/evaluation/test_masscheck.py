"""The mass-check counts what each rule does, keeps what is worth it and deletes nothing else."""

from pathlib import Path

import pytest

from enrichment.lexicon.lexicon import Lexicon, lexicon
from evaluation import masscheck
from evaluation.masscheck import Text

INDICATORS = """\
indicators:
  - {slug: free_travel, family: logistics, title: "the journey is paid", why: "bait"}
  - {slug: licence, family: honest, title: "a licence is named", why: "honest"}
"""


@pytest.fixture
def read(tmp_path: Path) -> Lexicon:
    """Return a lexicon of five rules about a journey and one about a licence."""
    (tmp_path / "indicators.yml").write_text(INDICATORS, encoding="utf-8")
    (tmp_path / "en").mkdir()
    rules = [
        f"  - id: en-free-travel-000{number}\n    phrase: {words}\n    indicator: free_travel\n    strength: medium\n"
        f"    added: 2026-11-29\n"
        for number, words in enumerate(["free flight", "free ticket", "paid fare", "paid trip", "never seen"])
    ]
    (tmp_path / "en" / "logistics.yml").write_text("rules:\n" + "\n".join(rules), encoding="utf-8")
    (tmp_path / "en" / "honest.yml").write_text(
        "rules:\n  - id: en-licence-0001\n    phrase: licence number\n    indicator: licence\n    strength: weak\n"
        "    added: 2026-11-29\n",
        encoding="utf-8",
    )
    return lexicon(tmp_path)


def texts(*rows: tuple[str, bool, list[int]]) -> list[Text]:
    return [Text(source, "en", lure, tuple(f"en-free-travel-000{number}" for number in rules)) for source, lure, rules in rows]


TEXTS = texts(("a", True, [0, 1]), ("b", True, [0]), ("b", True, [0, 2]), ("c", True, [1]), ("c", False, [3]), ("d", True, [2]))


def test_each_rule_is_counted_by_side_source_and_overlap(read: Lexicon) -> None:
    """Overlap is the share of its texts on which another rule of its language and indicator fires too."""
    counts = {item.entry.phrase: item for item in masscheck.count(read.entries, TEXTS)}
    first = counts["free flight"]
    assert (first.lures, first.others, first.sources) == (3, 0, 2)
    assert first.overlap == pytest.approx(2 / 3)
    assert (counts["paid trip"].right, counts["paid trip"].wrong) == (0, 1)
    assert counts["never seen"].texts == frozenset()


def test_what_says_most_is_kept_and_no_indicator_is_emptied(read: Lexicon) -> None:
    """The best of each indicator stays, even one that never fires; then what no kept rule says; what misleads goes."""
    counts = masscheck.count(read.entries, TEXTS)
    kept = masscheck.choose(counts, TEXTS, 3, {"free_travel": 4.0})
    assert kept == {"en-licence-0001", "en-free-travel-0000", "en-free-travel-0002"}
    assert "en-free-travel-0003" not in masscheck.choose(counts, TEXTS, 6, {})


def test_rules_to_retire_are_deleted_and_others_stay_as_they_are(read: Lexicon, tmp_path: Path) -> None:
    """Byte by byte; a file without a rule left goes."""
    before = (tmp_path / "en" / "logistics.yml").read_text(encoding="utf-8")
    gone = {"en-free-travel-0003", "en-free-travel-0004", "en-licence-0001"}
    rows = [{"id": entry.id, "verdict": "retire" if entry.id in gone else "keep"} for entry in read.entries]
    assert masscheck.prune({"rules": rows}, tmp_path) == 3
    left = (tmp_path / "en" / "logistics.yml").read_text(encoding="utf-8")
    assert left == before[: before.index("\n  - id: en-free-travel-0003")]
    assert not (tmp_path / "en" / "honest.yml").exists()
    assert [entry.phrase for entry in lexicon(tmp_path).entries] == ["free flight", "free ticket", "paid fare"]


def test_the_report_names_every_rule(read: Lexicon, tmp_path: Path) -> None:
    """One line a rule, and a table by language."""
    rows = [masscheck._row(item, None) for item in masscheck.count(read.entries, TEXTS)]
    results = {"texts": len(TEXTS), "rules": rows}
    masscheck.write_report(results, tmp_path / "rules.tsv")
    lines = (tmp_path / "rules.tsv").read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == list(masscheck.COLUMNS)
    assert len(lines) == 7
    assert "6 texts" in masscheck.render(results)
