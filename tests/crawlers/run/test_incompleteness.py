"""Kinds of incompleteness: a run reads the whole list or names the list in a gap, and never ends ``ok`` over a part of it.

Each list shows 5 of its 12 adverts on the first page, and says so in the way of the software named.
"""

import json

import pytest

SHOWN, ALL = 5, 12


def cards(kind, numbers):
    """Return list items as themes print them."""
    return "".join(
        f'<li class="job-card"><h3><a class="job" href="/{kind}/job/{n}">Cook number {n} of kitchen {kind}</a></h3>'
        "<p>Hue, day shift</p></li>"
        for n in numbers
    )


def page(kind, numbers, rest="", head=""):
    """Return a list page of these adverts."""
    return (
        f"<html><head>{head}</head><body><main><h1>Open positions</h1><ul>{cards(kind, numbers)}</ul>{rest}</main></body></html>"
    )


def embedded(**more):
    """Return the state that a page built by a script carries along."""
    jobs = [{"id": n, "slug": f"cook-{n}", "title": f"Cook number {n}"} for n in range(SHOWN)]
    data = json.dumps({"props": {"pageProps": {"search": {"jobs": jobs} | more}}})
    return f'<script id="__NEXT_DATA__" type="application/json">{data}</script>'


ITEM_LIST = (
    '<script type="application/ld+json">{{"@context":"https://schema.org","@type":"ItemList","numberOfItems":{0},'
    '"itemListElement":[{{"@type":"ListItem","position":1,"url":"/{1}/job/0"}}]}}</script>'
)

HTML = {
    # words
    "range in words (OpenCart)": "<p>Showing 1 to 5 of 12 (3 Pages)</p>",
    "viewed (Shopify)": "<p>You've viewed 5 of 12 products</p>",
    "shown of all": "<p>5 / 12</p>",
    "view all 12 (Lever, Workable embeds)": "<a href='#all'>View all 12 openings</a>",
    "Khmer digits": "<p>ទំព័រ ១ នៃ ៣</p>",
    "Persian digits": "<p>۱ - ۵ / ۱۲</p>",
    "Burmese total": "<p>စုစုပေါင်း 12</p>",
    "Lao total": "<p>ພົບ 12 ວຽກ</p>",
    "pages in brackets (MyBB)": "<div class='pagination'><span class='pages'>Pages (3):</span><span>1</span></div>",
    "pages in all (Discuz!)": "<div class='pg'><strong>1</strong><label><span title='共 3 页'> / 3 页</span></label></div>",
    "remaining": "<button class='btn'>Show 7 more</button>",
    # a pager without addresses
    "numbers without addresses (WP Job Manager)": "<nav class='job-manager-pagination'><ul><li><span class='current'>1</span>"
    "</li><li><a href='#' data-page='2'>2</a></li><li><a href='#' data-page='3'>3</a></li></ul></nav>",
    "numbers that a script posts (ASP.NET)": "<table class='pager'><tr><td><span>1</span></td><td>"
    "<a href=\"javascript:__doPostBack('grid','Page$2')\">2</a></td><td>"
    "<a href=\"javascript:__doPostBack('grid','Page$3')\">3</a></td></tr></table>",
    "numbers as buttons (Material UI)": "<nav aria-label='pagination navigation'><ul><li><button aria-current='true' "
    "aria-label='page 1'>1</button></li><li><button aria-label='Go to page 2'>2</button></li>"
    "<li><button aria-label='Go to next page'></button></li></ul></nav>",
    "next as a button": "<div class='pagination'><button type='button'>Trang sau</button></div>",
    "next by a script": "<div class='paging'><a href='javascript:void(0)' onclick='go(2)'>Next »</a></div>",
    "next that a form posts": "<form method='post' class='pager'><input type='submit' name='n' value='Next page'></form>",
    "next by a fragment": "<div class='pages'><a href='#page=2'>下一页</a></div>",
    "select box": "<form class='pager'><select name='page'><option selected>1</option><option>2</option><option>3</option>"
    "</select></form>",
    "page jump (XenForo)": "<div class='pageNav'><input type='number' class='js-pageJumpPage' value='1' min='1' max='3'></div>",
    # attributes and sentinels
    "total pages in an attribute": "<div class='jobs-more' data-page='1' data-total-pages='3'></div>",
    "total in an attribute": "<div id='results' data-total-count='12'></div>",
    "sentinel of an endless list": "<div class='infinite-scroll-sentinel'></div>",
    "spinner of an endless list": "<div class='infinite-scroll-request'>Loading more</div>",
    "button of a theme": "<div class='more'><button class='btn'>ดูงานเพิ่มเติม</button></div>",
    # what search engines and scripts are told
    "ItemList": ITEM_LIST.format(12, "{kind}"),
    "state of a script, total": embedded(totalCount=12),
    "state of a script, cursor": embedded(pageInfo={"hasNextPage": True, "endCursor": "x"}),
    "state of a script, next address": embedded(next="/api/jobs?page=2"),
    # pages that fail
    "next page is gone": "<a rel='next' href='{here}/gone'>Next</a>",
    "next page that robots.txt forbids": "<a rel='next' href='/closed/2'>Next</a>",
    "next page fails": "<a rel='next' href='{here}/fails'>Next</a>",
    "next page is the same": "<a rel='next' href='{here}/same'>Next</a>",
    "next page is empty": "<a rel='next' href='{here}/empty'>Next</a>",
    "next page leads to one that is gone": "<a rel='next' href='{here}/last'>Next</a>",
    "next page is another site's": "<a rel='next' href='https://jobs.example.net/2'>Next</a>",
    "page numbers with a gap": "<div class='pagination'><span>1</span> … <a href='{here}?page=3'>3</a></div>",
}

