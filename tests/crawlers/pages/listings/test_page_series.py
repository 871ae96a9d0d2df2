"""An address continues a list when one number of it is changed or added, whatever its words say."""

import pytest

from crawlers.pages.listings.page_series import series_step

SITE = "https://board.example.org"


@pytest.mark.parametrize(
    ("here", "address", "ahead", "counts"),
    [
        ("/jobs", "/jobs?page=2", 1, "pages"),
        ("/jobs?page=2", "/jobs?page=3", 1, "pages"),
        ("/jobs?page=3", "/jobs", -2, "pages"),
        ("/jobs?start=0", "/jobs?start=20", 20, "items"),
        ("/jobs", "/jobs?cursor=abc", 1, "pages"),
        ("/jobs", "/jobs/page/2/", 1, "pages"),
        ("/cta/", "/cta/index100.html", 99, "pages"),
        ("/cta/index100.html", "/cta/index200.html", 100, "pages"),
        ("/viec-lam/trang-2", "/viec-lam/trang-3", 1, "pages"),
    ],
)
def test_the_next_part_of_a_list_is_known_by_its_address(here, address, ahead, counts):
    step = series_step(SITE + here, SITE + address)
    assert step is not None
    assert (step.ahead, step.counts) == (ahead, counts)


@pytest.mark.parametrize(
    ("here", "address"),
    [
        ("/jobs", "/about"),
        ("/jobs?page=1", "/jobs?page=2&sort=new"),
        ("/jobs?q=a", "/jobs?q=b"),
        ("/jobs", "/jobs?csrf_token=12ab"),
        ("/jobs", "/jobs?since=2026"),
    ],
)
def test_another_page_of_the_site_is_no_part_of_the_list(here, address):
    step = series_step(SITE + here, SITE + address)
    assert step is None or step.counts == "anything"


def test_another_site_is_no_part_of_the_list():
    assert series_step(f"{SITE}/jobs", "https://other.example.org/jobs?page=2") is None
    assert series_step(f"{SITE}/jobs", "https://www.board.example.org/jobs?page=2") is not None


def test_what_is_no_address_is_no_part_of_a_list():
    assert series_step(f"{SITE}/jobs", "https://[::1/jobs") is None
