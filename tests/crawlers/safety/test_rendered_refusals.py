"""A site that says "not now" to anything a rendered page asks for is not asked again: counted where the requests arrive."""

from typing import Any

import pytest

NOT_NOW = {"status": 429, "headers": {"Retry-After": "3600", "Access-Control-Allow-Origin": "*"}, "body": "slow down"}
AGAIN = {**NOT_NOW, "headers": {"Retry-After": "1", "Access-Control-Allow-Origin": "*"}}


def asking(api: str, how: str = "await fetch(api + n).catch(() => 0)") -> dict[str, str]:
    """Return a page whose script asks ``api`` for one part after another, whatever the answers are."""
    script = f"const api = '{api}?'; (async () => {{ for (let n = 0; n < 40; n++) {how}; }})()"
    return {"body": f"<!doctype html><title>board</title><p>adverts</p><script>{script}</script>"}


PICTURE = "await new Promise((next) => { const one = new Image(); one.onload = one.onerror = next; one.src = api + n })"
PAGE = {"id": "page", "url": "http://site.test/page", "meta": {"render": True}}
NEXT = {"id": "next", "url": "http://site.test/next", "meta": {"render": True}}


def crawled(world: Any, *requests: dict[str, Any], trust: bool = False, **routes: Any) -> tuple[dict[str, Any], list[str]]:
    """Crawl; return what came of it, and what the site was asked for besides robots.txt, in order."""
    given = {"*/robots.txt": {"status": 404}, **{f"*/{name}": route for name, route in routes.items()}}
    told = world(list(requests), given, trust=trust, settings={"RETRY_TIMES": 0, "LUREWATCH_RENDER_SECONDS": 8})
    return told, [event["path"] for event in told["server"] if event["path"] not in ("/robots.txt", "/favicon.ico")]


@pytest.mark.parametrize(
    ("status", "how"),
    [(429, asking("/api")), (429, asking("/api", PICTURE)), (503, asking("http://api.site.test/api"))],
    ids=["by script", "by a picture", "of a host below"],
)
def test_the_first_refusal_of_a_part_ends_the_page_and_the_run(
    world: Any, missing_browser: Any, status: int, how: dict[str, str]
) -> None:
    told, asked = crawled(world, PAGE, NEXT, page=how, next=how, api={**NOT_NOW, "status": status})
    assert asked == ["/page", "/api?0"]
    assert told["stats"]["blocked/reason"] == ("http_429" if status == 429 else "retry_after")
    assert told["stats"]["blocked/url"].endswith("site.test/api?0")
    assert told["results"]["next"]["error"] == "Blocked"


def test_the_first_refusal_over_tls_ends_the_page_too(world: Any, missing_browser: Any) -> None:
    """In a tunnel only the browser sees the answers."""
    told, asked = crawled(world, PAGE, trust=True, page=asking("https://api.site.test/api"), api=NOT_NOW)
    assert asked == ["/page", "/api?0"]
    assert told["stats"]["blocked/reason"] == "http_429"


def test_a_short_wait_of_a_part_is_waited_for_once(world: Any, missing_browser: Any) -> None:
    """The page is asked for again after it; the next page of the site waits as well."""
    once = "if (n == 0) await fetch(api + n)"
    told, asked = crawled(
        world, PAGE, NEXT, page=asking("/api", once), next={"body": "<p>next</p>"}, api={"turns": [AGAIN, {"body": "{}"}]}
    )
    assert asked[:2] == ["/page", "/api?0"]
    assert sorted(asked[2:]) == ["/api?0", "/next", "/page"]
    times = [event["t"] for event in told["server"] if event["path"] in ("/api?0", "/page", "/next")]
    assert times[2] - times[1] >= 0.95
    assert [told["results"][name]["status"] for name in ("page", "next")] == [200, 200]
    assert told["stats"]["politeness/retry_after"] == 1
    told, asked = crawled(world, PAGE, page=asking("/api"), api=AGAIN)
    assert asked == ["/page", "/api?0"] * 2
    assert told["stats"]["blocked/reason"] == "http_429"


def test_another_site_cannot_end_a_run_and_is_left_alone(world: Any, missing_browser: Any) -> None:
    """An advert may carry a picture from anywhere: its host's refusal is no answer of the board."""
    told, asked = crawled(world, PAGE, page=asking("http://other.test/api", PICTURE), api=NOT_NOW)
    assert asked == ["/page", "/api?0"]
    assert told["results"]["page"]["status"] == 200
    assert "blocked/reason" not in told["stats"]
    assert told["stats"]["render/other_host_not_now"] == 1


