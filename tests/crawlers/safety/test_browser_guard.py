"""Whatever a page does in the browser, no forbidden address hears of it, and what is allowed still loads."""

import json
from typing import Any

import pytest

TARGETS = (
    "http://127.0.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1:8080/",
    "http://[::1]/",
    "http://private.test/",
    "http://0x7f000001/",
    "http://rebind1.test/inside",
)
SITES = ("site", "other", "third", "fourth", "fifth", "sixth", "seventh")
"""Pages of one site are rendered one after another, and most wait seconds for what they may not reach."""
NAMES: dict[str, Any] = {
    "private.test": ["10.0.0.1"],
    "rebind1.test": [["127.0.0.1"]],
    "localhost": ["127.0.0.1"],
    "late.test": [["93.184.216.34"], ["127.0.0.1"]],
}

VECTORS = {
    "iframe": "<iframe src='{url}'></iframe>",
    "frame_of_a_redirect": "<iframe src='/go{n}'></iframe>",
    "img": "<img src='{url}'>",
    "srcset": "<img srcset='{url} 2x' src='/ok.png'>",
    "img_of_a_redirect": "<img src='/go{n}'>",
    "script": "<script src='{url}'></script>",
    "module": "<script type=module>import('{url}').catch(() => 0)</script>",
    "stylesheet": "<link rel=stylesheet href='{url}'>",
    "css_import": "<style>@import url('{url}'); body {{ background: url('{url}b') }}</style>",
    "font": "<style>@font-face {{ font-family: f; src: url('{url}') }} b {{ font-family: f }}</style><b>x</b>",
    "icon": "<link rel=icon href='{url}'>",
    "prefetch": "<link rel=prefetch href='{url}'><link rel=preload as=script href='{url}'><link rel=modulepreload href='{url}'>",
    "preconnect": "<link rel=preconnect href='{url}'><link rel=dns-prefetch href='{url}'>",
    "prerender": "<link rel=prerender href='{url}'><script type=speculationrules>"
    '{{"prerender": [{{"urls": ["{url}"]}}], "prefetch": [{{"urls": ["{url}"]}}]}}</script>',
    "media": "<video src='{url}' autoplay></video><audio src='{url}' autoplay></audio>",
    "object": "<object data='{url}'></object><embed src='{url}'>",
    "fetch": "<script>fetch('{url}', {{mode: 'no-cors'}}).catch(() => 0)</script>",
    "xhr": "<script>let x = new XMLHttpRequest(); x.open('GET', '{url}'); x.send()</script>",
    "beacon": "<script>navigator.sendBeacon('{url}', 'x')</script>",
    "event_source": "<script>new EventSource('{url}')</script>",
    "web_socket": "<script>new WebSocket('{url}'.replace('http', 'ws'))</script>",
    "worker": "<script>new Worker(URL.createObjectURL(new Blob([\"fetch('{url}', {{mode: 'no-cors'}})"
    ".catch(() => 0); new WebSocket('{url}'.replace('http', 'ws'))\"])))</script>",
    "service_worker": "<script>navigator.serviceWorker?.register('/sw.js?{url}').catch(() => 0)</script>",
    "webrtc": "<script>try {{ p = new RTCPeerConnection({{iceServers: [{{urls: ['stun:' + new URL('{url}').hostname + ':3478',"
    "'turn:' + new URL('{url}').hostname + ':3478?transport=tcp'], username: 'a', credential: 'b'}}]}});"
    "p.createDataChannel('x'); p.createOffer().then((o) => p.setLocalDescription(o)) }} catch {{}}</script>",
    "webrtc_of_a_frame": '<iframe srcdoc="<script>try {{ let p = new RTCPeerConnection({{iceServers: [{{urls: '
    "'stun:127.0.0.1:3478'}}]}}); p.createDataChannel('x'); p.createOffer().then((o) => p.setLocalDescription(o))"
    '}} catch {{}}</script>"></iframe>',
    "web_transport": "<script>try {{ new WebTransport('https://127.0.0.1:443/') }} catch {{}}</script>",
    "form": "<form id=f target=_blank action='{url}'></form><script>f.submit()</script>",
    "window_open": "<script>window.open('{url}')</script><a id=a href='{url}' target=_blank>x</a><script>a.click()</script>",
    "ping": "<a id=a href='#x' ping='{url}'>x</a><script>a.click()</script>",
    "manifest": "<link rel=manifest href='{url}'>",
    "csp_report": "<meta http-equiv=Content-Security-Policy content=\"img-src 'self'; report-uri {url}\"><img src='http://site.test:8080/x'>",
    "svg": "<svg><image href='{url}'/><use href='{url}#x'/></svg>",
}
LEAVING = {
    "meta_refresh": "<meta http-equiv=refresh content='0;url={url}'>",
    "location": "<script>location = '{url}'</script>",
    "form_self": "<form id=f action='{url}' method=post><input name=a value=b></form><script>f.submit()</script>",
}
OK = "<p id=done>the allowed page</p><img src='/ok.png?{name}'>"


