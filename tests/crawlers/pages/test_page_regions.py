"""The advert's part of a page begins after its headline and leaves out the board's own parts and other adverts."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawlers.pages.page_regions import advert_nodes
from tests.growth import LIMIT, MORE, growth

TEXT = "We need a cook for our kitchen"


def words(markup: str, title: str | None = "Cook") -> list[str]:
    body = LexborHTMLParser(markup).body
    assert body is not None
    return [node.text_content or "" for node in advert_nodes(body, title, TEXT) if node.tag == "-text"]


@pytest.mark.parametrize("part", [
    "<nav>x</nav>", "<footer>x</footer>", "<header>x</header>", "<aside>x</aside>", "<div class='related-jobs'>x</div>",
    "<div id='comments'>x</div>", "<div style='display:none'>x</div>", "<div hidden>x</div>", "<script>x</script>",
    "<div><h3>Similar jobs</h3></div><ul><li>x</li></ul>", "<h2>Việc làm tương tự</h2><p>x</p>",
])  # fmt: skip
def test_the_boards_own_parts_are_left_out(part: str) -> None:
    assert words(f"<h1>Cook</h1><p>{TEXT}</p>{part}") == [TEXT]


def test_the_advertisers_box_counts_wherever_it_stands() -> None:
    columns = "<div><div><h1>Cook</h1><p>{}</p></div></div>{}"
    assert words(columns.format(TEXT, "<aside class='seller-info'>x</aside>")) == [TEXT, "x"]
    assert words(columns.format(TEXT, "<div class='contact_box'>x</div>")) == [TEXT, "x"]
    assert words(columns.format(TEXT, "<div class='newest'>x</div>")) == [TEXT]


def test_a_headline_is_known_by_the_title_where_there_is_no_h1() -> None:
    assert words(f"<p>x</p><div><b>Cook</b><p>{TEXT}</p></div>") == [TEXT]
    assert words(f"<p>x</p><p>{TEXT}</p>", title=None) == ["x", TEXT]


@pytest.mark.parametrize("part", ["<div>", "<h3>Similar jobs", "<div class='seller-info'><b>x</b>"])
def test_deep_and_many_parts_are_linear_work(part: str) -> None:
    start = f"<h1>Cook</h1><p>{TEXT}</p>"
    assert growth(words, start + part * 150, start + part * 150 * MORE) <= LIMIT
