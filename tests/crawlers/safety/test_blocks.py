"""Walls are seen as walls, and pages that merely mention them are not."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

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


WALLS: dict[str, tuple[int, dict[str, str], str, str, str]] = {
    "429": (429, {"retry-after": "3600"}, "", "https://a.example/jobs", "http_429"),
    "403": (403, {}, page("Forbidden", "no"), "https://a.example/jobs", "http_403"),
    "401": (401, {}, "", "https://a.example/jobs", "http_401"),
    "451": (451, {}, "", "https://a.example/jobs", "http_451"),
    "503_wait": (503, {"retry-after": "7200"}, "", "https://a.example/jobs", "retry_after"),
    "cloudflare_header": (200, {"cf-mitigated": "challenge"}, page("x", "x"), "https://a.example/jobs", "captcha"),
    "cloudflare_page": (
        200,
        {},
        page("Just a moment...", "<script>window._cf_chl_opt={cvId:'3'}</script>"),
        "https://a.example/",
        "captcha",
    ),
    "cloudflare_503": (
        503,
        {},
        page("Just a moment...", "<script>window._cf_chl_opt={}</script>"),
        "https://a.example/",
        "captcha",
    ),
    "datadome": (
        200,
        {},
        "<html><script src='https://ct.captcha-delivery.com/c.js'></script><iframe "
        "src='https://geo.captcha-delivery.com/captcha/?x'></iframe></html>",
        "https://a.example/",
        "captcha",
    ),
    "recaptcha": (
        200,
        {},
        page("Are you a robot?", "<p>Please tick the box</p><div class=g-recaptcha></div>"),
        "https://a.example/",
        "captcha",
    ),
    "hcaptcha_plain": (
        200,
        {},
        page("Kiểm tra", "<div class=h-captcha></div><p>Nhập captcha để tiếp tục</p>"),
        "https://a.example/",
        "captcha",
    ),
    "slider_zh": (200, {}, page("安全验证", "<div id=slideCaptcha></div>请完成安全验证"), "https://a.example/", "captcha"),
    "login_form": (
        200,
        {},
        page("Đăng nhập", f"<h1>Đăng nhập để xem tin</h1>{LOGIN_BOX}"),
        "https://a.example/jobs/1",
        "login_wall",
    ),
    "login_address": (200, {}, page("Members", LOGIN_BOX + ADVERT * 4), "https://a.example/login?next=/jobs/1", "login_wall"),
    "login_th": (200, {}, page("เข้าสู่ระบบ", "กรุณาเข้าสู่ระบบ" + LOGIN_BOX), "https://a.example/jobs/1", "login_wall"),
    "login_no_password": (
        200,
        {},
        page("Log in to continue", "<a href=/oauth>Continue with phone</a>"),
        "https://a.example/1",
        "login_wall",
    ),
    "authwall": (
        200,
        {},
        page("Sign Up | Network", "<h1>Join now</h1>" + LOGIN_BOX + ADVERT * 5),
        "https://a.example/authwall?x",
        "login_wall",
    ),
    "denied": (
        200,
        {},
        page("Access Denied", "<h1>Access Denied</h1>You don't have permission. Reference #18.2"),
        "https://a.example/",
        "error_body",
    ),
    "too_many_text": (200, {}, "Too many requests, try again later.", "https://a.example/", "error_body"),
    "frequent_zh": (200, {}, page("提示", "<p>访问过于频繁，请稍后再试</p>"), "https://a.example/", "error_body"),
    "maintenance_vi": (
        200,
        {},
        page("Thông báo", "<h1>Hệ thống đang bảo trì</h1><p>Vui lòng quay lại sau</p>"),
        "https://a.example/",
        "error_body",
    ),
    "id_denied": (200, {}, page("Akses ditolak", "Akses ditolak oleh server"), "https://a.example/", "error_body"),
    "500_in_200": (
        200,
        {},
        page("500 Internal Server Error", "<h1>500 Internal Server Error</h1>"),
        "https://a.example/",
        "error_body",
    ),
    "incapsula": (
        200,
        {},
        "<html><script src='/_Incapsula_Resource?SWUDNSAI=31&x'></script></html>",
        "https://a.example/",
        "captcha",
    ),
    "json_limit": (
        200,
        {"content-type": "application/json"},
        '{"error": "rate limit exceeded"}',
        "https://a.example/api",
        "error_body",
    ),
    "json_code": (200, {}, '{"code": 403, "message": "denied", "data": []}', "https://a.example/api", "error_body"),
    "json_status": (200, {}, '{"status": "fail", "data": null}', "https://a.example/api", "error_body"),
    "empty": (200, {}, "  \n", "https://a.example/jobs", "empty_body"),
}
PAGES: dict[str, tuple[int, str, str]] = {
    "advert_about_login": (
        200,
        page("Login support agent wanted", f"<h1>Log in team: support agent</h1>{ADVERT * 3}"),
        "https://a.example/1",
    ),
    "login_box_in_header": (200, page("Việc làm", f"{LOGIN_BOX}{MENU}{ADVERT * 3}"), "https://a.example/viec-lam"),
    "short_advert_login_box": (200, page("Bán hàng ca tối", f"{MENU}{ADVERT}{LOGIN_BOX}"), "https://a.example/viec-lam/1"),
    "captcha_in_comments": (
        200,
        page("Tin tuyển dụng", ADVERT * 4 + "<form>comment<div class=g-recaptcha></div></form>"),
        "https://a.example/2",
    ),
    "cloudflare_beacon": (
        200,
        page("Jobs", ADVERT * 4 + "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"),
        "https://a.example/",
    ),
    "access_control": (
        200,
        page("Access control installer", f"<h1>Access control installer</h1>{ADVERT}"),
        "https://a.example/3",
    ),
    "maintenance_job": (
        200,
        page("Site maintenance technician", f"<h1>Site maintenance technician</h1>{ADVERT}"),
        "https://a.example/4",
    ),
    "security_check_job": (
        200,
        page("Security check officer, airport", f"<h1>Security check officer</h1>{ADVERT}"),
        "https://a.example/4",
    ),
    "forbidden_city": (200, page("Tour guide, Forbidden City", f"<h1>Tour guide</h1>{ADVERT}"), "https://a.example/5"),
    "captcha_job": (
        200,
        page("Captcha typing work from home", f"<h1>Captcha typing job</h1>{ADVERT * 2} captcha captcha"),
        "https://a.example/6",
    ),
    "tiny_posting": (200, page("Site maintenance", f"{JSON_LD}<p>x</p>{LOGIN_BOX}"), "https://a.example/7"),
    "no_results": (200, page("0 việc làm", f"{MENU}<p>Không tìm thấy việc làm nào</p>"), "https://a.example/q"),
    "room_403": (200, page("Phòng 403: tuyển lễ tân", f"<h1>Phòng 403</h1>{ADVERT}"), "https://a.example/8"),
    "feed": (
        200,
        "<?xml version='1.0'?><rss><channel><title>Access denied stories</title></channel></rss>",
        "https://a.example/f",
    ),
    "empty_feed": (200, "<?xml version='1.0'?>\n<urlset xmlns='x'></urlset>", "https://a.example/sitemap.xml"),
    "json_page": (200, '{"items": [{"id": 1, "error": null}], "errors": [], "success": true}', "https://a.example/api"),
    "json_ok_code": (200, '{"code": 0, "message": "ok", "data": {"list": []}}', "https://a.example/api"),
    "json_empty": (200, "[]", "https://a.example/api"),
    "not_found": (404, page("404", "gone"), "https://a.example/9"),
    "server_error": (500, page("500", "x"), "https://a.example/9"),
    "script_shell": (200, page("ScrollWork", "<div id=app></div><script src=/app.js></script>"), "https://a.example/"),
    "login_word_in_path": (200, page("Nhân viên", ADVERT * 2), "https://a.example/jobs/login-desk-clerk-12"),
    "telegram_preview": (
        200,
        page("Telegram: View @x", "<div class=tgme_widget_message_text>" + ADVERT + "</div>"),
        "https://t.me/s/x",
    ),
}


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_has_its_name(name: str) -> None:
    status, headers, body, url, reason = WALLS[name]
    assert block_reason(status, headers, body, url) == reason


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
    status, body, url = PAGES[name]
    assert block_reason(status, {}, body, url) is None


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
        "captcha": {"body": WALLS["recaptcha"][2]},
        "login": {"body": WALLS["login_form"][2]},
        "login_redirect": {"status": 302, "headers": {"Location": "/login?next=/p"}},
        "error_body": {"body": WALLS["denied"][2]},
        "json": {"body": WALLS["json_limit"][2], "headers": {"Content-Type": "application/json"}},
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
