"""Recall where few others are flagged, per group and source."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluation.commands import command
from evaluation.labelled_listings import Listing
from evaluation.real_report import figures, fraud_figures, render


def text(number: int, label: int, lang: str, source: str = "lures") -> Listing:
    """Return a real text."""
    return Listing(id=str(number), lang=lang, label=label, kind="other", text="x", source=source)


def test_recall_is_read_at_a_share_of_the_others_in_all_and_by_group() -> None:
    """Two hundred others: at 1 % two may be flagged, at score 50 those above it are."""
    others = [text(number, 0, "en", "sms_id") for number in range(200)]
    lures = [text(300, 1, "ru"), text(301, 1, "ru"), text(302, 1, "zh")]
    scores = [*(number / 4 for number in range(200)), 60.0, 10.0, 49.6]
    found = figures([*others, *lures], scores)
    at = found["recall"]
    assert at["score 50"]["groups"] == {"ru": [1, 2], "zh": [0, 1]}
    assert at["score 50"]["found"] == [1, 3]
    assert at["score 50"]["others"] == [0, 200]
    assert at["1.0%"]["others"] == [2, 200]
    assert at["1.0%"]["groups"] == {"ru": [1, 2], "zh": [1, 1]}
    assert found["flagged"] == {"sms_id other": [0, 200]}


def test_the_shipped_score_is_judged_on_the_shared_texts(
    seeds: Path, few_real_texts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few others are flagged; the table names every group and source."""
    monkeypatch.chdir(seeds.parent)
    told = CliRunner().invoke(command, ["real", "--data", str(few_real_texts)])
    assert told.exit_code == 0, told.output
    assert all(part in told.stdout for part in ("found at score 50", "jobs_zh_legit", "turnbackhoax warning"))


def test_a_report_is_readable_without_any_undecided_text() -> None:
    """As tables."""
    items = [text(1, 1, "ru"), text(2, 0, "ru")]
    shown = render({"split": "shipped", "texts": 2, "undecided": [0, 0], **figures(items, [90.0, 1.0])})
    assert "average precision 1.000" in shown
    assert "1/1 1.000 (0.207-1.000)   others flagged 0/1 0.000 (0.000-0.793)\n    ru 1/1 1.000 (0.207-1.000)" in shown


def test_other_fraud_is_ranked_against_honest_advertisements_of_its_source() -> None:
    """Two of three pairs in order, and a tie counts half."""
    found = fraud_figures([60.0, 2.0], [1.0, 2.0, 3.0])
    assert found["auc"] == pytest.approx((3 + 1.5) / 6)
    assert (found["fraud"], found["honest"]) == ([1, 2], [0, 3])
    items = [text(1, 1, "ru"), text(2, 0, "ru")]
    shown = render({"split": "leave-source-out", "texts": 2, "undecided": [0, 0], "emscad": found, **figures(items, [90.0, 1.0])})
    assert "AUC 0.750" in shown
