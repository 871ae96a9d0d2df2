"""Loading a partition is exact, repeatable, and does not depend on the order in which runs are loaded."""

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from crawlers.items import Posting
from foundation.crawl_errors import PartitionError
from index.base import Query, WriteReport
from index.load import LoadError, load, pending
from index.sqlite.sqlite_store import SqliteStore


def _post(name, text, **more):
    return Posting(id=name, source="board", url=f"https://board.example.org/{name}", text=text, **more)


def test_a_partition_loaded_twice_changes_nothing(partition, judged, sqlite_store):
    address = partition("run-1", [(f"p{n}", f"text {n}") for n in range(1200)])
    assert load(address, judged, sqlite_store) == WriteReport(inserted=1200)
    before = {r.id: r for r in sqlite_store.scan(Query())}
    assert load(address, judged, sqlite_store) == WriteReport(unchanged=1200)
    assert {r.id: r for r in sqlite_store.scan(Query())} == before
    assert sqlite_store.loaded_partitions() == {address}


def test_an_edit_keeps_the_text_before_it(partition, judged, sqlite_store):
    load(partition("run-1", [("a", "salary 900 USD"), ("b", "same")]), judged, sqlite_store)
    second = partition("run-2", [("a", "salary 1500 USD"), ("b", "same"), ("c", "new")], day=1)
    assert load(second, judged, sqlite_store) == WriteReport(inserted=1, revised=1, unchanged=1)
    record = sqlite_store.get("a")
    assert [(r.change, r.text) for r in record.revisions] == [("first_seen", "salary 900 USD"), ("edited", "salary 1500 USD")]
    assert record.partition == second
    assert sqlite_store.get("b").last_seen > sqlite_store.get("b").first_seen
    assert sqlite_store.search(Query(words=("900",))).total == 0


def test_a_posting_that_a_partition_holds_far_apart_is_taken_in_the_order_of_the_file(partition, judged, store):
    said = [*((f"p{n}", "first") for n in range(600)), *((f"p{n}", "second") for n in range(600)), *[("p0", "third")] * 600]
    at = datetime(2026, 3, 1, tzinfo=UTC)
    whole = [_post(name, text, fetched_at=at + timedelta(seconds=second)) for second, (name, text) in enumerate(said)]
    address = partition("run-1", whole)
    assert load(address, judged, store) == WriteReport(inserted=600, revised=601, unchanged=599)
    assert [r.text for r in store.get("p0").revisions] == ["first", "second", "third"]
    assert [r.text for r in store.get("p599").revisions] == ["first", "second"]
    assert load(address, judged, store) == WriteReport(unchanged=1800)


def test_deleted_and_reappeared_keep_what_was_said(partition, judged, sqlite_store):
    for day, posting in enumerate([_post("a", "call us"), _post("a", "", deleted=True), _post("a", "call us")]):
        load(partition(f"run-{day}", [posting], day=day), judged, sqlite_store)
        record = sqlite_store.get("a")
        assert record.posting.text == "call us"
        assert record.posting.deleted is (day == 1)
    assert [r.change for r in record.revisions] == ["first_seen", "deleted", "reappeared"]
    assert all(r.text == "call us" for r in record.revisions)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_runs_loaded_in_any_order_end_at_the_same_record(order, partition, judged, sqlite_store):
    runs = [
        partition(f"run-{day}", [_post("a", text, deleted=not text)], day=day)
        for day, text in enumerate(["one", "two", "", "two"])
    ]
    for place in order:
        load(runs[place], judged, sqlite_store)
    for place in random.Random(4).sample(order, 4):
        assert load(runs[place], judged, sqlite_store) == WriteReport(unchanged=1)
    record = sqlite_store.get("a")
    assert [r.change for r in record.revisions] == ["first_seen", "edited", "deleted", "reappeared"]
    assert (record.posting.text, record.posting.deleted, record.run_id) == ("two", False, "run-3")
    assert (record.last_seen - record.first_seen).days == 3


def test_a_run_loaded_late_never_puts_back_an_older_text(partition, judged, sqlite_store):
    old, new = partition("run-1", [("a", "old text")]), partition("run-2", [("a", "new text")], day=2)
    load(new, judged, sqlite_store)
    assert load(old, judged, sqlite_store) == WriteReport(revised=1)
    record = sqlite_store.get("a")
    assert (record.posting.text, record.partition) == ("new text", new)
    assert [r.text for r in record.revisions] == ["old text", "new text"]


def test_what_link_and_other_writers_noted_survives_the_next_run(partition, judged, sqlite_store):
    load(partition("run-1", [("a", "text")]), judged, sqlite_store)
    sqlite_store.put([replace(sqlite_store.get("a"), campaign="camp-1", revision=5)])
    load(partition("run-2", [("a", "edited text")], day=1), judged, sqlite_store)
    assert (sqlite_store.get("a").campaign, sqlite_store.get("a").revision) == ("camp-1", 6)


def test_another_writer_between_reading_and_writing_loses_nothing(partition, judged, sqlite_store, monkeypatch):
    load(partition("run-1", [("a", "text")]), judged, sqlite_store)
    stored = SqliteStore.get_many
    done = []

    def read_and_be_overtaken(self, ids):
        found = stored(self, list(ids))
        if not done:
            done.append(True)
            self.put([replace(found["a"], campaign="camp-9", revision=2)])
        return found

    monkeypatch.setattr(SqliteStore, "get_many", read_and_be_overtaken)
    assert load(partition("run-2", [("a", "edited")], day=1), judged, sqlite_store) == WriteReport(revised=1)
    assert (sqlite_store.get("a").campaign, sqlite_store.get("a").posting.text) == ("camp-9", "edited")


def test_a_poison_document_goes_to_the_dead_letter_by_name_and_the_rest_is_loaded(partition, judged, sqlite_store):
    class Poisoned(type(judged)):
        def __missing__(self, name):
            good = super().__missing__(name)
            return replace(good, lexicon_version="\ud800") if name == "b" else good

    done = load(partition("run-1", [("a", "x"), ("b", "y"), ("c", "z")]), Poisoned(), sqlite_store)
    assert (done.inserted, [name for name, _ in done.dead]) == (2, ["b"])


def test_counts_that_do_not_reconcile_are_an_error_and_leave_the_partition_pending(partition, judged, sqlite_store, tmp_path):
    address = partition("run-1", [("a", "x")], parsed=2)
    with pytest.raises(LoadError, match="report says 2 parsed, the file holds 1"):
        load(address, judged, sqlite_store)
    assert pending(str(tmp_path / "runs"), sqlite_store) == [address]
    assert sqlite_store.loaded_partitions() == frozenset()


def test_a_posting_without_assessment_is_named(partition, sqlite_store):
    with pytest.raises(LoadError, match="posting a has no assessment"):
        load(partition("run-1", [("a", "x")]), {}, sqlite_store)


def test_an_unsealed_partition_is_refused(tmp_path, judged, sqlite_store):
    with pytest.raises(PartitionError, match="no such run"):
        load(str(tmp_path / "none"), judged, sqlite_store)
    (tmp_path / "begun").mkdir()
    with pytest.raises(PartitionError, match="never finished"):
        load(str(tmp_path / "begun"), judged, sqlite_store)
