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


INCOMPLETE = {
    "shown of all": "<p class='count'>18 / 30</p>",
    "a range": "<p>Showing 1–18 of 30 jobs</p>",
    "Vietnamese": "<div>Hiển thị 1 - 18 trong tổng số 30 việc làm</div>",
    "Thai": "<div>แสดง 1-18 จาก 30 รายการ</div>",
    "Indonesian": "<div>Menampilkan 1 - 18 dari 30 lowongan</div>",
    "Chinese": "<div>共30条，当前显示1-18条</div>",
    "Chinese, pages": "<div>第1页/共2页</div>",
    "Japanese": "<div>全30件中 1〜18件</div>",
    "Korean": "<div>총 30건 중 1-18</div>",
    "Russian": "<div>Показано 1–18 из 30</div>",
    "French": "<div>Affichage de 1 à 18 sur 30 résultats</div>",
    "Spanish": "<div>Mostrando 1-18 de 30 resultados</div>",
    "found": "<h2>30 jobs found</h2>",
    "found, Vietnamese": "<p>Tìm thấy 30 việc làm</p>",
    "pages": "<p>Page 1 of 2</p>",
    "pages, Vietnamese": "<p>Trang 1/2</p>",
    "pages, Thai": "<p>หน้า 1 จาก 2</p>",
    "a button": "<div class='more'><button type='button'>Load more jobs</button></div>",
    "a link without an address": "<a href='#' class='load_more_jobs'><strong>Xem thêm việc làm</strong></a>",
    "a next link that is gone": "<a rel='next' href='/x/nothing'>Next</a>",
    "a next link that robots.txt forbids": "<a rel='next' href='/closed/2'>Next</a>",
    "a next page that shows the same": "<div class='pagination'><a class='next' href='/x/same'>Next</a></div>",
    "a next page without the adverts": "<div class='pagination'><a class='next' href='/x/error'>Next</a></div>",
}


def test_a_list_that_is_not_whole_is_not_ok(site, source_of, crawled, pages):
    """18 adverts are shown and more are announced; the number missing stands in the report where the list says it."""
    site.pages["/robots.txt"] = "User-agent: *\nDisallow: /closed/\n"
    for number in range(18):
        site.pages[f"/job/{number}"] = pages.job(number)
    kinds = {f"/list/{at}": rest for at, rest in enumerate(INCOMPLETE.values())}
    for path, rest in kinds.items():
        site.pages[path] = page(range(18), rest.replace("/x/", f"{path}/"))
        site.pages[f"{path}/same"] = page(range(18))
        site.pages[f"{path}/error"] = (500, {}, b"")
    _, report = crawled(source_of(start=tuple(kinds), follow="a.job"))
    told = {gap.list.removeprefix(site.url): gap for gap in report.coverage.gaps}
    assert [name for name, path in zip(INCOMPLETE, kinds, strict=True) if path not in told] == []
    assert {(gap.announced, gap.seen, gap.missing) for gap in told.values()} == {(30, 18, 12), (None, 18, 0)}
    assert all(gap.unread_pages or gap.missing or "address" in gap.cause or "again" in gap.cause for gap in told.values())
    assert (report.state, report.coverage.gaps_in_all) == ("partial", len(kinds))


@pytest.mark.parametrize("kind", ["shown of all", "a next page without the adverts"])
def test_the_reason_names_the_list_and_the_number_missing(kind, site, source_of, crawled):
    """The operator reads it without opening the report."""
    site.pages["/list/1"] = page(range(2), INCOMPLETE[kind].replace("18 /", "2 /").replace("/x/", "/"))
    _, report = crawled(source_of())
    assert report.state == "partial"
    assert ("28 are missing" in report.reason) == (kind == "shown of all"), report.reason


WHOLE = {
    "nothing": "",
    "all shown": "<p>Showing 1-18 of 18 jobs</p>",
    "all shown, one number": "<p>18 jobs found</p>",
    "one page": "<p>Page 1 of 1</p><div class='pagination'><span class='current'>1</span></div>",
    "a hidden button": "<a href='#' class='load_more_jobs' style='display: none'>Load more</a>",
    "a button of a filter": "<div class='filters'><button>Show more</button></div>",
    "page sizes": "<p>Show 10 results per page</p><p>50 results per page</p>",
    "other numbers": "<p>Open 24/7</p><p>Posted 3 - 10 days ago</p><p>1/2 day shifts</p>",
    "a menu": "<nav><a href='/about'>Jobs (30)</a><a href='/c/2'>Next steps</a></nav><footer>1-18 of 400 cities</footer>",
    "a pager of itself": "<div class='pagination'><a class='page' href=''>1</a><a class='next disabled' href='#'>Next</a></div>",
}


