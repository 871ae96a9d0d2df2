"""Lists that a script fetches as HTML inside JSON are read like pages."""

import json

import pytest

from crawlers.pages import fragment
from crawlers.pages.document import PageDocument

URL = "https://board.example.org/jm-ajax/get_listings/?per_page=8&page=1"
CARD = '<li class="job_listing"><a href="/job/cook/"><h3>Cook</h3></a></li>'


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"found_jobs": True, "html": CARD, "max_num_pages": 4}),
        "<!--WPJM-->" + json.dumps({"html": CARD, "max_num_pages": 4}) + "<!--WPJM_END-->",
        json.dumps({"success": True, "data": {"html": CARD, "max_num_pages": 4}}),
        json.dumps({"content": CARD, "total_pages": 4}),
    ],
)
def test_html_in_json_is_opened_and_leads_on(text: str) -> None:
    """WP Job Manager of today and before 1.30, ``wp_send_json_success``, a theme of its own."""
    part = fragment.open_fragment(text, URL)
    assert part is not None
    assert (part.html, part.extent.pages, part.extent.following) == (CARD, 4, URL.replace("page=1", "page=2"))


@pytest.mark.parametrize(
    "text", ["<html><body>x</body></html>", "{broken", '{"html": "plain words"}', '{"data": [{"html": 1}]}', "[1]"]
)
def test_other_answers_are_left_alone(text: str) -> None:
    """Pages, broken JSON, JSON of items."""
    assert fragment.open_fragment(text, URL) is None


def test_a_page_says_where_its_script_fetches_the_list() -> None:
    """With the number of adverts and the order that the page asks for."""
    script = '<script>var job_manager_ajax_filters = {"ajax_url":"\\/jm-ajax\\/%%endpoint%%\\/","is_rtl":""};</script>'
    holder = '<div class="job_listings" data-per_page="8" data-orderby="featured" data-order="DESC"></div>'
    page = PageDocument(f"<html><body>{script}{holder}</body></html>", "https://board.example.org/jobs/")
    assert fragment.endpoint(page) == URL.replace("per_page=8", "per_page=8&orderby=featured&order=DESC")
    assert fragment.endpoint(PageDocument(f"<html><body>{script}</body></html>", "https://board.example.org/")) is None
