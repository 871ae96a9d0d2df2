"""Which addresses a pattern takes, that none can cost more than the address is long, and what a source does with them."""

from typing import Any

import pytest

from foundation.address_patterns import PatternRefused, compile_pattern, is_allowed, matches
from tests.growth import LIMIT, MORE, growth

JOB = "https://jobs.board.example/viec-lam/dau-bep-12345.html?from=list"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("/viec-lam/*", True), ("/viec-lam/*.html", False), ("/viec-lam/*.html?from=*", True), ("*/viec-lam/*", True),
        ("https://jobs.board.example/*", True), ("/cong-ty/*", False), (r"re:-\d{4,}\.html", True), (r"re:^/viec-lam", False),
        ("/viec-lam/dau.bep*", False),
    ],
)  # fmt: skip
def test_a_pattern_takes_whole_addresses_and_an_expression_any_part(pattern: str, expected: bool) -> None:
    assert matches(pattern, JOB) is expected


def test_include_and_exclude_work_together() -> None:
    assert is_allowed(JOB, (), ())
    assert is_allowed(JOB, ("/viec-lam/*",), ("/cong-ty/*",))
    assert not is_allowed(JOB, ("/cong-ty/*",), ())
    assert not is_allowed(JOB, ("/viec-lam/*",), ("*from=list",))


@pytest.mark.parametrize("pattern", ["", "x" * 301, "jobs/*", "re:(", r"re:(a)\1", "re:(?=a)", "re:(((a{100}){100}){100})"])
def test_a_pattern_that_cannot_be_used_is_refused_with_a_fix(pattern: str) -> None:
    with pytest.raises(PatternRefused, match=r"shorten|write|RE2"):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["re:(a*)*b", "re:(a|a)*$x", "*a*a*a*a*a*a*a*a*b", "/" + "*a" * 40 + "*b"])
def test_no_pattern_costs_more_than_the_address_is_long(pattern: str) -> None:
    """Patterns and addresses that make backtracking matchers run for ever."""
    small, large = ("https://x.example/" + "a" * length for length in (50_000, 50_000 * MORE))
    assert not matches(pattern, large)
    assert growth(lambda address: matches(pattern, address), small, large) <= LIMIT


def test_a_board_reads_what_its_patterns_let_through(site: Any, source_of: Any, crawled: Any, pages: Any) -> None:
    """The others are counted, are not asked for, and are not missing: they were left out on purpose."""
    pages.board(site, 9, per_page=3)
    rest = "<p>9 jobs found</p></body>"
    site.pages["/list/1"] = site.pages["/list/1"].replace("</body>", rest)
    _, report = crawled(source_of(include=["/job/*"], exclude=[r"re:/job/[02468]$"]))
    assert (report.state, report.parsed, report.counters["drop/patterns"]) == ("ok", 4, 5)
    assert sorted(path for path in site.hits if path.startswith("/job/")) == [f"/job/{n}" for n in (1, 3, 5, 7)]
