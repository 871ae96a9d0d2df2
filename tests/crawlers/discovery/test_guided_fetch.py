"""Pages fetched one by one obey every rule of a crawl, and what is proposed from them finds the adverts when it is crawled."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawlers.crawl_run import crawl
from crawlers.discovery.discover import next_page
from crawlers.discovery.guided_fetch import FetchedPage, PageRequest, fetching
from crawlers.discovery.page_case import case_of, problems
from crawlers.discovery.proposal import propose
from crawlers.evidence.partition import read_postings
from crawlers.fetch.handlers.chromium import browser_path
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.sample_sites import serve
from crawlers.sources.source import Access, Crawl, Operator, Source, Trial, load_source
from foundation.crawl_errors import CrawlError
from lurewatch.settings import SHIPPED_SEEDS
from tests.few_sites import copy_hasty

OPTIONS = CrawlOptions(user_agent="LureWatch-tests/0.1 (+https://lurewatch.example.org/bot)", allow_loopback=True)


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[str, str]]:
    """The sample sites on free ports."""
    with serve(SHIPPED_SEEDS / "sample", {}) as urls:
        yield urls


@pytest.fixture(scope="module")
def hasty_sites(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The same without a Crawl-delay: whole boards are crawled here."""
    with serve(copy_hasty(seeds, tmp_path_factory.mktemp("sites")), {}) as urls:
        yield urls


def make_look(url: str) -> Source:
    """Return the source a look at ``url`` pretends to be."""
    return Source(
        name="look",
        title="look",
        summary="look",
        kind="job_board",
        operator=Operator(name="x", url=url),
        access=Access(delay_seconds=0),
        crawl=Crawl(spider="board", start=(url,)),
    )


def with_passport(source: Source) -> Source:
    """Return the proposed source as it is after a person has read the terms."""
    read = {"basis": "our own sample", "terms_checked": date(2026, 11, 25), "review_by": date(2099, 12, 31)}
    return source.model_copy(update={"access": source.access.model_copy(update=read)})


def looked_at(url: str) -> list[FetchedPage]:
    """Return all pages a look at ``url`` wants."""
    pages: list[FetchedPage] = []
    with fetching(make_look(url), OPTIONS, Trial.SOURCES_NEW) as fetcher:
        while want := next_page(url, pages):
            pages.append(fetcher.fetch(want))
    return pages


def test_robots_guard_and_status_are_told(sites: dict[str, str]) -> None:
    """A forbidden page, a private address and a missing page are answers, not accidents."""
    base = sites["jobboard-jsonld"]
    with fetching(make_look(f"{base}/"), OPTIONS, Trial.SOURCES_NEW) as fetcher:
        first = fetcher.fetch(PageRequest(url=f"{base}/"))
        assert (first.status, first.error, first.crawl_delay) == (200, "", 1.0)
        assert first.sitemaps == (f"{base}/sitemap.xml",)
        assert first.robots.startswith("allowed")
        forbidden = fetcher.fetch(PageRequest(url=f"{base}/admin/"))
        assert (forbidden.error, forbidden.body) == ("robots", b"")
        assert forbidden.robots == "denied: Disallow: /admin"
        assert fetcher.fetch(PageRequest(url="http://10.0.0.1/")).error.startswith("AddressRefused")
        assert fetcher.fetch(PageRequest(url=f"{sites['forum']}/")).error.startswith("AddressRefused")
        assert fetcher.fetch(PageRequest(url=f"{base}/gone.html")).error == "HTTP 404"


def test_a_dead_process_is_named(sites: dict[str, str]) -> None:
    """Not waited for."""
    with fetching(make_look(f"{sites['forum']}/"), OPTIONS, Trial.SOURCES_NEW) as fetcher:
        fetcher.fetch(PageRequest(url=f"{sites['forum']}/"))
        fetcher._process.kill()
        fetcher._process.wait()
        with pytest.raises(CrawlError, match="the fetching process has ended"):
            fetcher.fetch(PageRequest(url=f"{sites['forum']}/"))


@pytest.mark.parametrize(
    ("name", "path", "spider", "least"),
    [
        ("jobboard-jsonld", "/", "board", 23),
        ("jobboard-microdata", "/", "board", 10),
        ("telegram-preview", "/s/sample_vieclam_ngoai", "channel", 15),
        ("forum", "/", "forum", 8),
        ("feed", "/", "feed", 30),
        ("js-board", "/listings.json", "json_api", 24),
    ],
)
def test_what_is_proposed_finds_the_adverts(
    hasty_sites: dict[str, str], seeds: Path, tmp_path: Path, name: str, path: str, spider: str, least: int
) -> None:
    """Look, propose, crawl: every public advert of the sample site is there; its page case holds.

    A run is not whole where robots.txt forbids adverts that a list leads to.
    """
    url = hasty_sites[name] + path
    pages = looked_at(url)
    proposal = propose(url, pages, name="x_proposed", today=date(2026, 11, 25))
    file = tmp_path / "x_proposed.yml"
    file.write_text(proposal.yaml, encoding="utf-8")
    source = with_passport(load_source(file))
    assert source.crawl.spider == spider
    address, report = crawl(source, runs=str(tmp_path / "runs"), state=tmp_path / "state", options=OPTIONS, limit_seconds=90)
    postings = list(read_postings(address))
    forbids = bool(report.robots_denied)
    assert (report.state, forbids) in (("ok", False), ("partial", True)), report.reason
    assert not forbids or report.reason.startswith("robots.txt forbids"), report.reason
    assert len(postings) >= least
    expected = [json.loads(line) for line in (seeds / "sample" / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
    there = "\n".join(" ".join(posting.text.split()) for posting in postings)
    here = [one["text_contains"] for one in expected if one["site"] == name and one["robots_allowed"]]
    if spider == "channel":
        here = [one["text_contains"] for one in expected if one["url_path"].startswith(path)]
    if spider != "forum":  # where replies are expected too, and signatures as posts of their own
        assert [words for words in here if " ".join(words.split()) not in there] == []
    if case := case_of(proposal.look, datetime(2026, 11, 25, tzinfo=UTC)):
        (tmp_path / case.name).write_text(case.text, encoding="utf-8")
        (tmp_path / "case.json").write_text(case.facts, encoding="utf-8")
        assert list(problems(tmp_path)) == []


def test_a_script_drawn_board_is_recognised(
    sites: dict[str, str], tmp_path: Path, missing_service: Callable[[str], None]
) -> None:
    """Through Chromium: nothing in the HTML, eight adverts drawn, 24 on scrolling."""
    if browser_path() is None:
        missing_service("Chromium")
    url = sites["js-board"] + "/"
    proposal = propose(url, looked_at(url), name="x_drawn", today=date(2026, 11, 25))
    (tmp_path / "x_drawn.yml").write_text(proposal.yaml, encoding="utf-8")
    source = with_passport(load_source(tmp_path / "x_drawn.yml"))
    assert (source.crawl.render, source.crawl.scroll, source.crawl.wait_for) == (True, True, "article.job")
    assert proposal.look.items == 24
    address, report = crawl(source, runs=str(tmp_path / "runs"), state=tmp_path / "state", options=OPTIONS, limit_seconds=90)
    assert report.state == "ok", report.reason
    assert len(list(read_postings(address))) == 24
