"""An address that counts the pages or items of a list, and the addresses beside it."""

import pytest

from crawlers.pages.listings import json_facts
from crawlers.pages.listings.query_address import QueryAddress

API = "https://api.example.org/jobs"


def test_it_says_what_it_counts():
    address = QueryAddress(f"{API}?page=2&per_page=20&q=cook")
    assert (address.has(json_facts.PAGE), address.number(json_facts.PAGE), address.size, address.size_name) == (
        True,
        2,
        20,
        "per_page",
    )
    assert not QueryAddress(API).has(json_facts.PAGE)


def test_the_next_page_and_the_next_items_are_counted_on_and_all_else_stays():
    assert QueryAddress(f"{API}?page=2&q=cook").turn_page() == f"{API}?page=3&q=cook"
    assert QueryAddress(f"{API}?from=40&size=20").move_by(20) == f"{API}?from=60&size=20"
    assert QueryAddress(f"{API}?q=cook").turn_page() is None
    assert QueryAddress(f"{API}?q=cook").move_by(20) is None


def test_a_number_too_long_to_be_a_page_is_not_counted_on():
    assert QueryAddress(f"{API}?page=123456789012").turn_page() is None


@pytest.mark.parametrize(
    ("url", "turn", "following"),
    [(f"{API}/page/2", 2, f"{API}/page/3"), (f"{API}/2", 2, f"{API}/3"), (f"{API}/2026", 2, None), (API, 2, None)],
)
def test_the_number_at_the_end_of_a_path_is_counted_when_it_is_a_pages(url, turn, following):
    assert QueryAddress(url).path_turned(turn) == following


def test_a_parameter_is_added_once():
    assert QueryAddress(f"{API}?q=cook").add("page", 2) == f"{API}?q=cook&page=2"
    assert QueryAddress(f"{API}?page=1").add("page", 2) is None


def test_values_replace_those_of_the_same_names():
    assert QueryAddress(f"{API}?page=1&q=a").set_values({"page": 2, "size": 20}) == f"{API}?page=2&q=a&size=20"


def test_the_variables_of_a_graphql_question_are_counted_on():
    address = QueryAddress(f"{API}?variables=%7B%22after%22%3A%22a%22%7D").replace(json_facts.CURSOR, "b")
    assert address == f"{API}?variables=%7B%22after%22%3A%22b%22%7D"
    assert QueryAddress(f"{API}?variables=%7B").replace(json_facts.CURSOR, "b") is None
