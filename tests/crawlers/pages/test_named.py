"""Names of elements and places on a page suggest facts; a name without a fitting value suggests nothing."""

import pytest
from bs4 import BeautifulSoup, Tag

from crawlers.pages import named


def parts(markup: str) -> tuple[Tag, Tag | None]:
    page = BeautifulSoup(markup, "lxml")
    near = page.find("h1")
    return page.body or page, near if isinstance(near, Tag) else None


def test_an_element_is_called_by_all_its_names() -> None:
    (node,) = BeautifulSoup("<p class='jobTitle big' id='companyName' data-test='x'>", "lxml").find_all("p")
    assert named.names(node) == "job-Title big company-Name x"


@pytest.mark.parametrize(
    ("markup", "facts"),
    [
        ("<h1>Cook</h1><b class='company-name'>Reef</b><b class='job-location'>Huế</b><b class='salary'>300 USD</b>",
         {"company": "Reef", "location": "Huế", "pay_raw": "300 USD"}),
        ("<h1>Cook</h1><time datetime='2025-03-01'>1/3</time>", {"posted_at": "2025-03-01", "stamp": "1/3"}),
        ("<h1>厨师</h1><span class='company'>公司：海鲜</span>", {"company": "海鲜"}),
        ("<h1>Cook</h1><p class='salary'>Salary</p><p class='date'>soon</p><p class='company-logo'>x</p>", {}),
        ("<h1>Cook</h1><p class='location'>Địa điểm</p>", {}),
        ("<h1>Cook</h1><div class='company'>" + "x" * 200 + "</div>", {}),
        ("<p class='company'><script></script></p>", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_a_name_gives_a_fact_away_where_the_words_fit(markup: str, facts: dict[str, str]) -> None:
    assert named.facts(*parts(f"<div>{markup}</div>")) == facts


@pytest.mark.parametrize(
    ("below", "pair"),
    [
        ("<p>Reef – Huế</p>", ("Reef", "Huế")), ("<p>海鲜餐厅 · 西港 · 2025-03-01</p>", ("海鲜餐厅", "西港")),
        ("<p>We cook – we serve.</p>", None), ("<p>Company: Reef – Huế</p>", None), ("<p>" + "x – " * 100 + "</p>", None),
        ("<table><tr><td>Reef – Huế</table>", None), ("", None),
    ],
)  # fmt: skip
def test_a_byline_names_who_and_where(below: str, pair: tuple[str, str] | None) -> None:
    line = named.byline(parts(f"<h1>Cook</h1>{below}")[1])
    assert ((line["company"], line["location"]) if line else None) == pair


@pytest.mark.parametrize(
    ("page_title", "title", "company"),
    [
        ("Cook | Reef | Board", "Cook", {"company": "Reef"}), ("Cook | Reef", "Cook", {}), ("Cook | Sea | Board", "Cook", {}),
        ("Board | Reef | Cook", "Cook", {}), (None, None, {}),
    ],
)  # fmt: skip
def test_a_page_title_names_a_company_that_the_page_shows(
    page_title: str | None, title: str | None, company: dict[str, str]
) -> None:
    assert named.title_mate(parts("<h1>Cook</h1><p>Reef</p>")[0], page_title, title) == company
