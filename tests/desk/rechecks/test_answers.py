"""What pages say of an advert, as boards, forums, walls and broken servers write them: written without a look at the judge."""

from pathlib import Path

import pytest
import yaml

from crawlers.discovery.guided_fetch import FetchedPage, PageRequest
from crawlers.fetch.middlewares.blocks import block_reason
from crawlers.items import Posting, posting_id
from crawlers.sources.source import Access, Crawl, Operator, Source
from desk.rechecks.page_verdict import confirm, front_page, judge
from desk.rechecks.sighting import OFFLINE

FOLDER = Path(__file__).parent / "answers"
ADVERTS = yaml.safe_load((FOLDER / "adverts.yml").read_text("utf-8"))
CASES = {
    f"{path.stem}/{case['name']}": case
    for path in sorted(FOLDER.glob("*.yml")) if path.stem != "adverts"
    for case in yaml.safe_load(path.read_text("utf-8"))
}  # fmt: skip
STATES = {"there": "up", "not_known": "unknown"}
"""States as these pages name them, where the judge has another word."""


FRONT = "<title>Board</title><h1>Find work</h1>" + "".join(f'<a href="/jobs/{number}">Job {number}</a>' for number in range(9))


def answer(url, landed, status, html, headers):
    """Return an answer as the fetching process hands it over."""
    reason = block_reason(status, headers, html, landed)
    error = f"blocked ({reason})" if reason else "" if 200 <= status < 300 else f"HTTP {status}"
    return FetchedPage(
        wanted=PageRequest(url=url), url=landed, status=status, content_type="text/html; charset=utf-8", body=html.encode(),
        error=error,
    )  # fmt: skip


def seen(case):
    advert = ADVERTS[case["advert"]]
    url = case.get("url", advert["url"])
    source = Source(
        name="sample_board", title="Board", summary="a board", kind="job_board",
        operator=Operator(name="x", url=url), access=Access(), crawl=Crawl(spider="board", start=(url,)),
    )  # fmt: skip
    reported = Posting(
        id=posting_id("sample_board", url), source="sample_board", url=url, title=advert["title"], text=advert["text"]
    )
    said = case.get("status", 200), case["html"], case.get("headers", {})
    page = answer(url, case.get("landed", url), *said)
    found, home = judge(page, reported, source), front_page(url)
    if found.state not in OFFLINE:
        return found
    front = answer(home, case.get("landed", home), *said) if case.get("front") == "same" else answer(home, home, 200, FRONT, {})
    return confirm(found, page, front)


@pytest.mark.parametrize("name", CASES)
def test_what_a_page_says_of_an_advert(name):
    case = CASES[name]
    found = seen(case)
    assert found.state == STATES.get(case["verdict"], case["verdict"]), found.detail
