"""The pattern of an item's address is bound to written-out hosts, has an end, and takes no page that every site has."""

import time

import pytest

from crawlers.sources.item_pattern import ItemPatternRefused, compile_pattern, hosts_of, item_pattern, plain_address
from crawlers.sources.source import load_source
from foundation.crawl_errors import SourceError

B = r"^https://board\.example\.org"
GOOD = {
    B + r"/jobs/\d+$": ["board.example.org"],
    B + r"/jobs/[^/?#]+-\d+\.html$": ["board.example.org"],
    r"^https?://(?:(?:www|vn)\.)?board\.(?:com|co\.id)/job/\d+$": [
        *("board.co.id", "board.com", "vn.board.co.id", "vn.board.com", "www.board.co.id", "www.board.com")
    ],
    r"^https://a-b\.example/(?!search$|login$|about$|jobs$)[a-z0-9-]+$": ["a-b.example"],
    r"^http://127\.0\.0\.1:\d{4,5}/#j\d+$": ["127.0.0.1"],
    r"^https://t\.me/[a-z]{4,31}/\d+$": ["t.me"],
    B + r"/view\?id=\d+$": ["board.example.org"],
}
BAD = {
    "": "begin it with", "^http": "begin it with", "https://board.example.org/jobs/1": "begin it with", B: "end it with",
    B + "$": "a host alone", B + r"/jobs/\d+": "end it with", B + r"/jobs/\d+\$": "end it with",
    B + r"/jobs/\d+[$]": "end it with", B + r"/jobs/\d+(?:$|/.*)": "end it with",
    B + r"/jobs/\d+$|^https://evil\.example/$": "alternative outside brackets",
    B + r"/jobs/\d+|.*$": "alternative outside brackets", B + r"/.*$": "takes slashes too", B + r"/jobs/.+$": "takes slashes too",
    B + r"/jobs/\S+$": "takes slashes too", B + r"/jobs/[^?#]+$": "takes slashes too", B + r"/[^/?#]+$": "takes /search of",
    B + r"/[a-z]+/[a-z]+$": "takes /category/jobs of", B + r"/jobs/[^/?#]*$": "takes /jobs/ of",
    B + r"/(?:jobs/\d+)?$": "takes / of", "^https://board.example.org/jobs/1$": "not written out",
    r"^https?://[^/]+/jobs/\d+$": "not written out", r"^https://[a-z.]*board\.example/jobs/\d+$": "not written out",
    r"^https://.*\.example\.org/jobs/\d+$": "not written out", r"^https://\w+\.example\.org/jobs/\d+$": "not written out",
    r"^https://(?:[a-z]+\.)?example\.org/jobs/\d+$": "not written out",
    r"^https://x@board\.example\.org/jobs/\d+$": "not written out",
    r"^https://" + r"(?:a|b|c|d|e|f|g|h)" * 4 + r"\.example/j/\d+$": "more than 200 hosts", B + "/jobs/[": "not a pattern",
    B + "/" + "a" * 2000 + "$": "in at most 1,000 characters",
}  # fmt: skip


@pytest.mark.parametrize("pattern", GOOD)
def test_a_pattern_of_items_is_taken_with_its_hosts(pattern):
    assert item_pattern(pattern) == pattern
    assert list(hosts_of(pattern)) == GOOD[pattern]


@pytest.mark.parametrize("pattern", BAD)
def test_a_pattern_that_takes_more_than_items_is_refused_with_the_fix(pattern):
    with pytest.raises(ItemPatternRefused, match=BAD[pattern]):
        item_pattern(pattern)


def test_digits_are_those_of_ascii_and_a_line_break_is_no_end():
    pattern = compile_pattern(B + r"/jobs/\d+$")
    assert pattern.fullmatch("https://board.example.org/jobs/12")
    assert not pattern.fullmatch("https://board.example.org/jobs/١٢")
    assert not pattern.fullmatch("https://board.example.org/jobs/12\n")


