"""Thirty answers a site can give for robots.txt, read as RFC 9309 says by the plain and by the rendered lane alike."""

from typing import Any

import pytest

ALL, NONE = "User-agent: *\nDisallow:\n", "User-agent: *\nDisallow: /\n"


def text(body: str, **more: Any) -> dict[str, Any]:
    return {"robots": {"body": body, "headers": {"Content-Type": "text/plain"}, **more}}


def moved(status: int, to: str, then: dict[str, Any]) -> dict[str, Any]:
    return {"robots": {"status": status, "headers": {"Location": to}}, "more": {"/elsewhere.txt": then}}


def chain(length: int) -> dict[str, Any]:
    """Return redirects of that length which end at a robots.txt that forbids all."""
    more = {f"/h{n}": {"status": 302, "headers": {"Location": f"/h{n + 1}"}} for n in range(1, length)}
    more[f"/h{length}"] = {"body": NONE}
    return {"robots": {"status": 302, "headers": {"Location": "/h1"}}, "more": more}


TABLE: dict[str, tuple[dict[str, Any], str, bool]] = {
    "200_allows": (text(ALL), "/page", True),
    "200_forbids": (text(NONE), "/page", False),
    "200_empty": (text(""), "/page", True),
    "200_html": (text("<html><body>Disallow: everything</body></html>"), "/page", True),
    "301": (moved(301, "/elsewhere.txt", {"body": NONE}), "/page", False),
    "302": (moved(302, "/elsewhere.txt", {"body": NONE}), "/page", False),
    "303": (moved(303, "/elsewhere.txt", {"body": NONE}), "/page", False),
    "307_other_host": (moved(307, "http://other.site.test/forbids.txt", {"body": ""}), "/page", False),
    "308": (moved(308, "/elsewhere.txt", {"body": ALL}), "/page", True),
    "5_hops": (chain(5), "/page", False),
    "6_hops": (chain(6), "/page", True),
    "302_loop": ({"robots": {"status": 302, "headers": {"Location": "/robots.txt"}}}, "/page", True),
    "302_inside": ({"robots": {"status": 302, "headers": {"Location": "http://127.0.0.1/robots.txt"}}}, "/page", False),
    "401": ({"robots": {"status": 401, "body": NONE}}, "/page", True),
    "403": ({"robots": {"status": 403, "body": NONE}}, "/page", True),
    "404": ({"robots": {"status": 404, "body": NONE}}, "/page", True),
    "410": ({"robots": {"status": 410}}, "/page", True),
    "429": ({"robots": {"status": 429}}, "/page", True),
    "500": ({"robots": {"status": 500, "body": ALL}}, "/page", False),
    "503": ({"robots": {"status": 503, "body": ALL}}, "/page", False),
    "timeout": ({"robots": {"action": "hang"}}, "/page", False),
    "reset": ({"robots": {"action": "reset"}}, "/page", False),
    "huge": (text("User-agent: *\nDisallow: /page\n" + "#" + "x" * 99 + "\n", times=8000), "/page", False),
    "huge_cut": (text("# " + "x" * 511_980 + "\nUser-agent: *\nDisallow: /page\n"), "/page", True),
    "bom": (text("\ufeffUser-agent: LureWatch\nDisallow: /page\n\nUser-agent: *\nDisallow:\n"), "/page", False),
    "wildcard": (text("User-agent: *\nDisallow: /*/private*.html$\n"), "/a/private1.html", False),
    "wildcard_end": (text("User-agent: *\nDisallow: /*.html$\n"), "/page.html?x", True),
    "longest_wins": (text("User-agent: *\nDisallow: /jobs/\nAllow: /jobs/public\n"), "/jobs/public/1", True),
    "own_group": (
        text("User-agent: *\nDisallow:\n\nUser-agent: Other\nUser-agent: lurewatch\nDisallow: /page\n"), "/page", False,
    ),
    "token_not_prefix": (text("User-agent: Lure\nDisallow: /\nUser-agent: LureWatchNews\nDisallow: /\n"), "/page", True),
    "escapes": (text("User-agent: *\nDisallow: /t%69nh/ng%C6%B0%E1%BB%9Di\n"), "/tinh/người", False),
    "mac_line_ends": (text("User-agent: *\rDisallow: /page\r"), "/page", False),
}  # fmt: skip


@pytest.fixture(scope="module", params=["plain", "rendered"])
def told(request: Any, world: Any, missing_browser: Any) -> dict[str, Any]:
    """Crawl one page of each case's host."""
    routes: dict[str, Any] = {"other.site.test/forbids.txt": {"body": NONE}}
    requests = []
    for name, (case, path, _) in TABLE.items():
        host = f"{name.replace('_', '-')}.site.test"
        routes[f"{host}/robots.txt"] = case["robots"]
        for at, route in case.get("more", {}).items():
            routes[f"{host}{at}"] = route
        requests.append(
            {"id": name, "url": f"http://{host}{path}", "meta": {"render": request.param == "rendered", "wait_for": "p"}}
        )
    routes |= {
        f"*{path}": {"body": "<title>page</title><p>a page of the site</p>"}
        for path in ("/page", "/a/private1.html", "/page.html", "/jobs/public/1", "/tinh/người", "/tinh/ng%C6%B0%E1%BB%9Di")
    }
    settings = {"DOWNLOAD_TIMEOUT": 1, "RETRY_TIMES": 1, "CONCURRENT_REQUESTS": 32}
    answer: dict[str, Any] = world(requests, routes, settings=settings)
    return answer


@pytest.mark.parametrize("name", TABLE)
def test_robots_txt_is_read_as_the_standard_says(told: dict[str, Any], name: str) -> None:
    _, path, allowed = TABLE[name]
    result = told["results"][name]
    host = f"{name.replace('_', '-')}.site.test"
    reached = [event for event in told["server"] if event["host"] == host and event["path"].startswith(path[:5])]
    assert bool(reached) is allowed
    assert (result.get("status") == 200) is allowed
    assert result["robots"].startswith("allowed: " if allowed else "denied: ")


def test_no_robots_txt_led_inside(told: dict[str, Any]) -> None:
    assert told["hits"] == []


def test_each_origin_was_asked_once(told: dict[str, Any]) -> None:
    asked = [
        event["host"] for event in told["server"] if event["path"] == "/robots.txt" and event["host"].startswith("200-allows")
    ]
    assert len(asked) == 1
