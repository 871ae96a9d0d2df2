"""What every parser asks of a page: its base, own address, language, country and headings, on broken pages too."""

from datetime import UTC, datetime

import pytest

from crawlers.pages.document import PageDocument
from tests.growth import LIMIT, MORE, growth

URL = "https://board.example.org/jobs/1?utm_source=x"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("<link rel=canonical href='/jobs/cook-1.html'>", "https://board.example.org/jobs/cook-1.html"),
        ("<link href='https://board.example.org/en/jobs/1' rel='canonical'>", "https://board.example.org/en/jobs/1"),
        ("<link rel=canonical href='/'>", "https://board.example.org/jobs/1"),
        ("<link rel=canonical href='/jobs'>", "https://board.example.org/jobs/1"),
        ("<link rel=canonical href='/jobs/9'>", "https://board.example.org/jobs/1"),
        ("<link rel=canonical href='https://evil.example.com/jobs/9'>", "https://board.example.org/jobs/1"),
        ("<link rel=canonical href='javascript:x'>", "https://board.example.org/jobs/1"),
        ("<link rel=canonical href='http://[x'>", "https://board.example.org/jobs/1"),
        ("canonical <canonical", "https://board.example.org/jobs/1"),
        ("", "https://board.example.org/jobs/1"),
    ],
)
def test_a_page_names_its_address_only_on_its_own_host(text: str, address: str) -> None:
    assert PageDocument(text, URL).address == address


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("<base href='/a/'>", "https://board.example.org/a/"), ("<base href='http://[bad'>", URL),
        ("<base href='javascript:x'>", URL), ("<base>", URL),
    ],
)  # fmt: skip
def test_a_base_is_obeyed_where_it_is_an_address(text: str, base: str) -> None:
    assert PageDocument(text, URL).base == base


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("<html lang=vi>", "vi"), ("<HTML xml:lang='zh-Hant-TW'>", "zh-Hant-TW"), ("<html class='a' lang=\"pt_BR\">", "pt_BR"),
        ("<html><p lang=vi>", None), ("<html lang=''>", None), ("<html lang='<script>'>", None), ("", None),
    ],
)  # fmt: skip
def test_a_page_declares_its_language_or_none(text: str, language: str | None) -> None:
    assert PageDocument(text, URL).language == language


@pytest.mark.parametrize(
    ("url", "country"),
    [
        ("https://x.example.vn/", "VN"), ("https://x.example.co.uk/", "GB"), ("https://x.example.org/", None),
        ("https://t.me/", None), ("https://x.example.io/", None), ("https://192.0.2.1/", None), ("", None),
    ],
)  # fmt: skip
def test_a_national_domain_names_a_country(url: str, country: str | None) -> None:
    assert PageDocument("", url).country == country


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("<title>T</title><h1> Đầu\n bếp </h1>", "Đầu bếp"), ("<title>T</title><h1></h1>", "T"),
        ("<h1>Site</h1><main><h1>Cook</h1></main>", "Cook"), ("<table><tr><td><h1>厨师", "厨师"), ("", None),
    ],
)  # fmt: skip
def test_a_heading_is_the_main_one_with_words(text: str, heading: str | None) -> None:
    assert PageDocument(text, URL).heading == heading


def test_lone_surrogates_do_not_stop_the_reading() -> None:
    assert PageDocument("<h1>Cook \ud83d</h1>", URL).heading == "Cook ?"


def test_a_posting_reads_pay_and_dates_as_the_page_means_them() -> None:
    document = PageDocument("<html lang=vi>", "https://x.example.hk/1", source="s", now=datetime(2025, 3, 2, 12, tzinfo=UTC))
    posting = document.posting("https://x.example.hk/1", text="x", pay_raw="$20,000\u200b-\u200b25,000/月")
    assert posting.pay is not None and (posting.pay.low, posting.pay.high, posting.pay.currency) == (20_000, 25_000, "HKD")
    assert (posting.language_hint, document.moment("hôm qua")) == ("vi", datetime(2025, 3, 1, tzinfo=UTC))
    assert (document.moment(""), document.moment(None), document.pay("negotiable")) == (None, None, None)


def test_one_id_follows_the_sites_own_number_only_where_it_is_unique() -> None:
    document = PageDocument("", URL, source="s")
    assert (
        document.posting("https://a/1", text="x", native_id="7").id != document.posting("https://a/2", text="x", native_id="7").id
    )
    numbered = [document.posting(f"https://a/{n}", text="x", native_id="7", by_native_id=True).id for n in (1, 2)]
    assert numbered[0] == numbered[1]


def test_the_head_of_a_hostile_page_is_linear_work() -> None:
    def read(text: str) -> None:
        document = PageDocument(text, URL)
        assert (document.address, document.language) == ("https://board.example.org/jobs/1", None)

    assert growth(read, "<html canonical " * 3_000, "<html canonical " * 3_000 * MORE) <= LIMIT