SECOND = {
    "next, Vietnamese": "<a href='{here}?page=2'>Trang kế tiếp</a>",
    "next, Chinese": "<a href='{here}?page=2'>下一頁</a>",
    "next, Thai": "<a href='{here}?page=2'>หน้าถัดไป</a>",
    "next, Khmer": "<a href='{here}?page=2'>បន្ទាប់</a>",
    "next, Indonesian": "<a href='{here}?page=2'>Selanjutnya ›</a>",
    "next, Hindi": "<a href='{here}?page=2'>अगला</a>",
    "next, Russian": "<a href='{here}?page=2'>Следующая страница</a>",
    "next in the head": "<link rel='next' href='{here}?page=2'>",
    "numbers (WordPress)": "<div class='nav-links'><span class='page-numbers current'>1</span>"
    "<a class='page-numbers' href='{here}?page=2'>2</a></div>",
    "counted from nought (Drupal)": "<ul class='js-pager__items'><li class='pager__item'><a href='{here}?page=1' rel='next' "
    "title='Load more items'>Load More</a></li></ul>",
    "offset": "<div class='pagination'><b>1</b> <a href='{here}?offset=5'>2</a></div>",
    "load more with an address": "<a class='load-more' href='{here}?page=2'>Load more jobs</a>",
    "button with data-url": "<button class='load-more' data-url='{here}?page=2'>Load more</button>",
    "data-next-page of an endless list": "<div class='infinite-scroll' data-next-page-url='{here}?page=2'></div>",
    "rel as an address (Discuz!)": "<a href='javascript:;' rel='{here}?page=2' curpage='1' id='autopbn' totalpage='2'>"
    "下一页 »</a>",
    "select box with addresses": "<select onchange='location=this.value'><option value='{here}' selected>1</option>"
    "<option value='{here}?page=2'>2</option></select>",
    "number in a comma address (OSClass)": "<ul class='pagination'><li><span class='searchPaginationSelected'>1</span></li><li>"
    "<a class='searchPaginationNonSelected' href='{here}/iPage,2'>2</a></li></ul>",
    "craigslist": "<a href='{here}/index5.html'>next 100 postings</a>",
    "Burmese": "<a href='{here}?page=2'>နောက်သို့</a>",
    "OLX": "<ul data-testid='pagination-list'><li><a data-cy='pagination-forward' href='{here}?page=2'><svg></svg></a></li></ul>",
    "a cursor in a language not served": "<a href='{here}?after=t3_9x'>Seuraava sivu</a>",
    "numbers without a pager": "<p>1 | <a href='{here}?n=2'>2</a></p>",
    "a pager beside the state of a script": embedded(pageInfo={"hasNextPage": True}) + "<a href='{here}?page=2'>Next</a>",
    "noscript (Flarum)": "<noscript><a href='{here}?page=2'>Next Page »</a></noscript>",
    "HTTP Link header": "",
}

