"""A second run asks only for what has changed, and still says all that stands at the site."""

import gzip
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pysqlite3 import dbapi2 as sqlite
from warcio.archiveiterator import ArchiveIterator

from crawlers.evidence.partition import CAPTURES, read_postings
from crawlers.evidence.warc import instant
from crawlers.frontier.frontier_store import FULL_EVERY


def test_unchanged_pages_cost_a_304_and_their_postings_are_taken_over(site, source_of, crawled, pages):
    """Every page answers 304; the partition is as complete as the first, its captures point to the first run."""
    pages.board(site, 30, per_page=10)
    first_address, first = crawled(source_of())
    site.hits.clear()
    address, second = crawled(source_of())
    before = {posting.id: posting for posting in read_postings(first_address)}
    after = {posting.id: posting for posting in read_postings(address)}
    assert second.state == "ok"
    assert second.counters["page/unchanged"] == 34, "and the head of the list again"
    assert second.counters["known/unchanged"] == 30
    assert first.counters["cost/bytes"] == sum(len(page) for page in bodies_of(first_address))
    assert "cost/bytes" not in second.counters  # a 304 has no body
    assert set(after) == set(before)
    for one in after.values():
        assert one.capture.run == first.run_id
        assert one.capture.record_id == before[one.id].capture.record_id
        assert one.fetched_at > before[one.id].fetched_at
        assert not one.edited


def bodies_of(address):
    """Yield the bodies of the answers that a run kept."""
    with gzip.open(f"{address.removeprefix('file://')}/{CAPTURES}") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response":
                yield record.content_stream().read()


def test_a_304_is_kept_as_a_revisit_record_that_names_the_full_one(site, source_of, crawled, pages):
    """The evidence of the second run says which record of the first it confirms."""
    pages.board(site, 2)
    first_address, _ = crawled(source_of())
    address, _ = crawled(source_of())
    captured = {posting.capture.record_id for posting in read_postings(first_address)}
    with Path(address.removeprefix("file://"), CAPTURES).open("rb") as file:
        revisits = [record.rec_headers for record in ArchiveIterator(file) if record.rec_type == "revisit"]
    assert captured < {record.get_header("WARC-Refers-To") for record in revisits}
    assert {record.get_header("WARC-Profile").rsplit("/", 1)[1] for record in revisits} == {"server-not-modified"}


def test_a_capture_is_dated_by_its_own_record_however_often_it_is_taken_over(site, source_of, crawled, pages):
    """The WARC-Date of the record named, not the moment the page was last asked for."""
    pages.board(site, 3)
    partitions = [crawled(source_of())[0] for _ in range(3)]
    with Path(partitions[0].removeprefix("file://"), CAPTURES).open("rb") as file:
        headers = [record.rec_headers for record in ArchiveIterator(file) if record.rec_type == "response"]
    dates = {one.get_header("WARC-Record-ID"): one.get_header("WARC-Date") for one in headers}
    for posting in (one for address in partitions for one in read_postings(address)):
        assert instant(posting.capture.captured_at) == dates[posting.capture.record_id]


def test_an_edited_page_is_fetched_and_marked_edited_once(site, source_of, crawled, pages):
    """The change is marked in the run that finds it, and not in the next."""
    pages.board(site, 5)
    crawled(source_of())
    site.pages["/job/3"] = pages.job(3, text="Counter work, but now in another country, flight paid, no contract needed at all.")
    address, report = crawled(source_of())
    assert {posting.url[-1]: posting.edited for posting in read_postings(address)}["3"] is True
    assert report.counters["known/edited"] == 1
    address, report = crawled(source_of())
    assert report.counters["known/unchanged"] == 5


def test_a_page_that_is_gone_is_told_as_deleted_with_its_last_text(site, source_of, crawled, pages):
    """410 on a known advert becomes a posting marked deleted, once; a page that comes back is told as such."""
    pages.board(site, 5)
    crawled(source_of())
    kept, site.pages["/job/2"] = site.pages["/job/2"], (410, {}, b"gone")
    address, report = crawled(source_of())
    gone = [posting for posting in read_postings(address) if posting.deleted]
    assert [(posting.url[-1], "shop 2" in posting.text) for posting in gone] == [("2", True)]
    assert (report.state, report.counters["page/http/410"]) == ("ok", 1)
    address, report = crawled(source_of())
    assert [posting for posting in read_postings(address) if posting.deleted] == []
    site.pages["/job/2"] = kept
    _, report = crawled(source_of())
    assert report.counters["known/reappeared"] == 1