@pytest.mark.parametrize(("address", "plain"), [
    ("http://WWW.Board.example/jobs/%61%2D1/?utm_source=x&id=7&id2=8#top", "https://board.example/jobs/a-1?id=7"),
    ("https://m.board.example/jobs/7", "https://board.example/jobs/7"), ("https://m.example/jobs/7", "https://m.example/jobs/7"),
    ("https://board.example:443/view?z=1&id=7&theater", "https://board.example/view?id=7&z=1"),
    ("https://board.example/#!/jobs/7?id=8", "https://board.example/jobs/7?id=8"),
    ("https://board.example/?hl=vi#%2Fview%3Fid%3D7", "https://board.example/view?id=7"),
    ("https://board.example/việc-làm/7", "https://board.example/vi%E1%BB%87c-l%C3%A0m/7"),
    ("https://board.example/view?id=7&id=8", "https://board.example/view?id=7&id=8"),
    ("https://board.example/view?%69d=8&id=7", "https://board.example/view?id=7&id=8"),
])  # fmt: skip
def test_all_spellings_of_an_address_become_one_and_two_named_items_stay_two(address, plain):
    assert plain_address(address, ("#", "id", "z")) == plain


@pytest.mark.parametrize("address", [
    "http://board.example:443/jobs/7", "https://board.example:8443/jobs/7", "https://board.example:99999/jobs/7",
    "https://board.example//jobs/7", "https://board.example/x/../jobs/7", "https://board.example/x/%2e%2E/jobs/7",
    "https://board.example/x%2Fjobs/7", "https://board.example/x%5Cjobs/7", "https://board.example/jobs/7%00",
    "https://board.example/#!//evil.example/7", "https://board。example/jobs/7", "https://bоard.example/jobs/7",
])  # fmt: skip
def test_an_address_that_programs_read_differently_is_none(address):
    assert plain_address(address, ("#",)) == ""


def test_a_fragment_is_a_path_only_where_a_platform_says_so():
    assert plain_address("https://board.example/#!/jobs/7", ()) == "https://board.example/"


@pytest.mark.parametrize(
    ("route", "says"),
    [
        (r"{contact: a@board.example.org, format: csv}", r"x_board\.yml:6: operator\.takedown: a contact without item; write"),
        (r"{contact: a@board.example.org, item: '^https://board\.example\.org/jobs/\d+'}", r"x_board\.yml:6: .*end it with \$"),
        (r"{contact: a@board.example.org, item: '^https?://[^/]+/[^?#]*[^/?#]$'}", r"x_board\.yml:6: .*not written out"),
        (r"{contact: a@board.example.org, item: '^https://other\.example\.com/jobs/\d+$'}", r"x_board\.yml:6: .*lies outside"),
        (
            r"{contact: a@board.example.org, item: '^https://(?:board\.example\.org|t\.me)/jobs/\d+$'}",
            r"x_board\.yml:6: .*https://t\.me/ lies outside",
        ),
    ],
)
def test_a_source_that_is_its_own_receiver_says_how_its_items_look(tmp_path, route, says):
    text = "title: X\nsummary: x\nkind: job_board\noperator:\n  name: X\n  takedown: ROUTE\n  url: https://board.example.org/\n"
    text += 'crawl: {spider: board, start: ["https://board.example.org/"]}\n'
    (tmp_path / "x_board.yml").write_text(text.replace("ROUTE", route))
    with pytest.raises(SourceError, match=says):
        load_source(tmp_path / "x_board.yml")
    good = r"{contact: a@board.example.org, item: '^https://(?:www\.)?board\.example\.org/jobs/\d+$'}"
    (tmp_path / "x_board.yml").write_text(text.replace("ROUTE", good))
    assert load_source(tmp_path / "x_board.yml").operator.takedown.contact == "a@board.example.org"


def test_no_pattern_takes_longer_than_its_address_is_long() -> None:
    """A backtracking matcher takes hours over this one."""
    pattern = r"^https://board\.example\.org/(?!login)(?:[a-z]+)+\d$"
    address = f"https://board.example.org/{'a' * 50_000}"
    began = time.process_time()
    assert not compile_pattern(item_pattern(pattern)).fullmatch(address) and compile_pattern(pattern).fullmatch(f"{address}1")
    assert not compile_pattern(pattern).fullmatch("https://board.example.org/logins1")
    assert time.process_time() - began < 2


@pytest.mark.parametrize("path", [r"(?=jobs)\d+", r"(\d)\1", r"jobs(?:/(?!x)\d+|-\d+)", r"(?<!x)\d+", r"\d{1,100000}"])
def test_what_re2_does_not_take_is_refused(path: str) -> None:
    with pytest.raises(ItemPatternRefused, match="RE2"):
        item_pattern(rf"^https://board\.example\.org/{path}$")
