"""Lists that contradict themselves: a run that could not see all of one is never ``ok``, and no advert is taken for another."""

import json

import pytest

from tests.crawlers.run.test_coverage import page

TEXT = "Noodles for fifty guests a day, contract and insurance from the first day, write to the kitchen of house {}."


def pager(*numbers):
    """Return links to pages of ``/list``."""
    return "<div class='pagination'>" + "".join(f"<a href='/list?page={n}'>{n}</a> " for n in numbers) + "</div>"


@pytest.fixture
def board(site, pages):
    """Fill the site with the pages of 24 adverts."""
    for number in range(24):
        site.pages[f"/job/{number}"] = pages.job(number)
    return site


CLAIMS = {
    "the home page": "/", "the list": "/list", "one advert": "/job/0", "a page of its own script": "/job",
}  # fmt: skip


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("shape", ["/job/{}", "/job?id={}", "/job/cook-of-house-{}.html"])
def test_adverts_whose_canonical_address_is_another_page_stay_apart(site, source_of, crawled, pages, claim, shape):
    """Each keeps the address it was fetched from, and the report says so."""
    link = f'<head><link rel="canonical" href="{CLAIMS[claim]}">'
    for number in range(24):
        site.pages[shape.format(number)] = pages.job(number).replace("<head>", link)
    links = "".join(f'<li><h3><a class="job" href="{shape.format(n)}">Cook number {n}</a></h3><p>Hue</p></li>' for n in range(24))
    site.pages["/list"] = f"<html><body><main><ul>{links}</ul></main></body></html>"
    for _ in range(2):
        _, report = crawled(source_of(start="/list"))
        assert (report.state, report.parsed, report.duplicate) == ("ok", 24, 0)


def test_the_report_names_addresses_that_are_not_their_pages_own(site, source_of, crawled, pages):
    """In words, with their number."""
    for number in range(24):
        site.pages[f"/job/{number}"] = pages.job(number).replace("<head>", '<head><link rel="canonical" href="/">')
    site.pages["/list"] = page(range(24))
    _, report = crawled(source_of(start="/list"))
    assert [warning for warning in report.warnings if warning.startswith("24 pages name another page as their own")]


@pytest.mark.parametrize("kind", ["JSON-LD", "microdata", "feed", "XML", "API", "API without ids", "API without texts"])
def test_items_that_share_one_address_stay_apart(site, source_of, crawled, kind):
    """Where a template gives the home page as the address of every item; and the report says so."""
    told = [(f"Cook number {n}", TEXT.format(n)) for n in range(8)]
    source = source_of(start="/list", follow=None)
    if kind == "JSON-LD":
        jobs = [{"@type": "JobPosting", "title": title, "description": text, "url": "/"} for title, text in told]
        site.pages["/list"] = f'<script type="application/ld+json">{json.dumps({"@graph": jobs})}</script>'
    elif kind == "microdata":
        site.pages["/list"] = "".join(
            f'<div itemscope itemtype="https://schema.org/JobPosting"><a itemprop="url" href="/">more</a>'
            f'<h2 itemprop="title">{title}</h2><p itemprop="description">{text}</p></div>'
            for title, text in told
        )
    elif kind in ("feed", "XML"):
        name, root = ("item", "rss") if kind == "feed" else ("job", "jobs")
        items = "".join(
            f"<{name}><title>{title}</title><link>{site.url}/</link><location>Hue</location><description>{text}</description></{name}>"
            for title, text in told
        )
        inner = f"<channel><title>Jobs</title>{items}</channel>" if kind == "feed" else items
        site.pages["/list"] = f'<?xml version="1.0"?><{root} version="2.0">{inner}</{root}>'
        source = source_of("feed", "/list")
    else:
        ids = kind != "API without ids"
        body = "body" if kind != "API without texts" else "none"
        jobs = [{"title": title, body: text, "url": "/"} | ({"id": n} if ids else {}) for n, (title, text) in enumerate(told)]
        site.pages["/list"] = json.dumps({"data": jobs})
        site.pages["/"] = "<html><body><h1>Jobs</h1></body></html>"
        source = source_of(
            "json_api", "/list", json={"items": "data", "id": "id", "title": "title", "text": "body", "url": "url"}
        )
    seen = []
    for _ in range(2):
        _, report = crawled(source)
        assert (report.parsed, report.duplicate) == (8, 0), report.reason
        seen.append(report.counters.get("known/unchanged", 0))
    assert seen == [0, 8], "their marks are the same in every run"


NOTHING = "<html><body><main><h1>Open positions</h1><p>No jobs found</p></main></body></html>"


