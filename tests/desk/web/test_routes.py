"""Every route and every role: who gets in stands in this table, and a route that is not in it fails."""

import pytest
from fastapi.routing import APIRoute

from desk.cases.leases import note_opening
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


def read_routes(text):
    """Yield (method, path) of a text in which a method stands before its paths."""
    method = ""
    for word in text.split():
        if word in ("GET", "POST"):
            method = word
        else:
            yield method, word


ROUTES = {
    OPEN: (
        "GET /unsubscribe/{token} /answer/{token} /feed/{token} /login /healthz /metrics "
        "POST /unsubscribe/{token} /answer/{token} /login /csp"
    ),
    "logged in": ("POST /logout"),
    Right.APPROVE: (
        "GET /people "
        "POST /platforms/{key}/tokens /platforms/{key}/tokens/{number}/open /platforms/{key}/tokens/{number}/revoke "
        "/lists/{list_id}/send /lists/{list_id}/approve /people/{name}/vouch"
    ),
    Right.AUDIT: ("GET /audit"),
    Right.DECIDE: (
        "GET /second /campaign/{campaign_id}/merge /bulk "
        "POST /item/{item_id}/decide /item/{item_id}/confirm /item/{item_id}/dismiss /item/{item_id}/undo "
        "/item/{item_id}/reason /item/{item_id}/lease /item/{item_id}/release /item/{item_id}/comment /item/{item_id}/escalate "
        "/second/{item_id} /campaign/{campaign_id}/merge /campaign/{campaign_id}/split /campaign/{campaign_id}/lock /bulk "
        "/bulk/{batch}/undo /bulk/{batch}/follow /orders/{number}/end /campaign/{campaign_id}/unlink /rulings/{ruling_id}/undo"
    ),
    Right.EVIDENCE: (
        "GET /item/{item_id}/pictures /item/{item_id}/pictures/{number} /item/{item_id}/page /item/{item_id}/page/frame "
        "/item/{item_id}/sightings/{number} "
        "POST /item/{item_id}/evidence /search/export"
    ),
    Right.LISTS: (
        "GET /lists /lists/new /lists/{list_id} /lists/{list_id}/{name} "
        "POST /item/{item_id}/answer /lists/new /lists/{list_id}/answer /lists/{list_id}/filed"
    ),
    Right.READ: (
        "GET / /queue/rows /search /search/suggest /go /next /item/{item_id} /inbox /item/{item_id}/translation /digest/{week} "
        "/campaigns /campaign/{campaign_id} /rulings /contact /item/{item_id}/contacts /saved /saved/{number} /platforms "
        "/platforms/outcomes.csv /platforms/{key} /subscriptions /account /account/factor /session "
        "POST /item/{item_id}/watch /inbox/{number}/done /account/language /account/comfort /saved /saved/{number}/rename "
        "/saved/{number}/share /saved/{number}/{step} /subscriptions /subscriptions/{number}/end /suggestions/propose "
        "/account/password /account/factor /account/factor/end /account/tokens /account/tokens/{number}/revoke"
    ),
    Right.RUNS: (
        "GET /seeds /sources /sources/{name} /runs /runs/{source}/{run_id} /rules /rules/{language}/{family} /suggestions "
        "POST /rules/try"
    ),
    Right.SEEDS: ("POST /seeds/accept /suggestions/{number}/close"),
    Right.SOURCES: ("POST /suggestions/{step}"),
    Right.USERS: (
        "POST /people /people/{name}/sessions /people/{name}/password /people/{name}/role /people/{name}/disabled "
        "/people/{name}/factor"
    ),
    Right.VICTIMS: ("POST /item/{item_id}/return"),
}
"""Right -> methods and paths that ask for it. The bearer token of /metrics is no role's: tests/desk/web/test_metrics_page.py."""
TABLE = {(method, path): right for right, text in ROUTES.items() for method, path in read_routes(text)}
VIEWER = {Right.READ, Right.RUNS}
ANALYST = VIEWER | {Right.DECIDE, Right.EVIDENCE, Right.LISTS}
MAY = {
    "viewer": VIEWER,
    "analyst": ANALYST,
    "lead": {
        Right.READ, Right.RUNS, Right.DECIDE, Right.EVIDENCE, Right.LISTS, Right.APPROVE, Right.AUDIT, Right.SOURCES, Right.SEEDS,
        Right.VICTIMS,
    },
    "operator": {Right.READ, Right.RUNS, Right.AUDIT, Right.SOURCES, Right.SEEDS},
    "admin": ANALYST | {Right.APPROVE, Right.AUDIT, Right.USERS, Right.SOURCES, Right.SEEDS, Right.VICTIMS},
}  # fmt: skip


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
        entry = repository.ListEntry(item_id=item.id, change="new", decision_id=1, body={
            "url": "https://board.example.org/jobs/1", "title": "t",
            "grounds": [{"indicator": "named_by_analyst", "quote": "t", "meaning": "m"}], "explanation": "e",
            "kind": "scam_compound", "severity": "high", "clause": {"key": "deceptive_recruitment", "title": "c", "rule": None},
            "evidence": {"sha256": "ab" * 32},
        })  # fmt: skip
        repository.keep(
            connection, platform="sample_boards", number=1, previous=None,
            manifest_sha256="44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", by="dag:takedown_lists", now=now,
            found=[entry],
            contents=dict.fromkeys(
                ("list.json", "manifest.json"),
                ("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", b"{}"),
            ),
        )  # fmt: skip
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
    page = login("lead").page("/lists/1")
    assert "did not leave" in page and "lurewatch takedown" not in page


def test_an_admin_changes_roles_but_not_the_last_admins(login):
    admin = login("admin")
    assert admin.post("/people/minh/role", role="lead").status_code == 303
    assert admin.post("/people/admin/role", role="viewer").status_code == 422
    assert admin.post("/people/admin/disabled", disabled="true").status_code == 422
    assert admin.post("/people/minh/disabled", disabled="true").status_code == 303
    assert "Let in again" in admin.page("/people")
