"""The sample sites answer as a real web server would."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawlers.sample_sites import SampleError, seeds_for, serve
from crawlers.sources.source import read_sources, site
from lurewatch.settings import SHIPPED_SEEDS
from tests.services.processes import PATIENCE


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[str, str]]:
    """The sample sites on free ports."""
    with serve(SHIPPED_SEEDS / "sample", {}) as urls:
        yield urls


def get(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body, also of an error."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, method=method, headers=named)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


@pytest.mark.parametrize(
    ("name", "path", "kind"),
    [
        ("jobboard-jsonld", "/", "text/html; charset=utf-8"), ("jobboard-jsonld", "/robots.txt", "text/plain; charset=utf-8"),
        ("jobboard-jsonld", "/sitemap.xml", "application/xml"), ("feed", "/rss.xml", "application/rss+xml; charset=utf-8"),
        ("feed", "/atom.xml", "application/atom+xml; charset=utf-8"), ("js-board", "/listings.json", "application/json"),
        ("js-board", "/app.js", "text/javascript; charset=utf-8"), ("posters", "/poster-01.svg", "image/svg+xml"),
    ],
)  # fmt: skip
def test_each_file_has_its_content_type(sites: dict[str, str], name: str, path: str, kind: str) -> None:
    """A crawler chooses its parser by it."""
    status, headers, body = get(sites[name] + path)
    assert (status, headers["Content-Type"]) == (200, kind)
    assert body


def test_every_expected_listing_is_there(sites: dict[str, str], seeds: Path) -> None:
    """156 listings, each at the address `expected.jsonl` gives."""
    expected = [json.loads(line) for line in (seeds / "sample" / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
    pages = {(entry["site"], entry["url_path"].split("#")[0]) for entry in expected}
    assert len(expected) == 156
    assert {get(sites[name] + path)[0] for name, path in pages} == {200}


def test_addresses_inside_pages_lead_to_the_port_served(sites: dict[str, str]) -> None:
    """Sitemaps and feeds carry whole addresses; with free ports they are rewritten, and no old port is left."""
    for name, path in (("jobboard-jsonld", "/sitemap.xml"), ("jobboard-jsonld", "/robots.txt"), ("feed", "/rss.xml")):
        body = get(sites[name] + path)[2].decode()
        assert sites[name] in body
        assert "127.0.0.1:81" not in body.replace(sites[name], "")


def test_a_page_seen_before_is_not_sent_again(sites: dict[str, str]) -> None:
    """ETag and Last-Modified both save the body; another version is sent."""
    url = sites["forum"] + "/index.html"
    _, headers, body = get(url)
    assert get(url, If_None_Match=headers["ETag"])[::2] == (304, b"")
    assert get(url, If_Modified_Since=headers["Last-Modified"])[::2] == (304, b"")
    assert get(url, If_None_Match='"other"', If_Modified_Since=headers["Last-Modified"])[::2] == (200, body)
    assert get(url, If_Modified_Since="not a date")[0] == 200


def test_a_channel_answers_without_a_slash_and_for_any_paging(sites: dict[str, str]) -> None:
    """As t.me does; `?before=` gives the same page, so a crawler has to notice that it stands still."""
    base = sites["telegram-preview"] + "/s/sample_vieclam_ngoai"
    bodies = {get(base + tail)[2] for tail in ("", "/", "?before=200", "?before=1")}
    assert len(bodies) == 1


def test_head_has_the_length_and_no_body(sites: dict[str, str]) -> None:
    """HEAD is GET without the body."""
    url = sites["posters"] + "/index.html"
    _, headers, body = get(url, method="HEAD")
    assert body == b""
    assert int(headers["Content-Length"]) == len(get(url)[2])


@pytest.mark.parametrize("path", ["/../ports.json", "/%2e%2e/ports.json", "/..%2f..%2fplaces.yml", "/nothing", "/a%00b"])
def test_nothing_outside_the_site_is_served(sites: dict[str, str], path: str) -> None:
    """Each folder is its own root."""
    assert get(sites["forum"] + path)[0] == 404


def test_a_taken_port_is_named(sites: dict[str, str], seeds: Path) -> None:
    """The operator learns which, and what to do."""
    taken = int(sites["feed"].rsplit(":", 1)[1])
    with (
        pytest.raises(SampleError, match=rf"port {taken} for feed cannot be used \(Address already in use\).*--free-ports"),
        serve(seeds / "sample", {"feed": taken}),
    ):
        pytest.fail("served on a taken port")


def test_a_folder_without_samples_is_refused(tmp_path: Path) -> None:
    """With the folder named."""
    with pytest.raises(SampleError, match=r"ports\.json: not a sample folder"), serve(tmp_path):
        pytest.fail("served nothing")


def test_the_port_is_free_again_afterwards(seeds: Path) -> None:
    """So that tests can follow one another."""
    with serve(seeds / "sample", {}) as urls:
        port = int(urls["forum"].rsplit(":", 1)[1])
    with serve(seeds / "sample", {"forum": port}) as again:
        assert again["forum"].endswith(f":{port}")


def test_seeds_point_at_the_addresses_served(sites: dict[str, str], tmp_path: Path) -> None:
    """One source per sample site, all enabled, all at the ports in use."""
    sources = read_sources(seeds_for(sites, tmp_path / "seeds", SHIPPED_SEEDS))[0]
    assert {start[: start.index("/", 7)] for source in sources for start in source.crawl.start} == set(sites.values())
    assert all(source.enabled and site(source.operator.url) == "127.0.0.1" for source in sources)
    assert (tmp_path / "seeds" / "lures").is_dir()


def test_the_command_serves_and_says_where(tmp_path: Path) -> None:
    """`lurewatch demo sites --free-ports --json` prints one line once everything answers."""
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", "from lurewatch.cli import main; main()", "demo", "sites", "--free-ports", "--json"]
    with subprocess.Popen(
        [*command, "--seeds-into", str(tmp_path / "seeds")], cwd=root, stdout=subprocess.PIPE, env=dict(os.environ), text=True
    ) as process:
        assert process.stdout
        try:
            urls = json.loads(process.stdout.readline())
            assert get(urls["forum"] + "/")[0] == 200
            assert len(read_sources(tmp_path / "seeds")[0]) == 7
        finally:
            process.terminate()
