"""Walls are seen as walls, and pages that merely mention them are not."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from crawlers.fetch.middlewares.blocks import block_reason, is_login_address
from tests.crawlers.safety.wall_pages import walls

ADVERT = (
    "Tuyển nhân viên trực điện thoại, làm việc tại văn phòng, lương 12 triệu, nghỉ chủ nhật. Yêu cầu tốt nghiệp phổ thông, "
    "nói rõ ràng, chịu khó. Nộp hồ sơ qua trang này hoặc gọi số trên hình. Công ty có chỗ ở cho người ở xa. "
)
MENU = "".join(f"<a href='/c/{n}'>nghề {n}</a> " for n in range(30))
LOGIN_BOX = "<form action=/login><input name=u><input type=password name=p><button>Log in</button></form>"
JSON_LD = '<script type="application/ld+json">{"@type": "JobPosting", "title": "Site maintenance technician"}</script>'


def page(title: str, body: str) -> str:
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"


class Answer(NamedTuple):
    """What a site answers, and the reason for which it is a wall."""

    reason: str
    body: str
    url: str = "https://a.example/"
    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})


def answer_with(body: str, **more: Any) -> Answer:
    """Return a page that is no wall."""
    return Answer("", body, **more)


WALLS = {
    "429": Answer("http_429", "", url="https://a.example/jobs", status=429, headers={"retry-after": "3600"}),
    "403": Answer("http_403", page("Forbidden", "no"), url="https://a.example/jobs", status=403),
    "401": Answer("http_401", "", url="https://a.example/jobs", status=401),
    "451": Answer("http_451", "", url="https://a.example/jobs", status=451),
    "503_wait": Answer("retry_after", "", url="https://a.example/jobs", status=503, headers={"retry-after": "7200"}),
    "cloudflare_header": Answer("captcha", page("x", "x"), url="https://a.example/jobs", headers={"cf-mitigated": "challenge"}),
    "cloudflare_page": Answer("captcha", page("Just a moment...", "<script>window._cf_chl_opt={cvId:'3'}</script>")),
    "cloudflare_503": Answer("captcha", page("Just a moment...", "<script>window._cf_chl_opt={}</script>"), status=503),
    "datadome": Answer(
        "captcha",
        "<html><script src='https://ct.captcha-delivery.com/c.js'></script><iframe "
        "src='https://geo.captcha-delivery.com/captcha/?x'></iframe></html>",
    ),
    "recaptcha": Answer("captcha", page("Are you a robot?", "<p>Please tick the box</p><div class=g-recaptcha></div>")),
    "hcaptcha_plain": Answer("captcha", page("Kiểm tra", "<div class=h-captcha></div><p>Nhập captcha để tiếp tục</p>")),
    "slider_zh": Answer("captcha", page("安全验证", "<div id=slideCaptcha></div>请完成安全验证")),
    "login_form": Answer(
        "login_wall", page("Đăng nhập", f"<h1>Đăng nhập để xem tin</h1>{LOGIN_BOX}"), url="https://a.example/jobs/1"
    ),
    "login_address": Answer("login_wall", page("Members", LOGIN_BOX + ADVERT * 4), url="https://a.example/login?next=/jobs/1"),
    "login_th": Answer("login_wall", page("เข้าสู่ระบบ", "กรุณาเข้าสู่ระบบ" + LOGIN_BOX), url="https://a.example/jobs/1"),
    "login_no_password": Answer(
        "login_wall", page("Log in to continue", "<a href=/oauth>Continue with phone</a>"), url="https://a.example/1"
    ),
    "authwall": Answer(
        "login_wall", page("Sign Up | Network", "<h1>Join now</h1>" + LOGIN_BOX + ADVERT * 5), url="https://a.example/authwall?x"
    ),
    "denied": Answer("error_body", page("Access Denied", "<h1>Access Denied</h1>You don't have permission. Reference #18.2")),
    "too_many_text": Answer("error_body", "Too many requests, try again later."),
    "frequent_zh": Answer("error_body", page("提示", "<p>访问过于频繁，请稍后再试</p>")),
    "maintenance_vi": Answer("error_body", page("Thông báo", "<h1>Hệ thống đang bảo trì</h1><p>Vui lòng quay lại sau</p>")),
    "id_denied": Answer("error_body", page("Akses ditolak", "Akses ditolak oleh server")),
    "500_in_200": Answer("error_body", page("500 Internal Server Error", "<h1>500 Internal Server Error</h1>")),
    "incapsula": Answer("captcha", "<html><script src='/_Incapsula_Resource?SWUDNSAI=31&x'></script></html>"),
    "json_limit": Answer(
        "error_body",
        '{"error": "rate limit exceeded"}',
        url="https://a.example/api",
        headers={"content-type": "application/json"},
    ),
    "json_code": Answer("error_body", '{"code": 403, "message": "denied", "data": []}', url="https://a.example/api"),
    "json_status": Answer("error_body", '{"status": "fail", "data": null}', url="https://a.example/api"),
    "empty": Answer("empty_body", "  \n", url="https://a.example/jobs"),
}
PAGES = {
    "advert_about_login": answer_with(
        page("Login support agent wanted", f"<h1>Log in team: support agent</h1>{ADVERT * 3}"), url="https://a.example/1"
    ),
    "login_box_in_header": answer_with(page("Việc làm", f"{LOGIN_BOX}{MENU}{ADVERT * 3}"), url="https://a.example/viec-lam"),
    "short_advert_login_box": answer_with(
        page("Bán hàng ca tối", f"{MENU}{ADVERT}{LOGIN_BOX}"), url="https://a.example/viec-lam/1"
    ),
    "captcha_in_comments": answer_with(
        page("Tin tuyển dụng", ADVERT * 4 + "<form>comment<div class=g-recaptcha></div></form>"), url="https://a.example/2"
    ),
    "cloudflare_beacon": answer_with(
        page("Jobs", ADVERT * 4 + "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>")
    ),
    "access_control": answer_with(
        page("Access control installer", f"<h1>Access control installer</h1>{ADVERT}"), url="https://a.example/3"
    ),
    "maintenance_job": answer_with(
        page("Site maintenance technician", f"<h1>Site maintenance technician</h1>{ADVERT}"), url="https://a.example/4"
    ),
    "security_check_job": answer_with(
        page("Security check officer, airport", f"<h1>Security check officer</h1>{ADVERT}"), url="https://a.example/4"
    ),
    "forbidden_city": answer_with(page("Tour guide, Forbidden City", f"<h1>Tour guide</h1>{ADVERT}"), url="https://a.example/5"),
    "captcha_job": answer_with(
        page("Captcha typing work from home", f"<h1>Captcha typing job</h1>{ADVERT * 2} captcha captcha"),
        url="https://a.example/6",
    ),
    "tiny_posting": answer_with(page("Site maintenance", f"{JSON_LD}<p>x</p>{LOGIN_BOX}"), url="https://a.example/7"),
    "no_results": answer_with(page("0 việc làm", f"{MENU}<p>Không tìm thấy việc làm nào</p>"), url="https://a.example/q"),
    "room_403": answer_with(page("Phòng 403: tuyển lễ tân", f"<h1>Phòng 403</h1>{ADVERT}"), url="https://a.example/8"),
    "feed": answer_with(
        "<?xml version='1.0'?><rss><channel><title>Access denied stories</title></channel></rss>", url="https://a.example/f"
    ),
    "empty_feed": answer_with("<?xml version='1.0'?>\n<urlset xmlns='x'></urlset>", url="https://a.example/sitemap.xml"),
    "json_page": answer_with('{"items": [{"id": 1, "error": null}], "errors": [], "success": true}', url="https://a.example/api"),
    "json_ok_code": answer_with('{"code": 0, "message": "ok", "data": {"list": []}}', url="https://a.example/api"),
    "json_empty": answer_with("[]", url="https://a.example/api"),
    "not_found": answer_with(page("404", "gone"), url="https://a.example/9", status=404),
    "server_error": answer_with(page("500", "x"), url="https://a.example/9", status=500),
    "script_shell": answer_with(page("ScrollWork", "<div id=app></div><script src=/app.js></script>")),
    "login_word_in_path": answer_with(page("Nhân viên", ADVERT * 2), url="https://a.example/jobs/login-desk-clerk-12"),
    "telegram_preview": answer_with(
        page("Telegram: View @x", "<div class=tgme_widget_message_text>" + ADVERT + "</div>"), url="https://t.me/s/x"
    ),
}


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_has_its_name(name: str) -> None:
    wall = WALLS[name]
    assert block_reason(wall.status, wall.headers, wall.body, wall.url) == wall.reason


def test_sixty_present_walls_are_walls() -> None:
    """Regression: challenges that answer 200 became adverts."""
    made = dict(walls())
    assert len(made) >= 60
    assert {name for name, text in made.items() if block_reason(200, {}, text, "https://a.example/job/1") is None} == set()


@pytest.mark.parametrize("sign", ["px-captcha", "_cf_chl_opt", "/.bunny-shield/assets/x.js", "window.KPSDK={}", "g-recaptcha"])
def test_a_challenge_beside_a_text_of_its_own_or_undrawn_is_no_wall(sign: str) -> None:
    assert block_reason(200, {}, page("Cook", ADVERT * 12 + f"<script>{sign}</script>"), "https://a.example/1") is None
    thread = page("A thread", f"<script>captcha {sign}</script><noscript>{ADVERT * 12}</noscript>")
    assert block_reason(200, {}, thread, "https://a.example/t/2") is None


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_not_taken_for_a_wall(name: str) -> None:
    page = PAGES[name]
    assert block_reason(page.status, page.headers, page.body, page.url) is None


def test_saved_real_pages_are_not_taken_for_walls(shared_data: Path) -> None:
    pages = [path for path in (shared_data / "pages").iterdir() if path.suffix in {".html", ".xml"}]
    assert len(pages) > 10
    taken = {path.name: block_reason(200, {}, path.read_text("utf-8", "replace"), "https://a.example/x") for path in pages}
    assert {name: reason for name, reason in taken.items() if reason} == {}


def test_login_addresses_are_whole_segments() -> None:
    assert is_login_address("https://a.example/en/login?next=x")
    assert is_login_address("https://a.example/dang-nhap/")
    assert not is_login_address("https://a.example/jobs/login-desk-clerk")
    assert not is_login_address("https://login-jobs.example/")


@pytest.fixture(scope="module")
def blocked_runs(world: Any) -> dict[str, dict[str, Any]]:
    """Crawl ten pages of which the third and all later ones are a wall."""
    good = {"body": page("Tin", ADVERT * 4)}
    walls = {
        "429": {"status": 429, "headers": {"Retry-After": "3600"}},
        "403": {"status": 403},
        "captcha": {"body": WALLS["recaptcha"].body},
        "login": {"body": WALLS["login_form"].body},
        "login_redirect": {"status": 302, "headers": {"Location": "/login?next=/p"}},
        "error_body": {"body": WALLS["denied"].body},
        "json": {"body": WALLS["json_limit"].body, "headers": {"Content-Type": "application/json"}},
        "empty": {"body": ""},
    }

    def run(wall: dict[str, Any]) -> dict[str, Any]:
        routes = {f"site.test/p{n}": good if n < 3 else wall for n in range(10)} | {"site.test/robots.txt": {"status": 404}}
        requests = [{"id": f"p{n}", "url": f"http://site.test/p{n}"} for n in range(10)]
        answer: dict[str, Any] = world(requests, routes, source={"delay": 0.05})
        return answer

    with ThreadPoolExecutor(4) as pool:
        return dict(zip(walls, pool.map(run, walls.values()), strict=True))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("429", "http_429"),
        ("403", "http_403"),
        ("captcha", "captcha"),
        ("login", "login_wall"),
        ("login_redirect", "login_wall"),
        ("error_body", "error_body"),
        ("json", "error_body"),
        ("empty", "empty_body"),
    ],
)
def test_a_run_ends_at_the_first_wall(blocked_runs: dict[str, dict[str, Any]], name: str, reason: str) -> None:
    run = blocked_runs[name]
    assert run["stats"]["finish_reason"] == "blocked"
    assert run["stats"]["blocked/reason"] == reason
    fetched = [event["path"] for event in run["server"] if event["path"] != "/robots.txt"]
    assert len(fetched) <= 5, "no page is asked for once the site has said no"


def test_a_short_wait_is_waited_for_once(world: Any) -> None:
    turns = [{"status": 429, "headers": {"Retry-After": "1"}}, {"body": page("Tin", ADVERT * 4)}]
    told = world([{"id": "p", "url": "http://site.test/p"}], {"site.test/p": {"turns": turns}})
    asked = [event["t"] for event in told["server"] if event["path"] == "/p"]
    assert told["results"]["p"]["status"] == 200
    assert asked[1] - asked[0] >= 1.0
    told = world([{"id": "p", "url": "http://site.test/p"}], {"site.test/p": turns[0]})
    assert told["stats"]["blocked/reason"] == "http_429"
    assert len([event for event in told["server"] if event["path"] == "/p"]) == 2
