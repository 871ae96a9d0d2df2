"""An advert that left its list is asked for again when it is due: gone, moved, replaced or still there."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pysqlite3 import dbapi2 as sqlite

from crawlers.evidence.partition import read_postings
from crawlers.frontier.frontier_store import Frontier


def list_only(site, *numbers: int) -> None:
    """Let the board's list show only these adverts."""
    links = "".join(f'<a class="job" href="/job/{number}">Job {number}</a>' for number in numbers)
    site.pages["/list/1"] = f"<html><body>{links}</body></html>"


def age(folder: Path, by: timedelta, stood: timedelta = timedelta()) -> None:
    """Make what the state knows ``by`` older; the adverts had then stood unchanged for ``stood``."""
    db = sqlite.connect(str(folder / "state" / "local" / "frontier.sqlite"))
    with db:
        for row, seen_at in db.execute("SELECT rowid, seen_at FROM posting").fetchall():
            seen = datetime.fromisoformat(seen_at) - by
            db.execute(
                "UPDATE posting SET seen_at = ?, since = ? WHERE rowid = ?", (seen.isoformat(), (seen - stood).isoformat(), row)
            )
    db.close()


def deleted(address: str) -> list[str]:
    """Return the paths of the adverts a partition calls gone."""
    return [posting.url.rsplit("/", 1)[1] for posting in read_postings(address) if posting.deleted]


@pytest.fixture
def left(site, source_of, crawled, pages, tmp_path):
    """A board of five adverts that was crawled; its list has three now, and a day has passed."""
    pages.board(site, 5)
    crawled(source_of())
    list_only(site, 0, 1, 2)
    age(tmp_path, timedelta(days=1))
    site.hits.clear()
    return site


def test_a_page_that_is_gone_is_a_notice_with_the_text_it_had_and_is_not_asked_for_again(left, source_of, crawled, tmp_path):
    left.pages["/job/3"] = (410, {}, b"gone")
    address, report = crawled(source_of())
    assert (report.state, deleted(address), left.hits["/job/3"]) == ("ok", ["3"], 1)
    assert report.counters["revisit/asked"] == 2
    age(tmp_path, timedelta(days=3))
    left.hits.clear()
    crawled(source_of())
    assert (left.hits["/job/3"], left.hits["/job/4"]) == (0, 1)


def test_an_advert_that_still_stands_stays_in_the_partition_and_counts_for_no_bound(left, source_of, crawled):
    """The list is emptier than expected although the adverts themselves still answer."""
    address, report = crawled(source_of(expect={"min": {"postings": 4}}))
    assert sum(not posting.deleted for posting in read_postings(address)) == 5
    assert report.counters["revisit/standing"] == 2
    assert (report.state, report.reason) == ("changed", "3 postings, at least 4 expected")


def test_an_advert_whose_address_leads_to_the_list_now_is_gone(left, source_of, crawled):
    left.pages["/job/3"] = (302, {"Location": f"{left.url}/list/1"}, b"")
    address, report = crawled(source_of())
    assert (report.state, deleted(address)) == ("ok", ["3"])


def test_another_page_at_the_address_says_nothing_of_the_advert(left, source_of, crawled, tmp_path):
    """It is counted, its advert is not called gone, and it is not asked for day after day."""
    left.pages["/job/3"] = "<html><body><h1>Welcome</h1></body></html>"
    address, report = crawled(source_of())
    assert (deleted(address), report.counters["revisit/replaced"]) == ([], 1)
    age(tmp_path, timedelta(days=2))
    left.hits.clear()
    crawled(source_of())
    assert left.hits["/job/3"] == 0


def test_an_advert_is_asked_for_more_rarely_the_longer_it_has_stood(site, source_of, crawled, pages, tmp_path):
    """Not the same day; after twenty days unchanged, ten days later."""
    pages.board(site, 3)
    crawled(source_of())
    list_only(site, 0)
    site.hits.clear()
    crawled(source_of())
    assert site.hits["/job/2"] == 0
    age(tmp_path, timedelta(days=5), stood=timedelta(days=20))
    crawled(source_of())
    assert site.hits["/job/2"] == 0
    age(tmp_path, timedelta(days=5), stood=timedelta(days=20))
    crawled(source_of())
    assert site.hits["/job/2"] == 1


def test_a_watched_advert_is_asked_for_daily_whatever_its_age(site, source_of, crawled, pages, tmp_path):
    pages.board(site, 3)
    address, _ = crawled(source_of())
    watched = [posting.id for posting in read_postings(address) if posting.url.endswith("/2")]
    list_only(site, 0)
    age(tmp_path, timedelta(days=1), stood=timedelta(days=20))
    site.hits.clear()
    crawled(source_of(), watched=watched)
    assert (site.hits["/job/1"], site.hits["/job/2"]) == (0, 1)


def test_revisits_take_a_quarter_of_a_runs_requests_at_most_and_the_rest_is_counted(site, source_of, crawled, pages, tmp_path):
    pages.board(site, 12)
    crawled(source_of())
    list_only(site, 0)
    age(tmp_path, timedelta(days=1))
    _, report = crawled(source_of(requests=16))
    assert (report.state, report.counters["revisit/asked"], report.counters["revisit/later"]) == ("ok", 4, 7)


def test_a_run_that_is_taken_up_again_offers_its_revisits_once(left, source_of, crawled, tmp_path):
    crawled(source_of())
    age(tmp_path, timedelta(days=9))
    frontier = Frontier.open_at(tmp_path / "state" / "local")
    frontier.begin("run", datetime.now(UTC), [])
    assert frontier.offer_revisits(datetime.now(UTC), watched=(), limit=3, retention=timedelta(days=30)) == 3
    assert frontier.offer_revisits(datetime.now(UTC), watched=(), limit=3, retention=timedelta(days=30)) == 0
    frontier.close()
