"""The sample sites, crawled over HTTP, against what they are known to hold: every public listing found and read right."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawlers.crawl_run import crawl
from crawlers.evidence.kept_pages import derive, kept_pages
from crawlers.evidence.partition import CAPTURES, Report, file_bytes, read_postings
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.sample_sites import seeds_for, serve
from crawlers.sources.source import read_sources
from lurewatch.settings import SHIPPED_SEEDS
from tests.few_sites import copy_hasty

EXPECTED = [json.loads(line) for line in (SHIPPED_SEEDS / "sample" / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
SITES = {
    "jobboard-jsonld": "sample_board", "jobboard-microdata": "sample_classifieds", "telegram-preview": "sample_channels",
    "forum": "sample_forum", "feed": "sample_feed", "js-board": "sample_js_board", "posters": "sample_posters",
}  # fmt: skip
RIGHT = 0.98


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list]:
    """Crawl every sample source once; return site -> postings, with each run's report beside them under ``site report``."""
    folder = tmp_path_factory.mktemp("samples")
    options = CrawlOptions(user_agent="LureWatch/0.1 (+https://lurewatch.example.org/bot)", allow_loopback=True)
    told: dict = {}
    with serve(copy_hasty(SHIPPED_SEEDS, folder), {}) as urls:
        sources = {source.name: source for source in read_sources(seeds_for(urls, folder / "seeds", SHIPPED_SEEDS))[0]}

        def crawled(name: str) -> tuple[str, Report]:
            return crawl(sources[name], runs=str(folder / "runs"), state=folder / "state", options=options)

        with ThreadPoolExecutor(4) as pool:
            for site, (address, report) in zip(SITES, pool.map(crawled, SITES.values()), strict=True):
                told[site], told[f"{site} report"] = list(read_postings(address)), report
                told[f"{site} pages"] = list(kept_pages(file_bytes(address, CAPTURES)))
    return told


@pytest.mark.parametrize("site", SITES)
def test_every_public_listing_is_found_and_none_that_robots_forbids(site, found):
    """100 % of the listings, each once; the run is ok and reconciles."""
    report = found[f"{site} report"]
    wanted = [one for one in EXPECTED if one["site"] == site]
    missing = [one["url_path"] for one in wanted if one["robots_allowed"] and match(one, found[site]) is None]
    forbidden = [one["url_path"] for one in wanted if not one["robots_allowed"] and match(one, found[site])]
    assert (missing, forbidden) == ([], [])
    assert (report.state, report.reconciles, report.reason) == ("ok", True, "")
    if any(not one["robots_allowed"] for one in wanted):
        assert report.counters["drop/patterns"], "its source leaves out knowingly what robots.txt forbids"
    assert report.robots_denied == 0


@pytest.mark.parametrize("site", SITES)
def test_every_posting_is_derived_again_from_the_pages_its_run_kept(site, found):
    """Without the source file too; what a feed's own page lacks stands in another page that names the item."""
    pages = found[f"{site} pages"]
    for posting in found[site]:
        own = [page for page in pages if page.record_id == (posting.capture.rendered or posting.capture.record_id)]
        named = [page for page in pages if page.text and page not in own and page.names(posting)]
        assert derive(posting, own).same or derive(posting, [*own, *named]).same, posting.url


FIELDS: dict[str, Callable] = {
    "title": lambda one, posting: one["title"] is None or same(one["title"], posting.heading),
    "company": lambda one, posting: one["company"] is None or same(one["company"], posting.company),
    "location": lambda one, posting: one["location"] is None or same(one["location"], posting.location),
    "posted_at": lambda one, posting: (
        one["posted_at"] is None
        or (posting.posted_at is not None and day(one["posted_at"]) == day(posting.posted_at.isoformat()))
    ),
}


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_right_in_at_least_98_of_100_listings(field, found):
    """Judged over all sites together, on the listings robots.txt allows."""
    wanted = [one for one in EXPECTED if one["robots_allowed"] and one[field] is not None]
    wrong = []
    for one in wanted:
        posting = match(one, found[one["site"]])
        if posting is None or not FIELDS[field](one, posting):
            wrong.append((one["url_path"], one[field], getattr(posting, field, None)))
    assert len(wanted) - len(wrong) >= RIGHT * len(wanted), wrong


def test_contacts_are_right_in_at_least_98_of_100_listings(found):
    """Every contact named in a listing is found in what was crawled of it."""
    from enrichment.contacts.extract import contacts
    from enrichment.language.detect import language

    wanted = [one for one in EXPECTED if one["robots_allowed"] and one["contacts"]]
    wrong = []
    for one in wanted:
        posting = match(one, found[one["site"]])
        if posting is None:
            wrong.append((one["url_path"], "not found"))
            continue
        raw = "\n".join([posting.title or "", posting.text, *posting.contacts])
        read = {(contact.type, contact.value) for contact in contacts(raw, language(raw))}
        named = {(contact["type"], contact["value"].rstrip("/")) for contact in one["contacts"]}
        if missing := named - {(kind, value.rstrip("/")) for kind, value in read}:
            wrong.append((one["url_path"], missing, sorted(read)))
    assert len(wanted) - len(wrong) >= RIGHT * len(wanted), wrong


def match(one: dict, postings: list):
    """Return the posting of an expected listing: that of its address whose text has the telling words."""
    path, _, fragment = one["url_path"].partition("#")
    words = squeezed(one["text_contains"])
    for posting in postings:
        parts = urlsplit(posting.url)
        at_address = parts.path == path or (path.startswith("/s/") and parts.path == f"{path[2:]}{fragment}")
        if at_address and words in squeezed(f"{posting.title or ''}\n{posting.text}"):
            return posting
    return None


def squeezed(text: str) -> str:
    """Return ``text`` without white space: how a page is laid out does not matter here."""
    return re.sub(r"\s+", "", text)


def same(wanted: str, read: str | None) -> bool:
    """Whether two names are the same apart from case, white space and a country added to a place."""
    squeezed_wanted, squeezed_read = squeezed(wanted).casefold(), squeezed(read or "").casefold()
    return squeezed_wanted == squeezed_read


def day(moment: str) -> str:
    """Return the day of a moment, or the moment itself when it has a time."""
    return datetime.fromisoformat(moment).date().isoformat()


def test_every_sample_source_has_a_site() -> None:
    """A sample source that is not judged here would be a source nobody judges."""
    assert sorted(SITES.values()) == sorted(path.stem for path in Path(SHIPPED_SEEDS / "sources").glob("sample_*.yml"))
