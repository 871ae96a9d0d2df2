"""Each way of walking finds what its kind of site shows, and stops where it must."""

import json
import os
import sys
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawlers.evidence.partition import CAPTURES, read_postings, read_rejects

FEED = """<rss version="2.0"><channel><title>Jobs</title>
<item><title>Cook</title><link>{url}/item/1</link><guid isPermaLink="false">a1</guid>
<pubDate>Tue, 24 Nov 2026 03:00:00 +0000</pubDate>
<description>We look for a cook in Hue who…</description></item>
<item><title>Driver</title><link>{url}/item/2</link><guid isPermaLink="false">a2</guid>
<pubDate>Tue, 24 Nov 2026 04:00:00 +0000</pubDate>
<category>Hue, VN</category>
<description>Acme, Hue, VN&lt;br&gt;{whole}</description></item></channel></rss>"""
WHOLE = "Drives the small truck between two shops, day shift only, six days, with contract and insurance."


def test_a_feed_item_that_is_cut_off_is_completed_from_its_page(site, source_of, crawled, pages):
    """The page's longer text under the feed's own facts; a whole item costs no request."""
    site.pages["/rss.xml"] = FEED.format(url=site.url, whole=WHOLE)
    site.pages["/item/1"] = pages.job(1, text="We look for a cook in Hue who can do noodles for fifty guests a day.")
    address, report = crawled(source_of("feed", "/rss.xml"))
    told = {posting.native_id: posting for posting in read_postings(address)}
    assert (report.state, set(told)) == ("ok", {"a1", "a2"})
    assert told["a1"].title == "Cook"
    assert "fifty guests" in told["a1"].text
    assert told["a1"].company == "Shop 1"
    assert (site.hits["/item/1"], site.hits["/item/2"]) == (1, 0)
    site.hits.clear()
    assert crawled(source_of("feed", "/rss.xml"))[1].parsed == 2
    assert site.hits["/item/1"] == 0, "the item is as it was, so its page need not be asked for"


def test_a_feed_item_whose_page_fails_is_kept_as_the_feed_told_it(site, source_of, crawled):
    """What was seen once is never lost to a page that cannot be fetched."""
    site.pages["/rss.xml"] = FEED.format(url=site.url, whole=WHOLE)
    site.pages["/item/1"] = (500, {}, b"")
    address, report = crawled(source_of("feed", "/rss.xml"))
    assert len(list(read_postings(address))) == 2
    assert (report.state, report.reconciles) == ("partial", True)
    assert "http/500" in report.reason


def test_a_json_api_is_walked_by_its_next_path(site, source_of, crawled):
    """Items from dotted paths; one without id and address is rejected by name."""
    cook = {"id": 7, "head": {"t": "Cook"}, "body": "<p>Noodles for fifty.</p>", "at": "2026-11-20"}
    site.pages["/api"] = json.dumps({"data": {"jobs": [cook, {"x": 1}]}, "links": {"next": "/api2"}})
    site.pages["/api2"] = json.dumps({"data": {"jobs": [{"id": 8, "head": {"t": "Driver"}, "body": "A small truck."}]}})
    paths = {"items": "data.jobs", "id": "id", "title": "head.t", "text": "body", "posted_at": "at", "next": "links.next"}
    address, report = crawled(source_of("json_api", "/api", json=paths))
    told = list(read_postings(address))
    assert [(one.native_id, one.title, one.text) for one in told] == [
        ("7", "Cook", "Noodles for fifty."),
        ("8", "Driver", "A small truck."),
    ]
    assert told[0].posted_at.date().isoformat() == "2026-11-20"
    assert report.rejected == {"no_address": 1}
    assert report.reconciles


def test_an_api_that_changed_its_shape_is_told_as_changed(site, source_of, crawled):
    """A list that is not where it was is no empty success."""
    site.pages["/api"] = json.dumps({"error_free": True, "data": {"items": []}})
    _, report = crawled(source_of("json_api", "/api", json={"items": "data.jobs"}))
    assert (report.state, report.rejected) == ("changed", {"page_changed": 1})


def test_a_sitemap_may_list_lists_and_pages_that_are_no_adverts(site, source_of, crawled, pages):
    """A list in a sitemap is walked as one; a page with nothing to read is rejected without calling the site changed."""
    pages.board(site, 4, per_page=2)
    site.pages["/about"] = "<html><body><h1>About us</h1></body></html>"
    listed = "".join(f"<url><loc>{site.url}{path}</loc></url>" for path in ("/list/2", "/about", "/job/3"))
    site.pages["/map.xml"] = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'
    site.pages["/list/1"] = site.pages["/list/1"].replace("rel=", "data-rel=")
    address, report = crawled(source_of(sitemap="/map.xml"))
    assert {posting.url[-1] for posting in read_postings(address)} >= {"0", "1", "2", "3"}
    assert report.state == "ok"


def test_numbered_pages_end_where_nothing_new_is_listed(site, source_of, crawled, pages):
    """A site that answers page 99 with page 1 again is left after one repetition."""
    pages.board(site, 6, per_page=3)
    for page in range(3, 30):
        site.pages[f"/list/{page}"] = site.pages["/list/2"]
    _, report = crawled(source_of(start="/list/{page}"))
    assert report.parsed == 6
    assert site.hits["/list/4"] == 0


def test_a_list_without_its_links_is_a_changed_site(site, source_of, crawled):
    """The selector that found the adverts finds none: the page is kept as evidence and named in the rejects."""
    site.pages["/list/1"] = "<html><body><p>All new design! Nothing here is as it was before, is it?</p></body></html>"
    address, report = crawled(source_of(expect={"min": {"postings": 1}}))
    assert report.state == "changed"
    assert [(reject.reason, reject.detail) for reject in read_rejects(address)] == [("page_changed", "link matching a.job")]


