"""A body that swells when it is opened costs at most 64 MiB and no work past the limit, fails by name, and the run goes on."""

import base64
import gzip
import zlib
from itertools import pairwise
from statistics import median
from typing import Any

import brotli
import pytest
import zstandard
from scrapy.utils.gz import gunzip

from crawlers.fetch.middlewares.blocks import block_reason
from tests.growth import LIMIT, MORE, growth

SWOLLEN = 256 * 2**20
MORE_KIB = 64 * 1024


def zeros(compressor: Any, finish: Any, size: int = SWOLLEN) -> bytes:
    """Return ``size`` zeros, compressed a piece at a time."""
    piece = bytes(2**20)
    return b"".join(compressor(piece) for _ in range(size // 2**20)) + finish()


def gz(size: int = SWOLLEN) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return zeros(packer.compress, packer.flush, size)


def br() -> bytes:
    packer = brotli.Compressor(quality=5)
    return zeros(packer.process, packer.finish)


def zst() -> bytes:
    packer = zstandard.ZstdCompressor(level=3).compressobj()
    return zeros(packer.compress, packer.flush)


def deflate() -> bytes:
    packer = zlib.compressobj(9)
    return zeros(packer.compress, packer.flush)


@pytest.fixture(scope="module")
def swollen(world: Any) -> dict[str, Any]:
    """Fetch each bomb with an ordinary page before and after it, one at a time."""
    packed = gz()
    bombs = {
        "gzip": (packed, {"Content-Encoding": "gzip"}),
        "br": (br(), {"Content-Encoding": "br"}),
        "zstd": (zst(), {"Content-Encoding": "zstd"}),
        "deflate": (deflate(), {"Content-Encoding": "deflate"}),
        "gzip_twice": (gzip.compress(packed), {"Content-Encoding": "gzip, gzip"}),
        "gz_sitemap": (packed, {"Content-Type": "application/x-gzip"}),
        "gz_sitemap_encoded": (gzip.compress(packed), {"Content-Encoding": "gzip", "Content-Type": "application/xml"}),
        "gz_members": (gzip.compress(bytes(2**20)) * 200, {"Content-Type": "application/gzip"}),
        "deep": (b"<!doctype html>" + b"<div>" * 200_000 + b"x", {"Content-Type": "text/html"}),
        "long_header": (b"x" * (12 * 2**20), {"Content-Type": "text/plain"}),
    }
    routes: dict[str, Any] = {"*/robots.txt": {"status": 404}}
    requests: list[dict[str, Any]] = [{"id": "first", "url": "http://site.test/page?0"}]
    routes["*/page"] = {"body": "<title>t</title><p>an ordinary page</p>" * 50}
    for name, (body, headers) in bombs.items():
        routes[f"site.test/{name}.xml.gz"] = {"b64": base64.b64encode(body).decode(), "headers": headers}
        requests.append({"id": name, "url": f"http://site.test/{name}.xml.gz"})
        requests.append({"id": f"{name} then", "url": f"http://site.test/page?{name}"})
    requests += [{"id": f"again {n}", "url": f"http://site.test/gzip.xml.gz?{n}"} for n in range(30)]
    quarter = base64.b64encode(gz(SWOLLEN // 4)).decode()
    routes["site.test/quarter.xml.gz"] = {"b64": quarter, "headers": {"Content-Encoding": "gzip"}}
    requests += [{"id": f"quarter {n}", "url": f"http://site.test/quarter.xml.gz?{n}"} for n in range(10)]
    routes["site.test/sitemap.xml.gz"] = {"b64": base64.b64encode(gzip.compress(b"<urlset><url/></urlset>")).decode()}
    requests.append({"id": "sitemap", "url": "http://site.test/sitemap.xml.gz"})
    answer: dict[str, Any] = world(requests, routes, settings={"RETRY_TIMES": 0})
    return answer


BOMBS = ("gzip", "br", "zstd", "deflate", "gzip_twice", "gz_sitemap", "gz_sitemap_encoded", "gz_members", "long_header")


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_fails_by_name(swollen: dict[str, Any], name: str) -> None:
    assert swollen["results"][name]["error"] in {"IgnoreRequest", "TooLarge", "DownloadCancelledError"}


def test_bombs_in_a_row_give_their_memory_back(swollen: dict[str, Any]) -> None:
    again = [one["rss"] for key, one in swollen["results"].items() if key.startswith("again")]
    assert len(again) == 30
    assert max(again) - min(again) < 20 * 1024, "Scrapy itself keeps 10 MiB of each"


def test_bombs_cost_little_memory(swollen: dict[str, Any]) -> None:
    results = swollen["results"]
    assert swollen["stats"]["downloader/request_count"] > 20
    grown = max(one["rss"] for one in results.values()) - results["first"]["rss"]
    assert grown <= MORE_KIB, f"{grown} KiB"


def test_a_bomb_is_opened_no_further_than_the_limit(swollen: dict[str, Any]) -> None:
    """One that would swell to four times the size costs no more work."""
    spent = {
        name: median(
            later["cpu"] - earlier["cpu"]
            for earlier, later in pairwise(one for key, one in swollen["results"].items() if key.startswith(name))
        )
        for name in ("again", "quarter")
    }
    assert spent["again"] <= 2.5 * spent["quarter"]


@pytest.mark.parametrize("name", [*BOMBS, "deep"])
def test_the_run_goes_on(swollen: dict[str, Any], name: str) -> None:
    assert swollen["results"][f"{name} then"]["status"] == 200


def test_an_honest_gz_sitemap_is_opened(swollen: dict[str, Any]) -> None:
    assert swollen["results"]["sitemap"]["body"] == "<urlset><url/></urlset>"


def test_what_there_is_of_a_cut_off_file_is_kept() -> None:
    whole = gzip.compress(bytes(range(256)) * 4000, 0)
    assert 0 < len(gunzip(whole[: len(whole) // 2], max_size=10**7)) < 256 * 4000
    assert gunzip(gzip.compress(b"one ") + gzip.compress(b"two"), max_size=100) == b"one two"


def test_looking_for_walls_takes_linear_time_on_hostile_pages() -> None:
    for unit, times in (
        ("<", 10**6),
        ("<script", 10**5),
        ("<!--", 10**5),
        ("<title>", 10**5),
        ("<a ", 3 * 10**5),
        ("&#", 10**6),
        ("<h1>", 10**5),
        ("<!---->", 10**5),
        ("<?x?>", 10**5),
        ("<title ", 10**5),
        ("type" + " " * 10, 10**5),
        ("</script", 10**5),
        ("login ", 10**5),
    ):
        small, large = (f"<input type=password> captcha {unit * count}x" for count in (times // MORE, times))
        assert growth(lambda page: block_reason(200, {}, page, "https://a.example/"), small, large) <= LIMIT, unit
