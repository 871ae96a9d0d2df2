"""What a page shows of its links: the groups they stand in, and selectors that the next build of the site has too."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawlers.discovery import page_signs
from crawlers.pages.document import PageDocument
from crawlers.pages.listings.listing import find_repeated_links

URL = "https://board.example.org/jobs"


def card(number: int, build: str) -> str:
    return f"<li class='Card_item__{build}'><a class='Card_link__{build}' href='/job/{number}'>Cook number {number}</a></li>"


@pytest.mark.parametrize(("plain", "featured"), [("QzWvT", "aBxKq"), ("hDkXw", "TnPrS")])
def test_classes_that_a_build_wrote_part_no_list_and_stand_in_no_selector(plain: str, featured: str) -> None:
    """Ten adverts, four of them featured: they have another build's class, and the list is one."""
    cards = "".join(card(number, featured if number < 4 else plain) for number in range(10))
    tree = LexborHTMLParser(f"<ul id='jobs'>{cards}</ul>")
    links = find_repeated_links(PageDocument(tree.html or "", URL))
    assert len(links) == 10
    css = page_signs.selector_of(tree, URL, links)
    assert css is not None and plain not in css and featured not in css
    assert len(tree.css(css)) == 10


@pytest.mark.parametrize("name", ["css-qwxzvb", "sc-bXCLTC", "jsx-abcdef"])
def test_names_of_style_tools_stand_in_no_selector(name: str) -> None:
    tree = LexborHTMLParser("".join(f"<h3><a class='{name}' href='/job/{n}'>Cook {n}</a></h3>" for n in range(4)))
    assert page_signs.selector_of(tree, URL, find_repeated_links(PageDocument(tree.html or "", URL))) == "h3 a"


@pytest.mark.parametrize("name", ["jobLink", "card-title", "JobCard", "views_row", "iPhone", "CARDITEM", "job-listing-card"])
def test_a_name_that_a_person_wrote_stands_in_the_selector(name: str) -> None:
    tree = LexborHTMLParser("".join(f"<div class='{name}'><a href='/job/{n}'>Cook {n}</a></div>" for n in range(4)))
    assert page_signs.selector_of(tree, URL, find_repeated_links(PageDocument(tree.html or "", URL))) == f"div.{name} a"