WHOLE = {
    "nothing": "",
    "page sizes": "<form><label>Per page</label><select name='per_page'><option>5</option><option>10</option>"
    "<option>20</option></select></form>",
    "numbers of a filter": "<form class='filter'><select name='age'><option>1</option><option>2</option>"
    "<option>3</option></select></form>",
    "dots of a slider": "<div class='slick-dots'><button>1</button><button>2</button><button>3</button></div>",
    "a calendar": "<table class='calendar'><tr><td><a href='#'>1</a></td><td><a href='#'>2</a></td><td><a href='#'>3</a></td>"
    "</tr></table>",
    "one page, next disabled": "<nav aria-label='pagination navigation'><ul><li><button aria-current='true'>1</button></li><li>"
    "<button disabled aria-label='Go to next page'></button></li></ul></nav>",
    "one page, next disabled by its class": "<ul class='pagination'><li class='active'><a href='#'>1</a></li>"
    "<li class='disabled'><a href='#'>Next</a></li></ul>",
    "all shown": "<p>Showing 1-5 of 5 jobs</p>",
    "one page of one": "<p>Page 1 of 1</p><div class='pagination'><span class='current'>1</span></div>",
    "a menu": "<nav><a href='/about'>Jobs (30)</a><a href='/c/2'>Next steps</a></nav><footer>1-18 of 400 cities</footer>",
    "a pager of itself": "<div class='pagination'><a class='page' href=''>1</a><a class='next disabled' href='#'>Next</a></div>",
    "attributes that say it is whole": "<div data-total-pages='1' data-total-count='5'></div>",
    "an attribute of something else": "<aside data-total-count='400'></aside><div class='cart' data-total='99'></div>",
    "ItemList of these": ITEM_LIST.format(5, "{kind}"),
    "a state of a script that is whole": embedded(totalCount=5, pageInfo={"hasNextPage": False}),
    "pages in brackets": "<div class='pagination'><span class='pages'>Pages (1):</span><span>1</span></div>",
    "view all": "<a href='#all'>View all openings</a>",
    "filters with numbers": "<p><a href='{here}?days=1'>1</a> <a href='{here}?days=3'>3</a> <a href='{here}?days=7'>7</a></p>",
    "stars": "<p><a href='{here}?stars=1'>1</a> <a href='{here}?stars=2'>2</a> <a href='{here}?stars=3'>3</a></p>",
    "another order": "<a href='{here}?sort=2'>Next to you</a><a href='{here}?token=x'>Save</a>",
    "a form of steps": "<form method='post'><input type='submit' value='Next'></form>",
    "total of a filter": "<form class='filter'><p>All results: 57</p><label><input type='checkbox'>Total 57</label></form>",
    "total of a panel": "<div id='filter-panel'><p>Total: 57</p></div>",
    "total of a field": "<fieldset><legend>Subject</legend>Results (57)</fieldset>",
    "totals of other lists": "<ul><li><a href='/closed'>Closed, 57 results</a></li></ul><div class='tabs'>Found 57</div>",
}


def numbers(here, turn):
    """Return the pager of a list of three pages, whose other addresses are ``?page=2`` and ``?page=3``."""
    shown = (f"<b>{n}</b>" if n == turn else f"<a href='{here}{f'?page={n}' if n > 1 else ''}'>{n}</a>" for n in (1, 2, 3))
    return f"<div class='pagination'>{' '.join(shown)}</div>"


def box(value, text="{n}", form="<form class='pager'>"):
    """Return a select box of three pages."""
    options = "".join(f"<option value='{value.replace('{n}', str(n))}'>{text.replace('{n}', str(n))}</option>" for n in (1, 2, 3))
    return f"{form}<select name='page' onchange='this.form.submit()'>{options}</select></form>"


THREE = {
    "about": "<p>About 17 results</p>{numbers}",
    "a total of vacancies": "<h2>16 jobs</h2>{numbers}",
    "a total of what is not shown": "<p>Showing 11-18 of 18 jobs</p>{numbers}",
    "a box of addresses": box("{here}?page={n}"),
    "a box with words": box("{here}?page={n}", "Page {n} of 3"),
    "two boxes": box("{here}?page={n}") * 2,
    "a box of paths": box("{here}/{n}"),
    "a form": box("{n}", form="<form class='pager' action='{here}'><input type='hidden' name='q' value='cook'>"),
    "a form without an address": box("{n}", form="<form>"),
    "a form beside links": "{numbers}" + box("{n}", form="<form class='pager' action='{here}'>"),
}


