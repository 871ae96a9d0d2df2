"""A redesigned page is read again: each lost field is found at its new place, on every page of today or not at all."""

from datetime import UTC, datetime

from crawlers.discovery.layout_repair import FieldRepair, SavedPage, places_of_value, prepare_page, repairs
from crawlers.pages import page_families

NOW = datetime(2026, 11, 28, tzinfo=UTC)
OLD = """<!doctype html><html lang="vi"><title>Việc làm | Board</title><header><a href="/">Board</a></header>
<h1 class="job-title">{title}</h1>
<table class="facts"><tr><th>Công ty:</th><td>{company}</td></tr><tr><th>Địa điểm:</th><td>{place}</td></tr>
<tr><th>Lương:</th><td>{pay}</td></tr><tr><th>Ngày đăng:</th><td>{day}</td></tr></table>
<div class="description"><p>{text}</p></div><a class="call" href="tel:{phone}">Gọi</a></html>"""
NEW = """<!doctype html><html lang="vi"><title>Việc làm | Board</title>
<nav><a href="/">Board</a><a href="/login">Log in</a></nav>
<main class="css-1x9ab"><h3 data-automation="job-detail-title">{title}</h3><h1>Tuyển dụng hôm nay</h1>
<div><time class="css-1zz" datetime="{iso}">hôm kia</time></div><article data-testid="description">{text}</article>
<div class="cta"><button class="phone-button">{phone}</button></div><div class="css-1"><div class="css-2"><b>Ai?</b></div>
<div class="css-0a1" data-automation="advertiser-name">{company}</div></div><div class="css-3"><div>Ở đâu?</div>
<div class="css-0a2" data-automation="job-detail-location">{place}</div></div>
<p class="css-5b">Mỗi tháng</p><p class="income-box">{pay}</p></main></html>"""
ADVERTS = [
    {
        "title": f"Nhân viên kho ca {number}",
        "company": f"Kho vận Sao Mai {number}",
        "place": place,
        "pay": f"{number}.000.000 đồng/tháng",
        "day": f"0{number}/11/2026",
        "iso": f"2026-11-0{number}T08:00:00+07:00",
        "text": f"Xếp dỡ hàng hoá, ghi sổ nhập xuất, làm theo ca {number}. Có hợp đồng, bảo hiểm và cơm ca cho người lao động.",
        "phone": f"+84 900 000 00{number}",
    }
    for number, place in ((7, "Đà Nẵng"), (8, "Huế"), (9, "Cần Thơ"))
]


def page(number: int, layout: str) -> SavedPage:
    """Return an advert of the board in one of its layouts."""
    return SavedPage(url=f"https://board.example/viec/{number}", text=layout.format_map(ADVERTS[number]), fetched_at=NOW)


def selectors_by_field(entries: list[FieldRepair]) -> dict[str, str | None]:
    """Return field and selector."""
    return {entry.field: entry.selector for entry in entries}


def test_nothing_is_repaired_where_the_layout_is_as_it_was() -> None:
    assert repairs(page(0, OLD), [page(1, OLD), page(2, OLD)]) == []


def test_each_lost_field_is_found_where_it_stands_today_and_reads_every_page() -> None:
    """The saved advert is gone; others of the site stand in its place. What the parser still reads is left alone."""
    today = [page(1, NEW), page(2, NEW)]
    entries = repairs(page(0, OLD), today)
    fields = {entry.field: entry.selector for entry in entries if entry.selector}
    assert len(fields) == len(entries), [entry for entry in entries if not entry.selector]
    for number, shown in ((1, today[0]), (2, today[1])):
        (posting,) = page_families.parse(shown.text, shown.url, now=NOW, fields=fields).postings
        advert = ADVERTS[number]
        assert (posting.company, posting.location, posting.pay_raw) == (advert["company"], advert["place"], advert["pay"])
        assert posting.posted_at == datetime.fromisoformat(advert["iso"])
        assert advert["text"] in posting.text
        assert posting.contacts
    pay = next(entry for entry in entries if entry.field == "pay")
    assert pay.old_place == 'th:lexbor-contains("Lương" i) + td'
    assert (pay.old_value, pay.selector) == (ADVERTS[0]["pay"], "p.income-box")


def test_the_same_advert_is_found_by_its_value() -> None:
    entries = repairs(page(0, OLD), [page(0, NEW), page(1, NEW)])
    pay = next(entry for entry in entries if entry.field == "pay")
    assert (pay.reason, pay.values) == ("same value", (ADVERTS[0]["pay"], ADVERTS[1]["pay"]))


def test_a_selector_that_one_page_contradicts_is_not_proposed() -> None:
    """A page without the field keeps the proposal back; the field is named as lost all the same."""
    bare = NEW.replace("{pay}", "")
    entries = repairs(page(0, OLD), [page(1, NEW), page(2, bare)])
    assert selectors_by_field(entries)["pay"] is None


def test_generated_names_are_never_proposed() -> None:
    tree = prepare_page(page(1, NEW).text)
    selectors = {css for value in ADVERTS[1].values() for place in places_of_value(tree, value) for css in place.selectors}
    assert selectors
    assert not [css for css in selectors if "css-" in css]


def test_without_pages_of_today_nothing_is_said() -> None:
    assert repairs(page(0, OLD), []) == []
