"""Every route and every role: who gets in stands in this table, and a route that is not in it fails."""

import pytest
from fastapi.routing import APIRoute

from desk.cases.openings import note_opening
from desk.custody import audit
from desk.database import writing
from desk.people import accounts
from desk.people.roles import RIGHTS, Right
from desk.subscribers.search_feed import feed_token
from desk.subscribers.subscriptions import active_subscriptions, subscribe
from desk.takedown import repository
from desk.web.app import create_app
from tests.desk.conftest import confirm_item

OPEN = "anybody"
TABLE = {
    ("GET", "/"): Right.READ,
    ("GET", "/queue/rows"): Right.READ,
    ("GET", "/search"): Right.READ,
    ("GET", "/search/suggest"): Right.READ,
    ("GET", "/go"): Right.READ,
    ("GET", "/next"): Right.READ,
    ("GET", "/item/{item_id}"): Right.READ,
    ("POST", "/item/{item_id}/decide"): Right.DECIDE,
    ("POST", "/item/{item_id}/confirm"): Right.DECIDE,
    ("POST", "/item/{item_id}/dismiss"): Right.DECIDE,
    ("POST", "/item/{item_id}/undo"): Right.DECIDE,
    ("POST", "/item/{item_id}/reason"): Right.DECIDE,
    ("POST", "/item/{item_id}/lease"): Right.DECIDE,
    ("POST", "/item/{item_id}/release"): Right.DECIDE,
    ("POST", "/item/{item_id}/watch"): Right.READ,
    ("POST", "/item/{item_id}/comment"): Right.DECIDE,
    ("POST", "/item/{item_id}/escalate"): Right.DECIDE,
    ("POST", "/item/{item_id}/return"): Right.VICTIMS,
    ("GET", "/seeds"): Right.RUNS,
    ("POST", "/seeds/accept"): Right.SEEDS,
    ("GET", "/inbox"): Right.READ,
    ("POST", "/inbox/{number}/done"): Right.READ,
    ("GET", "/second"): Right.DECIDE,
    ("POST", "/second/{item_id}"): Right.DECIDE,
    ("POST", "/item/{item_id}/evidence"): Right.EVIDENCE,
    ("GET", "/item/{item_id}/pictures"): Right.EVIDENCE,
    ("GET", "/item/{item_id}/pictures/{number}"): Right.EVIDENCE,
    ("GET", "/item/{item_id}/page"): Right.EVIDENCE,
    ("GET", "/item/{item_id}/page/frame"): Right.EVIDENCE,
    ("GET", "/item/{item_id}/translation"): Right.READ,
    ("POST", "/account/language"): Right.READ,
    ("POST", "/account/comfort"): Right.READ,
    ("GET", "/digest/{week}"): Right.READ,
    ("GET", "/campaigns"): Right.READ,
    ("GET", "/campaign/{campaign_id}"): Right.READ,
    ("GET", "/campaign/{campaign_id}/merge"): Right.DECIDE,
    ("POST", "/campaign/{campaign_id}/merge"): Right.DECIDE,
    ("POST", "/campaign/{campaign_id}/split"): Right.DECIDE,
    ("POST", "/campaign/{campaign_id}/lock"): Right.DECIDE,
    ("GET", "/bulk"): Right.DECIDE,
    ("POST", "/bulk"): Right.DECIDE,
    ("POST", "/bulk/{batch}/undo"): Right.DECIDE,
    ("POST", "/bulk/{batch}/follow"): Right.DECIDE,
    ("POST", "/orders/{number}/end"): Right.DECIDE,
    ("POST", "/campaign/{campaign_id}/unlink"): Right.DECIDE,
    ("GET", "/rulings"): Right.READ,
    ("POST", "/rulings/{ruling_id}/undo"): Right.DECIDE,
    ("GET", "/contact"): Right.READ,
    ("GET", "/item/{item_id}/contacts"): Right.READ,
    ("POST", "/search/export"): Right.EVIDENCE,
    ("GET", "/saved"): Right.READ,
    ("POST", "/saved"): Right.READ,
    ("GET", "/saved/{number}"): Right.READ,
    ("POST", "/saved/{number}/rename"): Right.READ,
    ("POST", "/saved/{number}/share"): Right.READ,
    ("POST", "/saved/{number}/{step}"): Right.READ,
    ("GET", "/platforms"): Right.READ,
    ("GET", "/platforms/outcomes.csv"): Right.READ,
    ("GET", "/platforms/{key}"): Right.READ,
    ("POST", "/platforms/{key}/tokens"): Right.APPROVE,
    ("POST", "/platforms/{key}/tokens/{number}/open"): Right.APPROVE,
    ("POST", "/platforms/{key}/tokens/{number}/revoke"): Right.APPROVE,
    ("POST", "/item/{item_id}/answer"): Right.LISTS,
    ("GET", "/item/{item_id}/sightings/{number}"): Right.EVIDENCE,
    ("GET", "/subscriptions"): Right.READ,
    ("POST", "/subscriptions"): Right.READ,
    ("POST", "/subscriptions/{number}/end"): Right.READ,
    ("GET", "/unsubscribe/{token}"): OPEN,
    ("POST", "/unsubscribe/{token}"): OPEN,
    ("GET", "/answer/{token}"): OPEN,
    ("GET", "/feed/{token}"): OPEN,
    ("POST", "/answer/{token}"): OPEN,
    ("GET", "/lists"): Right.LISTS,
    ("GET", "/lists/new"): Right.LISTS,
    ("POST", "/lists/new"): Right.LISTS,
    ("POST", "/lists/{list_id}/send"): Right.APPROVE,
    ("POST", "/lists/{list_id}/answer"): Right.LISTS,
    ("GET", "/lists/{list_id}"): Right.LISTS,
    ("GET", "/lists/{list_id}/{name}"): Right.LISTS,
    ("POST", "/lists/{list_id}/approve"): Right.APPROVE,
    ("GET", "/sources"): Right.RUNS,
    ("GET", "/sources/{name}"): Right.RUNS,
    ("GET", "/runs"): Right.RUNS,
    ("GET", "/runs/{source}/{run_id}"): Right.RUNS,
    ("GET", "/rules"): Right.RUNS,
    ("POST", "/rules/try"): Right.RUNS,
    ("GET", "/rules/{language}/{family}"): Right.RUNS,
    ("GET", "/suggestions"): Right.RUNS,
    ("POST", "/suggestions/propose"): Right.READ,
    ("POST", "/suggestions/{number}/close"): Right.SEEDS,
    ("POST", "/suggestions/{step}"): Right.SOURCES,
    ("GET", "/audit"): Right.AUDIT,
    ("GET", "/people"): Right.USERS,
    ("POST", "/people"): Right.USERS,
    ("POST", "/people/{name}/sessions"): Right.USERS,
    ("POST", "/people/{name}/password"): Right.USERS,
    ("GET", "/sessions"): Right.USERS,
    ("GET", "/vouch"): Right.APPROVE,
    ("POST", "/vouch"): Right.APPROVE,
    ("POST", "/account/password"): Right.READ,
    ("POST", "/people/{name}/role"): Right.USERS,
    ("POST", "/people/{name}/disabled"): Right.USERS,
    ("GET", "/account"): Right.READ,
    ("POST", "/account/tokens"): Right.READ,
    ("POST", "/account/tokens/{number}/revoke"): Right.READ,
    ("GET", "/login"): OPEN,
    ("POST", "/login"): OPEN,
    ("GET", "/session"): Right.READ,
    ("POST", "/logout"): "logged in",
    ("GET", "/healthz"): OPEN,
    ("GET", "/metrics"): OPEN,  # its bearer token is no role's; tests/desk/web/test_metrics_page.py
    ("POST", "/csp"): OPEN,
}
VIEWER = {Right.READ, Right.RUNS}
ANALYST = VIEWER | {Right.DECIDE, Right.EVIDENCE, Right.LISTS}
MAY = {
    "viewer": VIEWER,
    "analyst": ANALYST,
    "lead": {
        Right.READ,
        Right.RUNS,
        Right.DECIDE,
        Right.EVIDENCE,
        Right.LISTS,
        Right.APPROVE,
        Right.AUDIT,
        Right.SOURCES,
        Right.SEEDS,
        Right.VICTIMS,
    },
    "operator": {Right.READ, Right.RUNS, Right.AUDIT, Right.SOURCES, Right.SEEDS},
    "admin": ANALYST | {Right.APPROVE, Right.AUDIT, Right.USERS, Right.SOURCES, Right.SEEDS, Right.VICTIMS},
}