@pytest.mark.parametrize("last", [range(16, 24), None], ids=["the third is whole", "the third is empty too"])
@pytest.mark.parametrize("rest", [pager(1, 2, 3), "<p>Page 1 of 3</p><a rel='next' href='/list?page=2'>Next</a>"])
def test_a_page_that_the_list_counts_and_that_shows_nothing_is_missing(board, source_of, crawled, last, rest):
    """Although it says in words that there is nothing."""
    board.pages["/list"] = page(range(8), rest)
    board.pages["/list?page=2"] = NOTHING.replace("</main>", f"{rest}</main>")
    board.pages["/list?page=3"] = page(last, rest) if last else NOTHING
    _, report = crawled(source_of(start="/list", follow=None))
    assert report.state == "partial"
    assert "shows nothing" in report.reason


def test_a_next_link_that_leads_behind_the_end_is_no_page_that_is_missing(board, source_of, crawled):
    """Sloppy software always links a next page; where that says itself that there is nothing, the list is whole."""
    board.pages["/list"] = page(range(8), "<a rel='next' href='/list?page=2'>Next</a>")
    board.pages["/list?page=2"] = page(range(8, 16), "<a rel='next' href='/list?page=3'>Next</a>")
    board.pages["/list?page=3"] = NOTHING
    _, report = crawled(source_of(start="/list"))
    assert (report.state, report.parsed, report.reason) == ("ok", 16, "")


MIXED = {
    "windows that overlap": [range(8), range(4, 12), range(9, 17)],
    "an order that changes": [[0, 1, 2, 3, 4, 5, 6, 7], [3, 8, 9, 1, 10, 11, 6, 12], [13, 0, 14, 15, 9, 16, 2, 7]],
    "the first page's adverts at the end": [range(8), [8, 9, 10, 11, 12, 5, 6, 2], [13, 14, 15, 16, 8, 3, 1, 9]],
}
EXPLAINED = {
    "whole": [range(8), range(8, 16), range(16, 24)],
    "promoted on all pages": [[0, 1, *range(2, 8)], [0, 1, *range(8, 14)], [0, 1, *range(14, 24)]],
    "promoted at the top of both": [[0, 1, *range(2, 13)], [0, 1, *range(13, 24)]],
    "one advert came meanwhile": [range(8), range(7, 15), range(15, 24)],
    "a last page filled up": [range(10), range(10, 20), range(14, 24)],
    "one rotates": [range(8), [8, 9, 10, 3, 11, 12, 13, 14], range(15, 24)],
}


@pytest.mark.parametrize("name", [*MIXED, *EXPLAINED])
def test_adverts_that_come_again_on_later_pages_stand_in_the_place_of_others(board, source_of, crawled, name):
    """17 of 24 are seen; but promoted ones, and those that new ones push on, come again without harm."""
    shown = (MIXED | EXPLAINED)[name]
    for at, numbers in enumerate(shown, 1):
        board.pages["/list" if at == 1 else f"/list?page={at}"] = page(numbers, pager(*range(1, len(shown) + 1)))
    _, report = crawled(source_of(start="/list"))
    assert report.state == ("partial" if name in MIXED else "ok"), report.reason
    assert ("stand on several of its pages" in report.reason) == (name in MIXED)


ENDLESS = {
    "an observer": "<div id='end'></div><script>new IntersectionObserver((e) => { fetch('/more').then((r) => r.text())"
    ".then((t) => { list.insertAdjacentHTML('beforeend', t) }) }).observe(document.getElementById('end'))</script>",
    "a scroll handler": "<script>window.addEventListener('scroll', function () { var x = new XMLHttpRequest(); "
    "x.onload = function () { list.innerHTML += x.responseText }; x.send() })</script>",
    "jQuery": "<script>$(window).scroll(function () { $.get('/more', function (t) { $('ul').append(t) }) })</script>",
    "a sentinel": "<div data-x class='list-sentinel'></div>",
}
STILL = {
    "pictures that load late": "<script>new IntersectionObserver((e) => e.forEach((i) => { i.target.src = i.target.dataset.src })"
    "</script>",
    "a visit that is counted": "<script>fetch('/count', {method: 'POST'})</script>",
    "a head that sticks": "<script>window.addEventListener('scroll', () => document.body.classList.toggle('small', scrollY > 9))"
    "</script>",
}


@pytest.mark.parametrize("name", [*ENDLESS, *STILL])
def test_a_list_whose_script_fetches_more_on_scrolling_is_not_whole(board, source_of, crawled, name):
    """Read without a browser it shows a part; scripts that watch or fetch for other ends say nothing."""
    board.pages["/list"] = page(range(8), (ENDLESS | STILL)[name])
    _, report = crawled(source_of(start="/list"))
    assert report.state == ("partial" if name in ENDLESS else "ok"), report.reason
    board.pages["/list"] = page(range(8), "<p>8 jobs found</p>" + (ENDLESS | STILL)[name])
    _, report = crawled(source_of(start="/list"))
    assert report.state == "ok", "all it announces is there"