@pytest.mark.parametrize("follow", ["a.job", None])
def test_a_list_read_to_its_end_is_whole(site, source_of, crawled, pages, follow):
    """Whatever its select boxes repeat and its totals count: its last page is shorter, and it stood still."""
    starts = {f"/m{at}/list": name for at, name in enumerate(THREE)}
    for here, name in starts.items():
        kind = here.split("/")[1]
        for turn, shown in enumerate((range(SHOWN), range(SHOWN, 10), range(10, ALL)), 1):
            rest = THREE[name].replace("{numbers}", numbers(here, turn)).replace("{here}", here)
            text = page(kind, shown, rest)
            paths = (
                ["", "?page=1", "/1", "?q=cook&page=1"] if turn == 1 else [f"?page={turn}", f"/{turn}", f"?q=cook&page={turn}"]
            )
            site.pages |= {here + path: text for path in paths}
        for number in range(ALL):
            site.pages[f"/{kind}/job/{number}"] = pages.job(number, title=f"Cook number {number} of kitchen {kind}")
    _, report = crawled(source_of(start=tuple(starts), follow=follow))
    assert {starts[gap.list.removeprefix(site.url)]: gap.cause for gap in report.coverage.gaps} == {}
    assert (report.state, report.parsed) == ("ok", ALL * len(THREE))


def fill(site, pages, kinds, numbers):
    """Serve a list for each kind, and the adverts; return the address of each list."""
    starts = {}
    for at, (name, rest) in enumerate(kinds.items()):
        kind = f"k{at}"
        here = f"/{kind}/list"
        starts[here] = name
        rest = rest.replace("{here}", here).replace("{kind}", kind)
        site.pages[here] = page(kind, range(SHOWN), rest)
        site.pages[f"{here}/same"] = site.pages[here]
        site.pages[f"{here}/empty"] = "<html><body><main><h1>Open positions</h1></main></body></html>"
        site.pages[f"{here}/fails"] = (500, {}, b"")
        site.pages[f"{here}/last"] = page(kind, range(SHOWN, 9), f"<a rel='next' href='{here}/gone'>Next</a>")
        site.pages[f"{here}?page=3"] = page(kind, range(10, 12), f"<div class='pagination'><a href='{here}'>1</a></div>")
        for number in range(numbers):
            site.pages[f"/{kind}/job/{number}"] = pages.job(number, title=f"Cook number {number} of kitchen {kind}")
    return starts


@pytest.mark.parametrize("follow", ["a.job", None])
def test_no_part_of_a_list_is_taken_for_the_whole(site, source_of, crawled, pages, follow):
    """The rest has no address that leads to it, or fails: each list is a gap."""
    starts = fill(site, pages, HTML, ALL)
    site.pages["/robots.txt"] = "User-agent: *\nDisallow: /closed/\n"
    _, report = crawled(source_of(start=tuple(starts), follow=follow))
    told = {starts[gap.list.removeprefix(site.url)]: gap for gap in report.coverage.gaps}
    assert set(HTML) - set(told) == set()
    numbers = {name: (gap.announced, gap.seen, gap.missing) for name, gap in told.items()}
    assert numbers["shown of all"] == numbers["Burmese total"] == (ALL, SHOWN, ALL - SHOWN)
    assert numbers["button of a theme"] == (None, SHOWN, 0)
    telling = [gap for name, gap in told.items() if name.startswith(("range", "shown", "button", "next page"))]
    untold = [gap.cause for gap in telling if not (gap.unread_pages or gap.missing)]
    assert all(any(word in cause for word in ("address", "again", "shows nothing")) for cause in untold), untold
    assert (report.state, report.coverage.gaps_in_all) == ("partial", len(HTML))


@pytest.mark.parametrize("follow", ["a.job", None])
def test_a_second_page_that_has_an_address_is_read(site, source_of, crawled, pages, follow):
    """However the first page names it."""
    starts = fill(site, pages, SECOND, ALL)
    for here in starts:
        kind = here.split("/")[1]
        for address in ("?page=2", "?page=1", "?offset=5", "/iPage,2", "/index5.html", "?after=t3_9x", "?n=2"):
            site.pages[here + address] = page(kind, range(SHOWN, ALL))
    header = next(here for here, name in starts.items() if name == "HTTP Link header")
    site.pages[header] = (200, {"Link": f'<{header}?page=2>; rel="next"'}, site.pages[header].encode())
    _, report = crawled(source_of(start=tuple(starts), follow=follow))
    unread = {name for here, name in starts.items() if not all(site.hits[f"/{here.split('/')[1]}/job/{n}"] for n in range(ALL))}
    assert unread == set()
    assert (report.state, report.reason) == ("ok", "")


