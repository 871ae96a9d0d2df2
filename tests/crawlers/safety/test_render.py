"""Pages that only scripts can fill come whole, within their budget; pages that crash, hang or swell cost only themselves."""

import base64
from typing import Any

import pytest

ENDLESS = """<!doctype html><title>endless</title><div id=list></div><script>
let n = 0; const more = async () => { if (n >= 50) return; const at = n; n += 10; await fetch('/more?' + at);
  for (let i = at; i < at + 10; i++) { const d = document.createElement('div'); d.style.height = '150px';
  d.textContent = 'advert-' + i + '.'; list.append(d); } };
more(); BIND
</script>"""
ON_WINDOW = "window.onscroll = () => { if (innerHeight + scrollY >= document.body.scrollHeight - 50) more() }"
ON_BOX = "list.style = 'height:400px;overflow:auto'; list.onscroll = () => more()"
LATE = (
    "<!doctype html><div id=app></div><script>setTimeout(() => { app.innerHTML = '<p class=job>late advert</p>' }, 700)</script>"
)
GREEDY = "<!doctype html><p>many</p>" + "".join(f"<img src='/img?{n}'>" for n in range(400))
HEAVY = "<!doctype html><p>heavy</p>" + "".join(f"<script>fetch('/big?{n}')</script>" for n in range(12))
BUSY = "<!doctype html><p>busy</p><script>while (true) {}</script>"
BUSY_LATER = "<!doctype html><p>busy</p><script>setTimeout(() => { while (true) {} }, 50)</script>"
SWELLING = (
    "<!doctype html><p>x</p><script>setTimeout(() => { let a = []; while (true) a.push(new Array(1e6).fill(1.1)) }, 10)</script>"
)
COUNT = """<!doctype html><p id=p></p><script>localStorage.n = 1 + Number(localStorage.n || 0);
document.cookie = 'seen=1'; p.textContent = 'visit ' + localStorage.n</script>"""
MOVING = "<!doctype html><p>first</p><script>location = '/moved'</script>"
TALL = "<!doctype html><div style='height:90000px;background:linear-gradient(red,blue)'>tall</div>"
SWOLLEN = "<!doctype html><p id=p hidden>x</p><script>p.textContent = 'x'.repeat(60 * 2 ** 20)</script>"
LYING = """<!doctype html><p>the advert</p><script>
Object.defineProperty(Element.prototype, 'outerHTML', {get: () => 'nothing here'});
XMLSerializer.prototype.serializeToString = () => 'nothing'; document.querySelector = () => null</script>"""
DEEP = "<!doctype html>" + "<div>" * 5000 + "deep" + "</div>" * 5000

PAGES: dict[str, dict[str, Any]] = {
    "endless": {"body": ENDLESS.replace("BIND", ON_WINDOW)},
    "endless-box": {"body": ENDLESS.replace("BIND", ON_BOX)},
    "late": {"body": LATE},
    "greedy": {"body": GREEDY},
    "heavy": {"body": HEAVY},
    "busy": {"body": BUSY},
    "swelling": {"body": SWELLING},
    "busy-later": {"body": BUSY_LATER},
    "moving": {"body": MOVING},
    "moved": {"body": "<p>second</p>"},
    "tall": {"body": TALL},
    "deep": {"body": DEEP},
    "slow": {"body": "<p>slow</p>", "sleep": 60},
    "file": {
        "body": "<p>x</p>",
        "headers": {"Content-Disposition": "attachment; filename=x.bin", "Content-Type": "application/x"},
    },
    "local": {
        "body": "<p>still here</p><iframe src='file:///etc/passwd'></iframe><script>location = 'file:///etc/passwd'</script>"
    },
    "gone": {"status": 404, "body": "<p>no such advert</p>"},
    "plain": {"body": "<p>plain page</p>"},
    "swollen": {"body": SWOLLEN},
    "lying": {"body": LYING},
    "reset": {"action": "reset"},
}

HOSTS = {"greedy": "other", "heavy": "other", "busy": "third", "busy-later": "fourth", "slow": "fifth"} | dict.fromkeys(
    ("swelling", "swollen"), "sixth"
)
"""Sites of their own for pages that take long, so that they take it side by side."""


@pytest.fixture(scope="module")
def shown(world: Any, missing_browser: Any) -> dict[str, Any]:
    """Render each page, with an ordinary one after it."""
    routes: dict[str, Any] = {f"*/{name}": route for name, route in PAGES.items()}
    routes |= {
        "*/robots.txt": {"status": 404},
        "*/more": {"body": "{}"},
        "*/img": {"body": "x", "headers": {"Content-Type": "image/png"}},
        "*/big": {"body": "x" * 1024, "times": 4096},
    }
    requests = []
    for name in PAGES:
        meta = {"render": True, "scroll": name.startswith("endless"), "wait_for": {"late": ".job", "gone": ".job"}.get(name)}
        host = HOSTS.get(name, "site")
        requests.append({"id": name, "url": f"http://{host}.test/{name}", "meta": meta})
        requests.append(
            {"id": f"{name} then", "url": f"http://{host}.test/plain?{name}", "meta": {"render": True, "wait_for": "p"}}
        )
    answer: dict[str, Any] = world(
        requests, routes, settings={"LUREWATCH_RENDER_SECONDS": 15, "RETRY_TIMES": 0, "CONCURRENT_REQUESTS": 32}
    )
    return answer


