"""What was fetched at a first contact becomes checks with a fix each, and changes of the source file."""

from datetime import date

from crawlers.discovery.guided_fetch import FetchedPage, PageRequest
from crawlers.discovery.verification import adverts_check, bounds_check, changes_of, robots_check, terms_check
from crawlers.items import Posting
from crawlers.sources.source import Source, load_source
from lurewatch.settings import SHIPPED_SEEDS

URL = "https://board.example/terms"


def page(html: str = "", **about: object) -> FetchedPage:
    """Return a page as it would have come."""
    values: dict[str, object] = {"status": 200, "content_type": "text/html; charset=utf-8"}
    return FetchedPage(wanted=PageRequest(url=URL), url=URL, body=html.encode(), **(values | about))


def shipped() -> Source:
    """Return a source that nobody has verified."""
    return load_source(SHIPPED_SEEDS / "sources" / "bd_bdjobs.yml")


def test_a_list_that_robots_forbid_fails_and_is_never_bypassed() -> None:
    check = robots_check([page(error="robots", robots="disallowed: /jobs")])
    assert (check.outcome, "never bypassed" in check.fix) == ("failed", True)


def test_a_wall_fails_with_the_operator_to_ask() -> None:
    check = robots_check([page(error="blocked (captcha)")])
    assert (check.outcome, "ask its operator" in check.fix) == ("failed", True)


def test_adverts_that_robots_forbid_are_counted() -> None:
    check = robots_check([page(robots="allowed: no rule", crawl_delay=7.0), page(error="robots")])
    assert check.outcome == "attention"
    assert "forbids 1 of the pages" in check.message
    assert "7 s between requests" in check.message


def test_terms_are_quoted_where_they_speak_of_programs_and_never_judged() -> None:
    """In the languages of the boards; the menu of the page is no sentence of the terms."""
    html = (
        "<nav>Robots and crawlers.</nav><p>You may look at adverts. You must not scrape this site without our consent.</p>"
        "<p>Nghiêm cấm thu thập dữ liệu tự động khi chưa có sự đồng ý.</p><p>禁止使用爬虫抓取本站内容。</p>"
    )
    check = terms_check(page(html), URL)
    assert check.outcome == "attention"
    assert check.quotes == (
        "You must not scrape this site without our consent.",
        "Nghiêm cấm thu thập dữ liệu tự động khi chưa có sự đồng ý.",
        "禁止使用爬虫抓取本站内容。",
    )


def test_terms_that_are_missing_or_cannot_be_read_are_left_to_a_person() -> None:
    assert "access.terms_url" in terms_check(None, None).fix
    assert "HTTP 404" in terms_check(page(status=404), URL).message


def test_adverts_without_a_text_fail_and_without_a_date_are_pointed_out() -> None:
    posting = Posting(id="1", source="x", url=URL, title="Packer", text="Packers wanted.")
    assert adverts_check([posting]).outcome == "attention"
    assert adverts_check([Posting(id="1", source="x", url=URL, title="Packer", text="")]).outcome == "failed"
    assert adverts_check([]).outcome == "failed"


def test_a_verified_file_gets_bounds_a_longer_delay_and_the_terms_found() -> None:
    """Selectors change only when the file's own read nothing."""
    proposed = {"crawl": {"spider": "board"}, "expect": {"min": {"postings": 17}, "max": {"postings": 400}}}
    pages = [page(crawl_delay=12.0)]
    changes = changes_of(shipped(), pages, proposed, mended=False, terms_url=URL, today=date(2026, 11, 28))
    assert changes == {
        "verified": date(2026, 11, 28), "access.terms_url": URL, "access.delay_seconds": 12.0, "expect": proposed["expect"],
    }  # fmt: skip
    mended = changes_of(shipped(), pages, proposed, mended=True, terms_url=URL, today=date(2026, 11, 28))
    assert mended["crawl"] == proposed["crawl"]
    assert "at least 17 and at most 400" in bounds_check(proposed).message


def test_a_look_that_cannot_count_the_list_leaves_the_bounds() -> None:
    changes = changes_of(shipped(), [page()], None, mended=False, terms_url=None, today=date(2026, 11, 28))
    assert changes == {"verified": date(2026, 11, 28)}
    assert bounds_check(None).outcome == "attention"