@pytest.mark.parametrize("follow", ["a.job", None])
def test_a_whole_list_stays_whole(site, source_of, crawled, pages, follow):
    """Numbers, buttons and attributes that belong to something else."""
    starts = fill(site, pages, WHOLE, SHOWN)
    _, report = crawled(source_of(start=tuple(starts), follow=follow))
    assert {starts[gap.list.removeprefix(site.url)]: gap.cause for gap in report.coverage.gaps} == {}
    assert (report.state, report.parsed) == ("ok", SHOWN * len(WHOLE))


def answer(numbers, said, at="data"):
    """Return an API answer with these jobs at the key ``at``."""
    jobs = [{"id": n, "title": f"Cook number {n}", "body": f"Noodles for fifty guests a day in kitchen {n}."} for n in numbers]
    return json.dumps({at: jobs} | said)


PATHS = {"items": "data", "id": "id", "title": "title", "text": "body"}

API = {
    "total (Greenhouse)": {"meta": {"total": 12}},
    "totalFound (SmartRecruiters)": {"offset": 0, "limit": 5, "totalFound": 12},
    "nextPage token (Workable)": {"total": 12, "nextPage": "b64"},
    "next_page_token": {"next_page_token": "x"},
    "hasMore": {"hasMore": True},
    "hasMorePages": {"pagination": {"hasMorePages": True}},
    "not the last (Spring)": {"last": False, "number": 0},
    "isLastPage": {"isLastPage": False},
    "is_end": {"paging": {"is_end": False}},
    "GraphQL": {"pageInfo": {"hasNextPage": True, "endCursor": "x"}},
    "GraphQL with errors": {"errors": [{"message": "timeout"}]},
    "truncated": {"truncated": True},
    "incomplete_results": {"incomplete_results": True},
    "remaining": {"remaining": 7},
    "a count of the page beside a flag": {"count": 5, "hasMore": True},
    "a total of the page beside a flag": {"total": 5, "has_next": True},
    "a count of the page beside a cursor": {"meta": {"count": 5, "next_cursor": "b64"}},
    "number of pages in words": {"NumberOfPages": "3"},
    "Hydra": {"hydra:totalItems": 12},
    "not the end": {"eof": False},
    "scroll": {"_scroll_id": "DXF1", "hits": {"total": {"value": 12}}},
    "object of totals": {"listInfo": {"totalRecords": 12, "pageSize": 5}},
    "OData count": {"@odata.count": 12},
    "Algolia": {"nbHits": 12, "nbPages": 3, "page": 0},
    "topic count": {"meta": {"jobs_count": 12}},
    "total of its own name": {"totalVacancies": 12},
    "last page": {"meta": {"current_page": 1, "last_page": 3}},
    "next is gone": {"links": {"next": "{here}/gone"}},
    "next is the same": {"meta": {"next": "{here}/same"}},
    "a count without a next": {"count": 12, "next": None},
}

HEADERS = {"X-Total-Count": "12", "Content-Range": "items 0-4/12", "X-Pagination": '{"TotalCount":12}', "X-WP-TotalPages": "3"}

API_SECOND = {
    "links.next (JSON:API, Flarum)": ("", {"links": {"next": "{here}?page%5Boffset%5D=5"}}, "?page%5Boffset%5D=5"),
    "_links.next.href (HAL)": ("", {"_links": {"next": {"href": "{here}?q=2"}}}, "?q=2"),
    "list of links (FHIR)": ("", {"links": [{"rel": "self", "href": "x"}, {"rel": "next", "href": "{here}?p=2"}]}, "?p=2"),
    "more_topics_url (Discourse)": ("", {"more_topics_url": "{here}?page=1"}, "?page=1"),
    "paging.next (Workable)": ("", {"paging": {"next": "{here}?since=5"}}, "?since=5"),
    "cursor": ("?cursor=a", {"pageInfo": {"hasNextPage": True, "endCursor": "b"}}, "?cursor=b"),
    "offset without a total (Lever)": ("?limit=5&skip=0", {}, "?limit=5&skip=5"),
    "page without a total": ("?per_page=5&page=1", {}, "?per_page=5&page=2"),
    "offset with a total (SmartRecruiters)": ("?limit=5&offset=0", {"totalFound": 12}, "?limit=5&offset=5"),
    "page with a number of pages": ("?page=1", {"total_pages": 2}, "?page=2"),
    "X-Next-Page": ("?page=1&q=cook", {}, "?page=2&q=cook"),
}


