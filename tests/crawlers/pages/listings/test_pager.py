"""The way to the next and previous page is found by declared links, by the words of each language, and by numbers."""

# ruff: noqa: E501 - one case a line reads best

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.listings import pager
from crawlers.pages.listings.pager import series_step
from foundation.url_template import page_number

URL = "https://board.example.org/jobs?page=2"
WORDS = [
    ("Next", "Previous"), ("Tiếp", "Trang trước"), ("Trang sau", "Trang trước"), ("下一页", "上一页"), ("下一頁", "上一頁"), ("ถัดไป", "ก่อนหน้า"),
    ("หน้าถัดไป", "หน้าก่อนหน้า"), ("Berikutnya", "Sebelumnya"), ("Selanjutnya »", "« Sebelumnya"), ("Seterusnya", "Terdahulu"),
    ("Susunod", "Nakaraan"), ("បន្ទាប់", "មុន"), ("နောက်", "ယခင်"), ("ຖັດໄປ", "ກ່ອນໜ້າ"), ("अगला", "पिछला"), ("अर्को", "अघिल्लो"),
    ("পরবর্তী", "পূর্ববর্তী"), ("اگلا", "پچھلا"), ("ඊළඟ", "පෙර"), ("அடுத்த", "முந்தைய"), ("Suivant ›", "‹ Précédent"), ("Próxima", "Anterior"),
    ("Siguiente", "Anterior"), ("Следующая", "Предыдущая"), ("Inayofuata", "Iliyotangulia"), ("ቀጣይ", "ቀዳሚ"), ("다음", "이전"),
    ("次のページ", "前のページ"), ("Další", "Předchozí"), ("Weiter", "Zurück"), ("التالي", "السابق"), (">", "<"), ("›", "‹"), ("→", "←"), ("»", "«"),
]  # fmt: skip


@pytest.mark.parametrize(("following", "preceding"), WORDS)
def test_pager_words_of_each_language_lead_on(following: str, preceding: str) -> None:
    markup = f"<ul class='pagination'><li><a href='/jobs?page=1'>{preceding}</a></li><li><a href='/jobs?page=3'>{following}</a></li></ul>"
    found = pager.pages(PageDocument(f"<body><a href='/jobs/7'>Cook</a>{markup}</body>", URL))
    assert found == ("https://board.example.org/jobs?page=3", "https://board.example.org/jobs?page=1")


@pytest.mark.parametrize(
    ("url", "links", "following", "preceding"),
    [
        ("/jobs", ["/jobs?page=2", "/jobs?page=3"], "/jobs?page=2", None),
        ("/jobs/page/4/", ["/jobs/", "/jobs/page/3/", "/jobs/page/5/"], "/jobs/page/5/", "/jobs/page/3/"),
        ("/jobs/page-2", ["/jobs/", "/jobs/page-3"], "/jobs/page-3", "/jobs/"),
        ("/list_2.html", ["/list_1.html", "/list_3.html"], "/list_3.html", "/list_1.html"),
        (
            "/viec-lam?trang=2&nganh=5", ["/viec-lam?trang=1&nganh=5", "/viec-lam?trang=3&nganh=5"], "/viec-lam?trang=3&nganh=5",
            "/viec-lam?trang=1&nganh=5",
        ),
    ],
)  # fmt: skip
def test_page_numbers_lead_on_without_words(url: str, links: list[str], following: str | None, preceding: str | None) -> None:
    base = "https://board.example.org"
    markup = "".join(f"<a href='{link}'>{page_number(link) or 1}</a>" for link in links)
    found = pager.pages(PageDocument(f"<div class='paging'>{markup}</div>", base + url))
    assert found == (base + following if following else None, base + preceding if preceding else None)


@pytest.mark.parametrize(
    ("markup", "following"),
    [
        ("<a href='/x/3'><img src='n.gif' alt='Next page'></a>", "/x/3"),
        ("<div class=paging><a href='/x/3'>次の20件</a></div>", "/x/3"),
        ("<a id='pnnext' href='/x/3'><span></span></a>", "/x/3"),
        ("<a aria-label='Go to next page' href='/x/3'><svg></svg></a>", "/x/3"),
        ("<td><a href='/x/3'>Next&nbsp;10</a></td>", "/x/3"),
        ("<a class='pagination__next' href='/x/3'></a>", "/x/3"),
        ("<a class='blog-pager-older-link' href='/x/3'>Older Posts</a>", "/x/3"),
        ("<span class='next-entries'><a href='/x/3'>Next Entries »</a></span>", "/x/3"),
    ],
)
def test_pictures_counts_and_labels_lead_on(markup: str, following: str) -> None:
    assert (
        pager.pages(PageDocument(f"<body>{markup}</body>", "https://board.example.org/x/2"))[0]
        == f"https://board.example.org{following}"
    )


