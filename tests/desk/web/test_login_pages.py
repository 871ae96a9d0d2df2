"""Logging in and out, cookies, headers, and forms from elsewhere."""

import dataclasses
import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from desk.custody import audit
from desk.people import accounts
from desk.web.app import create_app
from desk.web.guard import local
from index.base import StoreUnavailable


def test_a_stranger_is_sent_to_log_in_and_back(visitor, people, password):
    client = visitor()
    answer = client.get("/search?q=visa&sort=newest")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?back=%2Fsearch%3Fq%3Dvisa%26sort%3Dnewest")
    answer = client.post("/login", data={"name": "minh", "password": password, "back": "/search?q=visa&sort=newest"})
    assert answer.headers["location"] == "/search?q=visa&sort=newest"


def test_without_people_the_log_in_page_says_how_to_add_the_first(visitor):
    assert "lurewatch users add" in visitor().get("/login").text


@pytest.mark.parametrize("back", [
    "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil", "javascript:alert(1)", "http:evil",
    "/x\r\nSet-Cookie: a=b", "",
])  # fmt: skip
def test_log_in_never_leads_elsewhere(back):
    assert local(back) == "/"


def test_a_wrong_password_answers_401_and_shows_no_page(visitor, people):
    answer = visitor().post("/login", data={"name": "minh", "password": "wrong wrong wrong"})
    assert answer.status_code == 401
    assert "Name, password or code is wrong" in answer.text


def test_the_sixth_wrong_password_answers_429(visitor, people):
    client = visitor()
    codes = [client.post("/login", data={"name": "minh", "password": "wrong"}).status_code for _ in range(6)]
    assert codes == [401] * 5 + [429]


def test_every_answer_carries_the_security_headers(visitor, login):
    stranger, minh = visitor(), login("minh")
    answers = [
        stranger.get("/login"), stranger.get("/"), stranger.get("/nothing"), minh.get("/"), minh.get("/static/desk.css"),
        minh.post("/item/x/confirm"), stranger.post("/logout"),
    ]  # fmt: skip
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "require-trusted-types-for 'script'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert minh.get("/").headers["cache-control"] == "no-store"


def test_over_tls_the_cookie_is_bound_to_the_host_and_hsts_is_sent(desk, people, password):
    secure = dataclasses.replace(desk, public_url="https://desk.example.org")
    client = TestClient(create_app(secure), base_url="https://desk.example.org", follow_redirects=False)
    answer = client.post("/login", data={"name": "minh", "password": password})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-sid=")
    for part in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"):
        assert part in cookie
    assert "max-age=63072000" in answer.headers["strict-transport-security"]
    assert client.get("/").status_code == 200


def test_an_unknown_host_name_is_refused(desk):
    client = TestClient(create_app(desk), base_url="http://rebound.example", follow_redirects=False)
    assert client.get("/login").status_code == 400


def test_the_session_changes_at_log_in_and_is_dead_after_log_out(visitor, login, people, password):
    minh = login("minh")
    before = minh.client.cookies["sid"]
    minh.post("/login", name="minh", password=password)
    assert minh.client.cookies["sid"] != before
    fresh = visitor()
    fresh.cookies.set("sid", before)
    assert fresh.get("/").status_code == 303
    token = minh.client.cookies["sid"]
    minh = dataclasses.replace(minh, csrf=minh.page("/").split('name="csrf" value="')[1].split('"')[0])
    answer = minh.post("/logout")
    assert "cookies" in answer.headers["clear-site-data"]
    fresh.cookies.set("sid", token)
    assert fresh.get("/").status_code == 303


def test_half_an_idle_hour_logs_out(login, clock):
    minh = login("minh")
    clock.at += timedelta(minutes=31)
    assert minh.get("/").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}, {"origin": "null"}],
)
def test_forms_from_elsewhere_are_refused_even_with_the_token(login, store, record, headers):
    item = record()
    store.put([item])
    minh = login("minh")
    answer = minh.client.post(
        f"/item/{item.id}/dismiss", headers=headers, data={"csrf": minh.csrf, "reason": "misread", "seen": "0"}
    )
    assert answer.status_code == 403
    assert "other site" in answer.text or "another site" in answer.text


@pytest.mark.parametrize("token", ["", "wrong", None])
def test_forms_without_the_sessions_token_are_refused(login, store, record, token):
    item = record()
    store.put([item])
    minh, other = login("minh"), login("analyst")
    for given in (token, other.csrf):
        data = {"reason": "misread", "seen": "0"} | ({} if given is None else {"csrf": given})
        assert minh.client.post(f"/item/{item.id}/dismiss", data=data).status_code == 403