def test_no_part_of_an_answer_is_taken_for_the_whole(site, source_of, crawled):
    """Totals, flags, cursors nobody can follow, headers."""
    names = [*API, *HEADERS, "as long as the address allows"]
    starts = {f"/api/{at}": name for at, name in enumerate(names)}
    for here, name in starts.items():
        said = json.loads(json.dumps(API.get(name, {})).replace("{here}", here))
        head = {name: HEADERS[name]} if name in HEADERS else {}
        site.pages[here] = site.pages[f"{here}/same"] = (200, head, answer(range(SHOWN), said).encode())
    (last,) = [here for here, name in starts.items() if name == names[-1]]
    site.pages[f"{last}?limit=5"] = site.pages.pop(last)
    addresses = [f"{here}?limit=5" if here == last else here for here in starts]
    _, report = crawled(source_of("json_api", tuple(addresses), json=PATHS))
    told = {starts[gap.list.removeprefix(site.url).partition("?")[0]]: gap.missing for gap in report.coverage.gaps}
    assert set(names) - set(told) == set()
    assert [told[name] for name in ("total (Greenhouse)", "a count without a next", "hasMore", "next is gone")] == [7, 7, 0, 0]
    assert report.state == "partial"


def test_the_next_items_of_an_answer_are_read(site, source_of, crawled):
    """By an address, a cursor, a number of the page or of items."""
    starts = {f"/api/{at}": name for at, name in enumerate(API_SECOND)}
    for here, name in starts.items():
        first, said, second = API_SECOND[name]
        head = {"X-Next-Page": "2"} if name == "X-Next-Page" else {}
        body = answer(range(SHOWN), json.loads(json.dumps(said).replace("{here}", here))).encode()
        site.pages[here + first] = (200, head, body)
        site.pages[here + second] = answer(range(SHOWN, ALL), {})
        site.pages[here + second.replace("skip=5", "skip=12").replace("page=2", "page=3")] = answer([], {})
        site.pages[here + second] = answer(range(SHOWN, ALL), {})
    addresses = tuple(here + API_SECOND[name][0] for here, name in starts.items())
    _, report = crawled(source_of("json_api", addresses, json=PATHS))
    unread = {name for here, name in starts.items() if not site.hits[here + API_SECOND[name][2]]}
    assert unread == set()
    assert (report.state, report.reason) == ("ok", "")


API_WHOLE = {
    "nothing": {},
    "no more": {"has_more": False, "next": None, "next_cursor": ""},
    "the last (Spring)": {"last": True, "totalElements": 5, "numberOfElements": 5},
    "the end": {"is_end": True, "remaining": 0, "truncated": False, "errors": []},
    "totals reached": {"meta": {"total": 5, "last_page": 1}},
    "other numbers": {"company": {"total_employees": 400}, "took": 12, "limit": 100, "offset": 0, "max_score": 12},
}


def test_a_whole_answer_stays_whole(site, source_of, crawled):
    """Also one as long as its address allows, when it says that nothing follows."""
    starts = {f"/api/{at}": name for at, name in enumerate(API_WHOLE)}
    for here, name in starts.items():
        site.pages[here] = answer(range(SHOWN), API_WHOLE[name])
    site.pages["/api/full?limit=5"] = answer(range(SHOWN), {"has_more": False})
    site.pages["/api/full?limit=50"] = answer(range(SHOWN), {})
    _, report = crawled(source_of("json_api", (*starts, "/api/full?limit=5", "/api/full?limit=50"), json=PATHS))
    assert {gap.list: gap.cause for gap in report.coverage.gaps} == {}
    assert (report.state, report.parsed) == ("ok", SHOWN)


def thread(kind, posts, pager):
    """Return a thread as phpBB 3 prints it."""
    shown = "".join(
        f'<div id="p{kind}{n}" class="post has-profile"><div class="postbody"><p class="author">by <strong><a class="username">'
        f'u{n}</a></strong> » 20 Nov 2026</p><div class="content">Cook number {n} wanted in Hue, day shift only.</div>'
        "</div></div>"
        for n in posts
    )
    return (
        '<html><body id="phpbb" class="nojs notouch section-viewtopic"><h2 class="topic-title"><a href="#">Cooks</a></h2>'
        f"{shown}{pager}</body></html>"
    )