def test_evidence_older_than_a_week_is_fetched_whole_again(site, source_of, crawled, pages, tmp_path):
    """What is shown to a platform must be at most that old, whatever the server says of change."""
    pages.board(site, 3)
    crawled(source_of())
    _age(tmp_path, FULL_EVERY + timedelta(hours=1))
    address, report = crawled(source_of())
    assert report.counters["page/ok"] == 4
    assert all(posting.capture.run is None for posting in read_postings(address))


def test_a_sitemap_saves_the_request_for_what_it_calls_unchanged(site, source_of, crawled, pages):
    """Pages with the lastmod of the last run are taken over unfetched; a new lastmod fetches; a .gz index is opened."""

    def sitemap(lastmod_of_2: str) -> bytes:
        days = ["2026-11-01", "2026-11-01", lastmod_of_2, "2026-11-01"]
        rows = "".join(f"<url><loc>{site.url}/job/{n}</loc><lastmod>{day}</lastmod></url>" for n, day in enumerate(days))
        return gzip.compress(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode())

    for number in range(4):
        site.pages[f"/job/{number}"] = pages.job(number)
    site.pages["/list/1"] = '<html><body><a class="job" href="/job/0">Job 0</a></body></html>'
    site.pages["/index.xml"] = f"<sitemapindex><sitemap><loc>{site.url}/jobs.xml.gz</loc></sitemap></sitemapindex>"
    site.pages["/jobs.xml.gz"] = sitemap("2026-11-01")
    source = source_of(sitemap="/index.xml")
    _, report = crawled(source)
    assert (report.state, report.parsed) == ("ok", 4)
    site.hits.clear()
    site.pages["/jobs.xml.gz"] = sitemap("2026-11-20")
    site.pages["/job/2"] = pages.job(2, text="A new text for the second job, with another shift and another shop in Hue.")
    _, report = crawled(source)
    assert (report.state, report.parsed, report.counters["known/edited"]) == ("ok", 4, 1)
    assert [site.hits[f"/job/{number}"] for number in range(4)] == [1, 0, 1, 0]


def test_what_no_run_has_seen_for_the_retention_time_is_forgotten(site, source_of, crawled, pages, tmp_path):
    """The local state keeps no advert longer than the source's retention."""
    pages.board(site, 3)
    crawled(source_of(retention_days=10))
    _age(tmp_path, timedelta(days=11))
    pages.board(site, 1)
    crawled(source_of(retention_days=10))
    rows = _query(tmp_path, "SELECT count(*) FROM posting")
    assert rows == [(1,)]
    assert b"shop 2" not in (tmp_path / "state" / "local" / "frontier.sqlite").read_bytes()


def _query(tmp_path, sql, *values):
    db = sqlite.connect(str(tmp_path / "state" / "local" / "frontier.sqlite"))
    with db:
        rows = db.execute(sql, values).fetchall()
    db.close()
    return rows


def _age(tmp_path, by: timedelta) -> None:
    """Make all that is known older by ``by``."""
    for table, column in (("page", "seen_at"), ("posting", "seen_at")):
        for key, at in _query(tmp_path, f"SELECT rowid, {column} FROM {table}"):
            older = (datetime.fromisoformat(at) - by).isoformat()
            _query(tmp_path, f"UPDATE {table} SET {column} = ? WHERE rowid = ?", older, key)
    for key, at in _query(tmp_path, "SELECT rowid, json_extract(validators, '$.fetched_at') FROM page"):
        older = (datetime.fromisoformat(at) - by).isoformat()
        aged = "CAST(json_set(validators, '$.fetched_at', ?) AS BLOB)"
        _query(tmp_path, f"UPDATE page SET validators = {aged} WHERE rowid = ?", older, key)


@pytest.mark.parametrize("header", ["If-None-Match", "If-Modified-Since"])
def test_both_validators_are_sent(site, source_of, crawled, pages, header):
    """The second run asks with all the first was told."""
    pages.board(site, 1)
    crawled(source_of())
    site.asked.clear()
    crawled(source_of())
    assert all(header in headers for path, headers in site.asked if path != "/robots.txt")
