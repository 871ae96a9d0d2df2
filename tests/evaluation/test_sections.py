"""What a challenger is shown on: real texts where they are here, attacks, and a plain word where something is not."""

import shutil
from pathlib import Path

import pytest

from enrichment.assess import Assessor
from evaluation.sections import sections
from evaluation.text_sets import CARRIED, TextSets
from lurewatch.settings import load_settings


@pytest.fixture(scope="module")
def judge() -> Assessor:
    """Return the shipped model."""
    return Assessor(load_settings().seeds)


@pytest.fixture
def few(tmp_path: Path) -> TextSets:
    """Return a folder with ten carried training texts in place of the held-out ones."""
    folder = TextSets(tmp_path / "texts")
    for name in ("training", "labels"):
        shutil.copytree(CARRIED / name, folder.folder / name)
    folder.held_out.mkdir()
    lines = (CARRIED / "training" / "listings-own.jsonl").read_text(encoding="utf-8").splitlines()[:10]
    (folder.held_out / "unseen.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_what_is_not_there_to_judge_with_is_a_section_that_says_so(judge: Assessor, few: TextSets) -> None:
    """Never a figure of nothing."""
    few.additions().unlink()
    real, attacks, authored, decisions = sections([judge] * 2, texts=few, data=None, held_out=[], progress=lambda _: None)
    assert (real.name, real.figures, real.note) == ("real texts", (), "not given (--data)")
    assert (attacks.name, attacks.figures) == ("attacks", ())
    assert str(few.additions()) in attacks.note
    assert authored.texts == 10
    assert decisions.texts == 0


def test_under_attack_each_judge_has_the_share_of_lures_it_keeps(judge: Assessor, few: TextSets) -> None:
    """One rewrite, the worst of them, and two combined."""
    _, attacks, _, _ = sections([judge] * 2, texts=few, data=None, held_out=[], progress=lambda _: None)
    assert attacks.texts > 0
    assert [one.name for one in attacks.figures][:3] == [
        "recall kept, one rewrite", "recall kept, worst rewrite", "recall kept, two combined",
    ]  # fmt: skip


def test_on_real_texts_all_judges_are_measured_by_source(judge: Assessor, few: TextSets, few_real_texts: Path) -> None:
    """Skipped, saying so, where the texts are not here."""
    few.additions().unlink()
    real, _, _, _ = sections([judge] * 2, texts=few, data=few_real_texts, held_out=[], progress=lambda _: None)
    assert real.texts > 500
    assert [one.name for one in real.figures] == [
        "average precision", "recall at 0.5 % flagged", "recall at score 50", "others spared",
    ]  # fmt: skip
