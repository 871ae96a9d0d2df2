"""An advert keeps its identity whatever a visit adds to its address, and two adverts are never taken for one."""

import secrets
from typing import Any

import pytest

from crawlers.evidence.partition import read_postings
from foundation.url_identity import DEFAULT, UrlIdentity, is_same_page

HEX = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://b.example/job/7?utm_source=x&utm_medium=y", "https://b.example/job/7"),
        ("https://b.example/job?id=7&fbclid=IwAR0&gclid=Cj0", "https://b.example/job?id=7"),
        (f"https://b.example/view.php?id=7&PHPSESSID={HEX}", "https://b.example/view.php?id=7"),
        (f"https://b.example/job/7;jsessionid={HEX}.node1?lang=vi", "https://b.example/job/7?lang=vi"),
        ("https://b.example/job.do?JSESSIONID=A1&id=7", "https://b.example/job.do?id=7"),
        (f"https://b.example/viewtopic.php?t=7&sid={HEX}", "https://b.example/viewtopic.php?t=7"),
        ("https://b.example/job/7?sid=5f3a9c01", "https://b.example/job/7"),
        (f"https://b.example/showthread.php?s={HEX}&t=7", "https://b.example/showthread.php?t=7"),
        (
            "https://b.example/job/81234567?type=standard&ref=search-standalone&origin=cardTitle#sol=90ab",
            "https://b.example/job/81234567?type=standard",
        ),
        ("https://b.example/nhan-vien-ban-hang?ref=homepage", "https://b.example/nhan-vien-ban-hang"),
        ("HTTPS://B.example/Job/7#apply", "https://b.example/Job/7"),
        (f"https://b.example/jobs?page=2&sid={HEX}", "https://b.example/jobs?page=2"),
    ],
)
def test_what_names_a_visit_is_left_out(address: str, page: str) -> None:
    assert DEFAULT.page(address) == page
    assert DEFAULT.page(page) == page


@pytest.mark.parametrize("address", [
    "https://b.example/job?id={}", "https://b.example/view.php?sid={}", "https://b.example/view.php?page=1&sid={}",
    f"https://b.example/view.php?sid={HEX[:-2]}{{}}", "https://b.example/company/12?sid={}", "https://b.example/job?ref={}",
    "https://b.example/company/12?ref=AB-{}", "https://b.example/company/12?ref=cashier",
    "https://b.example/job?origin=search&no={}", "https://b.example/?s={}", "https://b.example/v2/job?session={}",
    "https://b.example/jobs?q=seller&city={}&sid=abcdef12",
])  # fmt: skip
def test_adverts_whose_number_lies_in_the_query_stay_distinct(address: str) -> None:
    assert len({DEFAULT.key(address.format(number)) for number in (10, 11, 12)}) == (3 if "{}" in address else 1)
    assert DEFAULT.page(address.format(10)).count("?") == 1


def test_a_source_adds_to_the_rule_and_takes_from_it() -> None:
    """Names in any case, with * for all that begin so; what is kept is kept before anything else."""
    rule = UrlIdentity(drop=("View_*", "lang"), keep=("utm_id", "ref"))
    assert rule.page("https://b.example/job/7?view_from=a&LANG=vi&utm_id=3&utm_source=x&ref=search") == (
        "https://b.example/job/7?utm_id=3&ref=search"
    )


def test_a_part_of_a_page_keeps_its_place_and_a_search_token_is_none() -> None:
    assert DEFAULT.item("https://b.example/list?utm_source=x#advert-3") == "https://b.example/list#advert-3"
    assert DEFAULT.item("https://b.example/job/7#sol=90ab") == "https://b.example/job/7"
    assert DEFAULT.item("https://b.example/job/7#:~:text=cook") == "https://b.example/job/7"


def test_spellings_of_one_page_have_one_key() -> None:
    same = ("?b=2&a=1", "?a=1&b=2", "?a=1&b=2#apply", "?%61=1&b=2&utm_source=x")
    assert len({DEFAULT.key(f"https://b.example/job{rest}") for rest in same}) == 1
    assert DEFAULT.key("https://b.example/a/b.html") == "https://b.example/a/b.html"


