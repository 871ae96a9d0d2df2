"""What a JSON answer or its headers say of the size of a list, and where its next items are."""

# ruff: noqa: E501 - one case a line reads best

import pytest

from crawlers.pages.listings import json_facts
from crawlers.pages.listings.extent_json import JsonExtent, QueryAddress, read_header_extent, read_json_extent

API = "https://board.example.org/api?page=1&x=2"


@pytest.mark.parametrize(
    ("answer", "path", "wanted"),
    [
        ({"data": [1], "meta": {"next": "/api?page=2", "total": 32}}, "data", {"total": 32, "following": "https://board.example.org/api?page=2"}),
        ({"jobs": [1], "next_page": 2}, "jobs", {"following": "https://board.example.org/api?page=2&x=2"}),
        ({"jobs": [1], "hasMore": True}, "jobs", {"following": "https://board.example.org/api?page=2&x=2"}),
        ({"data": {"jobs": {"edges": [1], "pageInfo": {"hasNextPage": False}, "totalCount": 9}}}, "data.jobs.edges", {"total": 9}),
        ({"hits": {"total": {"value": 77}, "hits": [1]}}, "hits.hits", {"total": 77, "following": "https://board.example.org/api?page=2&x=2"}),
        ({"_embedded": {"jobs": [1]}, "page": {"totalElements": 12, "totalPages": 3}}, "_embedded.jobs", {"total": 12, "pages": 3, "following": "https://board.example.org/api?page=2&x=2"}),
        ({"jobs": [1], "facets": {"city": {"total": 900}}}, "jobs", {}),
        ([1, 2], ".", {}),
    ],
)  # fmt: skip
def test_an_api_says_how_much_there_is(answer: object, path: str, wanted: dict[str, object]) -> None:
    assert read_json_extent(answer, path, API, 10) == JsonExtent(**wanted)


@pytest.mark.parametrize(
    ("answer", "address", "following"),
    [
        ({"data": [1] * 10, "meta": {"next_page_token": "t2"}}, "/api", "/api?page_token=t2"),
        ({"data": [1] * 10, "nextPageToken": "t2"}, "/api?q=a", "/api?q=a&pageToken=t2"),
        ({"data": [1] * 10, "offset": 0, "limit": 10, "total": 32}, "/api", "/api?offset=10"),
        ({"data": [1] * 2, "offset": 30, "limit": 10, "total": 32}, "/api", None),
        ({"data": [1] * 10, "meta": {"current_page": 1, "last_page": 4}}, "/api", "/api?page=2"),
        ({"data": [1] * 10, "pageInfo": {"hasNextPage": True, "endCursor": "c"}}, "/graphql?variables=%7B%22after%22%3Anull%7D", "/graphql?variables=%7B%22after%22%3A%22c%22%7D"),
        ({"data": [1] * 10, "pageInfo": {"hasNextPage": False, "endCursor": "c"}}, "/graphql?variables=%7B%22after%22%3Anull%7D", None),
    ],
)  # fmt: skip
def test_the_next_answer_is_asked_for_by_the_name_the_answer_uses(answer: object, address: str, following: str | None) -> None:
    """Also where the address has no such parameter yet, or keeps it in the variables of a GraphQL question."""
    host = "https://board.example.org"
    said = read_json_extent(answer, "data", host + address, 10)
    assert (said.following or next(iter(said.guesses), None)) == (following and host + following)


def test_headers_say_how_much_there_is() -> None:
    link = '<https://board.example.org/wp?page=1>; rel="prev", <https://board.example.org/wp?page=3>; rel="next"'
    told = read_header_extent({"link": link, "x-wp-total": "32", "x-wp-totalpages": "4"}, API)
    assert told == JsonExtent(total=32, pages=4, following="https://board.example.org/wp?page=3")


@pytest.mark.parametrize(
    ("base", "answer", "following"),
    [
        ("https://board.example.org/api?offset=20&limit=10", {"total": 45}, "https://board.example.org/api?offset=30&limit=10"),
        ("https://board.example.org/api?offset=40", {"total": 45}, None),
        ("https://board.example.org/api?page=2", {"hasMore": True}, "https://board.example.org/api?page=3"),
        ("https://board.example.org/api?cursor=a", {"nextCursor": "việc làm"}, "https://board.example.org/api?cursor=vi%E1%BB%87c+l%C3%A0m"),
        ("https://board.example.org/api?page=1&p=1", {"hasMore": True}, None),
        ("https://board.example.org/api?cursor=a", {"remaining": 7}, None),
        ("https://board.example.org/api?cursor=a", {"hasMore": True, "endCursor": "b"}, "https://board.example.org/api?cursor=b"),
        ("https://board.example.org/api?limit=10&skip=10", {}, "https://board.example.org/api?limit=10&skip=20"),
        ("https://board.example.org/api?limit=10&skip=10", {"has_more": False}, None),
        ("https://board.example.org/api?limit=20&skip=0", {}, None),
        ("https://board.example.org/api?page=2", {"total_pages": 2}, None),
    ],
)  # fmt: skip
def test_the_address_itself_counts_on(base: str, answer: dict[str, object], following: str | None) -> None:
    assert read_json_extent(answer | {"jobs": [1]}, "jobs", base, 10).following == following


