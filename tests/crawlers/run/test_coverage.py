"""A run says what its lists announced and what of it was seen; whatever is missing, the run is not ``ok``."""

import json

import pytest

from crawlers.sources.causes import fix, gravest_cause


def cards(numbers, name="job"):
    """Return list items as themes print them: a heading with a link, a line of facts."""
    return "".join(
        f'<li class="{name}-card"><h3><a class="{name}" href="/{name}/{n}">Cook number {n}</a></h3><p>Hue, day shift</p></li>'
        for n in numbers
    )


def page(numbers, rest="", head=""):
    """Return a list page of these adverts."""
    return f"<html><head>{head}</head><body><main><h1>Open positions</h1><ul>{cards(numbers)}</ul>{rest}</main></body></html>"


def wordpress(current, last, path="/jobs"):
    """Return the pager that ``paginate_links`` prints."""

    def at(n):
        return f"{path}/" if n == 1 else f"{path}/page/{n}/"

    links = "".join(
        f'<span aria-current="page" class="page-numbers current">{n}</span>'
        if n == current
        else f'<a class="page-numbers" href="{at(n)}">{n}</a>'
        for n in range(1, last + 1)
        if n in (1, last) or abs(n - current) < 2
    )
    after = f'<a class="next page-numbers" href="{at(current + 1)}">→</a>' if current < last else ""
    return f'<nav class="navigation pagination"><div class="nav-links">{links}{after}</div></nav>'


@pytest.fixture
def theme(site, pages):
    """Fill the site with a WordPress-like board of 32 adverts on 4 pages."""
    for number in range(32):
        site.pages[f"/job/{number}"] = pages.job(number)
    for n in range(1, 5):
        site.pages["/jobs/" if n == 1 else f"/jobs/page/{n}/"] = page(range((n - 1) * 8, n * 8), wordpress(n, 4))
    return site


@pytest.mark.parametrize("crawl", [{"follow": "a.job::attr(href)"}, {"follow": None}, {"next": ".nav-links a"}])
def test_a_board_is_walked_by_its_pager(theme, source_of, crawled, crawl):
    """With and without ``follow``, and by a selector of the whole pager: all pages, all adverts, nothing missing."""
    _, report = crawled(source_of(start="/jobs/", **crawl))
    assert (report.state, report.parsed, report.coverage.pages, report.coverage.gaps) == ("ok", 32, 4, ())


def test_one_failed_page_does_not_end_the_list(theme, source_of, crawled):
    """Later pages are linked from the first, so they are read; the one that failed is named."""
    theme.pages["/jobs/page/2/"] = (500, {}, b"")
    _, report = crawled(source_of(start="/jobs/"))
    assert (report.state, report.parsed) == ("partial", 24)
    assert report.coverage.unread_pages == 1
    theme.pages["/jobs/page/2/"] = (404, {}, b"")
    _, report = crawled(source_of(start="/jobs/"))
    assert (report.state, report.coverage.gaps[0].cause) == ("partial", "http/404")
    assert report.coverage.gaps[0].unread[0].endswith("/jobs/page/2/")


def test_a_pager_longer_than_the_source_allows_is_told(theme, source_of, crawled):
    """``max_pages`` is a limit, and what lies behind it is missing."""
    _, report = crawled(source_of(start="/jobs/", max_pages=2))
    assert (report.state, report.parsed) == ("partial", 16)
    assert "crawl.max_pages" in report.reason
    _, report = crawled(source_of(start="/jobs/", max_pages=4))
    assert (report.state, report.parsed) == ("ok", 32), "an unchanged page leads on when the limit is raised"


def test_counted_pages_pass_over_one_that_fails(site, source_of, crawled, pages):
    """A ``{page}`` address goes on behind a failed page."""
    pages.board(site, 9, per_page=3)
    site.pages["/list/2"] = (503, {}, b"")
    _, report = crawled(source_of(start="/list/{page}"))
    assert (report.state, report.parsed) == ("partial", 6)


