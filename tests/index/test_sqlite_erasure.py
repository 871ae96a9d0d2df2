"""What is deleted from the embedded store is in none of its files any more: records, search terms, words, write-ahead log."""

import pysqlite3.dbapi2 as sqlite3
import pytest

from enrichment.campaigns.linkage import Campaign
from index.base import CampaignRecord, StoreUnavailable, WriteReport

CANARY, THAI = "zqcanaryqz", "นกขมิ้นเหลืองอ่อน"


def _held(path, needle):
    """Return how often some bytes stand in the file and what lies beside it."""
    return {file.name: count for file in path.parent.glob(f"{path.name}*") if (count := file.read_bytes().lower().count(needle))}


def test_a_deleted_text_is_in_no_file(sqlite_store, record):
    fill = [record(f"f{n}", f"an honest advert number {n} for a cook {'word ' * 50}", "Cook", day=n / 100) for n in range(3000)]
    told = {"contacts": (f"telegram:{CANARY}_contact",), "score": 80, "bands": ("00aa",)}
    canaries = [record(f"c{n}", f"{CANARY}{n} {THAI} {CANARY}", f"{CANARY}title{n}", **told, day=n) for n in range(40)]
    sqlite_store.put([*fill[:1500], *canaries, *fill[1500:]])
    sqlite_store.put([record(f"c{n}", f"{CANARY}{n} edited", f"{CANARY}title{n}", day=n, revision=2) for n in range(20)])
    sqlite_store.mark_loaded(f"runs/{CANARY}", WriteReport(inserted=40))
    campaign = Campaign(id=f"{CANARY}campaign", members=("c1", "c2"), links=())
    sqlite_store.put_campaigns([CampaignRecord(campaign=campaign)])
    assert _held(sqlite_store.path, CANARY.encode())
    assert _held(sqlite_store.path, THAI.encode())
    gone = {f"c{n}": 2 if n < 20 else 1 for n in range(40)}
    assert sqlite_store.delete(gone) == set(gone)
    sqlite_store.put_campaigns([], gone=[f"{CANARY}campaign"])
    sqlite_store.unmark_loaded(f"runs/{CANARY}")
    sqlite_store.scrub()
    for needle in (CANARY, THAI, *(THAI[at : at + 2] for at in range(len(THAI) - 1))):
        assert _held(sqlite_store.path, needle.encode()) == {}, needle
    assert (sqlite_store.count(), sqlite_store.problems()) == (3000, ())


def test_a_reader_who_keeps_the_log_is_named(sqlite_store, record, monkeypatch):
    sqlite_store.put([record("a", CANARY)])
    sqlite_store._connection().execute("PRAGMA busy_timeout=50")
    reader = sqlite3.connect(str(sqlite_store.path))
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM docs").fetchone()
    sqlite_store.delete({"a": 1})
    with pytest.raises(StoreUnavailable, match="in use by another process"):
        sqlite_store.scrub()
    reader.rollback()
    sqlite_store.scrub()
    assert _held(sqlite_store.path, CANARY.encode()) == {}
    reader.close()