@pytest.mark.parametrize(
    "answer",
    [
        None, "jobs", 7, [], {}, {"jobs": None, "total": -1}, {"jobs": [], "total": True}, {"jobs": [], "total": "9" * 40},
        {"jobs": [], "next": "javascript:alert(1)//"}, {"jobs": [], "next": "http://[x/"}, {"total": {"value": {"value": 1}}},
    ],
)  # fmt: skip
def test_a_foreign_answer_announces_nothing(answer: object) -> None:
    said = read_json_extent(answer, "jobs", API, 0)
    assert (said.total, said.pages, said.following) == (None, None, None)


@pytest.mark.parametrize("link", ["", "<>; rel=next", "<javascript:alert(1)>; rel=next", "<" * 9_000, '</wp>; rel="nextish"'])
def test_a_foreign_header_announces_nothing(link: str) -> None:
    assert read_header_extent({"link": link, "x-total-count": "many"}, API) == JsonExtent()


API_QUERY_ADDRESS = "https://api.example.org/jobs"


def test_it_says_what_it_counts():
    address = QueryAddress(f"{API_QUERY_ADDRESS}?page=2&per_page=20&q=cook")
    assert (address.has(json_facts.PAGE), address.number(json_facts.PAGE), address.size, address.size_name) == (
        True, 2, 20, "per_page",
    )  # fmt: skip
    assert not QueryAddress(API_QUERY_ADDRESS).has(json_facts.PAGE)


def test_the_next_page_and_the_next_items_are_counted_on_and_all_else_stays():
    assert QueryAddress(f"{API_QUERY_ADDRESS}?page=2&q=cook").turn_page() == f"{API_QUERY_ADDRESS}?page=3&q=cook"
    assert QueryAddress(f"{API_QUERY_ADDRESS}?from=40&size=20").move_by(20) == f"{API_QUERY_ADDRESS}?from=60&size=20"
    assert QueryAddress(f"{API_QUERY_ADDRESS}?q=cook").turn_page() is None
    assert QueryAddress(f"{API_QUERY_ADDRESS}?q=cook").move_by(20) is None


def test_a_number_too_long_to_be_a_page_is_not_counted_on():
    assert QueryAddress(f"{API_QUERY_ADDRESS}?page=123456789012").turn_page() is None


@pytest.mark.parametrize(
    ("url", "turn", "following"),
    [
        (f"{API_QUERY_ADDRESS}/page/2", 2, f"{API_QUERY_ADDRESS}/page/3"),
        (f"{API_QUERY_ADDRESS}/2", 2, f"{API_QUERY_ADDRESS}/3"),
        (f"{API_QUERY_ADDRESS}/2026", 2, None),
        (API_QUERY_ADDRESS, 2, None),
    ],
)
def test_the_number_at_the_end_of_a_path_is_counted_when_it_is_a_pages(url, turn, following):
    assert QueryAddress(url).path_turned(turn) == following


def test_a_parameter_is_added_once():
    assert QueryAddress(f"{API_QUERY_ADDRESS}?q=cook").add("page", 2) == f"{API_QUERY_ADDRESS}?q=cook&page=2"
    assert QueryAddress(f"{API_QUERY_ADDRESS}?page=1").add("page", 2) is None


def test_values_replace_those_of_the_same_names():
    assert (
        QueryAddress(f"{API_QUERY_ADDRESS}?page=1&q=a").set_values({"page": 2, "size": 20})
        == f"{API_QUERY_ADDRESS}?page=2&q=a&size=20"
    )


def test_the_variables_of_a_graphql_question_are_counted_on():
    address = QueryAddress(f"{API_QUERY_ADDRESS}?variables=%7B%22after%22%3A%22a%22%7D").replace(json_facts.CURSOR, "b")
    assert address == f"{API_QUERY_ADDRESS}?variables=%7B%22after%22%3A%22b%22%7D"
    assert QueryAddress(f"{API_QUERY_ADDRESS}?variables=%7B").replace(json_facts.CURSOR, "b") is None
