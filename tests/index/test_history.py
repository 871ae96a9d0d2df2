"""The history of a posting is the same whatever order its runs are loaded in."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.items import Posting
from enrichment.assessment import Assessment, Language
from index.history import Observation, observe

START = datetime(2026, 3, 1, tzinfo=UTC)
ENGLISH = Language(code="en", script="Latn", confidence=1)
JUDGED = Assessment(id="a", language=ENGLISH, stance="offer", score=0, flagged=False, tag="none")


def _seen(day, text):
    posting = Posting(id="a", source="board", url="https://board.example.org/a", text=text, deleted=not text)
    return Observation(posting, JUDGED, START + timedelta(days=day), f"run-{day}", f"runs/board/run-{day}")


def _after(observations):
    record = None
    for observation in observations:
        record, _ = observe(record, observation)
    return record


@settings(max_examples=200)
@given(st.data())
def test_each_run_later_than_the_one_before_says_exactly_what_changed(data):
    texts = data.draw(st.lists(st.sampled_from(["one", "two", ""]), min_size=1, max_size=6))
    record = _after(_seen(day, text) for day, text in enumerate(texts))
    kinds = [bool(text) and text for text in texts]
    assert len(record.revisions) == 1 + sum(a != b for a, b in pairwise(kinds))
    assert record.posting.deleted is (not texts[-1])
    assert [r.revision for r in record.revisions] == list(range(1, len(record.revisions) + 1))


@settings(max_examples=300)
@given(st.data())
def test_order_of_loading_does_not_matter(data):
    """Holds when all runs differ: a run that repeats the newest known is kept only as ``last_seen``."""
    days = data.draw(st.integers(1, 6))
    gone = data.draw(st.integers(-1, days - 1))
    texts = ["" if day == gone else f"text {day}" for day in range(days)]
    observations = [_seen(day, text) for day, text in enumerate(texts)]
    shuffled = data.draw(st.permutations(observations))
    one, two = _after(observations), _after(shuffled)
    assert two.revisions == one.revisions
    assert (two.first_seen, two.last_seen) == (one.first_seen, one.last_seen)
    assert (two.run_id, two.partition) == (one.run_id, one.partition)
    assert (two.posting.text, two.posting.deleted) == (one.posting.text, one.posting.deleted)
    for observation in shuffled:
        again, outcome = observe(two, observation)
        assert (again, outcome) == (two, "unchanged")
