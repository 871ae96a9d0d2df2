"""The way to the next and previous page is found by declared links, by the words of each language, and by numbers."""
# ruff: noqa: E501 - one case a line reads best

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.listings import pager

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
            "/viec-lam?trang=2&nganh=5",
            ["/viec-lam?trang=1&nganh=5", "/viec-lam?trang=3&nganh=5"],
            "/viec-lam?trang=3&nganh=5",
            "/viec-lam?trang=1&nganh=5",
        ),
    ],
)
def test_page_numbers_lead_on_without_words(url: str, links: list[str], following: str | None, preceding: str | None) -> None:
    base = "https://board.example.org"
    markup = "".join(f"<a href='{link}'>{pager.page_number(link) or 1}</a>" for link in links)
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
