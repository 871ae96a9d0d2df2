"""An unreachable, slow, busy or half-failing cluster loses nothing and stores nothing twice."""

import random
import threading
import time
from types import SimpleNamespace

import pytest
from elasticsearch import ApiError
from msgspec.structs import replace

from crawlers.items import Posting
from enrichment.assessment import Assessment, Language
from index.base import Query, StoreError, StoreUnavailable, WriteReport
from index.elastic import bulk
from index.elastic.elastic_store import ElasticStore
from index.load import load, pending
from index.maintain import field_hash
from index.sqlite.sqlite_store import SqliteStore
from tests.services.fault_proxy import FAULTS, fault_proxy  # noqa: F401 - a fixture
from tests.services.processes import PATIENCE

DOCUMENTS, POISON = 10_000, 25


class Poisoned(dict[str, Assessment]):
    """Assessments; those of ids that begin with ``poison`` cannot be written as JSON."""

    def __missing__(self, name: str) -> Assessment:
        version = "\ud800" if name.startswith("poison") else "v1"
        return Assessment(
            id=name,
            language=Language(code="en", script="Latn", confidence=1.0),
            stance="offer",
            score=float(len(name) % 100),
            flagged=False,
            tag="none",
            lexicon_version=version,
        )

    def __contains__(self, name: object) -> bool:
        return True


def _postings(count, poison=0):
    chance = random.Random(8)
    words = ("salary", "telegram", "lương", "cao", "高薪", "招聘", "งาน", "กิน", "ฟรี", "office", "typing", "visa")
    made = [
        Posting(
            id=f"id{n:05}",
            source="board",
            url=f"https://board.example.org/{n}",
            title=chance.choice(words),
            text=" ".join(chance.choice(words) for _ in range(30)),
        )
        for n in range(count - poison)
    ]
    # Half of the poison no JSON can carry, half has an id no store takes.
    bad = [
        Posting(id=f"poison{n}" if n % 2 else f"{n:03}" * 200, source="board", url="https://board.example.org/", text="x")
        for n in range(poison)
    ]
    whole = made + bad
    chance.shuffle(whole)
    return whole, {one.id for one in bad}