@pytest.fixture(scope="module")
def rendered(world: Any, missing_browser: Any) -> dict[str, Any]:
    """Render one page per vector, each aimed at all targets, and every target itself."""
    routes: dict[str, Any] = {
        "*/robots.txt": {"status": 404},
        "*/ok.png": {"body": "x", "headers": {"Content-Type": "image/png"}},
        "*/sw.js": {"body": "fetch('http://127.0.0.1/sw')", "headers": {"Content-Type": "text/javascript"}},
        "forbids.site.test/robots.txt": {"body": "User-agent: *\nDisallow: /"},
        "site.test/frames": {
            "body": "<p id=done>x</p>"
            "<iframe src='http://forbids.site.test/x'></iframe>"
            "<iframe src='http://other.test/foreign'></iframe><iframe src='/frame'></iframe>"
        },
        "*/x": {"body": "<p>never</p>"},
        "*/frame": {"body": "<p>a frame</p>"},
        "site.test/leave-to-forbidden": {"body": "<script>location = 'http://forbids.site.test/x'</script>"},
        "site.test/ok": {"body": OK.format(name="ok")},
    }
    requests: list[dict[str, Any]] = []

    def add(name: str, url: str, **meta: Any) -> None:
        requests.append({"id": name, "url": url, "meta": {"render": True, **meta}})

    for number, target in enumerate(TARGETS):
        routes[f"*/go{number}"] = {"status": (302, 307)[number % 2], "headers": {"Location": target}}
        add(f"direct {target}", target)
        add(f"redirect {target}", f"http://site.test/go{number}")
    for at, (name, markup) in enumerate(VECTORS.items()):
        body = "".join(markup.format(url=target, n=n) for n, target in enumerate(TARGETS)) + OK.format(name=name)
        routes[f"*/{name}"] = {"body": f"<!doctype html><title>{name}</title>{body}"}
        add(f"vector {name}", f"http://{SITES[at % len(SITES)]}.test/{name}")
    for name, markup in LEAVING.items():
        for number, target in enumerate(TARGETS):
            routes[f"*/{name}{number}"] = {"body": f"<!doctype html>{markup.format(url=target)}{OK.format(name=name)}"}
            add(f"leaving {name} {target}", f"http://{SITES[number % len(SITES)]}.test/{name}{number}")
    add("frames", "http://site.test/frames")
    add("leave to forbidden", "http://site.test/leave-to-forbidden")
    add("allowed", "http://site.test/ok")
    answer: dict[str, Any] = world(
        requests, routes, names=NAMES, sites=len(SITES), settings={"RETRY_TIMES": 0, "DNS_TIMEOUT": 3, "CONCURRENT_REQUESTS": 32}
    )
    return answer


def test_no_forbidden_address_hears_of_any_page(rendered: dict[str, Any]) -> None:
    assert rendered["hits"] == []
    assert len(VECTORS) * len(TARGETS) + len(LEAVING) * len(TARGETS) + 2 * len(TARGETS) >= 60


def test_the_listeners_hear_a_browser_without_walls(world: Any, missing_browser: Any) -> None:
    routes: dict[str, Any] = {}
    for name in ("img", "webrtc", "web_socket"):
        body = "".join(VECTORS[name].format(url=target, n=n) for n, target in enumerate(TARGETS))
        routes[f"site.test/{name}"] = {"body": f"<!doctype html>{body}"}
    requests = [{"url": f"http://{at}", "meta": {"render": True}} for at in routes]
    heard = world(requests, routes, names=NAMES, unguarded=True, settings={"RETRY_TIMES": 0})["hits"]
    assert {hit["address"] for hit in heard} >= {"127.0.0.1:80", "10.0.0.1:8080", "169.254.169.254:80", "::1:80", "udp:3478"}
    assert any("Upgrade: websocket" in hit["said"] for hit in heard)


def test_pages_that_only_try_still_come_whole(rendered: dict[str, Any]) -> None:
    for name in VECTORS:
        result = rendered["results"][f"vector {name}"]
        assert result.get("status") == 200, (name, result)
        assert "the allowed page" in result["body"] or len(result["body"]) == 3000, name
    loaded = {event["path"].partition("?")[2] for event in rendered["server"] if event["path"].startswith("/ok.png")}
    assert loaded >= set(VECTORS)


def test_going_to_a_forbidden_address_is_refused_by_name(rendered: dict[str, Any]) -> None:
    for target in TARGETS:
        for kind in ("direct", "redirect"):
            assert rendered["results"][f"{kind} {target}"].get("error") in {"AddressRefused", "RobotsDenied"}, (kind, target)


def test_a_forbidden_document_is_not_loaded_even_in_a_frame_or_by_script(rendered: dict[str, Any]) -> None:
    reached = [event for event in rendered["server"] if event["host"] == "forbids.site.test" and event["path"] != "/robots.txt"]
    assert reached == []
    assert not any(event["path"] == "/foreign" for event in rendered["server"])
    assert any(event["path"] == "/frame" for event in rendered["server"])


def test_the_browser_names_itself_honestly(rendered: dict[str, Any]) -> None:
    assert {event["ua"] for event in rendered["server"]} == {"LureWatch/0.1 (+https://lurewatch.example.org/bot)"}
    said = json.dumps([event["headers"] for event in rendered["server"]])
    assert "authorization" not in said
