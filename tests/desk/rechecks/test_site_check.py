"""A site is asked as a crawl asks it, with a proof of each answer; an advert counts as gone only while its site works."""

import io

import msgspec
import pytest
from warcio.archiveiterator import ArchiveIterator

from crawlers.discovery.guided_fetch import FetchedPage, PageRequest
from crawlers.items import Posting, posting_id
from desk.rechecks.notice_outcomes import SentNotice
from desk.rechecks.page_verdict import judge
from desk.rechecks.recheck_round import WALLS, ReportedAdvert, look_at_adverts
from desk.rechecks.site_check import SiteCheck, unreported_adverts
from foundation.crawl_errors import CrawlError
from tests.crawlers.run.conftest import OPTIONS
from tests.desk.rechecks.reported_board import GONE_PAGES, LIST, SENT, SOURCE, WALL, advert_page, words


@pytest.fixture
def ask_site(site, source_of):
    """Return a function that asks the real site for adverts by the crawler's own process: paths -> states."""

    def posting(path):
        url = site.url + path
        return Posting(id=posting_id("local", url), source="local", url=url, title="Work 7", text=words(7))

    def do(*paths, requests=400, controls=()):
        source, others = source_of(requests=requests), [posting(path) for path in controls]
        adverts = [
            ReportedAdvert(notice=SentNotice(platform="x", item_id=path, sent_at=SENT, tag=None), posting=posting(path))
            for path in paths
        ]  # fmt: skip
        return {
            advert.notice.item_id: sighting for advert, sighting in look_at_adverts(source, adverts, lambda _: others, OPTIONS)
        }

    return do


def test_the_real_site_is_asked_as_a_crawl_asks_and_every_answer_is_a_proof(site, ask_site):
    site.pages |= {
        "/robots.txt": b"User-agent: *\nDisallow: /private/", "/job/up": advert_page("Work 7", words(7)),
        "/job/gone": (410, {}, b"gone"),
        "/job/list": (302, {"Location": f"{site.url}/jobs"}, b""), "/jobs": LIST, "/job/said": GONE_PAGES["words"],
        "/job/moved": (301, {"Location": f"{site.url}/archive/work-seven"}, b""),
        "/archive/work-seven": advert_page("Work 7", words(7)),
        "/": LIST.replace("Jobs", "Welcome"), "/job/wall": WALL, "/job/no": (403, {}, b"<html><body>no</body></html>"),
    }  # fmt: skip
    found = ask_site("/job/up", "/job/gone", "/job/wall", "/job/list", "/job/no", "/job/said", "/job/moved", "/private/7")
    states = {path: sighting.state for path, sighting in found.items()}
    assert states == {
        "/job/up": "up", "/job/gone": "gone", "/job/wall": "walled", "/job/list": "tombstone", "/job/no": "walled",
        "/job/said": "tombstone", "/job/moved": "moved", "/private/7": "unknown",
    }  # fmt: skip
    assert site.hits["/private/7"] == 0
    assert {headers["User-Agent"] for _, headers in site.asked} == {OPTIONS.user_agent}
    for path, status in (("/job/up", "200"), ("/job/gone", "410"), ("/job/wall", "200"), ("/job/no", "403")):
        kept = [
            (each.rec_type, each.http_headers and each.http_headers.get_statuscode())
            for each in ArchiveIterator(io.BytesIO(found[path].evidence), check_digests="raise")
        ]  # fmt: skip
        assert [kind for kind, _ in kept] == ["response", "request", "metadata"]
        assert kept[0][1] == status


def test_a_site_that_refuses_us_is_left_alone_until_the_next_hour(site, ask_site):
    walls = {f"/job/{number}": WALL for number in range(6)}
    site.pages |= walls
    assert len(ask_site(*walls)) == WALLS
    site.pages |= {"/job/9": (429, {}, b"later"), "/job/10": advert_page("Work 7", words(7))}
    assert [sighting.state for sighting in ask_site("/job/9", "/job/10").values()] == ["walled"]
    site.pages |= dict.fromkeys((f"/job/{number}" for number in range(9)), advert_page("Work 7", words(7)))
    assert len(ask_site(*(f"/job/{number}" for number in range(9)), requests=20)) == 5, "a quarter of a run at most"


class PlannedAsker:
    """Answers for the site by a plan: path -> status and body; whatever is not in it is a page of a working site."""

    def __init__(self, **plan):
        self.plan = {f"/{name}".replace("/front", "/"): said for name, said in plan.items()}
        self.asked: list[str] = []

    def fetch(self, url):
        path = "/" + url.split("/", 3)[3]
        self.asked.append(path)
        status, body = self.plan.get(path, (200, LIST))
        if status == 0:
            raise CrawlError("no answer")
        return FetchedPage(
            wanted=PageRequest(url=url), url=url, status=status, content_type="text/html", body=body.encode(),
            error="" if status == 200 else f"HTTP {status}",
        )  # fmt: skip


def of_board(path):
    url = f"https://board.example.org/{path}"
    return Posting(id=posting_id("sample_board", url), source="sample_board", url=url, title="Work 7", text=words(7))


UP, GONE, DOWN = (200, advert_page("Work 7", words(7)).decode()), (404, "<h1>404</h1>"), (503, "<h1>Maintenance</h1>")


@pytest.mark.parametrize(
    ("plan", "states", "asked"),
    [
        ({"a": GONE, "b": GONE, "other": UP}, ["gone", "gone"], ["/a", "/", "/other", "/b"]),
        ({"a": UP, "b": GONE, "other": GONE}, ["up", "gone"], ["/a", "/b", "/"]),
        ({"a": GONE, "b": GONE, "front": DOWN}, ["site_down", "site_down"], ["/a", "/", "/b"]),
        ({"a": GONE, "front": (0, "")}, ["site_down"], ["/a", "/"]),
        ({"a": GONE, "b": UP, "other": GONE, "another": GONE}, ["site_changed", "up"], ["/a", "/", "/other", "/another", "/b"]),
        ({"a": GONE, "other": GONE, "another": UP}, ["gone"], ["/a", "/", "/other", "/another"]),
        ({"a": GONE, "other": (200, WALL)}, ["gone"], ["/a", "/", "/other"]),
    ],
    ids=["one_is_there", "one_reported_is_there", "down", "silent", "all_moved", "one_of_two_is_there", "others_tell_nothing"],
)  # fmt: skip
def test_an_advert_counts_as_gone_only_while_its_site_works(plan, states, asked):
    asker = PlannedAsker(**plan)
    check = SiteCheck(SOURCE, asker, lambda _: [of_board(path) for path in ("other", "another") if path in plan])
    found = []
    for path in (path for path in ("a", "b") if path in plan):
        page = asker.fetch(of_board(path).url)
        sighting = check.confirm(judge(page, of_board(path), SOURCE), page)
        found.append(sighting.detail if sighting.detail.startswith("site") else sighting.state)
    assert (found, asker.asked) == (states, asked)


@pytest.mark.parametrize("board", [5], indirect=True)
def test_controls_are_adverts_that_nobody_reported(desk_db, board, record):
    _, store = board
    assert unreported_adverts(desk_db, store, SOURCE) == []
    fresh = [record(number, first_seen=SENT) for number in (900, 901, 902)]
    gone = msgspec.structs.replace(fresh[2], posting=msgspec.structs.replace(fresh[2].posting, deleted=True))
    store.put([*fresh[:2], gone])
    assert {each.id for each in unreported_adverts(desk_db, store, SOURCE)} == {each.id for each in fresh[:2]}
