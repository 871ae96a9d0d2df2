"""Recall kept is counted on lures that are flagged as they are; what else is flagged is counted apart."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from enrichment.assess import Assessor, PostingText
from enrichment.assessment import Assessment
from evaluation.attack_report import figures, render
from evaluation.attacks import COMBINED, REWRITES, Attacks
from evaluation.commands import command
from evaluation.labelled_listings import Listing
from evaluation.text_sets import carried_texts
from tests.enrichment.rewrites import LURES


def listing(number: int, label: int, kind: str, text: str) -> Listing:
    """Return a labelled text."""
    return Listing(id=str(number), lang="en", label=label, kind=kind, text=text)


def test_what_a_rewrite_silences_is_counted_and_what_was_never_flagged_is_not(seeds: Path) -> None:
    """Judged by a stand-in that forgets all lures that hold a warning."""
    attacks = Attacks(carried_texts().additions())
    warned = attacks.lure("1", "", "en", ()).added["warning"]
    flagged, other = Assessor(seeds).assess_all([PostingText("1", None, LURES["en"]), PostingText("2", None, "Good morning")])

    def judge(postings: Iterable[PostingText]) -> Iterator[Assessment]:
        for one in postings:
            yield flagged if "passport" in one.text and warned not in one.text else other

    items = [
        listing(1, 1, "scam_compound", LURES["en"]),
        listing(2, 1, "scam_compound", "Good morning to all of you"),
        listing(3, 0, "warning", "Police warn of scams"),
        listing(4, 0, "benign_job", "Cook wanted at our school"),
        listing(5, 0, "other", "Room to let"),
    ]
    found = figures(items, attacks, judge, most=5)
    assert found["lures"] == [1, 2]
    assert found["others"] == 2
    assert set(found["kept"]) == {*REWRITES}
    assert len(found["pairs"]) == len(COMBINED) * (len(COMBINED) - 1) // 2
    assert found["kept"]["warning"] == found["kept"]["warning first"] == {"en": [0, 1]}
    assert found["kept"]["emoji"] == {"en": [1, 1]}
    assert found["alarms"]["as they are"] == {"honest jobs": [0, 1], "reports": [0, 1]}
    told = render({**found, "files": ["x"], "wordings": "tuning", "most": 5})
    assert "warning" in told
    assert "en 0/1" in told


def test_the_command_judges_one_language_of_a_file_and_says_what_it_did(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the held-out wordings."""
    monkeypatch.chdir(seeds.parent)
    line = ["attacks", "--data", "benchmarks/texts/training/listings-own.jsonl", "--language", "th", "--most", "2", "--held-out"]
    told = CliRunner().invoke(command, line)
    assert told.exit_code == 0, told.output
    assert "wordings: held out; at most 2 of a language" in told.stdout
    assert "two combined" in told.stdout
