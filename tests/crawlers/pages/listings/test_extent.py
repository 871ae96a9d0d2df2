"""What a list says of its size is read in the languages served; other numbers are not taken for it."""

# ruff: noqa: E501 - one case a line reads best

import json

import pytest

from crawlers.items import Lead
from crawlers.pages.document import PageDocument
from crawlers.pages.listings import extent, pager
from crawlers.pages.listings.extent import Extent, read_extent

URL = "https://board.example.org/jobs"
ITEMS = [f"https://board.example.org/job/{n}" for n in range(10)]
CARDS = "".join(
    f'<li><h3><a href="/job/{n}">Cook {n}</a></h3><p>Page 1 of 900, 10-20 of 5000 results</p></li>' for n in range(10)
)


def said(markup: str) -> Extent:
    document = PageDocument(f"<html><body><h1>Jobs</h1><ul>{CARDS}</ul>{markup}</body></html>", URL)
    return read_extent(document, ITEMS)


@pytest.mark.parametrize(
    "words",
    [
        "10 / 32", "1-10/32", "Showing 1–10 of 32 jobs", "Results 1 - 10 of about 32", "You've seen 10 of 32", "32 jobs found",
        "Hiển thị 1 - 10 trong tổng số 32 việc làm", "Đang xem 10/32 tin", "Tìm thấy 32 việc làm", "แสดง 1-10 จาก 32 รายการ",
        "พบ 32 ตำแหน่ง", "Menampilkan 1 - 10 dari 32 lowongan", "Ditemukan 32 lowongan", "共32条", "总数：32", "找到 32 个职位",
        "共 32 條，顯示 1-10", "全32件中 1〜10件", "총 32건 중 1-10", "Affichage de 1 à 10 sur 32 résultats", "32 offres trouvées",
        "Mostrando 1-10 de 32", "32 resultados", "Показано 1–10 из 32", "Найдено 32 вакансии", "कुल 32 नौकरियां", "মোট 32",
        "សរុប 32", "ທັງໝົດ 32", "စုစုပေါင်း 32", "Jumla 32", "១០ / ៣២", "10 von 32",
    ],
)  # fmt: skip
def test_a_total_is_read(words: str) -> None:
    assert said(f"<div>{words}</div>").total == 32


@pytest.mark.parametrize(
    "words",
    ["Page 1 of 4", "Trang 1/4", "第1页/共4页", "第 1 / 4 頁", "หน้า 1 จาก 4", "Halaman 1 dari 4", "Página 1 de 4", "Page 1 sur 4",
     "Страница 1 из 4", "1/4页", "Seite 1 von 4", "51 topics • Page 1 of 4"],
)  # fmt: skip
def test_a_number_of_pages_is_read(words: str) -> None:
    assert (said(f"<div>{words}</div>").pages, said(f"<div>{words}</div>").total) == (4, None)


@pytest.mark.parametrize(
    "markup",
    [
        "<p>10 jobs posted in 24 hours</p>", "<p>24/7 support</p>", "<p>Updated 1/10/2026</p>", "<p>10 results per page</p>",
        "<nav>1-10 of 400 cities</nav>", "<footer>9000 jobs found</footer>", "<select><option>1-10 of 32</option></select>",
        "<a href='#' class='load_more_jobs' style='display:none'>Load more</a>", "<div class='filters'><button>Show more</button></div>",
        "<section><p>About the board</p><p>Long words.</p></section><section><div><p>More words.</p><div><p>x</p><p>y</p><p>z</p><p>a</p><button>Xem thêm</button></div></div></section>",
        "<p>Posted 2026-01-10</p>", "<p>Meeting 1-10/11/2026</p>", "<button disabled>Load more</button>", "<button>More about us</button>", "<a href='/about'>Load more</a>",
    ],
)  # fmt: skip
def test_other_numbers_and_buttons_announce_nothing(markup: str) -> None:
    assert said(markup) == Extent()


@pytest.mark.parametrize(
    "words", ["Load more", "Xem thêm", "加载更多", "โหลดเพิ่มเติม", "Muat lebih banyak", "もっと見る", "Показать ещё"]
)
def test_a_button_for_more_is_noticed(words: str) -> None:
    assert said(f"<div><button>{words}</button></div>").more == words


@pytest.mark.parametrize(
    ("url", "markup", "leads"),
    [
        ("/jobs/", "<a href='/jobs/page/2/'>2</a><a href='/jobs/page/4/'>4</a>", [("/jobs/page/2/", 1), ("/jobs/page/4/", 3)]),
        ("/jobs/page/4/", "<a href='/jobs/'>1</a><a href='/jobs/page/3/'>3</a>", [("/jobs/page/3/", -1)]),
        ("/f?start=25", "<a href='/f'>1</a><a href='/f?start=50'>3</a><a href='/f?start=75'>4</a>", [("/f?start=50", 1), ("/f?start=75", 2)]),
    ],
)  # fmt: skip
def test_all_pages_that_a_pager_numbers_lead_on(url: str, markup: str, leads: list[tuple[str, int]]) -> None:
    base = "https://board.example.org"
    found = pager.find_further_pages(PageDocument(f"<div class='pagination'>{markup}</div>", base + url))
    assert found == [Lead(base + path, ahead) for path, ahead in leads]


JOBS = [{"id": 1}, {"id": 2}]


def document(state: object) -> PageDocument:
    text = state if isinstance(state, str) else json.dumps(state)
    return PageDocument(f'<script type="application/json">{text}</script>', "https://board.example.org/jobs")


def test_the_total_beside_the_list_that_is_shown_counts() -> None:
    assert extent.read_state_extent(document({"a": {"jobs": JOBS, "totalCount": 9}}), 2).total == 9
    assert extent.read_state_extent(document({"a": {"jobs": JOBS, "pageInfo": {"hasNextPage": True}}}), 2).more == "hasNextPage"


@pytest.mark.parametrize(
    "state", [{"jobs": [*JOBS, {}], "total": 9}, {"jobs": JOBS, "total": 1}, "{total", "[" * 100_000 + "total"]
)
def test_other_lists_and_broken_states_say_nothing(state: object) -> None:
    said = extent.read_state_extent(document(state), 2)
    assert (said.total, said.more, said.pages) == (None, "", None)


def test_the_length_of_the_one_item_list_counts() -> None:
    page = PageDocument('<script>{"@type":"ItemList","numberOfItems":12}</script>', "")
    assert extent.read_state_extent(page, 5).total == 12
