"""Nothing the crawler is told to fetch makes it connect to a forbidden address; everything allowed is fetched."""

from typing import Any

import pytest

from tests.crawlers.safety.world.__main__ import FORBIDDEN

SPELLINGS = (
    "localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0", "2130706433", "0x7f000001", "127.1", "0177.0.0.1", "①②⑦.⓪.⓪.①",
    "localhost.localdomain", "127.0.0.1.", "0x7f.1", "017700000001", "[::]", "0.0.0.0",
)  # fmt: skip
RANGES = (
    *(f"[{address}]" if ":" in address else address for address in FORBIDDEN if address not in ("127.0.0.1", "::1")),
    *("224.0.0.1", "255.255.255.255", "[fe80::1%25lo]", "[ff02::1]", "[::127.0.0.1]", "[::ffff:10.0.0.1]"),
)
NAMES: dict[str, Any] = {
    "private.test": ["10.0.0.1"], "loop.test": ["127.0.0.1"], "meta.test": ["169.254.169.254"],
    "mixed.test": ["93.184.216.34", "10.0.0.1"], "mapped.test": ["::ffff:127.0.0.1"], "nat64.test": ["64:ff9b::7f00:1"],
    "sixtofour.test": ["2002:7f00:1::1"], "v6.test": ["fd00::1"], "half.test": ["93.184.216.34", "::1"], "slow.test": "drop",
    "localhost": ["127.0.0.1"], "localhost.localdomain": ["127.0.0.1"],
    **{f"rebind{n}.test": [*[["93.184.216.34"]] * n, ["127.0.0.1"]] for n in range(1, 6)},
}  # fmt: skip
DODGES = (
    "http://site.test@127.0.0.1/", "http://127.0.0.1#@site.test/", "http://127.0.0.1\\@site.test/",
    "http://site.test:80@10.0.0.1/", "http://127.0.0.1:80%2f@site.test/", "http://[::ffff:7f00:1]/", "http://127。0。0。1/",
    "https://127.0.0.1/", "http://10.0.0.1:8080/",
)  # fmt: skip
SCHEMES = ("file:///etc/passwd", "ftp://10.0.0.1/x", "gopher://127.0.0.1:80/x", "data:text/html,x", "s3://bucket/key")


@pytest.fixture(scope="module")
def crawled(world: Any) -> dict[str, Any]:
    """Crawl every way in at once."""
    inside = [f"http://{host}/" for host in (*SPELLINGS, *RANGES, *(name for name in NAMES if not name.startswith("rebind")))]
    direct = [*inside, *DODGES, *SCHEMES]
    routes: dict[str, Any] = {"*/robots.txt": {"status": 404}, "*/ok": {"body": "<p>allowed page</p>" * 40}}
    requests = [{"id": f"direct {url}", "url": url} for url in direct]
    for number, url in enumerate([*direct[:40], *SCHEMES]):
        status = (301, 302, 303, 307, 308)[number % 5]
        location = url.encode().decode("latin-1")
        routes[f"r{number}.site.test/go"] = {"status": status, "headers": {"Location": location}}
        requests.append({"id": f"redirect {number} {url}", "url": f"http://r{number}.site.test/go"})
    for number, url in enumerate(("http://127.0.0.1/", "http://private.test/robots.txt", "file:///etc/passwd", "http://[::1]/")):
        routes[f"b{number}.site.test/robots.txt"] = {"status": 302, "headers": {"Location": url}}
        requests.append({"id": f"robots {number} {url}", "url": f"http://b{number}.site.test/ok"})
    for n in range(1, 6):
        requests += [{"id": f"rebind{n} {k}", "url": f"http://rebind{n}.test/ok?{k}"} for k in range(7)]
    requests += [
        {"id": f"allowed {n}", "url": f"http://{host}/ok?{n}"}
        for n, host in enumerate(("site.test", "a.site.test", "93.184.216.34", "[2606:2800:220:1::34]", "site.test:8080"))
    ]
    return world(requests, routes, names=NAMES, settings={"DNS_TIMEOUT": 3, "RETRY_TIMES": 0, "CONCURRENT_REQUESTS": 32})


def test_no_forbidden_address_is_connected_to(crawled: dict[str, Any]) -> None:
    assert crawled["hits"] == []
    assert len([key for key in crawled["results"] if not key.startswith("allowed")]) >= 60


def test_the_listeners_hear_a_crawler_without_guard(world: Any) -> None:
    stock = "scrapy.core.downloader.handlers._aiohttp.AiohttpDownloadHandler"
    requests = [{"url": f"http://{host}/"} for host in ("127.0.0.1", "0x7f000001", "10.0.0.1", "private.test", "[fd00::1]")]
    settings = {
        "DOWNLOAD_HANDLERS": {"http": stock},
        "RETRY_TIMES": 0,
        "DOWNLOADER_MIDDLEWARES": {"scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None},
    }
    heard = {hit["address"] for hit in world(requests, {}, names=NAMES, settings=settings)["hits"]}
    assert heard >= {"127.0.0.1:80", "10.0.0.1:80", "fd00::1:80"}


def test_each_refusal_has_a_name(crawled: dict[str, Any]) -> None:
    refused = {key: one for key, one in crawled["results"].items() if not key.startswith(("allowed", "rebind"))}
    kinds = {one.get("error") for one in refused.values()}
    unexpected = {key: one for key, one in refused.items() if "error" not in one and one["status"] not in range(300, 400)}
    assert not unexpected
    assert kinds <= {
        "AddressRefused", "RobotsDenied", "NotSupported", "HttpError", "UnsupportedURLSchemeError", "ValueError", None,
    }  # fmt: skip


def test_every_allowed_page_is_fetched(crawled: dict[str, Any]) -> None:
    allowed = [one for key, one in crawled["results"].items() if key.startswith("allowed")]
    assert [one.get("status") for one in allowed] == [200] * 5


def test_a_name_that_changes_its_mind_is_only_ever_fetched_where_it_was_checked(crawled: dict[str, Any]) -> None:
    fetched = [one for key, one in crawled["results"].items() if key.startswith("rebind") and "status" in one]
    assert fetched
    assert {one["ip"] for one in fetched} == {"93.184.216.34"}
