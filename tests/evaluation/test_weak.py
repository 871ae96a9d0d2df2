"""Weak labels come from several confirmed lures, are marked, and never from a call that says nothing."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from crawlers.items import Posting
from enrichment.assessment import Assessment, Language
from enrichment.campaigns.network import Network, NetworkReason
from evaluation.labelled_listings import listings
from evaluation.weak import WEIGHT, line, weak_labels
from index.base import Record

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def record() -> Record:
    """Return an undecided record that shares a contact with two confirmed lures."""
    spoken = Language(code="vi", script="Latn", confidence=1.0)
    judged = Assessment(id="a", language=spoken, stance="offer", score=20, flagged=False, tag="none")
    posting = Posting(id="a", source="s", url="https://s.example.org/a", text="việc nhẹ " * 30)
    reason = NetworkReason(
        kind="contact", points=36.0, why="contact x is that of 2 confirmed lures since 2026-03-01", confirmed=2
    )
    return Record(
        id="a", posting=posting, assessment=judged, first_seen=AT, last_seen=AT, run_id="r", partition="p",
        network=Network(reasons=(reason,)),
    )  # fmt: skip


def test_a_weak_label_is_marked_and_counts_less(record: Record, tmp_path) -> None:
    """It can be read as any labelled text."""
    found = list(weak_labels([record]))
    assert [(one.label, one.weak, one.weight, one.kind) for one in found] == [(1, True, WEIGHT, "unknown")]
    (tmp_path / "weak.jsonl").write_text(line(found[0]), encoding="utf-8")
    assert [(one.id, one.label, one.weight) for one in listings(tmp_path / "weak.jsonl")] == [("a", 1, WEIGHT)]


def test_nothing_is_labelled_that_is_decided_terse_or_rests_on_one_lure(record: Record) -> None:
    """Nor what has points for another reason alone."""
    once = record.network.reasons[0]
    others = [
        replace(record, case="dismissed"),
        replace(record, posting=replace(record.posting, text="ib mình")),
        replace(record, network=Network(reasons=(replace(once, confirmed=1),))),
        replace(record, network=Network(reasons=(replace(once, kind="poster"),))),
        replace(record, network=Network()),
    ]
    assert list(weak_labels(others)) == []