def walk(app):
    """Return (method, path) of every route, however deep it is mounted."""
    return {(method, route.path) for route in app.routes if isinstance(route, APIRoute) for method in route.methods - {"HEAD"}}


def test_every_route_stands_in_the_table_and_nothing_else_is_mounted(desk):
    """The operations of the API stand in a table of their own: tests/desk/web/api/test_access.py."""
    app = create_app(desk)
    assert walk(app) == set(TABLE)
    assert [route.path for route in app.routes if not isinstance(route, APIRoute)] == ["/static", "/api/v1"]


def test_the_roles_are_those_of_the_table():
    assert set(RIGHTS) == set(MAY)
    without_route = {Right.UNDO_OTHERS}  # asked beside DECIDE
    assert {role: set(rights) - without_route for role, rights in RIGHTS.items()} == MAY


@pytest.fixture
def address(store, record, desk_db, people, now):
    """Return a function that fills a route's path with things that exist."""
    item = record(campaign="c1")
    store.put([item, record(2, campaign="c1")])
    note_opening(desk_db, item, by=people["minh"], now=now)
    confirm_item(desk_db, item, by=people["minh"], now=now)
    with writing(desk_db) as connection:
        entry = repository.ListEntry(
            item_id=item.id,
            change="new",
            decision_id=1,
            body={
                "url": "https://board.example.org/jobs/1",
                "title": "t",
                "grounds": [{"indicator": "named_by_analyst", "quote": "t", "meaning": "m"}],
                "explanation": "e",
                "kind": "scam_compound",
                "severity": "high",
                "clause": {"key": "deceptive_recruitment", "title": "c", "rule": None},
                "evidence": {"sha256": "ab" * 32},
            },
        )
        repository.keep(
            connection,
            platform="sample_boards",
            number=1,
            previous=None,
            manifest_sha256="44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
            by="dag:takedown_lists",
            now=now,
            found=[entry],
            contents=dict.fromkeys(
                ("list.json", "manifest.json"),
                ("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", b"{}"),
            ),
        )
    names = {"{item_id}": item.id, "{campaign_id}": "c1", "/{name}/": "/minh/", "{name}": "list.json"}
    for schedule in ("weekly", "feed"):  # the first is ended on the way
        subscribe(desk_db, by=people["minh"], now=now, schedule=schedule)
    with desk_db.connect() as connection:
        names |= {"{token}": feed_token(active_subscriptions(connection)[-1])}
    names |= dict.fromkeys(("{list_id}", "{ruling_id}", "{number}"), "1")
    names |= {"draft/{step}": "draft/sign", "suggestions/{step}": "suggestions/look", "{step}": "delete"}

    def fill(path):
        for part, value in names.items():
            path = path.replace(part, value)
        return path

    return fill