def test_a_whole_list_is_ok(site, source_of, crawled, pages):
    """Numbers that say nothing of the list, such that say it is whole, and what advertisers write themselves."""
    for number in range(18):
        site.pages[f"/job/{number}"] = pages.job(number)
    kinds = {f"/list/{at}": rest for at, rest in enumerate(WHOLE.values())}
    for path, rest in kinds.items():
        site.pages[path] = page(range(18), rest.replace("/x/", f"{path}/"))
    words = "Page 1 of 900. 5000 jobs found. Showing 1-18 of 700."
    site.pages["/list/words"] = page(range(18)).replace("Hue, day shift", words)
    _, report = crawled(source_of(start=(*kinds, "/list/words"), follow="a.job"))
    names = dict(zip(kinds, WHOLE, strict=True))
    assert [names.get(gap.list.removeprefix(site.url), gap.list) for gap in report.coverage.gaps] == []
    assert (report.state, report.reason, report.parsed) == ("ok", "", 18)


def api(site, numbers, path, **more):
    """Fill ``path`` with an answer of these jobs."""
    jobs = [{"id": n, "title": f"Cook number {n}", "body": f"Noodles for fifty guests a day in kitchen {n}."} for n in numbers]
    site.pages[path] = json.dumps({"data": jobs} | more)


PATHS = {"items": "data", "id": "id", "title": "title", "text": "body"}


FOLLOWED = [
    ({"meta": {"next": "{}?page=2", "total": 32}}, "?page=2"),
    ({"links": {"next": "{}?page=2"}}, "?page=2"),
    ({"next": "{}?cursor=x"}, "?cursor=x"),
    ({"_links": {"next": {"href": "{}?p=2"}}}, "?p=2"),
]
MORE = [
    ({"meta": {"total": 32}}, 22), ({"totalElements": 32}, 22), ({"count": 32, "next": None}, 22), ({"next_cursor": "abc"}, 0),
    ({"pageInfo": {"hasNextPage": True, "endCursor": "x"}}, 0), ({"has_more": True}, 0), ({"totalPages": 4}, 0),
    ({"meta": {"next": "{}/gone"}}, 0), ({"meta": {"next": "{}/again"}}, 0),
]  # fmt: skip


def test_an_api_is_followed_where_it_says_the_next_items_are(site, source_of, crawled):
    """Also without a ``next`` path in the source; an offset is moved on while the total is not reached."""
    for at, (first, second) in enumerate(FOLLOWED):
        api(site, range(10), f"/api/{at}", **json.loads(json.dumps(first).replace("{}", f"/api/{at}")))
        api(site, range(10, 32), f"/api/{at}{second}")
    for start in range(0, 32, 10):
        api(site, range(start, min(32, start + 10)), f"/api?limit=10&offset={start}", total=32)
    starts = (*(f"/api/{at}" for at in range(len(FOLLOWED))), "/api?limit=10&offset=0")
    _, report = crawled(source_of("json_api", starts, json=PATHS))
    assert (report.state, report.parsed, report.duplicate, report.reason) == ("ok", 32, 32 * len(FOLLOWED), "")


def test_an_api_with_more_than_was_read_is_not_ok(site, source_of, crawled):
    """Totals, cursors nobody can follow, a next address that is gone or repeats."""
    for at, (more, _) in enumerate(MORE):
        said = json.loads(json.dumps(more).replace("{}", f"/api/{at}"))
        api(site, range(10), f"/api/{at}", **said)
        api(site, range(10), f"/api/{at}/again")
    _, report = crawled(source_of("json_api", tuple(f"/api/{at}" for at in range(len(MORE))), json=PATHS))
    told = {gap.list.removeprefix(site.url): gap.missing for gap in report.coverage.gaps}
    assert told == {f"/api/{at}": missing for at, (_, missing) in enumerate(MORE)}
    assert report.state == "partial"


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
        "No jobs found",
        "Không tìm thấy việc làm nào",
        "Hiện chưa có tin tuyển dụng",
        "暂无职位",
        "ไม่พบงาน",
        "0 jobs found",
        "There are currently no vacancies.",
        "Belum ada lowongan",
        "Aucune offre pour le moment",
        "Нет вакансий",
    ]
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
    ("closed", "parsed"),
    [(range(12, 24), 12), (range(23, 24), 23), (range(24), 0)],
    ids=["half", "one", "all"],
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
        "partial",
        parsed,
        "robots",
        len(closed),
    )
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