def test_declared_links_come_first() -> None:
    markup = "<link rel='next' href='/jobs?page=3'><div class='paging'><a href='/elsewhere?page=9'>Next</a></div>"
    assert pager.pages(PageDocument(markup, URL))[0] == "https://board.example.org/jobs?page=3"


def test_the_pager_of_the_page_itself_outranks_that_of_a_second_list() -> None:
    markup = "<div><a href='/news/page/2'>&gt;</a></div><div><a href='/jobs/page/2'>&lt;</a><a href='/jobs/page/4'>&gt;</a></div>"
    found = pager.pages(PageDocument(markup, "https://board.example.org/jobs/page/3"))
    assert found == ("https://board.example.org/jobs/page/4", "https://board.example.org/jobs/page/2")


@pytest.mark.parametrize(
    "markup",
    [
        "<a href='https://evil.example.net/p2' rel='next'>Next</a>",
        "<a href='javascript:void(0)' class='next'>Next</a>",
        "<a href='#' rel='next'>Next</a>",
        "<a href='/jobs?page=2' class='next'>Next</a>",
        "<button class='slick-next'><a class='slick-next' href='/banner/2'>Next</a></button>",
        "<p><a href='/how'>Read how to apply, then what happens next in the process</a></p>",
    ],
)
def test_other_links_do_not_lead_on(markup: str) -> None:
    assert pager.pages(PageDocument(f"<body>{markup}</body>", URL)) == (None, None)


SERIES = [
    ("craigslist", "/cta/", "<a href='/cta/index100.html'>next 100 postings</a>", "/cta/index100.html"),
    ("craigslist, later", "/cta/index100.html", "<a href='/cta/'>prev 100 postings</a><a href='/cta/index200.html'>next 100 postings</a>", "/cta/index200.html"),
    ("Burmese", "/jobs", "<a href='/jobs?page=2'>နောက်သို့</a>", "/jobs?page=2"),
    ("Burmese, offset", "/jobs", "<a href='/jobs?start=8'>နောက်သို့</a>", "/jobs?start=8"),
    ("a language not served", "/jobs", "<a href='/jobs?page=2'>Seuraava sivu</a>", "/jobs?page=2"),
    ("OLX", "/jobs/", "<div data-testid='listing'><li data-testid='pagination-list-item'><a data-cy='pagination-forward' href='/jobs/?page=2'><svg></svg></a></li></div>", "/jobs/?page=2"),
    ("a picture alone", "/jobs", "<a href='/jobs?p=2'><img src='r.png'></a>", "/jobs?p=2"),
    ("a cursor", "/jobs", "<a href='/jobs?after=t3_9xk2'>Lisää</a>", "/jobs?after=t3_9xk2"),
    ("a cursor, later", "/jobs?after=t3_9xk2", "<a href='/jobs?after=t3_aaaa'>view more</a>", "/jobs?after=t3_aaaa"),
    ("a file", "/list.html", "<a href='/list_2.html'>Trang tiếp nữa</a>", "/list_2.html"),
    ("a name that counts anything", "/jobs?n=1", "<a href='/jobs?n=2'>następna strona »</a>", "/jobs?n=2"),
    ("numbers without a pager", "/jobs.php", "<p><b>1</b> <a href='/jobs.php?n=2'>2</a> <a href='/jobs.php?n=3'>3</a></p>", "/jobs.php?n=2"),
    ("one number without a pager", "/jobs/", "<p>1 | <a href='/jobs/2'>2</a></p>", "/jobs/2"),
    ("Thai with more words", "/jobs", "<a href='/jobs?page=2'>ถัดไป 20 ประกาศ</a>", "/jobs?page=2"),
    ("Khmer with more words", "/jobs", "<a href='/jobs?pn=2'>ទៅទំព័របន្ទាប់</a>", "/jobs?pn=2"),
    ("Arabic", "/jobs", "<a href='/jobs?s=20'>التالي ٢٠</a>", "/jobs?s=20"),
    ("Swahili", "/kazi/", "<a href='/kazi/p2'>Ukurasa unaofuata</a>", "/kazi/p2"),
    ("bracketed", "/jobs?page[number]=1", "<a href='/jobs?page%5Bnumber%5D=2'>Plus tard</a>", "/jobs?page%5Bnumber%5D=2"),
    ("a matrix parameter", "/jobs/iPage,1", "<a href='/jobs/iPage,2'>›</a>", "/jobs/iPage,2"),
    ("a name for tests", "/jobs", "<a data-qa='pager-next' href='/x/9'><span></span></a>", "/x/9"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "here", "markup", "following"), SERIES, ids=[name for name, *_ in SERIES])