@pytest.mark.parametrize("role", [*MAY, None])
def test_each_role_gets_exactly_what_the_table_says(role, login, visitor, address):
    person = login(role) if role else visitor()
    for (method, path), right in TABLE.items():
        if path == "/logout":
            continue
        where = address(path)
        answer = person.get(where) if method == "GET" else person.post(where)
        sent_away = answer.status_code == 303 and answer.headers["location"].startswith("/login")
        if right == OPEN:
            assert answer.status_code in (200, 204, 303, 401), (role, method, path, answer.status_code)
        elif role is None:
            assert sent_away, (method, path, answer.status_code)
        elif right in MAY[role]:
            assert answer.status_code not in (401, 403, 500) and not sent_away, (role, method, path, answer.status_code)
        else:
            assert answer.status_code == 403, (role, method, path, answer.status_code)


def test_no_form_from_elsewhere_does_anything(login, address, desk_db):
    """Without the token of the session, or sent by another site with it, whoever is logged in and whatever the form is for."""
    people = {role: login(role) for role in MAY}
    with desk_db.connect() as connection:
        before = audit.head(connection)
    for (method, path), right in TABLE.items():
        if method == "GET" or right == OPEN:
            continue
        where, person = address(path), next(people[role] for role in MAY if right in ("logged in", *MAY[role]))
        assert person.client.post(where).status_code == 403, path
        away = person.client.post(where, data={"csrf": person.csrf}, headers={"sec-fetch-site": "cross-site"})
        assert away.status_code == 403 and "site" in away.text, path
    with desk_db.connect() as connection:
        assert audit.head(connection) == before


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/guard.py", "/.env", "/docs", "/openapi.json", "/admin"]
)
def test_nothing_else_is_served(visitor, path):
    assert visitor().get(path).status_code in (400, 404)


