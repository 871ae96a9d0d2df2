"""People at the desk: added, logged out, given passwords and vouched for by the rules of the command, never by fewer people."""

import re
from datetime import timedelta
from io import BytesIO

import pyotp
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from desk.custody import audit
from desk.custody.ledger_check import check_ledger
from desk.people import accounts
from desk.people.accounts import LoginRefused, authenticate
from tests.desk.factors import enrol, log_in_again

HOSTILE = "<img src=x onerror=alert(1)>"
LAN = {"name": "lan", "email": "lan@example.org", "role": "lead"}


def password_on(answer):
    found = re.search(r'<code class="address">([^<]+)</code>', answer.text)
    assert answer.status_code == 200 and found, answer.text[:2000]
    return found[1]


def newest(engine):
    with engine.connect() as connection:
        entry = next(iter(audit.entries(connection, newest=1)))
    return entry.actor, entry.action, entry.subject


@pytest.fixture
def enter(visitor):
    """Return a function that logs in with a password and returns the answer."""
    return lambda name, password: visitor().post("/login", data={"name": name, "password": password})


def test_a_person_is_added_with_a_password_that_is_shown_once(login, enter, desk_db):
    admin = login("admin")
    secret = password_on(admin.post("/people", **LAN))
    assert newest(desk_db) == ("admin", "user_added", "lan")
    assert enter("lan", secret).status_code == 303
    assert secret not in admin.page("/people") and "lan@example.org" in admin.page("/people")
    with desk_db.connect() as connection:
        assert not any(secret in entry.detail for entry in audit.entries(connection))
        assert check_ledger(connection).faults == ()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "Lan", "2 to 32 of a-z"), ("name", HOSTILE, "2 to 32 of a-z"), ("name", "minh", "is taken"),
        ("email", "no address", "is not an address"), ("email", "mi.nh+2@example.org", "one person has one account"),
        ("role", "owner", "is none of viewer"), ("role", "", "is none of viewer"),
    ],
)  # fmt: skip
def test_what_cannot_be_added_is_refused_and_stays_in_the_form(login, desk_db, field, value, words):
    answer = login("admin").post("/people", **(LAN | {field: value}))
    assert answer.status_code == 422 and words in answer.text and "<img src=x" not in answer.text
    assert 'class="address"' not in answer.text
    if field != "name":
        assert 'value="lan"' in answer.text
    with desk_db.connect() as connection:
        assert "lan" not in {user.name for user in accounts.all_users(connection)}


def test_who_was_added_is_no_second_person_for_the_one_who_added_them(login, desk_db, now):
    """An admin who makes a lead and uses both accounts approves nothing alone, also after the lead chose a password."""
    login("admin").post("/people", **LAN)
    with desk_db.connect() as connection:
        admin, lan = (accounts.user(connection, name) for name in ("admin", "lan"))
        assert "may be one person" in accounts.dependence(connection, lan, admin)
    accounts.set_password(desk_db, "lan", "other-gravel-lantern-77", now=now, actor="lan")
    with desk_db.connect() as connection:
        assert "may be one person" in accounts.dependence(connection, lan, admin)


def test_a_third_person_vouches_and_the_maker_and_the_account_itself_cannot(login, enter, visitor, desk_db):
    secret = password_on(login("admin").post("/people", **LAN))
    admin, lead = login("admin"), login("lead")
    assert "a third person vouches" in admin.page("/people") and "<table" not in lead.page("/people")
    refused = admin.post("/people/lan/vouch", why="I know them")
    assert refused.status_code == 422 and "dmin cannot vouch for lan" in refused.text
    client = visitor()
    client.post("/login", data={"name": "lan", "password": secret})
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/people").text)[1]
    assert client.post("/people/lan/vouch", data={"csrf": token, "why": "me"}).status_code == 422
    silent = lead.post("/people/lan/vouch", why=" ")
    assert silent.status_code == 422 and "say in a sentence" in silent.text.lower()
    assert lead.post("/people/lan/vouch", why="met them at the office").status_code == 303
    assert newest(desk_db) == ("lead", "user_vouched", "lan")
    assert "Every account counts as a person of its own" in lead.page("/people") and "counts as admin" not in admin.page(
        "/people"
    )
    with desk_db.connect() as connection:
        assert accounts.dependence(connection, accounts.user(connection, "lan"), accounts.user(connection, "admin")) is None


def test_a_new_password_ends_what_was_open_and_makes_the_account_count_as_the_admins(login, enter, password, desk_db):
    minh, admin = login("minh"), login("admin")
    secret = password_on(admin.post("/people/minh/password"))
    assert newest(desk_db) == ("admin", "password_changed", "minh")
    assert minh.get("/").status_code == 303
    assert (enter("minh", password).status_code, enter("minh", secret).status_code) == (401, 303)
    assert "counts as admin" in admin.page("/people")


def test_nobody_gets_a_password_of_their_own_account_or_of_nobody(login, enter, password):
    admin = login("admin")
    assert admin.post("/people/admin/password").status_code == 422
    assert admin.post("/people/nobody/password").status_code == 422
    assert enter("admin", password).status_code == 303


def test_logging_somebody_out_ends_their_sessions_and_nothing_else(login, enter, password, desk_db):
    minh, admin = login("minh"), login("admin")
    page = admin.page("/people")
    assert page.count(", last used ") == 2 and 'aria-label="Log out minh"' in page and "sid" not in page
    assert admin.post("/people/minh/sessions").status_code == 303
    assert newest(desk_db) == ("admin", "access_ended", "minh")
    assert minh.get("/").headers["location"].startswith("/login") and "Log out minh" not in admin.page("/people")
    assert enter("minh", password).status_code == 303
    assert admin.post("/people/nobody/sessions").status_code == 422