def test_an_address_of_the_same_series_leads_on(name: str, here: str, markup: str, following: str) -> None:
    """Whatever its words are, or where it has none."""
    base = "https://board.example.org"
    cards = "".join(f"<li><h3><a href='/job/{n}'>Cook number {n} of the kitchen</a></h3></li>" for n in range(8))
    leads = pager.find_further_pages(PageDocument(f"<body><ul>{cards}</ul>{markup}</body>", base + here))
    assert [lead.url for lead in leads if lead.ahead == 1] == [base + following]


@pytest.mark.parametrize(
    "markup",
    [
        "<a href='/jobs?days=1'>1</a> <a href='/jobs?days=3'>3</a> <a href='/jobs?days=7'>7</a>",
        "<a href='/jobs?stars=1'>1</a> <a href='/jobs?stars=2'>2</a> <a href='/jobs?stars=3'>3</a>",
        "<a href='/jobs?per_page=10'>10</a> <a href='/jobs?per_page=20'>20</a>",
        "<a href='/jobs?sort=2'>Next to you</a>",
        "<a href='/jobs?category=2'>Kitchen</a><a href='/jobs?radius=20'>20 km</a>",
        "<a href='/jobs?salary=2&page=2'>More pay</a>",
        "<a href='/jobs/2-cooks-in-hue'>2 cooks</a><a href='/jobs/1'>Cook</a><a href='/jobs/2'>Baker of the next branch in Hue</a>",
        "<a href='/jobs?id=2'>Welder</a>",
        "<a href='/jobs?token=abc'>Save</a><a href='/jobs?since=2026'>new</a>",
        "<a href='/jobs?lang=2'>မြန်မာ</a>",
    ],
)
def test_a_filter_or_an_advert_is_no_page_of_the_list(markup: str) -> None:
    cards = "".join(f"<li><h3><a href='/job/{n}'>Cook number {n} of the kitchen</a></h3></li>" for n in range(8))
    assert (
        pager.find_further_pages(PageDocument(f"<body><ul>{cards}</ul>{markup}</body>", "https://board.example.org/jobs")) == []
    )


SITE = "https://board.example.org"


@pytest.mark.parametrize(
    ("here", "address", "ahead", "counts"),
    [
        ("/jobs", "/jobs?page=2", 1, "pages"), ("/jobs?page=2", "/jobs?page=3", 1, "pages"),
        ("/jobs?page=3", "/jobs", -2, "pages"), ("/jobs?start=0", "/jobs?start=20", 20, "items"),
        ("/jobs", "/jobs?cursor=abc", 1, "pages"), ("/jobs", "/jobs/page/2/", 1, "pages"),
        ("/cta/", "/cta/index100.html", 99, "pages"), ("/cta/index100.html", "/cta/index200.html", 100, "pages"),
        ("/viec-lam/trang-2", "/viec-lam/trang-3", 1, "pages"),
    ],
)  # fmt: skip
def test_the_next_part_of_a_list_is_known_by_its_address(here, address, ahead, counts):
    step = series_step(SITE + here, SITE + address)
    assert step is not None
    assert (step.ahead, step.counts) == (ahead, counts)


@pytest.mark.parametrize(
    ("here", "address"),
    [
        ("/jobs", "/about"), ("/jobs?page=1", "/jobs?page=2&sort=new"), ("/jobs?q=a", "/jobs?q=b"),
        ("/jobs", "/jobs?csrf_token=12ab"), ("/jobs", "/jobs?since=2026"),
    ],
)  # fmt: skip
def test_another_page_of_the_site_is_no_part_of_the_list(here, address):
    step = series_step(SITE + here, SITE + address)
    assert step is None or step.counts == "anything"


def test_another_site_is_no_part_of_the_list():
    assert series_step(f"{SITE}/jobs", "https://other.example.org/jobs?page=2") is None
    assert series_step(f"{SITE}/jobs", "https://www.board.example.org/jobs?page=2") is not None


def test_what_is_no_address_is_no_part_of_a_list():
    assert series_step(f"{SITE}/jobs", "https://[::1/jobs") is None


@pytest.mark.parametrize("base", ["/board/?page={}", "/board/?start={}"], ids=["pages from nought", "rows"])
def test_a_pager_says_how_far_ahead_its_last_page_is(base: str) -> None:
    """Although it leaves out those between, and calls none of them the next."""
    size = 25 if "start" in base else 1
    links = " ".join(f"<a href='{base.format((n - 1) * size)}'>{n}</a>" for n in (2, 3, 12))
    leads = pager.find_further_pages(PageDocument(f"<p><b>1</b> {links}</p>", "https://board.example.org/board/"))
    assert sorted(lead.ahead for lead in leads) == [1, 2, 11]