def test_a_list_file_is_always_an_attachment_of_plain_text(login, address):
    answer = login("analyst").get(address("/lists/{list_id}/{name}"))
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"].startswith("text/plain")


def signature(engine):
    """Return what the form of the first list sends when each of its notices is ticked."""
    with engine.connect() as connection:
        ticked = [entry.item_id for entry in repository.entries(connection, 1)]
    return {"recipient": "abuse@sample-boards.example", "ticked": ticked}


def test_a_lead_approves_on_the_page_and_the_decider_cannot(login, address, desk_db, now):
    address("/")
    accounts.set_role(desk_db, "minh", "lead", now=now, actor="admin")
    minh, lead = login("minh"), login("lead")
    assert minh.post("/lists/1/approve", **signature(desk_db)).status_code == 409
    assert "Minh decided an item on this list" in minh.page("/lists/1")
    assert lead.post("/lists/1/approve", **signature(desk_db)).status_code == 303
    assert "approved" in lead.page("/lists/1")
    assert lead.post("/lists/1/approve", **signature(desk_db)).status_code == 409


def test_a_list_that_cannot_leave_says_why_and_is_approved_again(login, address, desk_db, now):
    address("/")
    lead = login("lead")
    assert lead.post("/lists/1/approve", **signature(desk_db)).status_code == 303
    assert "next hourly run" in lead.page("/lists/1")
    accounts.set_disabled(desk_db, "lead", disabled=True, now=now, actor="admin")
    admin = login("admin")
    assert "cannot leave" in admin.page("/lists")
    assert "This list cannot leave: lead approved list 1 and is disabled" in admin.page("/lists/1")
    assert admin.post("/lists/1/approve", **signature(desk_db)).status_code == 303
    assert "cannot leave" not in admin.page("/lists/1")


def test_a_list_the_mail_server_refused_says_what_to_do(login, address, desk_db, now):
    address("/")
    with writing(desk_db) as connection:
        repository.mark_refused(connection, 1, now)
    assert "lurewatch takedown send 1" in login("lead").page("/lists/1")


def test_an_admin_changes_roles_but_not_the_last_admins(login):
    admin = login("admin")
    assert admin.post("/people/minh/role", role="lead").status_code == 303
    assert admin.post("/people/admin/role", role="viewer").status_code == 422
    assert admin.post("/people/admin/disabled", disabled="true").status_code == 422
    assert admin.post("/people/minh/disabled", disabled="true").status_code == 303
    assert "Let in again" in admin.page("/people")
