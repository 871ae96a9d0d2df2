"""The navigation: every page under exactly one section, shown by right alone."""

import re

import pytest

from desk.people.roles import RIGHTS
from desk.web.sections import QUEUES, SECTIONS, page_of
from tests.desk.web.test_routes import OPEN, TABLE

APART = (
    "/account",
    "/account/factor",
    "/session",
    "/login",
    "/healthz",
    "/metrics",
    "/unsubscribe/{token}",
    "/answer/{token}",
    "/feed/{token}",
)
"""Pages of no section: one's own account, what nobody need log in for, and what no person reads."""
PAGES = [path for (method, path) in TABLE if method == "GET" and path not in APART]


def test_the_sections_are_the_six_of_the_desk():
    names = [str(section.name) for section in SECTIONS]
    assert names == ["Triage", "Search", "Campaigns", "Lists", "Collection", "Admin"]
    assert not [str(title) for title, _ in QUEUES.values() if str(title).startswith(tuple(names))], "two things of one name"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_under_exactly_one_page_of_the_navigation(path):
    holding = [page.address for section in SECTIONS for page in section.pages if page.holds(path)]
    assert len(holding) == 1, holding


def test_what_the_navigation_leads_to_exists_and_asks_the_right_it_names():
    named = {page.address: page.right for section in SECTIONS for page in section.pages}
    assert {path: TABLE[("GET", path)] for path in named} == named
    assert all(page_of(path) is None for path in APART)
    assert OPEN not in named.values()


@pytest.mark.parametrize("role", RIGHTS)
def test_a_person_sees_what_the_role_may_open(login, role):
    page = login(role if role != "analyst" else "minh").page("/")
    shown = re.search('<nav aria-label="Main">(.*?)</nav>', page, re.DOTALL)[1]
    wanted = [section.name for section in SECTIONS if any(each.right in RIGHTS[role] for each in section.pages)]
    assert re.findall(r"<a [^>]*>([A-Z][a-z]+)", shown) == wanted


def test_the_page_that_is_open_is_named_in_both_lines(login):
    page = login("lead").page("/audit")
    assert re.findall('aria-current="(\\w+)">([^<]+)<', page) == [("true", "Admin"), ("page", "Audit log")]
    assert ">People</a>" in page and ">People</a>" not in login("operator").page("/audit")
