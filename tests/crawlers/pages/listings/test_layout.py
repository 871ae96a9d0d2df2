"""The parts of a hand-made page: what is not the advert is removed, then the headline and the advert's own words are found."""

import pytest
from bs4 import BeautifulSoup, Tag

from crawlers.pages.listings import layout
from tests.growth import LIMIT, MORE, growth

WORDS = "Cook at the pier every day of the week, with lodging and food."


def soup(markup: str) -> BeautifulSoup:
    return BeautifulSoup(markup, "lxml")


def body(markup: str) -> Tag:
    page = soup(markup)
    return page.body or page


@pytest.mark.parametrize(
    ("markup", "left"),
    [
        ("<nav>menu</nav><h1>Cook</h1><script>x</script><!-- c --><header>site</header><p>Body</p>", "Cook Body"),
        ("<p style='display:none'>hidden</p><p>shown</p>", "shown"),
        ("<h1>Cook</h1><div class='related-jobs'>other</div><div id='cookie-bar'>ok</div>", "Cook"),
        ("<h1>Cook</h1><div><h3>Việc làm tương tự</h3><ul><li>other</li></ul></div>", "Cook"),
        ("<h1>厨师</h1><p>西港</p><h3>相关职位</h3><p>other</p>", "厨师 西港"),
        ("<p hidden='until-found'>shown</p><p hidden>x</p>", "shown"),
        ("<table><tr><td><table><tr><td>Cook<nav>x</nav></table></table>", "Cook"),
        ("<p>Cook<button>x</button>wanted<!-- c -->today</p>", "Cook wanted today"),
        ("<nav><aside>a<nav>b</nav>c</aside>d</nav><p>Cook</p>", "Cook"),
        ("<svg><title>logo</title><p>x</svg><p>Cook", "Cook"),
        ("<aside><p>never closed", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_not_the_advert_is_removed(markup: str, left: str) -> None:
    page, _ = layout.read_pruned(markup)
    assert page.get_text(" ", strip=True) == left


def test_a_page_is_called_by_its_title_and_not_by_a_picture_in_it() -> None:
    page, title = layout.read_pruned("<head><title>Cook | Board</title></head><svg><title>logo</title></svg><p>x</p>")
    assert (title, page.get_text(" ", strip=True)) == ("Cook | Board", "Cook | Board x")


@pytest.mark.parametrize(
    ("title", "markup", "headline", "element"),
    [
        ("Board", "<h1>Cook - job</h1>", "Cook", "h1"),
        ("Đầu bếp | Board", "<p>Board</p><div>Đầu bếp</div>", "Đầu bếp", "div"),
        ("", "<h2>Company</h2><h2>Cook</h2>", "Cook", "h2"),
        ("", "<div class='jobTitle'>厨师</div><h2>Board</h2>", "厨师", "div"),
        ("Cook - Reef", "<div>x</div>", "Cook - Reef", None), ("", "<h1><script></script></h1>", None, None),
        (None, "", None, None),
    ],
)  # fmt: skip
def test_a_headline_is_found_with_its_element(title: str | None, markup: str, headline: str | None, element: str | None) -> None:
    page = soup(markup)
    said, node = layout.headline(page.body or page, title, page)
    assert (said, node and node.name) == (headline, element)


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("Cook - Reef | Site", ["Cook - Reef | Site", "Cook - Reef", "Cook"]),
        ("Đầu bếp tại Reef", ["Đầu bếp tại Reef", "Đầu bếp"]), ("厨师_西港", ["厨师_西港", "厨师"]), ("| | |", ["| | |"]),
        ("", [""]),
    ],
)  # fmt: skip
def test_a_title_is_cut_at_its_separators(title: str, parts: list[str]) -> None:
    assert layout.title_parts(title)[: len(parts)] == parts


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (f"<h1>Cook</h1><div><h2>Mô tả công việc</h2><p>{WORDS}</p><h2>Địa điểm</h2><p>Huế</p></div>", WORDS),
        (f"<h1>Cook</h1><div id='job-description'>{WORDS}</div><div>short</div>", WORDS),
        (f"<h1>Cook</h1><table><tr><td><table><tr><td>{WORDS}<td>x</table></table>", WORDS),
        (f"<h1>Cook</h1><div><a href='/'>{WORDS * 3}</a></div><div>{WORDS}</div>", WORDS),
        ("<p></p>", None),
    ],
)
def test_the_adverts_own_words_are_found(markup: str, words: str | None) -> None:
    page = body(markup)
    near = page.find("h1")
    found = layout.description(page, near if isinstance(near, Tag) else None)
    assert (found and found.get_text(" ", strip=True)) == words


def test_cutting_a_long_title_is_linear_work() -> None:
    def cut(title: str) -> None:
        layout.headline(soup("<p>x</p>"), title, soup(""))

    assert growth(cut, "a - " * 20_000, "a - " * 20_000 * MORE) <= LIMIT
