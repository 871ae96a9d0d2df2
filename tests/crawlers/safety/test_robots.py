"""robots.txt is read as RFC 9309 and the suites of others read it."""

import json
from pathlib import Path

import pytest

from crawlers.fetch.robots_rules import parse, product_token, unavailable, unreachable
from tests.growth import LIMIT, MORE, growth


@pytest.mark.parametrize(
    ("body", "url", "allowed"),
    [
        ("User-agent: LureWatch/2.1 (x)\nDisallow: /", "/x", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: LureWatch\n", "/x", True),
        ("User-agent: *\nDisallow: /a\nSitemap: https://a.example/s.xml\nDisallow: /b", "/b", False),
        ("User-agent: *\nCrawl-delay: 5\nUser-agent: LureWatch\nDisallow: /b", "/b", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /p*/x$", "/pq/x", False),
        ("User-agent: *\nDisallow: /p*/x$", "/pq/x?y", True),
        ("User-agent: *\nDisallow: /*?sort=", "/jobs?sort=new", False),
        ("User-agent: *\nDisallow /nocolon", "/nocolon", False),
        ("User-agent: *\nDisalow: /typo", "/typo", False),
        ("User-agent: *\nDisallow: /a%3cb", "/a%3Cb", False),
        ("User-agent: *\nDisallow: /a # why", "/a", False),
        ("User-agent: *\nDisallow: /search", "/robots.txt", True),
        ("Disallow: /nobody", "/nobody", True),
        ("User-agent: *\nDisallow: /\x00a", "/a", True),
        ("User-agent: *\nAllow: /foo/bar/%62%61%7A\nDisallow: /", "/foo/bar/baz", False),
        ("User-agent: *\nDisallow: /fu%6Fbar", "/fuobar", False),
    ],
)
def test_rules(body: str, url: str, allowed: bool) -> None:
    assert parse(body.encode(), "LureWatch").decision(f"http://a.example{url}").allowed is allowed


def test_the_decision_names_its_rule() -> None:
    rules = parse(b"User-agent: *\nDisallow: /private\n", "LureWatch")
    assert str(rules.decision("http://a.example/private/1")) == "denied: Disallow: /private"
    assert str(rules.decision("http://a.example/")) == "allowed: no rule matches"
    assert str(unavailable("404").decision("http://a.example/")) == "allowed: no robots.txt (404)"
    assert str(unreachable("503").decision("http://a.example/")) == "denied: robots.txt unreachable (503)"


@pytest.mark.parametrize(
    ("value", "seconds"), [("5", 5.0), ("0.5", 0.5), ("soon", None), ("-1", None), ("inf", None), ("nan", None)]
)
def test_crawl_delay(value: str, seconds: float | None) -> None:
    assert parse(f"User-agent: *\nCrawl-delay: {value}\nDisallow:".encode(), "LureWatch").crawl_delay == seconds


def test_our_own_crawl_delay_stands_before_everyones() -> None:
    body = b"User-agent: *\nCrawl-delay: 9\nDisallow: /x\n\nUser-agent: lurewatch\nCrawl-delay: 2\nDisallow: /y\n"
    assert parse(body, "LureWatch").crawl_delay == 2.0


def test_sitemaps_are_named() -> None:
    assert parse(b"Sitemap: https://a.example/s.xml\n", "LureWatch").sitemaps == ("https://a.example/s.xml",)


def test_the_product_token_is_what_a_user_agent_begins_with() -> None:
    assert product_token("LureWatch/0.1 (+https://lurewatch.example.org/bot)") == "lurewatch"


def test_a_hostile_file_is_read_in_linear_time() -> None:
    def body(share: int) -> bytes:
        stars, rules = 8000 // share, 10_000 // share
        return b"User-agent: *\n" + b"Disallow: /" + b"*a" * stars + b"b\n" + b"Disallow: /*a*a*a*a*a*a*b\n" * rules

    def read(file: bytes) -> None:
        parse(file, "LureWatch").decision("http://a.example/" + "a" * 2000)

    assert growth(read, body(MORE), body(1)) <= LIMIT


def test_the_published_suite(shared_data: Path) -> None:
    lines = (shared_data / "suites" / "robots_rfc9309.jsonl").read_text("utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    wrong = [
        case
        for case in cases
        if parse(case["robots_txt"].encode(), case["user_agent"]).decision(case["url"]).allowed != case["allowed"]
    ]
    assert len(cases) >= 19
    assert wrong == []


def test_real_files(shared_data: Path) -> None:
    found = {path.name: parse(path.read_bytes(), "LureWatch") for path in (shared_data / "suites" / "robots_real").iterdir()}
    assert not found["www.bdjobs.com.txt"].decision("https://www.bdjobs.com/jobs").allowed
    assert found["twitter.com.txt"].crawl_delay == 1.0
    assert found["www.hotnigerianjobs.com.txt"].decision("http://www.hotnigerianjobs.com/x").allowed
    assert not found["newyork.craigslist.org.txt"].decision("https://newyork.craigslist.org/reply/1").allowed
