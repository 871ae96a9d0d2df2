"""Addresses that are counted up or that follow a cursor, and APIs walked by them as people publish them."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from foundation.url_template import continue_at, fill_template, is_counted, placeholders

API = "https://api.board.example/v1/jobs?limit={size}&offset={offset}"
CURSOR = "https://api.board.example/jobs?count={size}&after={cursor}&lang=vi"


def test_numbers_are_counted_from_the_first_page() -> None:
    assert fill_template("/list?p={page}", 3, first=1, size=None) == "/list?p=3"
    assert fill_template("/list?p={page}", 1, first=0, size=None) == "/list?p=0"
    assert fill_template(API, 3, first=1, size=20).endswith("limit=20&offset=40")
    assert is_counted(API)
    assert not is_counted(CURSOR)
    assert placeholders(CURSOR) == {"{size}", "{cursor}"}


def test_a_cursor_is_left_out_until_an_answer_names_one() -> None:
    assert fill_template(CURSOR, 1, first=1, size=5) == "https://api.board.example/jobs?count=5&lang=vi"
    assert continue_at(CURSOR, "a/b=&c", size=5) == "https://api.board.example/jobs?count=5&after=a%2Fb%3D%26c&lang=vi"


JOBS = [
    {
        "id": f"j{n}",
        "attributes": {"name": f"Cook number {n}", "pay": {"text": f"{n + 10} triệu/tháng"}},
        "contact": {"phone": "+84 900 000 000", "telegram": "https://t.me/sample_cook"},
        "body": f"<p>Noodles for fifty guests a day in kitchen {n}.</p>",
    }
    for n in range(30)
]
PATHS = {"items": "data", "id": "id", "title": "id", "text": "body"}


def serve(site: Any, answer: Any) -> None:
    """Answer every address below /api by ``answer`` of its query."""

    class Pages(dict[str, Any]):
        def get(self, path: str, default: Any = None) -> Any:
            parts = urlsplit(path)
            query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            return json.dumps(answer(query)) if parts.path == "/api" else super().get(path, default)

    site.pages = Pages(site.pages)


def by_offset(query: dict[str, str]) -> Any:
    """Answer as an API that counts items and never says how many there are."""
    start, size = int(query["offset"]), int(query["limit"])
    return {"data": JOBS[start : start + size]}


def by_cursor(query: dict[str, str]) -> Any:
    """Answer as an API that names where to go on, and nothing at its end."""
    start = int(query.get("after", "c0")[1:])
    assert query.get("after") != ""
    paging = {"cursors": {"after": f"c{start + 12}" if start + 12 < len(JOBS) else None}}
    return {"data": JOBS[start : start + 12], "paging": paging}


def by_page(query: dict[str, str]) -> Any:
    """Answer as an API whose first page is page 0."""
    start = int(query["page"]) * 10
    return {"data": JOBS[start : start + 10], "hasMore": start + 10 < len(JOBS)}


@pytest.mark.parametrize(
    ("answer", "start", "crawl"),
    [
        (by_offset, "/api?limit={size}&offset={offset}", {"page_size": 12}),
        (by_cursor, "/api?after={cursor}", {"json": {**PATHS, "cursor": "paging.cursors.after"}}),
        (by_page, "/api?page={page}", {"first_page": 0}),
    ],
    ids=["offset", "cursor", "page"],
)
def test_an_api_is_walked_to_its_end_by_a_template(
    answer: Any, start: str, crawl: Any, site: Any, source_of: Any, crawled: Any
) -> None:
    serve(site, answer)
    _, report = crawled(source_of("json_api", start, **{"json": PATHS, **crawl}))
    assert (report.state, report.parsed, report.duplicate, report.reason) == ("ok", 30, 0, "")
    assert site.fetched() <= 4


def test_a_cursor_that_leads_nowhere_is_not_ok(site: Any, source_of: Any, crawled: Any) -> None:
    """Its path is wrong, and the first page is full."""
    serve(site, by_cursor)
    paths = {**PATHS, "cursor": "next.after"}
    _, report = crawled(source_of("json_api", "/api?after={cursor}&count={size}", json=paths, page_size=12))
    assert (report.state, report.parsed) == ("partial", 12)


def test_fields_of_an_api_overrule_its_paths(site: Any, source_of: Any, crawled: Any) -> None:
    """Dotted paths from the item; contacts too, which the paths do not know."""
    from crawlers.evidence.partition import read_postings

    serve(site, by_offset)
    fields = {"title": "attributes.name", "pay": "attributes.pay.text", "contacts": "contact.phone"}
    source = source_of("json_api", "/api?limit={size}&offset={offset}", json=PATHS, page_size=30, fields=fields)
    address, report = crawled(source)
    first = min(read_postings(address), key=lambda posting: posting.native_id == "j0" and -1)
    assert report.parsed == 30
    assert (first.title, first.pay_raw, first.contacts) == ("Cook number 0", "10 triệu/tháng", ("tel:+84 900 000 000",))
