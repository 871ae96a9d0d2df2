"""What is learned from is named, counted, and holds no held-out text."""

from pathlib import Path

import pytest

from enrichment.model import SourceCounts
from evaluation.labelled_listings import ListingError
from evaluation.text_sets import TextSets, carried_texts
from evaluation.training_sources import counted, labelled


def test_held_out_files_are_never_learned_from() -> None:
    """Whatever is called unseen."""
    names = [file.name for file in carried_texts().training_files()]
    assert {"terse.jsonl", "listings-own.jsonl"} <= {*names}
    assert not [name for name in names if "unseen" in name]


def test_each_source_is_counted_with_its_lures() -> None:
    """By file."""
    file = carried_texts().training / "terse.jsonl"
    assert counted(labelled([file], None, carried_texts())) == {"terse.jsonl": SourceCounts(texts=1492, lures=733)}


def test_real_texts_are_counted_by_source(shared_data: Path) -> None:
    """Those not decided are left out."""
    made = counted(labelled([], shared_data, carried_texts()))
    assert made["telegram_zh"].lures >= 10
    assert sum(counts.texts for counts in made.values()) > 4000


def test_a_faulty_line_is_named(tmp_path: Path) -> None:
    """With its file."""
    (tmp_path / "listings-x.jsonl").write_text("{}\n")
    with pytest.raises(ListingError, match=r"listings-x\.jsonl:1"):
        labelled([tmp_path / "listings-x.jsonl"], None, TextSets(tmp_path))