@pytest.mark.parametrize(("rest", "told"), [("<p>2 / 30</p>", True), ("<a rel='next' href='/error'>Next</a>", False)])
def test_the_reason_names_the_list_and_the_number_missing(rest, told, site, source_of, crawled):
    """The operator reads it without opening the report."""
    site.pages["/list/1"] = page(range(2), rest)
    _, report = crawled(source_of())
    assert report.state == "partial"
    assert ("28 are missing" in report.reason) == told, report.reason


def test_a_feed_that_breaks_off_is_not_whole(site, source_of, crawled):
    """The items before the break stand, and the run says that there may be more."""
    item = "<item><title>Cook {0}</title><link>{1}/item/{0}</link><guid>{0}</guid><category>Hue, VN</category>" + (
        "<description>Acme, Hue, VN&lt;br&gt;Cooks noodles for fifty guests a day, contract and insurance from the first day."
        "</description></item>"
    )
    feed = '<?xml version="1.0"?><rss version="2.0"><channel><title>Jobs</title>' + "".join(
        item.format(n, site.url) for n in range(5)
    )
    site.pages["/rss.xml"] = feed + "</channel></rss>\n"
    _, report = crawled(source_of("feed", "/rss.xml"))
    assert (report.state, report.parsed) == ("ok", 5)
    site.pages["/rss.xml"] = feed[:-40]
    _, report = crawled(source_of("feed", "/rss.xml"))
    assert report.state == "partial"
    assert "breaks off" in report.reason


def test_a_feed_of_entities_of_its_own_is_not_read_and_not_ok(site, source_of, crawled):
    """A bomb's items read "&a9;": alone the run shows nothing, beside an honest feed it is partial, and both name the feed."""
    rss = '<rss version="2.0"><channel><title>Jobs</title><item><title>{0}</title><link>/a</link></item></channel></rss>'
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    site.pages["/bomb.xml"] = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">{laughs}]>{rss.format("&a9;")}'
    honest = [f"/{number}.xml" for number in range(9)]
    site.pages |= {path: '<?xml version="1.0"?>' + rss.format(f"Cook {path}") for path in honest}
    _, report = crawled(source_of("feed", "/bomb.xml"))
    assert (report.state, report.parsed) == ("changed", 0)
    assert "&a9;" in report.causes[0].detail
    _, report = crawled(source_of("feed", (*honest, "/bomb.xml")))
    assert (report.state, report.parsed) == ("partial", 1)
    assert "bomb.xml" in report.reason


def test_an_honestly_empty_list_is_empty(site, source_of, crawled):
    """With ``follow`` set and no link, the page must say so itself, in any language served."""
    words = [
        "No jobs found", "Không tìm thấy việc làm nào", "Hiện chưa có tin tuyển dụng", "暂无职位", "ไม่พบงาน", "0 jobs found",
        "There are currently no vacancies.", "Belum ada lowongan", "Aucune offre pour le moment", "Нет вакансий",
    ]  # fmt: skip
    for at, said in enumerate(words):
        site.pages[f"/list/{at}"] = f"<html><body><main><h1>Jobs</h1><p>{said}</p></main></body></html>"
    _, report = crawled(source_of(start=tuple(f"/list/{at}" for at in range(len(words)))))
    assert (report.state, report.rejected) == ("empty", {})


def test_a_start_address_that_is_gone_is_told(site, source_of, crawled, pages):
    """One of two lists answers 404: its adverts are missing, however many the other has."""
    pages.board(site, 6)
    _, report = crawled(source_of(start=("/list/1", "/list/of-another-place")))
    assert (report.state, report.parsed) == ("partial", 6)
    assert "/list/of-another-place" in report.reason


def test_two_lists_that_share_adverts_are_both_read_to_their_end(site, source_of, crawled, pages):
    """That a page shows nothing new in the run does not mean that its list ends there."""
    for number in range(9):
        site.pages[f"/job/{number}"] = pages.job(number)
    site.pages["/all/1"] = page(range(3), '<a rel="next" href="/all/2">Next</a>')
    site.pages["/all/2"] = page(range(3, 9))
    site.pages["/hue/1"] = page(range(3), "<p>Showing 1-3 of 3</p>")
    _, report = crawled(source_of(start=("/hue/1", "/all/1")))
    assert (report.state, report.parsed) == ("ok", 9)


