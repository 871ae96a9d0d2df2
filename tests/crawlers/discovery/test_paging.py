"""A list that says how much there is and where the rest is: what `sources new` proposes reads all of it, whatever its shape."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

import crawlers.process
from crawlers.crawl_run import crawl
from crawlers.discovery.discover import next_page
from crawlers.discovery.guided_fetch import FetchedPage, Fetcher, fetching
from crawlers.discovery.proposal import propose
from crawlers.evidence.partition import read_postings
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.sources.source import Trial
from crawlers.sources.source_edit import draft_source
from foundation.crawl_errors import CrawlError
from tests.crawlers.discovery.test_guided_fetch import make_look
from tests.software import warm_child
from tests.software.paging import ALL, ITEMS, NAMED, OTHERS, SIZE, Asked, Paged, PagingSite, served

OPTIONS = CrawlOptions(user_agent="LureWatch/0.1 (+https://lurewatch.example.org/bot)", allow_loopback=True)
SHAPES = NAMED | OTHERS


class Brought(NamedTuple):
    """What a run of the proposed source brought."""

    state: str
    adverts: int
    failed: str = ""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Brought]]:
    """Look at every list with one fetching process and run each proposed source."""
    folder = tmp_path_factory.mktemp("paging")
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setattr(crawlers.process, "start_child", warm_child.start_child)
        site = stack.enter_context(served(SHAPES))
        fetcher = stack.enter_context(fetching(make_look(site.url), OPTIONS, Trial.SOURCES_NEW))
        yield {name: brought(site, fetcher, name, folder) for name in SHAPES}


def brought(site: PagingSite, fetcher: Fetcher, name: str, folder: Path) -> Brought:
    """Propose a source for a list and run it."""
    pages: list[FetchedPage] = []
    fetcher.asked = 0
    try:
        while want := next_page(site.start(name), pages):
            pages.append(fetcher.fetch(want))
        proposal = propose(site.start(name), pages, name=site.names[name], today=date(2026, 12, 1))
    except CrawlError as exc:
        return Brought(f"not proposed: {exc}", 0)
    text = re.sub(r"  # terms_checked: .*", "  terms_checked: 2026-11-01", proposal.yaml)
    source = draft_source(proposal.name, re.sub(r"  # review_by: .*", "  review_by: 2099-01-01", text))
    address, report = crawl(source, runs=str(folder / "runs"), state=folder / "state", options=OPTIONS)
    texts = "\n".join(posting.text or "" for posting in read_postings(address))
    return Brought(f"{report.state} {report.reason}".strip(), len(set(re.findall(r"\bhr(\d+)@example", texts))))


@pytest.mark.parametrize("name", SHAPES)
def test_all_that_a_list_says_it_has_is_read(name: str, read: dict[str, Brought]) -> None:
    assert read[name] == Brought("ok", ALL)


def test_a_list_whose_pager_no_word_names_gets_more_than_one_page() -> None:
    """As craigslist's, and one that only its header names."""
    cards = "".join(
        f"<li><h3><a class='job' href='/job/{n}'>Cook number {n}</a></h3><p>Hue, day shift, contract</p></li>" for n in range(100)
    )
    text = "Noodles for fifty guests a day, contract and insurance from the first day, write to the kitchen."
    for pager, headers in (
        ("<a href='/cta/index100.html'>next 100 postings</a>", {}),
        ("", {"link": '</cta/?page=2>; rel="next"'}),
        ("", {}),
    ):
        pages: list[FetchedPage] = []
        while want := next_page("https://site.example.org/cta/", pages):
            job = f"<h1>Cook</h1><p>Company: House 1</p><p>Location: Hue</p><p>{text}</p>"
            body = f"<main><ul>{cards}</ul>{pager}</main>" if want.url.endswith("/cta/") else f"<main>{job}</main>"
            page = {"status": 200, "content_type": "text/html", "body": f"<html><body>{body}</body></html>".encode()}
            pages.append(FetchedPage(wanted=want, url=want.url, headers=headers if not pages else {}, **page))
        proposal = propose("https://site.example.org/cta/", pages, today=date(2026, 12, 1))
        assert f"max_pages: {10 if pager or headers else 1}\n" in proposal.yaml


OBSERVER = """<div id="end">&nbsp;</div><script>
let at = 1;
const watcher = new IntersectionObserver(async (entries) => {
    if (!entries[0].isIntersecting || at > 2) return;
    const more = await (await fetch(`more?part=${at++}`)).text();
    document.querySelector("ul").insertAdjacentHTML("beforeend", more);
    watcher.unobserve(entries[0].target); watcher.observe(entries[0].target);
});
watcher.observe(document.getElementById("end"));
</script>"""


def endless(asked: Asked) -> str:
    """Return a list that shows eight adverts and fetches the others when its end is seen, and the adverts."""
    if asked.rest.startswith("/job"):
        one = ITEMS[int(asked.rest.rpartition("/")[2])]
        # What the browser waits for on each page stands here too, else it would wait ten seconds for it.
        home = f"<a class='job' href='{asked.here}{asked.rest}'>{one.title}</a>"
        return f"<html><body><main><h1>{home}</h1><p>Company: {one.company}</p><p>{one.text}</p></main></body></html>"
    place = asked.number("part")
    cards = "".join(
        f"<li style='height: 200px'><h3><a class='job' href='/s0/jobs/{at}'>{ITEMS[at].title}</a></h3><p>Contract</p></li>"
        for at in range(place * SIZE, place * SIZE + SIZE)
    )
    return cards if place else f"<html><body><main><h1>Jobs</h1><ul>{cards}</ul>{OBSERVER}</main></body></html>"


@pytest.mark.slow
def test_a_list_that_fetches_more_on_scrolling_is_scrolled(tmp_path: Path) -> None:
    """`sources new` sees the script, looks with a browser and proposes to scroll."""
    with (
        served({"endless": Paged("/list", endless)}) as site,
        fetching(make_look(site.url), OPTIONS, Trial.SOURCES_NEW) as fetcher,
    ):
        found = brought(site, fetcher, "endless", tmp_path)
    assert found == Brought("ok", ALL)
