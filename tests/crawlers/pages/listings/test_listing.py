"""A list leads to its adverts; an empty one leads nowhere, whatever it suggests instead."""

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.listings import listing
from tests.growth import LIMIT, MORE, growth

HOST = "https://board.example.org"
URL = f"{HOST}/jobs"
CARDS = "".join(f"<li><h3><a href='/job/{n}'>Cook wanted at the pier</a></h3><p>Kampot, by the month</p></li>" for n in range(3))


def test_a_list_leads_to_adverts_and_pages() -> None:
    page = listing.parse(PageDocument(f"<h1>Việc làm</h1>{CARDS}<a rel=next href='/jobs?page=2'>Sau</a>", URL))
    assert (page.title, page.links) == ("Việc làm", tuple(f"{HOST}/job/{n}" for n in range(3)))
    assert (page.next_page, page.previous_page) == (f"{HOST}/jobs?page=2", None)


@pytest.mark.parametrize(
    ("line", "empty"),
    [
        ("No jobs found", True), ("Không tìm thấy kết quả", True), ("暂无职位", True), ("ไม่พบงาน", True), ("нет вакансий", True),
        ("لا توجد نتائج", True), ("검색 결과가 없습니다", True), ("Cook", False), ("", False),
        ("No jobs found" + " x" * 100, False),
        ("<script>No jobs found</script>", False), ("<b hidden>No jobs found</b>", False),
    ],
)  # fmt: skip
def test_a_short_visible_line_says_that_nothing_was_found(line: str, empty: bool) -> None:
    document = PageDocument(f"<p>{line}</p>{CARDS}", URL)
    assert listing.says_empty(document) is empty
    assert bool(listing.parse(document).links) is not empty


def test_addresses_for_search_engines_come_first_and_only_of_this_host() -> None:
    items = (
        '[{"url":"/job/7"},{"item":{"@id":"/job/8"}},"/job/9",{"url":"https://evil.example.com/4"},{"url":"javascript:x"},7,null]'
    )
    markup = f'<script type="application/ld+json">{{"@type":"ItemList","itemListElement":{items}}}</script>{CARDS}'
    assert listing.detail_links(PageDocument(markup, URL)) == [f"{HOST}/job/{n}" for n in (7, 8, 9)]


def test_a_broken_list_for_search_engines_leaves_the_links_of_the_page() -> None:
    markup = f'{CARDS}<script type="application/ld+json">{{"@type":"ItemList","itemListElement":[{{"url":'
    assert listing.detail_links(PageDocument(markup, URL)) == [f"{HOST}/job/{n}" for n in range(3)]


@pytest.mark.parametrize(
    ("markup", "length"),
    [
        ("<p>Cook <b>at</b> the<a href='/'>long link text long link text</a></p><div>ab</div>", 9),
        ("<table><tr><td><table><tr><td>厨师</table></table>", 2),
        ("<p><!-- long comment --><script>long script</script></p>", 0),
        ("", 0),
    ],
)
def test_a_paragraph_is_measured_without_its_links(markup: str, length: int) -> None:
    assert listing.longest_paragraph(PageDocument(markup, URL)) == length


def test_looking_for_emptiness_is_linear_work() -> None:
    def look(text: str) -> None:
        listing.says_empty(PageDocument(text, URL))

    assert growth(look, "<p>currently no matching no " * 1_000, "<p>currently no matching no " * 1_000 * MORE) <= LIMIT


HOST_LINK_GROUPS = "https://board.example.org"
URL_LINK_GROUPS = f"{HOST_LINK_GROUPS}/jobs"


def cards(words: str, rest: str, count: int = 3, path: str = "job") -> str:
    return "".join(f"<li><h3><a href='/{path}/{n}'>{words}</a></h3><p>{rest}</p></li>" for n in range(count))


LIST = cards("Cook wanted at the pier", "Kampot quay, by the month")
WANTED = [f"{HOST_LINK_GROUPS}/job/{n}" for n in range(3)]


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        (LIST, WANTED),
        (LIST + "<a href='https://evil.example.com/1'>Evil cook number one</a><a href='javascript:x'>Cook by script</a>", WANTED),
        (LIST + "<a href='/login'>Log in here, please</a><a href='/jobs'>This very page again</a><a href='/'>Home</a>", WANTED),
        (LIST + "<div class='pagination'><a href='/jobs?page=2'>2</a></div>" + LIST, WANTED),
        ("<table><tr><td><table>" + LIST.replace("li>", "div>") + "</table></table>", WANTED),
        (cards("海鲜餐厅招聘厨师", "西港，包吃住，月薪九千"), WANTED),
        (f"<nav>{LIST}</nav>", []),
        (f"<div class='sidebar'>{LIST}</div>", []),
        (cards("1", "2"), []),
        ("", []),
    ],
)
def test_the_list_is_found(markup: str, found: list[str]) -> None:
    assert listing.find_best_group(PageDocument(markup, URL_LINK_GROUPS)) == found


def test_a_featured_advert_of_the_same_kind_joins_the_list() -> None:
    featured = (
        f"<section><div><h2><a href='/job/9'>Featured cook at the quay</a></h2><p>{'Words of it. ' * 3}</p></div></section>"
    )
    assert listing.find_best_group(PageDocument(LIST + featured, URL_LINK_GROUPS)) == [*WANTED, f"{HOST_LINK_GROUPS}/job/9"]


def test_many_links_are_linear_work() -> None:
    def group(text: str) -> None:
        listing.find_best_group(PageDocument(text, URL_LINK_GROUPS))

    assert growth(group, cards("Cook wanted", "Quay", 100), cards("Cook wanted", "Quay", 100 * MORE)) <= LIMIT