def test_a_killed_browser_costs_the_pages_it_held_and_is_started_again(world: Any, missing_browser: Any) -> None:
    routes = {"*/slow": {"body": "x", "sleep": 60}, "*/plain": {"body": "<p>plain page</p>"}}
    requests = [
        {"id": at, "url": f"http://{at}", "meta": {"render": True, "wait_for": "p"}}
        for at in ("other.test/slow", "third.test/plain?kill", "other.test/plain", "third.test/plain", "third.test/plain?2")
    ]
    told = world(requests, routes, kill_browser_at="third.test/plain?kill", settings={"LUREWATCH_RENDER_SECONDS": 15})
    assert {at: one.get("status") for at, one in told["results"].items() if "plain" in at} == dict.fromkeys(
        (request["id"] for request in requests if "plain" in request["id"]), 200
    )
    assert told["stats"]["render/failed/browser_crashed"] >= 1
    assert told["stats"]["render/restarts"] == 1


@pytest.mark.parametrize("name", ["endless", "endless-box"])
def test_an_endless_list_is_scrolled_to_its_end(shown: dict[str, Any], name: str) -> None:
    result = shown["results"][name]
    assert result["size"] > 50 * 20
    assert len([event for event in shown["server"] if event["path"].startswith("/more")]) == 10


def test_the_selector_is_waited_for(shown: dict[str, Any]) -> None:
    assert "late advert" in shown["results"]["late"]["body"]
    assert shown["results"]["late"]["served"] == len(LATE)


def test_a_page_without_the_selector_is_handed_on_with_its_status(shown: dict[str, Any]) -> None:
    result = shown["results"]["gone"]
    assert (result["status"], result["limits"]) == (404, ["wait_for"])
    assert "no such advert" in result["body"]


def test_a_page_gets_no_more_requests_than_its_budget(shown: dict[str, Any]) -> None:
    assert "requests" in shown["results"]["greedy"]["limits"]
    assert len([event for event in shown["server"] if event["path"].startswith("/img")]) <= 150


def test_a_page_gets_no_more_bytes_than_its_budget(shown: dict[str, Any]) -> None:
    assert "bytes" in shown["results"]["heavy"]["limits"]
    assert "heavy" in shown["results"]["heavy"]["body"]


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("busy", {"timeout", "hung"}),
        ("busy-later", {"hung"}),
        ("slow", {"timeout"}),
        ("swelling", {"page_crashed", "hung"}),
        ("file", {"download"}),
    ],
)
def test_a_page_that_never_ends_fails_by_name(shown: dict[str, Any], name: str, reasons: set[str]) -> None:
    result = shown["results"][name]
    assert result["error"] == "RenderFailed"
    assert any(f"({reason}" in result["why"] for reason in reasons), result["why"]


@pytest.mark.parametrize("name", PAGES)
def test_the_next_page_is_not_hurt(shown: dict[str, Any], name: str) -> None:
    result = shown["results"][f"{name} then"]
    assert result.get("status") == 200, result
    assert "plain page" in result["body"]


def test_local_files_are_not_opened(shown: dict[str, Any]) -> None:
    assert "still here" in shown["results"]["local"]["body"]
    assert "root:" not in shown["results"]["local"]["body"]


def test_a_page_that_grows_too_large_is_measured_where_it_is(shown: dict[str, Any]) -> None:
    assert "(too_large" in shown["results"]["swollen"]["why"]
    assert max(one["rss"] for one in shown["results"].values()) < 300 * 1024


def test_a_page_cannot_change_what_is_read(shown: dict[str, Any]) -> None:
    assert "the advert" in shown["results"]["lying"]["body"]


def test_a_connection_cut_off_is_worth_another_try(shown: dict[str, Any]) -> None:
    assert shown["results"]["reset"]["error"] == "DownloadFailedError"


def test_within_a_site_the_context_stays_and_other_sites_have_their_own(world: Any, missing_browser: Any) -> None:
    """In a crawl of two sites alone: of more, the one unused longest is closed."""
    places = {"first": "site", "again": "site", "elsewhere": "other"}
    requests = [{"id": at, "url": f"http://{host}.test/count", "meta": {"render": True}} for at, host in places.items()]
    visits = world(requests, {"*/count": {"body": COUNT}, "*/robots.txt": {"status": 404}})["results"]
    assert sorted(next(n for n in "12" if f"visit {n}" in visits[at]["body"]) for at in ("first", "again")) == ["1", "2"]
    assert "visit 1" in visits["elsewhere"]["body"]


def test_a_page_that_moves_on_by_script_is_read_where_it_ends(shown: dict[str, Any]) -> None:
    assert shown["results"]["moving"]["url"].endswith("/moved")
    assert "second" in shown["results"]["moving"]["body"]


def test_each_page_has_a_png_of_bounded_size(shown: dict[str, Any]) -> None:
    for name in ("late", "tall", "deep", "gone"):
        assert base64.b64decode(shown["results"][name]["shot"]) == b"\x89PNG\r\n\x1a\n", name
    assert shown["results"]["tall"]["shot_size"] < 4 * 2**20


def test_the_answer_says_where_it_came_from(shown: dict[str, Any]) -> None:
    assert shown["results"]["plain"]["ip"] in {"93.184.216.34", "2606:2800:220:1::34"}
    assert shown["results"]["plain"]["requests"] >= 1