THREADS = {
    "phpBB": '<div class="pagination">12 posts • Page <strong>1</strong> of <strong>3</strong></div>',
    "vBulletin": '<div class="pagenav"><table><tr><td class="vbmenu_control">Page 1 of 3</td></tr></table></div>',
    "vBulletin 4": '<div class="postpagestats pagination">Results 1 to 5 of 12</div>',
    "XenForo": '<div class="pageNav"><input type="number" class="js-pageJumpPage" value="1" min="1" max="3"></div>',
    "XenForo 1": '<div class="PageNav" data-page="1" data-last="3"><span class="pageNavHeader">Page 1 of 3</span></div>',
    "MyBB": '<div class="pagination"><span class="pages">Pages (3):</span><span class="pagination_current">1</span></div>',
    "SMF": '<div class="pagelinks">Pages: [<strong>1</strong>] <a class="navPages" href="/gone.15">2</a></div>',
    "Discuz!": '<div class="pg"><strong>1</strong><label><span title="共 3 页"> / 3 页</span></label></div>',
    "Discourse": '<div role="navigation"><a rel="next" itemprop="next" href="?page=2">next page →</a></div>',
    "a page that fails": '<div class="pagination"><strong>1</strong> <a href="?start=5">2</a> <a href="?start=10">3</a></div>',
}


def test_no_part_of_a_thread_is_taken_for_the_whole(site, source_of, crawled):
    """Each thread has further pages that are not there."""
    links = "".join(
        f'<li><a class="topictitle" href="/t/{at}">Cooks wanted in Hue {at}</a></li>' for at in range(len(THREADS) + 1)
    )
    site.pages["/forum"] = f'<html><body id="phpbb"><ul class="topiclist topics">{links}</ul></body></html>'
    for at, pager in enumerate(THREADS.values()):
        site.pages[f"/t/{at}"] = thread(at + 1, range(5), pager)
    site.pages[f"/t/{len(THREADS)}"] = thread(99, range(5), '<div class="pagination">5 posts • Page 1 of 1</div>')
    _, report = crawled(source_of("forum", "/forum", follow="a.topictitle"))
    names = {f"/t/{at}": name for at, name in enumerate(THREADS)}
    named = {names.get(path, path) for gap in report.coverage.gaps for path in [gap.list.removeprefix(site.url)]}
    assert (set(THREADS) - named, named - set(THREADS)) == (set(), set())
    assert report.state == "partial"


SITEMAP = '<{0} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{1}</{0}>'


@pytest.mark.parametrize(
    ("second", "state"),
    [
        ((404, {}, b""), "partial"), ((500, {}, b""), "partial"), ("<urlset><url><loc>", "partial"),
        ("<html>busy</html>", "partial"),
    ],
)  # fmt: skip
def test_a_sitemap_that_is_not_there_is_told(site, source_of, crawled, pages, second, state):
    """An index names two sitemaps; one of them is gone, fails, breaks off, or is a page for people."""
    pages.board(site, 3)
    site.pages["/map.xml"] = SITEMAP.format(
        "sitemapindex", "".join(f"<sitemap><loc>{site.url}/{n}.xml</loc></sitemap>" for n in (1, 2))
    )
    site.pages["/1.xml"] = SITEMAP.format("urlset", "".join(f"<url><loc>{site.url}/job/{n}</loc></url>" for n in range(3)))
    site.pages["/2.xml"] = second
    _, report = crawled(source_of(sitemap="/map.xml"))
    assert (report.state, report.parsed) in ((state, 3), ("changed", 3))


def test_a_list_that_a_script_builds_is_not_empty(site, source_of, crawled):
    """A shell for a script shows no advert and does not say that there is none."""
    shells = [
        '<div id="grnhse_app"></div><script src="/embed.js"></script>',
        '<div id="root"></div><script src="/app.js"></script>',
    ]
    for at, shell in enumerate(shells):
        site.pages[f"/list/{at}"] = f"<html><head><title>Jobs</title></head><body>{shell}</body></html>"
        for follow in ("a.job", None):
            _, report = crawled(source_of(start=f"/list/{at}", follow=follow))
            assert report.state in {"changed", "partial"}, (at, follow, report.state)