def test_a_document_that_refuses_runs_no_script(world: Any, missing_browser: Any) -> None:
    told, asked = crawled(world, PAGE, page={**NOT_NOW, **asking("/api")}, api={"body": "{}"})
    assert asked == ["/page"]
    assert told["stats"]["blocked/reason"] == "http_429"


CLOSED = {"body": "User-agent: *\nDisallow: /closed\n"}
ASKS = """<!doctype html><title>board</title><p id=p>adverts</p><script>(async () => {
const got = []; const ask = (url) => fetch(url).then((answer) => got.push(url + answer.status), () => got.push(url + ' refused'));
await ask('/open'); await ask('/closed'); await ask('/leads-to-closed'); await ask('/loop');
const old = new XMLHttpRequest(); old.open('GET', '/closed?xhr'); old.send();
navigator.sendBeacon('/closed?beacon'); new EventSource('/closed?stream');
const job = "fetch('http://site.test/closed?worker').catch(() => 0).then(() => postMessage(0))";
const work = new Worker(URL.createObjectURL(new Blob([job])));
await new Promise((done) => { work.onmessage = work.onerror = done });
p.textContent = got.join(', '); p.className = 'done' })()</script>"""
HOP = {"status": 302, "headers": {"Location": "/hop"}}
WANDERS = {"body": "<!doctype html><p>here</p><script>location = '/wander?' + Math.random()</script>"}
REFRESHES = {"body": "<!doctype html><p>here</p><meta http-equiv=refresh content='0;url=/refresh?x'><iframe src='/hop'></iframe>"}


@pytest.fixture(scope="module")
def roaming(world: Any, missing_browser: Any) -> dict[str, Any]:
    """Render pages that ask for what robots.txt forbids and pages that lead on for ever, each on a site of its own."""
    sites = {"asks": "site", "hop": "other", "wander": "third", "refresh": "fourth"}
    waits = {"asks": {"wait_for": "p.done"}}
    told: dict[str, Any] = world(
        [
            {"id": name, "url": f"http://{host}.test/{name}", "meta": {"render": True, **waits.get(name, {})}}
            for name, host in sites.items()
        ],
        {
            "*/robots.txt": CLOSED,
            "*/asks": {"body": ASKS},
            "*/open": {"body": "{}"},
            "*/closed": {"body": "{}"},
            "*/leads-to-closed": {"status": 302, "headers": {"Location": "/closed?led"}},
            "*/loop": {"status": 302, "headers": {"Location": "/loop"}},
            "*/hop": HOP,
            "*/wander": WANDERS,
            "*/refresh": REFRESHES,
        },
        settings={"LUREWATCH_RENDER_SECONDS": 12},
    )
    return told


def asked_for(told: dict[str, Any], host: str) -> list[str]:
    """Return the paths a site was asked for, robots.txt and icons apart."""
    return [
        event["path"]
        for event in told["server"]
        if event["host"] == f"{host}.test" and event["path"] not in ("/robots.txt", "/favicon.ico")
    ]


def test_what_robots_forbids_is_not_asked_for_by_a_pages_scripts(roaming: dict[str, Any]) -> None:
    """fetch, XMLHttpRequest, beacon, stream, worker and redirects to it; what is allowed comes, and the page stands."""
    asked = asked_for(roaming, "site")
    assert [path for path in asked if path.startswith("/closed")] == []
    assert "/open200, /closed refused, /leads-to-closed refused, /loop refused" in roaming["results"]["asks"]["body"]
    assert roaming["stats"]["render/data_denied"] >= 4


@pytest.mark.parametrize("host", ["other", "third", "fourth"])
def test_a_page_that_leads_on_for_ever_costs_ten_documents(roaming: dict[str, Any], host: str) -> None:
    """By status, by script, by a refresh: no more, and not once more for each retry."""
    assert 2 <= len(asked_for(roaming, host)) <= (20 if host == "fourth" else 10), "frames have ten of their own"
    if host == "other":
        assert roaming["results"]["hop"]["error"] == "RenderFailed"


def test_a_redirected_data_request_ends_too(roaming: dict[str, Any]) -> None:
    assert asked_for(roaming, "site").count("/loop") <= 10