@pytest.mark.parametrize(
    ("closed", "parsed"), [(range(12, 24), 12), (range(23, 24), 23), (range(24), 0)], ids=["half", "one", "all"]
)
def test_adverts_that_robots_forbids_make_a_run_partial(site, source_of, crawled, pages, closed, parsed):
    """The list shows them and they were not read; they are told as robots.txt's, with what the operator can do."""
    site.pages["/robots.txt"] = "User-agent: *\n" + "".join(f"Disallow: /job/{n}$\n" for n in closed)
    for number in range(24):
        site.pages[f"/job/{number}"] = pages.job(number)
    site.pages["/list/1"] = page(range(24))
    _, report = crawled(source_of())
    cause = gravest_cause(report)
    assert (report.state, report.parsed, cause and cause.outcome, cause and cause.count) == (
        "partial", parsed, "robots", len(closed),
    )  # fmt: skip
    assert f"robots.txt forbids {len(closed)}" in report.reason
    assert "crawl.exclude" in fix(report)
    _, report = crawled(source_of(exclude=[f"/job/{n}" for n in closed]))
    assert report.state == ("ok" if parsed else "empty"), "what an operator leaves out knowingly is not missing"


@pytest.mark.parametrize("kind", ["sitemap", "thread", "item of an API", "item of a feed", "redirect"])
def test_a_forbidden_page_makes_a_run_partial_whatever_leads_to_it(site, source_of, crawled, pages, kind):
    """By sitemap, index, API, feed, or by a redirect from an address that is allowed."""
    site.pages["/robots.txt"] = "User-agent: *\nDisallow: /closed/\n"
    text = "Noodles for fifty guests a day, contract and insurance from the first day."
    for number in range(4):
        site.pages[f"/job/{number}"] = pages.job(number)
    source = source_of()
    if kind == "sitemap":
        urls = "".join(f"<url><loc>{site.url}{path}</loc></url>" for path in ("/job/0", "/job/1", "/closed/2"))
        site.pages |= {"/list/1": page(range(2)), "/map.xml": f"<urlset>{urls}</urlset>"}
        source = source_of(sitemap="/map.xml")
    elif kind == "thread":
        links = "".join(f'<li><a class="topictitle" href="{path}">Cooks in Hue</a></li>' for path in ("/t/1", "/closed/t2"))
        site.pages |= {"/forum": f'<html><body id="phpbb"><ul class="topiclist topics">{links}</ul></body></html>'}
        site.pages["/t/1"] = (
            '<html><body id="phpbb" class="section-viewtopic"><h2 class="topic-title">Cooks</h2><div id="p1" class="post">'
            f'<div class="postbody"><p class="author"><a class="username">u1</a></p><div class="content">{text}</div></div></div>'
        )
        source = source_of("forum", "/forum", follow="a.topictitle")
    elif kind == "item of an API":
        jobs = [{"id": n, "title": f"Cook {n}", "url": f"{path}{n}"} for n, path in enumerate(("/job/", "/job/", "/closed/"))]
        site.pages["/api"] = json.dumps({"data": jobs})
        source = source_of("json_api", "/api", json={"items": "data", "id": "id", "title": "title", "url": "url"})
    elif kind == "item of a feed":
        items = "".join(
            f"<item><title>Cook {n}</title><link>{site.url}{path}{n}</link><guid>{n}</guid>"
            "<description>Cook...</description></item>"
            for n, path in enumerate(("/job/", "/job/", "/closed/"))
        )
        site.pages["/rss.xml"] = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Jobs</title>{items}</channel></rss>'
        source = source_of("feed", "/rss.xml")
    else:
        site.pages |= {"/list/1": page(range(4)), "/job/3": (302, {"Location": "/closed/3"}, b"")}
    _, report = crawled(source)
    assert (report.state, report.robots_denied) == ("partial", 1), report.reason
    assert "robots.txt forbids 1" in report.reason