@pytest.fixture
def quick_retries(monkeypatch):
    """Make waits between retries short; how often is retried stays."""
    monkeypatch.setattr(bulk, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(bulk, "LONGEST_WAIT", 0.2)
    monkeypatch.setattr(bulk, "ATTEMPTS", 40)


def _hashes(store):
    return {record.id: field_hash(record) for record in store.scan(Query())}


@pytest.mark.slow
def test_ten_thousand_documents_through_seeded_faults(
    partition,
    tmp_path,
    elasticsearch_url,
    elastic_index,
    fault_proxy,  # noqa: F811 - the fixture
    quick_retries,
    monkeypatch,
):
    postings, poison = _postings(DOCUMENTS, POISON)
    address = partition("run-1", postings)
    embedded = SqliteStore(tmp_path / "truth.sqlite")
    load(address, Poisoned(), embedded)
    monkeypatch.setattr(bulk, "CHUNK_DOCUMENTS", 100)  # so many requests that each fault comes a few times
    proxy = fault_proxy(elasticsearch_url, chance=0.3, slow=4)
    name = elastic_index()
    direct = ElasticStore(elasticsearch_url, name)
    store = ElasticStore(proxy.url, name, timeout=3)
    outcomes = []
    while len(outcomes) < 4:
        try:
            outcomes.append(load(address, Poisoned(), store))
        except StoreUnavailable:
            assert len(outcomes) == 0 or address in store.loaded_partitions()
    assert all({dead for dead, _ in outcome.dead} == poison for outcome in outcomes)
    assert [outcome.unchanged for outcome in outcomes[1:]] == [DOCUMENTS - POISON] * 3
    assert direct.count() == DOCUMENTS - POISON
    assert _hashes(direct) == _hashes(embedded)
    assert {record.revision for record in direct.scan(Query())} == {1}
    assert all(proxy.counts[fault] > 0 for fault in FAULTS), proxy.counts
    for one in (store, direct, embedded):
        one.close()


def test_a_cluster_that_stays_away_leaves_the_partition_pending(
    partition,
    tmp_path,
    judged,
    elasticsearch_url,
    elastic_index,
    fault_proxy,  # noqa: F811 - the fixture
    monkeypatch,
):
    address = partition("run-1", [(f"p{n}", "text") for n in range(30)])
    monkeypatch.setattr(bulk, "FIRST_WAIT", 0.001)
    proxy = fault_proxy(elasticsearch_url, chance=0.0)
    store = ElasticStore(proxy.url, elastic_index(), timeout=PATIENCE)
    proxy.chance, proxy.faults = 1.0, ("unavailable",)
    with pytest.raises(StoreUnavailable):
        load(address, judged, store)
    proxy.chance = 0.0
    assert pending(str(tmp_path / "runs"), store) == [address]
    assert load(address, judged, store) == WriteReport(inserted=30)
    assert pending(str(tmp_path / "runs"), store) == []
    store.close()


def test_no_cluster_at_all_is_said_in_one_line():
    with pytest.raises(StoreUnavailable, match=r"^http://127\.0\.0\.1:9: Elasticsearch does not answer"):
        ElasticStore("http://127.0.0.1:9", "lurewatch-test-nowhere", timeout=1)


@pytest.mark.slow
def test_a_node_killed_in_mid_load_ends_with_the_same_documents(partition, tmp_path, make_node, quick_retries):
    postings, poison = _postings(4000, 5)
    address = partition("run-1", postings)
    embedded = SqliteStore(tmp_path / "truth.sqlite")
    load(address, Poisoned(), embedded)
    node = make_node()
    store = ElasticStore(node.url, "lurewatch-killed", timeout=3)
    done, failures = [], []

    def load_it():
        while not done:
            try:
                done.append(load(address, Poisoned(), store, progress=lambda read: read >= 1000 and reached.set()))
            except StoreError as exc:
                failures.append(exc)
                assert back.wait(PATIENCE)  # each try reads and sends all again, to a node that needs the processor for its start
                time.sleep(0.5)

    reached, back = threading.Event(), threading.Event()
    loader = threading.Thread(target=load_it, daemon=True)
    loader.start()
    assert reached.wait(PATIENCE)
    node.kill()
    node.start()
    back.set()
    loader.join(PATIENCE)
    assert not loader.is_alive(), failures[-1:]
    assert {dead for dead, _ in done[0].dead} == poison
    assert _hashes(store) == _hashes(embedded)
    assert load(address, Poisoned(), store).unchanged == 4000 - 5
    store.close()


@pytest.mark.slow
def test_fifty_thousand_shuffled_and_repeated_updates_end_at_the_highest_revision(record, elastic_store):
    chance = random.Random(12)
    base = [record(f"id{n:04}", f"text {n}") for n in range(2000)]
    updates = [replace(base[chance.randrange(2000)], revision=chance.randint(1, 1000)) for _ in range(25_000)]
    updates += updates
    chance.shuffle(updates)
    highest = {}
    for update in updates:
        highest[update.id] = max(update.revision, highest.get(update.id, 0))
    done = elastic_store.put(updates)
    assert done.inserted + done.revised + done.unchanged == 50_000
    assert done.inserted == len(highest)
    assert {one.id: one.revision for one in elastic_store.scan(Query())} == highest


def test_an_index_that_is_gone_takes_nothing_and_is_not_made_anew_without_its_mapping(elastic_store, record):
    es, alias = elastic_store._es, elastic_store._index
    es.indices.delete(index=f"{alias}-1")
    with pytest.raises(StoreError, match=r"takes no documents .*the index is gone: make it with `lurewatch index migrate`"):
        elastic_store.put([record("a", "job")])
    with pytest.raises(StoreError, match="1 records not deleted"):
        elastic_store.delete({"a": 1})
    assert not es.indices.exists(index=alias)


def test_a_request_too_long_for_a_proxy_is_sent_in_halves_at_once(monkeypatch):
    waits, sizes = [], []

    def once(es, index, part, uncertain, *, alias):
        sizes.append(len(part))
        if len(part) > 2:
            raise ApiError("too large", meta=SimpleNamespace(status=413), body={})
        return [bulk.WriteOutcome(one, "inserted") for one in part], []

    monkeypatch.setattr(bulk, "_once", once)
    monkeypatch.setattr(bulk.time, "sleep", waits.append)
    chunk = [bulk.BulkDocument(f"id{n}", 1, b"", b"") for n in range(8)]
    done = bulk._send_chunk(None, "index", chunk, alias=False)
    assert (sorted(one.document.id for one in done), sizes, waits) == ([one.id for one in chunk], [8, 4, 4, 2, 2, 2, 2], [])