def test_an_own_password_needs_the_present_one_and_a_good_new_one(login, password, desk_db, now):
    minh, good = login("minh"), "copper-willow-stamp-41"
    wrong = minh.post("/account/password", password="not this one", chosen=good)
    assert wrong.status_code == 422 and "name, password or code is wrong" in wrong.text.lower()
    weak = minh.post("/account/password", password=password, chosen="password12345")
    assert weak.status_code == 422 and "words do well" in weak.text
    changed = minh.post("/account/password", password=password, chosen=good)
    assert changed.status_code == 200 and "Your password is changed" in changed.text and "Log out" not in changed.text
    assert minh.get("/").status_code == 303
    assert authenticate(desk_db, name="minh", password=good, address="x", now=now).name == "minh"
    with pytest.raises(LoginRefused):
        authenticate(desk_db, name="minh", password=password, address="x", now=now)


def test_guessing_the_present_password_is_throttled(login, password):
    minh = login("minh")
    for _ in range(5):
        minh.post("/account/password", password="wrong", chosen="copper-willow-stamp-41")
    answer = minh.post("/account/password", password=password, chosen="copper-willow-stamp-41")
    assert answer.status_code == 422 and "wait 15 minutes" in answer.text


def test_a_person_is_added_logs_in_and_chooses_a_password_in_the_browser(opened, browser, served):
    admin = opened("admin")
    admin.goto(f"{served}/people")
    admin.get_by_label("Name", exact=True).fill("lan")
    admin.get_by_label("E-mail").fill("lan@example.org")
    admin.select_option("form[action='/people'] [name=role]", "analyst")
    admin.get_by_role("button", name="Add", exact=True).press("Enter")
    secret = admin.locator("#t-made + p code").inner_text()
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{served}/login")
    for name, value in (("name", "lan"), ("password", secret)):
        page.fill(f"[name={name}]", value)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served}/")
    page.get_by_role("link", name="lan").press("Enter")
    page.get_by_label("Present password").fill(secret)
    page.get_by_label("New password").fill("copper-willow-stamp-41")
    page.get_by_role("button", name="Change the password").press("Enter")
    expect(page.get_by_role("heading", name="Your password is changed")).to_be_visible()
    context.close()


def test_a_second_factor_is_scanned_turned_on_and_asked_for_in_the_browser(opened, browser, served, password, clock, desk_db):
    """The drawing is what a telephone reads; sessions of the password alone are over, and half a log-in opens no page."""
    page, other = opened("minh"), opened("minh")
    page.goto(f"{served}/account")
    page.get_by_role("link", name="Turn it on").press("Enter")
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(page.locator("svg.qr").screenshot())))
    app = pyotp.parse_uri(found.text)
    assert (app.name, app.issuer) == ("minh", "LureWatch Test desk")
    page.get_by_label("Code").fill(app.at(clock.at))
    page.get_by_label("Present password").fill(password)
    page.get_by_role("button", name="Turn it on").press("Enter")
    codes = page.locator("main li code")
    expect(codes).to_have_count(10)
    recovery = codes.first.inner_text()
    for left in (page, other):
        left.goto(f"{served}/account")
        assert left.url.startswith(f"{served}/login")
    clock.at += timedelta(minutes=2)
    for code in ("", "000000", app.at(clock.at), recovery):
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{served}/login")
        for name, value in (("name", "minh"), ("password", password), ("code", code)):
            page.fill(f"[name={name}]", value)
        page.keyboard.press("Enter")
        if len(code) < 6 or code == "000000":
            expect(page.get_by_text("Name, password or code is wrong")).to_be_visible()
            assert context.cookies() == [] or all(each["name"] != "sid" for each in context.cookies())
            page.goto(f"{served}/account")
            assert page.url.startswith(f"{served}/login")
        else:
            page.wait_for_url(f"{served}/")
        context.close()


def test_a_second_factor_ends_by_password_and_code_or_by_an_admin_and_counts_as_theirs(login, enter, password, desk_db, clock):
    minh, admin = login("minh"), login("admin")
    app, codes = enrol(desk_db)
    clock.at += timedelta(minutes=2)
    log_in_again(minh, "minh", app.at(clock.at))
    for given in ({"code": codes[0]}, {"password": password, "code": app.at(clock.at)}):
        assert minh.post("/account/factor/end", **given).status_code == 422
    assert minh.post("/account/password", password=password, chosen="copper-willow-stamp-41").status_code == 422
    assert minh.post("/account/factor", password=password, secret="A" * 32, code="000000").status_code == 422
    assert minh.post("/people/minh/factor").status_code == 403
    assert enter("minh", password).status_code == 401
    clock.at += timedelta(minutes=16)
    assert admin.post("/people/admin/factor").status_code == 422
    assert admin.post("/people/minh/factor").status_code == 303
    assert newest(desk_db) == ("admin", "factor_removed", "minh") and "counts as admin" in admin.page("/people")
    assert minh.get("/").status_code == 303 and enter("minh", password).status_code == 303
    _app, codes = enrol(desk_db, at=clock.at)
    log_in_again(minh, "minh", codes[0])
    ended = minh.post("/account/factor/end", password=password, code=codes[1])
    assert ended.status_code == 200 and "Your second factor is off" in ended.text
    assert newest(desk_db) == ("minh", "factor_removed", "minh") and minh.get("/").status_code == 303
