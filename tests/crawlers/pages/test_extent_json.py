"""What a JSON answer or its headers say of the size of a list, and where its next items are."""
# ruff: noqa: E501 - one case a line reads best

import pytest

from crawlers.pages.extent_json import JsonExtent, of_headers, of_json

API = "https://board.example.org/api?page=1&x=2"


@pytest.mark.parametrize(
    ("answer", "path", "wanted"),
    [
        ({"data": [1], "meta": {"next": "/api?page=2", "total": 32}}, "data", {"total": 32, "following": "https://board.example.org/api?page=2"}),
        ({"jobs": [1], "next_page": 2}, "jobs", {"following": "https://board.example.org/api?page=2&x=2"}),
        ({"jobs": [1], "next_cursor": "abc"}, "jobs", {"more": "nextcursor"}),
        ({"data": {"jobs": {"edges": [1], "pageInfo": {"hasNextPage": False}, "totalCount": 9}}}, "data.jobs.edges", {"total": 9}),
        ({"hits": {"total": {"value": 77}, "hits": [1]}}, "hits.hits", {"total": 77}),
        ({"_embedded": {"jobs": [1]}, "page": {"totalElements": 12, "totalPages": 3}}, "_embedded.jobs", {"total": 12, "pages": 3}),
        ({"jobs": [1], "facets": {"city": {"total": 900}}}, "jobs", {}),
        ([1, 2], ".", {}),
    ],
)  # fmt: skip
def test_an_api_says_how_much_there_is(answer: object, path: str, wanted: dict[str, object]) -> None:
    assert of_json(answer, path, API, 10) == JsonExtent(**wanted)


def test_headers_say_how_much_there_is() -> None:
    link = '<https://board.example.org/wp?page=1>; rel="prev", <https://board.example.org/wp?page=3>; rel="next"'
    told = of_headers({"link": link, "x-wp-total": "32", "x-wp-totalpages": "4"}, API)
    assert told == JsonExtent(total=32, pages=4, following="https://board.example.org/wp?page=3")


@pytest.mark.parametrize(
    ("base", "answer", "following"),
    [
        ("https://board.example.org/api?offset=20&limit=10", {"total": 45}, "https://board.example.org/api?offset=30&limit=10"),
        ("https://board.example.org/api?offset=40", {"total": 45}, None),
        ("https://board.example.org/api?page=2", {"hasMore": True}, "https://board.example.org/api?page=3"),
        ("https://board.example.org/api?cursor=a", {"nextCursor": "việc làm"}, "https://board.example.org/api?cursor=vi%E1%BB%87c+l%C3%A0m"),
        ("https://board.example.org/api?page=1&p=1", {"hasMore": True}, None),
    ],
)  # fmt: skip
def test_the_address_itself_counts_on(base: str, answer: dict[str, object], following: str | None) -> None:
    assert of_json(answer | {"jobs": [1]}, "jobs", base, 10).following == following


@pytest.mark.parametrize(
    "answer",
    [
        None, "jobs", 7, [], {}, {"jobs": None, "total": -1}, {"jobs": [], "total": True}, {"jobs": [], "total": "9" * 40},
        {"jobs": [], "next": "javascript:alert(1)//"}, {"jobs": [], "next": "http://[x/"}, {"total": {"value": {"value": 1}}},
    ],
)  # fmt: skip
def test_a_foreign_answer_announces_nothing(answer: object) -> None:
    said = of_json(answer, "jobs", API, 0)
    assert (said.total, said.pages, said.following) == (None, None, None)


@pytest.mark.parametrize("link", ["", "<>; rel=next", "<javascript:alert(1)>; rel=next", "<" * 9_000, '</wp>; rel="nextish"'])
def test_a_foreign_header_announces_nothing(link: str) -> None:
    assert of_headers({"link": link, "x-total-count": "many"}, API) == JsonExtent()
