"""Fields named by selector overrule the page parser, each by itself; what is not found stays as the parser read it."""

from datetime import UTC, datetime
from typing import Any

from crawlers.items import ParsedPage, Posting
from crawlers.pages import page_families
from crawlers.pages.posting_fields.field_overrides import contact_addresses, field_counters

PAGE = """<!doctype html><html lang="en"><title>Board</title><body><header><h1>Work in the city</h1></header>
<div class="ad-detail"><div class="ad-name" data-id="77">Night cook</div><span class="where"> Hue <i>city</i></span>
<ul class="facts"><li>12.000.000 - 15.000.000 VND / month</li>
<li><time datetime="2026-11-03T08:00:00Z">3 weeks ago</time></li></ul>
<div class="body"><p>Cooks noodles for fifty guests a day.</p><p>Contract and insurance.</p></div>
<a class="showphone" href="tel:+84900000000"><i class="icon"></i> 0900 000 000</a>
<button class="mail">cook@example.org</button><a class="chat" href="https://t.me/sample_cook">Chat</a></div></body></html>"""
FIELDS = {
    "title": ".ad-name", "location": ".where", "pay": ".facts li:first-child", "posted_at": ".facts time@datetime",
    "contacts": ".showphone, .mail, .chat@href", "text": ".body p", "company": ".employer",
}  # fmt: skip


def read(fields: dict[str, str] | None, page: str = PAGE) -> ParsedPage:
    """Return the page as it is read with these selectors."""
    return page_families.parse(page, "https://board.example/ad/77", now=datetime(2026, 11, 28, tzinfo=UTC), fields=fields)


def only(parsed: ParsedPage) -> Posting:
    """Return the page's one posting."""
    (posting,) = parsed.postings
    return posting


def test_each_field_comes_from_its_selector() -> None:
    posting = only(read(FIELDS))
    assert (posting.title, posting.location, posting.pay_raw) == ("Night cook", "Hue city", "12.000.000 - 15.000.000 VND / month")
    assert posting.pay
    assert (posting.pay.low, posting.pay.period) == (12_000_000, "month")
    assert posting.posted_at == datetime(2026, 11, 3, 8, tzinfo=UTC)
    assert posting.text == "Cooks noodles for fifty guests a day.\nContract and insurance."
    assert posting.contacts == ("tel:+84900000000", "https://t.me/sample_cook"), "all that are named are asked for the attribute"


def test_contacts_come_from_links_buttons_and_words() -> None:
    posting = only(read(FIELDS | {"contacts": ".showphone, .mail, .chat"}))
    assert posting.contacts == ("tel:+84900000000", "mailto:cook@example.org", "https://t.me/sample_cook")
    assert contact_addresses(["call 0900 000 000 or 0900 000 001", "@handle", "page 3"]) == (
        "tel:0900 000 000",
        "tel:0900 000 001",
    )


def test_what_a_selector_does_not_find_stays_as_the_parser_read_it() -> None:
    plain, chosen = only(read(None)), read({"company": ".employer", "title": ".ad-name"})
    assert only(chosen).company == plain.company
    assert only(chosen).text == plain.text
    assert field_counters(chosen) == {"field/company/missed": 1, "field/title/selected": 1}
    assert plain.title == "Work in the city"


def test_a_page_no_parser_understands_is_an_advert_when_title_and_text_are_named() -> None:
    page = "<title>x</title><h1>Only this</h1><canvas></canvas><button class=words>Cooks noodles for fifty guests a day</button>"
    assert read(None, page).postings == ()
    fields: dict[str, Any] = {"title": "h1", "text": "h1"}
    assert only(read(fields, page)).title == "Only this"
    assert read({"title": "h1"}, page).postings == ()
