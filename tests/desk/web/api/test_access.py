"""Every operation of the API × token × role: what is not in this table fails."""

import dataclasses

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from desk.custody import audit
from desk.people import accounts
from desk.web.app import create_app

TABLE = {
    ("GET", "/search"): "read", ("GET", "/queue"): "read", ("GET", "/platforms"): "read", ("POST", "/queue/next"): "decide",
    ("GET", "/items/{item_id}"): "read", ("POST", "/items/{item_id}/decisions"): "decide",
    ("DELETE", "/items/{item_id}/lease"): "decide", ("GET", "/items/{item_id}/comments"): "read",
    ("POST", "/items/{item_id}/comments"): "comment",
}  # fmt: skip
BODIES = {"/items/{item_id}/decisions": {"kind": "dismiss", "seen": 9}, "/items/{item_id}/comments": {"body": "x"}}


def ask(client, method, path, item, base=""):
    return client.request(method, base + path.format(item_id=item), json=BODIES.get(path, {}) if method == "POST" else None)


@pytest.fixture
def item(store, record):
    made = record()
    store.put([made])
    return made.id


def test_every_operation_stands_in_the_table(app):
    api = next(route.app for route in app.routes if getattr(route, "name", "") == "api")
    found = {(method, route.path) for route in api.routes if isinstance(route, APIRoute) for method in route.methods - {"HEAD"}}
    assert found == set(TABLE)
    document = TestClient(api).get("/openapi.json").json()
    assert set(document["paths"]) == {path for _, path in TABLE}
    for method, path in TABLE:
        assert document["paths"][path][method.lower()]["security"] == [{"HTTPBearer": []}]


@pytest.mark.parametrize("scope", ["read", "decide", "comment"])
def test_a_token_opens_exactly_its_scope(program, item, scope):
    client = program("minh", scope)
    for (method, path), needed in TABLE.items():
        answer = ask(client, method, path, item)
        assert (answer.status_code == 403) == (needed != scope), (method, path, answer.status_code)
        assert answer.status_code not in (401, 500)


def test_a_token_follows_its_person_s_role_at_once(program, item, desk_db, now):
    client = program("minh")
    accounts.set_role(desk_db, "minh", "viewer", now=now, actor="admin")
    for (method, path), needed in TABLE.items():
        assert (ask(client, method, path, item).status_code == 403) == (needed != "read")
    with desk_db.connect() as connection:
        entry = next(audit.entries(connection, newest=1))
    assert (entry.action, entry.actor, entry.values["scope"]) == ("denied", "minh", "comment")


def test_no_cookie_opens_the_api_and_no_token_a_page(app, login, program, item):
    session = login("lead").client
    for method, path in TABLE:
        answer = ask(session, method, path, item, "/api/v1")
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), (method, path)
        assert answer.headers["cache-control"] == "no-store"
    assert program().get("http://127.0.0.1:8080/", follow_redirects=False).headers["location"] == "/login"


def test_a_token_has_so_many_requests_a_minute(desk, program, item):
    client = program()
    few = TestClient(create_app(dataclasses.replace(desk, api_rate=3)), base_url=desk.public_url, headers=client.headers)
    assert [few.get("/api/v1/queue").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = few.get("/api/v1/queue")
    assert refused.headers["retry-after"] == "60"
    few.headers["Authorization"] = "Bearer lwt_wrong"
    assert [few.get("/api/v1/queue").status_code for _ in range(4)] == [401, 401, 401, 429]