def test_denials_stand_in_the_audit_log(login, desk_db, store, record):
    item = record()
    store.put([item])
    viewer = login("viewer")
    assert viewer.post(f"/item/{item.id}/dismiss", reason="misread", seen=0).status_code == 403
    with desk_db.connect() as connection:
        entry = next(audit.entries(connection, newest=1))
    assert (entry.actor, entry.action, entry.subject) == ("viewer", "denied", f"/item/{item.id}/dismiss")


def test_an_error_shows_a_number_and_nothing_else_and_changes_nothing(desk, people, password, store, monkeypatch, caplog):
    client = TestClient(create_app(desk), base_url=desk.public_url, follow_redirects=False, raise_server_exceptions=False)
    client.post("/login", data={"name": "minh", "password": password})
    monkeypatch.setattr(store, "search", lambda query: {}["canary-secret\x1b[31m"])
    answer = client.get("/search")
    assert answer.status_code == 500
    assert "canary" not in answer.text
    assert "Traceback" not in answer.text
    number = re.search(r"number ([0-9a-f]{8})", answer.text)[1]
    assert number in caplog.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_an_index_that_is_away_is_said_plainly(desk, people, password, store, monkeypatch):
    def away(query):
        raise StoreUnavailable("elasticsearch: connection refused")

    client = TestClient(create_app(desk), base_url=desk.public_url, follow_redirects=False)
    client.post("/login", data={"name": "minh", "password": password})
    monkeypatch.setattr(store, "search", away)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_pages_are_compressed_and_a_form_s_token_is_masked_anew_on_each(login):
    minh = login("minh")
    pages = [minh.get("/") for _ in range(2)]
    assert [page.headers["content-encoding"] for page in pages] == ["gzip", "gzip"]
    assert minh.get("/static/htmx.min.js").headers["content-encoding"] == "gzip"
    tokens = {re.search(r'name="csrf" value="([^"]+)"', page.text)[1] for page in pages}
    assert len(tokens) == 2
    for token in tokens:
        minh.csrf = token
        assert minh.post("/saved", name=token[:9], typed="lang:vi").status_code == 303
    for wrong in ("", "x", token[:-8], "Ä", token[::-1]):
        minh.csrf = wrong
        assert minh.post("/saved", name="wrong", typed="lang:vi").status_code == 403


def test_the_log_in_page_speaks_the_browsers_language_until_another_is_picked(visitor, people, password, desk_db):
    """What was picked goes with the person to their account, and is kept over the end of the session."""
    client = visitor()
    asked = client.get("/login", headers={"accept-language": "fr-SN,fr;q=0.9"})
    assert '<html lang="fr">' in asked.text and ">Se connecter</button>" in asked.text
    picked = client.get("/login?language=vi", headers={"accept-language": "fr"})
    assert '<html lang="vi">' in picked.text and 'name="language" value="vi"' in picked.text
    wrong = client.post("/login", data={"name": "minh", "password": "wrong", "language": "vi"})
    assert wrong.status_code == 401 and "Tên, mật khẩu hoặc mã không đúng." in wrong.text
    client.post("/login", data={"name": "minh", "password": password, "language": "vi"})
    assert '<html lang="vi">' in client.get("/account", headers={"accept-language": "en"}).text
    with desk_db.connect() as connection:
        assert accounts.user(connection, "minh").language == "vi"


def test_the_first_log_in_keeps_what_the_browser_asked_for_and_a_later_one_changes_nothing(visitor, people, password, desk_db):
    """Only what somebody picks changes an account that has a language."""
    for wish in ("fr", "vi"):
        visitor().post("/login", data={"name": "minh", "password": password}, headers={"accept-language": wish})
        with desk_db.connect() as connection:
            assert accounts.user(connection, "minh").language == "fr"


def test_a_person_reads_moments_in_their_zone_with_utc_beside(login, desk_db):
    """A zone that there is none of is refused in words; the desk's own counts where none was chosen."""
    minh = login("minh")
    assert minh.post("/account/language", language="vi", zone="Asia/Ho_Chi_Minh").status_code == 303
    minh.post("/account/tokens", name="n8n", scopes=["read"], days="30")
    assert "24/12/2026 16:00 UTC+7 (09:00 UTC)" in minh.page("/account")
    refused = minh.post("/account/language", language="vi", zone="<b>Mars")
    assert refused.status_code == 422 and "không phải là múi giờ" in refused.text and "<b>Mars" not in refused.text


@pytest.mark.parametrize("language", ["", "xx", "en'\r\nSet-Cookie: x", "../fr"])
def test_a_language_that_is_none_of_ours_is_not_kept(visitor, people, password, desk_db, language):
    """From an address, a cookie or a form alike."""
    client = visitor()
    client.cookies.set("language", "../../x")
    assert '<html lang="en">' in client.get("/login", params={"language": language}).text
    assert client.post("/login", data={"name": "minh", "password": password, "language": language}).status_code == 303
    with desk_db.connect() as connection:
        assert accounts.user(connection, "minh").language == "en"