SHELL = "<html><head><title>Jobs</title></head><body><div id='app'></div></body></html>"
HOME = (302, {"Location": "/list/1"}, b"")


@pytest.mark.parametrize("answer", [SHELL, HOME])
@pytest.mark.parametrize(("bad", "state"), [(6, "changed"), (1, "ok")])
def test_adverts_that_say_nothing_or_lead_to_the_list_are_no_adverts(site, source_of, crawled, pages, answer, bad, state):
    """The list itself never stands as an advert; a run that could not read a fifth of its pages is not well, and any is told."""
    pages.board(site, 12)
    for number in range(bad):
        site.pages[f"/job/{number}"] = answer
    address, report = crawled(source_of())
    assert report.state == state
    assert {posting.url for posting in read_postings(address)} == {f"{site.url}/job/{number}" for number in range(bad, 12)}
    assert report.rejected == {"page_changed": bad}
    assert any(f"{bad} pages could not be read" in warning for warning in report.warnings)


@pytest.mark.parametrize(("bad", "state"), [(6, "changed"), (2, "ok"), (0, "ok")])
def test_adverts_that_were_never_there_are_told(site, source_of, crawled, pages, bad, state):
    """Half the links of a list led nowhere, each run, and it ended `ok`; one that was read before and is gone now is no fault."""
    pages.board(site, 12)
    crawled(source_of())
    for number in range(bad):
        site.pages[f"/job/{number}"] = (404, {}, b"gone")
        site.pages["/list/1"] = site.pages["/list/1"].replace(f'/job/{number}"', f'/job/9{number}"')
    site.pages["/job/11"] = (410, {}, b"gone")
    _, report = crawled(source_of())
    assert report.state == state, report.reason
    told = [said for said in (report.reason, *report.warnings) if "adverts that the site leads to" in said]
    assert [said.split()[0] for said in told] == ([str(bad)] if bad else [])


def test_a_link_that_is_no_address_costs_nothing_but_itself(site, source_of, crawled, pages):
    """Any advertiser may write one into a list."""
    pages.board(site, 3)
    for path, text in list(site.pages.items()):
        if isinstance(text, str):
            site.pages[path] = text.replace("<body>", '<body><a class="j" href="http://[x">Cook</a>', 1)
    _, report = crawled(source_of(follow="a"))
    assert (report.state, report.parsed) == ("ok", 3)


def test_pages_of_other_sites_are_not_fetched_but_counted(site, source_of, crawled):
    """A feed may send its readers anywhere; the passport is for one site, so the item stays as the feed told it."""
    far = site.url.replace("127.0.0.1", "localhost")
    site.pages["/rss.xml"] = FEED.format(url=far, whole=WHOLE)
    site.pages["/item/1"] = "never read"
    address, report = crawled(source_of("feed", "/rss.xml"))
    assert {posting.native_id for posting in read_postings(address)} == {"a1", "a2"}
    assert site.hits["/item/1"] == 0
    assert report.counters["drop/off_site"] == 1
    assert report.state == "ok"


def test_a_site_that_refuses_ends_as_blocked(site, source_of, crawled, pages):
    """A 403 in the middle of a run is no short success, and nothing more is asked for."""
    pages.board(site, 40)
    for number in range(5, 40):
        site.pages[f"/job/{number}"] = (403, {}, b"Forbidden")
    _, report = crawled(source_of())
    assert (report.state, report.reconciles) == ("blocked", True)
    assert "http_403" in report.reason
    assert site.fetched() <= 25


def test_robots_that_forbid_all_leave_a_blocked_run(site, source_of, crawled, pages):
    """Nothing but robots.txt is asked for."""
    pages.board(site, 2)
    site.pages["/robots.txt"] = "User-agent: *\nDisallow: /\n"
    _, report = crawled(source_of())
    assert (report.state, report.robots_denied, site.fetched()) == ("blocked", 1, 0)


def test_a_server_that_is_down_is_a_failed_run(source_of, crawled, site):
    """No page at all: failed, with the kind of error named."""
    source = source_of()
    source = source.model_copy(update={"crawl": source.crawl.model_copy(update={"start": ("http://127.0.0.1:9/list",)})})
    _, report = crawled(source)
    assert report.state in {"failed", "blocked"}
    assert report.parsed == 0


def test_a_page_that_breaks_its_parser_is_kept_to_mend_it_with(site, source_of, crawled_alone, pages, monkeypatch, tmp_path):
    """The run goes on, is called partial, names the error, and holds the page as evidence."""
    pages.board(site, 3)
    (tmp_path / "patch").mkdir()
    (tmp_path / "patch" / "sitecustomize.py").write_text(
        "from crawlers.pages import page_families\n"
        "whole = page_families.parse\n"
        "def parse(text, url, **more):\n"
        "    if url.endswith('/job/1'):\n"
        "        raise ZeroDivisionError(url)\n"
        "    return whole(text, url, **more)\n"
        "page_families.parse = parse\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "patch"), *sys.path]))
    address, report = crawled_alone(source_of())
    assert (report.state, report.parsed, report.reconciles) == ("partial", 2, True)
    assert "1 × error/ZeroDivisionError" in report.reason
    assert report.rejected == {"parser_failed": 1}
    with Path(address.removeprefix("file://"), CAPTURES).open("rb") as file:
        kept = {record.rec_headers.get_header("WARC-Target-URI") for record in ArchiveIterator(file)}
    assert f"{site.url}/job/1" in kept
