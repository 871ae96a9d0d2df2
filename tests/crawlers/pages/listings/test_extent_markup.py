"""What attributes, select boxes and pagers for scripts say of a list."""

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.listings import extent_markup

URL = "https://board.example.org/jobs"


def document(markup: str) -> PageDocument:
    return PageDocument(f"<html><body><div id='page'>{markup}</div></body></html>", URL)


@pytest.mark.parametrize(
    "markup",
    [
        "<div data-next-page-url='?page=2'></div>",
        "<a href='javascript:;' rel='/jobs?page=2' curpage='1'>Next</a>",
        "<select><option value='/jobs?page=1'>1</option><option value='/jobs?page=2'>2</option></select>",
    ],
)
def test_an_address_outside_a_link_is_read(markup: str) -> None:
    assert extent_markup.following(document(markup), frozenset())[-1] == f"{URL}?page=2"


def test_the_next_slide_is_no_further_page() -> None:
    page = document("<div class='slick-slider'><a data-next='/jobs?page=2'>x</a></div><a data-next='#second'>x</a>")
    assert extent_markup.following(page, frozenset()) == []


@pytest.mark.parametrize(
    "markup",
    [
        "<div data-total-pages='3'></div>",
        "<div class='pager'><select><option>1<option>2<option>3</select></div>",
        "<select name='page'><option>Page 1</option><option>Page 2</option><option>Page 3</option></select>",
        "<div class='pageNav'><input type='number' max='3'></div>",
    ],
)
def test_a_number_of_pages_is_read(markup: str) -> None:
    assert extent_markup.pages(document(markup), frozenset()) == 3


def test_other_boxes_are_no_pages() -> None:
    page = document("<select name='age'><option>1<option>2</select><select name='per_page'><option>1<option>2</select>")
    assert extent_markup.pages(page, frozenset()) is None


def test_the_total_of_a_side_column_is_not_that_of_the_list() -> None:
    page = document("<div data-total-count='12'></div><aside><div data-total-count='400'></div></aside>")
    assert extent_markup.total(page, frozenset()) == 12


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<ul class='pagination'><li><a href='#'>2</a></li></ul>", "2"),
        ("<nav aria-label='pagination'><button aria-label='Go to next page'></button></nav>", "Go to next page"),
        ("<ul class='pagination'><li class='disabled'><a href='#'>Next</a></li></ul>", ""),
        ("<button>Next</button>", ""),
        ("<div class='infinite-scroll-sentinel' style='display:none'></div>", ""),
        ("<div class='infinite-scroll-component'></div>", ""),
    ],
)
def test_a_pager_for_scripts_is_noticed(markup: str, words: str) -> None:
    assert extent_markup.find_script_control(document(markup), frozenset()) == words
