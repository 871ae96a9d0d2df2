"""What a page says of a reported advert: by its words, not by its status alone."""

import json

import pytest

from crawlers.discovery.guided_fetch import FetchedPage, PageRequest
from crawlers.items import Posting, posting_id
from crawlers.sources.source import Access, Crawl, Operator, Source
from desk.rechecks.page_verdict import address_to_ask, judge

URL = "https://board.example.org/jobs/7"
TITLE = "Chat operator in Bavet"
TEXT = (
    "We look for people who answer our chat desk at night. No experience is needed and the journey is paid by us. "
    "The passport stays at the office until the contract ends. Pay 1,500 USD a month, write to @bright_hr_demo on Telegram."
)
SOURCE = Source(
    name="sample_board", title="Board", summary="a board", kind="job_board",
    operator=Operator(name="x", url="https://board.example.org/"), access=Access(),
    crawl=Crawl(spider="board", start=("https://board.example.org/",)),
)  # fmt: skip
ADVERT = Posting(id=posting_id("sample_board", URL), source="sample_board", url=URL, title=TITLE, text=TEXT)


def advert_page(title=TITLE, text=TEXT, more=""):
    linked = json.dumps({"@context": "https://schema.org", "@type": "JobPosting", "title": title, "description": text})
    head = f'<title>{title}</title><script type="application/ld+json">{linked}</script>'
    return f"<html><head>{head}</head><body>{more}<h1>{title}</h1><p>{text}</p></body></html>"


def seen(body="", *, status=200, url=URL, error=""):
    page = FetchedPage(
        wanted=PageRequest(url=URL), url=url, status=status, content_type="text/html; charset=utf-8", body=body.encode(),
        error=error or ("" if 200 <= status < 300 else f"HTTP {status}"), evidence=b"proof", sha256="a" * 64,
    )  # fmt: skip
    return judge(page, ADVERT, SOURCE)


def test_the_answer_and_its_proof_are_kept():
    found = seen(advert_page())
    assert (found.state, found.status, found.url, found.evidence, found.sha256) == ("up", 200, URL, b"proof", "a" * 64)


@pytest.mark.parametrize(
    ("body", "state", "detail"),
    [
        (advert_page(more="<div>3 people look at this now, 17 seconds ago</div>"), "up", ""),
        (advert_page(text=TEXT.replace("1,500", "2,500")), "edited", ""),
        (advert_page(text=TEXT.replace("@bright_hr_demo", "@other_hr_demo")), "edited", ""),
        (advert_page(text=TEXT[:120]), "edited", ""),
        (advert_page("Cook", "A kitchen in Hue looks for a cook who likes fish and early mornings."), "edited", "rewritten"),
        (advert_page(more="<p>We are no longer accepting applications</p>"), "up", "closed"),
        ("<title>x</title><body><h1>This job has expired</h1></body>", "tombstone", "says_so"),
        ("<title>x</title><body><h1>Tin này không tồn tại</h1><p>Mời xem tin khác</p></body>", "tombstone", "says_so"),
        ("<title>x</title><body><h1>该帖子已删除</h1></body>", "tombstone", "says_so"),
        ("<title>Home</title><body><h1>Welcome</h1><p>News of the house.</p></body>", "unknown", "another_page"),
    ],
)  # fmt: skip
def test_a_page_at_its_own_address_is_told_by_its_words(body, state, detail):
    found = seen(body)
    assert (found.state, found.detail) == (state, detail)


@pytest.mark.parametrize(("status", "state"), [(404, "gone"), (410, "gone"), (500, "unknown"), (301, "unknown")])
def test_a_status_alone_tells_little(status, state):
    assert seen("<body>sorry</body>", status=status).state == state


def test_where_the_address_leads_decides_between_moved_and_gone():
    elsewhere = "https://board.example.org/offers/chat-operator-7"
    assert seen(advert_page(), url=elsewhere).state == "moved"
    assert seen(advert_page(), url=URL + "/?utm_source=x").state == "up", "what names a visit is no other address"
    listed = "<body><h1>Jobs</h1><a href='/jobs/7'>Chat operator in Bavet</a><a href='/jobs/8'>Cook</a></body>"
    found = seen(listed, url="https://board.example.org/jobs")
    assert (found.state, found.detail) == ("tombstone", "redirect")


@pytest.mark.parametrize("reason", ["login_wall", "captcha", "http_403", "http_429", "http_451"])
def test_a_wall_is_no_removal(reason):
    found = seen("", status=403, error=f"blocked ({reason})")
    assert (found.state, found.detail) == ("walled", reason)


@pytest.mark.parametrize("error", ["robots", "TimeoutError: slow", "AddressRefused: private"])
def test_without_an_answer_nothing_is_known(error):
    found = seen("", status=0, error=error)
    assert (found.state, found.detail) == ("unknown", error)


def test_a_hostile_page_takes_no_time():
    """Markup that never ends, words that never end."""
    for body in ("<script>" * 10_000, "<" * 60_000, "a" * 200_000, "<p>" * 20_000 + "expired"):
        assert seen(body).state in ("unknown", "edited", "tombstone")


def test_of_a_public_channel_the_embed_is_asked_for():
    assert address_to_ask("https://t.me/channel/12") == "https://t.me/channel/12?embed=1&mode=tme"
    assert address_to_ask("https://t.me/s/channel") == "https://t.me/s/channel"
    assert address_to_ask(URL) == URL
