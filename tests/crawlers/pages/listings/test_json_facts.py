"""Names beside the items of an answer are read by their shape, whatever product writes them."""

import pytest

from crawlers.pages.listings.json_facts import (
    CONTINUES,
    MORE,
    NEXT,
    PAGES,
    TOTAL,
    Facts,
    answer_facts,
    count_of,
    header_facts,
    parameter_name,
    plain_name,
)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("hydra:totalItems", "totalitems"), ("total_items", "totalitems"), ("X-Total-Items", "xtotalitems"),
        ("@odata.nextLink", "nextlink"), (7, "7"),
    ],
)  # fmt: skip
def test_a_name_is_read_without_its_namespace_and_what_joins_its_words(written, plain):
    assert plain_name(written) == plain


@pytest.mark.parametrize(("written", "plain"), [("page[offset]", "offset"), ("page[number]", "page"), ("pageSize", "pagesize")])
def test_a_parameter_in_brackets_is_named_by_what_it_counts(written, plain):
    assert parameter_name(written) == plain


@pytest.mark.parametrize(
    ("value", "count"),
    [("24", 24), (24.0, 24), ({"value": 24}, 24), ({"$t": "24"}, 24), (True, None), ("many", None), (-1, None), (None, None)],
)
def test_a_count_is_a_number_however_it_is_wrapped(value, count):
    assert count_of(value) == count


def test_the_nearest_total_is_asked_first():
    answer = {"total": 900, "data": {"jobs": [1, 2], "totalCount": 24, "pageInfo": {"hasNextPage": True, "endCursor": "x"}}}
    facts = Facts(answer_facts(answer, "data.jobs"))
    (fact, total) = facts.count(TOTAL)
    assert (fact.path, total) == (("data", "totalCount"), 24)
    assert [fact.value for fact in facts.all_named(MORE)] == [True]
    assert [fact.value for fact in facts.all_named(CONTINUES)] == ["x"]


def test_a_link_of_the_relation_next_is_a_next_address():
    facts = Facts(answer_facts({"items": [], "links": [{"rel": "self", "href": "/1"}, {"rel": "next", "href": "/2"}]}, "items"))
    assert [fact.value["href"] for fact in facts.all_named(NEXT)] == ["/2"]


def test_an_object_that_speaks_of_something_else_is_left_alone():
    facts = Facts(answer_facts({"items": [], "company": {"name": "Board", "employees": {"total": 40}}}, "items"))
    assert facts.count(TOTAL) is None


def test_a_deep_and_wide_answer_is_read_within_bounds():
    answer = {"items": [], "meta": {str(number): {"page": {"total": number}} for number in range(5000)}}
    assert sum(1 for _ in answer_facts(answer, "items")) < 20_000


@pytest.mark.parametrize(
    ("headers", "kind", "value"),
    [
        ({"x-wp-totalpages": "3"}, PAGES, 3), ({"x-total-count": "24"}, TOTAL, 24),
        ({"x-pagination": '{"totalCount": 24}'}, TOTAL, 24), ({"content-range": "items 0-7/24"}, TOTAL, 24),
    ],
)  # fmt: skip
def test_headers_say_it_too(headers, kind, value):
    found = Facts(header_facts(headers)).count(kind)
    assert found is not None
    assert found[1] == value


def test_a_header_that_is_no_json_says_nothing():
    assert list(header_facts({"x-pagination": '{"total": '})) == []
