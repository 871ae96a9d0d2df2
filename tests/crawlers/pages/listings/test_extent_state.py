"""What a page tells search engines and its own script of the size of its list."""

import json

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.listings import extent_state

JOBS = [{"id": 1}, {"id": 2}]


def document(state: object) -> PageDocument:
    text = state if isinstance(state, str) else json.dumps(state)
    return PageDocument(f'<script type="application/json">{text}</script>', "https://board.example.org/jobs")


def test_the_total_beside_the_list_that_is_shown_counts() -> None:
    assert extent_state.read_state_extent(document({"a": {"jobs": JOBS, "totalCount": 9}}), 2).total == 9
    assert (
        extent_state.read_state_extent(document({"a": {"jobs": JOBS, "pageInfo": {"hasNextPage": True}}}), 2).more
        == "hasNextPage"
    )


@pytest.mark.parametrize(
    "state", [{"jobs": [*JOBS, {}], "total": 9}, {"jobs": JOBS, "total": 1}, "{total", "[" * 100_000 + "total"]
)
def test_other_lists_and_broken_states_say_nothing(state: object) -> None:
    said = extent_state.read_state_extent(document(state), 2)
    assert (said.total, said.more, said.pages) == (None, "", None)


def test_the_length_of_the_one_item_list_counts() -> None:
    page = PageDocument('<script>{"@type":"ItemList","numberOfItems":12}</script>', "")
    assert extent_state.read_state_extent(page, 5).total == 12
