"""The group of links that is a list of adverts: same markup, telling words, on this host, outside of menus."""

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.listings import link_groups
from tests.growth import LIMIT, MORE, growth

HOST = "https://board.example.org"
URL = f"{HOST}/jobs"


def cards(words: str, rest: str, count: int = 3, path: str = "job") -> str:
    return "".join(f"<li><h3><a href='/{path}/{n}'>{words}</a></h3><p>{rest}</p></li>" for n in range(count))


LIST = cards("Cook wanted at the pier", "Kampot quay, by the month")
WANTED = [f"{HOST}/job/{n}" for n in range(3)]


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
    assert link_groups.find_best_group(PageDocument(markup, URL)) == found


def test_a_featured_advert_of_the_same_kind_joins_the_list() -> None:
    featured = (
        f"<section><div><h2><a href='/job/9'>Featured cook at the quay</a></h2><p>{'Words of it. ' * 3}</p></div></section>"
    )
    assert link_groups.find_best_group(PageDocument(LIST + featured, URL)) == [*WANTED, f"{HOST}/job/9"]


def test_many_links_are_linear_work() -> None:
    def group(text: str) -> None:
        link_groups.find_best_group(PageDocument(text, URL))

    assert growth(group, cards("Cook wanted", "Quay", 100), cards("Cook wanted", "Quay", 100 * MORE)) <= LIMIT