@pytest.mark.parametrize("visit", [
    "/job/{n}?sid={hex}", "/job.php?id={n}&sid={hex}", "/job/{n};jsessionid={hex}", "/job.php?utm_content={hex}&id={n}",
    "/job.php?PHPSESSID={hex}&id={n}",
])  # fmt: skip
def test_a_board_that_changes_its_session_with_each_request_has_no_new_adverts(
    site: Any, source_of: Any, crawled: Any, pages: Any, visit: str
) -> None:
    """The second run asks for every page on condition, and gets none again."""
    for number in range(8):
        plain = DEFAULT.page(site.url + visit.format(n=number, hex=HEX)).removeprefix(site.url)
        site.pages[plain] = pages.job(number)

    def listed(_: dict[str, str]) -> str:
        addresses = [visit.format(n=number, hex=secrets.token_hex(16)) for number in range(8)]
        return "".join(f'<a class="job" href="{one.replace("&", "&amp;")}">job</a>' for one in addresses)

    answer = site.answer
    site.answer = lambda path, headers: answer(DEFAULT.page(site.url + path).removeprefix(site.url), headers)
    site.pages["/list/1"] = listed
    first_address, _ = crawled(source_of())
    site.hits.clear()
    address, second = crawled(source_of())
    assert (second.counters.get("known/unchanged"), second.counters.get("page/unchanged")) == (8, 8)
    assert {one.id for one in read_postings(address)} == {one.id for one in read_postings(first_address)}
    assert len({one.id for one in read_postings(address)}) == 8


def test_a_parameter_named_in_the_source_file_is_left_out_everywhere(site: Any, source_of: Any, crawled: Any, pages: Any) -> None:
    site.pages |= {f"/job/{n}?visit={run}": pages.job(n) for n in range(3) for run in (1, 2)}
    source = source_of(parameters={"drop": ["visit"]})
    for run in (1, 2):
        site.pages["/list/1"] = "".join(f'<a class="job" href="/job/{n}?visit={run}">job</a>' for n in range(3))
        address, report = crawled(source)
    assert report.counters["known/unchanged"] == 3
    assert {one.url for one in read_postings(address)} == {f"{site.url}/job/{n}" for n in range(3)}


@pytest.mark.parametrize(
    ("url", "claimed", "same"),
    [
        ("/jobs/7?pos=3&list=2", "/jobs/7", True), ("/jobs/old-title-7", "/jobs/new-title-7", True),
        ("/view.php?id=7", "/jobs/cook-7.html", True), ("/view.php?id=7&pos=12", "/view.php?id=7", True),
        ("/jobs/cook-in-hue/amp/", "/jobs/cook-in-hue/", True), ("/m/jobs/cook-in-hue", "/jobs/cook-in-hue.html", True),
        ("/jobs/cook-in-hue", "/jobs/cook-in-hue-7", True), ("/jobs?page=2", "/jobs", True), ("/", "/home", True),
        ("/2026/11/cook-in-hue/", "/cook-in-hue/", True), ("/jobs/7", "/", False), ("/jobs/7", "/jobs", False),
        ("/jobs/7", "/jobs/1", False), ("/jobs/cook-in-hue", "/", False), ("/jobs/cook-in-hue", "/jobs/baker-in-hue", False),
        ("/jobs/cook-in-hue", "/jobs", False), ("/view.php?id=7", "/view.php", False),
        ("/view.php?id=7", "/view.php?id=1", False), ("/view.php?id=7", "/", False),
        ("/2026/11/cook-in-hue/", "/2026/11/baker-in-hue/", False), ("/jobs/7/apply", "/jobs", False),
    ],
)  # fmt: skip
def test_a_page_is_known_by_another_address_only_where_both_name_the_same(url: str, claimed: str, same: bool) -> None:
    """A template that prints one address on every page would make one advert of all."""
    assert is_same_page(f"https://b.example{url}", f"https://b.example{claimed}") is same
