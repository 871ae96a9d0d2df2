"""The door serves each platform its own: over API and page, with a token in force, within its rate."""

import dataclasses
import os
import re
from datetime import timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance
from starlette.testclient import TestClient

from desk.list_maker import Notifier
from desk.partners import served
from desk.partners.door_access import Door
from desk.partners.door_app import create_door
from desk.partners.door_database import open_door_database
from desk.partners.partner_tokens import partner_token_list, revoke_partner_token
from tests.desk.partners.conftest import open_door_token

QUESTIONS = int(os.environ.get("LUREWATCH_TEST_QUESTIONS", "6"))


@pytest.fixture
def door(desk_db, sqlite_url, now):
    engine = open_door_database(sqlite_url)
    notifier = Notifier(name="Test desk", email="desk@example.org")
    made = Door(engine=engine, notifier=notifier, public_url="http://127.0.0.1:8090", a_minute=10_000, clock=lambda: now)
    yield made
    engine.dispose()


@pytest.fixture
def partner(door, desk_db, now, people):
    """Return a function that makes a client with a token of a platform."""
    app = create_door(door)

    def make(platform, *scopes, path="/api/v1", days=1):
        token = open_door_token(desk_db, platform, scopes=scopes or ("read", "answer"), days=days, now=now)
        headers = {"Authorization": f"Bearer {token}"}
        return TestClient(app, base_url=f"http://127.0.0.1{path}", headers=headers, raise_server_exceptions=False)

    return make


def test_a_partner_reads_answers_and_follows_changes(partner, told):
    first = told("board", "one", "two")
    board = partner("board")
    assert [each["number"] for each in board.get("/lists").json()] == [1]
    detail = board.get("/lists/1").json()
    assert board.get("/lists/1/files/list.csv").content == b"board 1"
    assert set(detail["files"]) == {"list.csv", "manifest.json"}
    page = board.get("/changes", params={"limit": 1}).json()
    rest = board.get("/changes", params={"after": page["after"]}).json()
    assert (page["more"], rest["more"], {page["changes"][0]["notice_id"], rest["changes"][0]["notice_id"]}) == (
        True,
        False,
        set(first),
    )
    told("board", "one", change="withdrawn")
    later = board.get("/changes", params={"after": rest["after"]}).json()
    assert [(each["change"], each["notice_id"]) for each in later["changes"]] == [("withdrawn", first[0])]
    assert [each["notice_id"] for each in board.get("/notices").json()["notices"]] == [first[1]]
    assert board.get("/notices", params={"state": "withdrawn"}).json()["notices"][0]["first_list"] == 1
    given = {"answers": [{"key": "a", "notice_id": first[1], "answer": "refused", "reason": "no_breach"},
                         {"key": "b", "notice_id": first[0], "answer": "undone"}]}  # fmt: skip
    assert [each["outcome"] for each in board.post("/answers", json=given).json()["outcomes"]] == ["recorded"] * 2
    assert [each["outcome"] for each in board.post("/answers", json=given).json()["outcomes"]] == ["known"] * 2
    assert [each["key"] for each in board.get("/answers").json()["answers"]] == ["a", "b"]
    assert board.get(f"/notices/{first[1]}").json()["answers"][0]["reason"] == "no_breach"
    assert board.get(f"/notices/{first[1]}/evidence").json()["evidence"]["sha256"] == "ab" * 32
    assert board.get(f"/notices/{first[0]}/evidence").status_code == 404


def test_evidence_of_a_notice_has_addresses_of_its_own(partner, told):
    first = told("board", "one", "two")
    board = partner("board")
    evidence = board.get(f"/notices/{first[1]}/evidence").json()
    assert (evidence["screenshot"], evidence["translation"], set(evidence["files"])) == (
        True,
        True,
        {"list.csv", "manifest.json"},
    )
    picture = board.get(f"/notices/{first[1]}/screenshot")
    assert (picture.content, picture.headers["content-type"]) == (b"jpeg board two", "image/jpeg")
    assert picture.headers["x-content-type-options"] == "nosniff"
    (sentence,) = board.get(f"/notices/{first[1]}/translation").json()["sentences"]
    assert sentence == {"original": "board two", "words": "<i>it keeps papers</i>"}
    page = partner("board", path="").get(f"/notices/{first[1]}").text
    assert f'src="/notices/{first[1]}/screenshot"' in page and "&lt;i&gt;it keeps papers" in page
    assert partner("board", path="").get(f"/notices/{first[1]}/screenshot").content == picture.content
    told("board", "two", change="withdrawn")
    for part in ("evidence", "screenshot", "translation"):
        assert board.get(f"/notices/{first[1]}/{part}").status_code == 404, part
    assert board.get(f"/lists/1/files/notices/{first[0]}.jpg").status_code == 404, "no file of the list"


def test_no_partner_reaches_what_another_was_told(partner, told, door):
    """Every address of the API and of the page, asked by each of two for what the other holds."""
    notices = {"board": told("board", "one", "two"), "chat": told("chat", "one", "three")}
    told("chat", "one", change="withdrawn")
    for own, other in (("board", "chat"), ("chat", "board")):
        client = partner(own, path="")
        token = client.headers["Authorization"].removeprefix("Bearer ")
        answered = {"answers": [{"key": f"{own}-{each}", "notice_id": each, "answer": "acknowledged"} for each in notices[other]]}
        outcomes = client.post("/api/v1/answers", json=answered).json()["outcomes"]
        assert {each["outcome"] for each in outcomes} == {"refused"}
        shut = [
            f"/api/v1/notices/{each}{more}"
            for each in notices[other]
            for more in ("", "/evidence", "/screenshot", "/translation")
        ]
        shut += [f"/notices/{each}{more}" for each in notices[other] for more in ("", "/screenshot")]
        if own == "board":
            shut += ["/api/v1/lists/2", "/api/v1/lists/2/files/list.csv", "/lists/2/list.csv"]
        for address in shut:
            assert client.get(address).status_code == 404, address
        for each in notices[other]:
            assert client.post(f"/notices/{each}/answer", data={"key": "x", "kind": "removed"}).status_code in (404, 422)
        open_ = ["/api/v1/lists", "/api/v1/notices?state=all", "/api/v1/changes", "/api/v1/answers", "/", "/?state=withdrawn"]
        open_ += ["/?state=open"]
        for address in open_:
            answer = client.get(address)
            assert answer.status_code == 200, address
            told_of = [each for each in (*notices[other], f"{other}.example.org") if each in answer.text]
            assert told_of == [], address
        assert token not in client.get("/").text


@pytest.mark.parametrize("path", ["/api/v1/lists", "/"])
def test_only_a_token_in_force_opens_anything(door, partner, desk_db, path, now):
    client = partner("board", path="")
    assert client.get(path).status_code == 200
    for headers in ({}, {"Authorization": "Bearer lwp_no"}, {"Authorization": "Basic x"}, {"Authorization": "Bearer "}):
        bare = TestClient(client.app, base_url="http://127.0.0.1", headers=headers, raise_server_exceptions=False)
        answer = bare.get(path)
        assert answer.status_code == 401, headers
        assert "Basic" in answer.headers["www-authenticate"]
    over = TestClient(create_door(dataclasses.replace(door, clock=lambda: now + timedelta(days=1))), base_url="http://127.0.0.1")
    assert over.get(path, headers=client.headers).status_code == 401
    with desk_db.connect() as connection:
        (token,) = partner_token_list(connection, "board")
    revoke_partner_token(desk_db, token.id, actor="admin", now=now)
    assert client.get(path).status_code == 401


def test_a_token_does_what_its_scopes_say(partner, told):
    (notice,) = told("board", "one")
    given = {"answers": [{"key": "a", "notice_id": notice, "answer": "removed"}]}
    assert partner("board", "read").post("/answers", json=given).status_code == 403
    assert partner("board", "answer").get("/lists").status_code == 403
    assert partner("board", "answer").post("/answers", json=given).status_code == 200
    crossing = {"Sec-Fetch-Site": "cross-site"}
    assert partner("board").post("/answers", json=given, headers=crossing).status_code == 403


def test_a_token_asks_so_often_a_minute(door, partner):
    client = partner("board")
    slow = TestClient(create_door(dataclasses.replace(door, a_minute=3)), base_url="http://127.0.0.1/api/v1")
    statuses = [slow.get("/lists", headers=client.headers).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


def test_the_page_answers_without_scripts_and_counts_a_form_once(partner, told):
    (notice,) = told("board", "one")
    client = partner("board", path="")
    assert "Typist 1" in client.get("/").text
    page = client.get(f"/notices/{notice}").text
    form = {"key": re.search(r'name="key" value="([^"]+)"', page)[1], "kind": "refused"}
    refused = client.post(f"/notices/{notice}/answer", data=form | {"words": "our first look"})
    assert (refused.status_code, "Choose why it is refused" in refused.text) == (422, True)
    assert ">our first look</textarea>" in refused.text
    form |= {"reason": "not_found", "words": "<script>alert(1)</script>"}
    for _ in range(2):
        assert client.post(f"/notices/{notice}/answer", data=form, follow_redirects=False).status_code == 303
    page = client.get(f"/notices/{notice}").text
    assert (page.count("alert(1)"), "<script>alert" in page, "refused: nothing stands at that address" in page) == (
        1,
        False,
        True,
    )
    assert len(client.get("/api/v1/answers").json()["answers"]) == 1
    assert "Thông báo" in client.get("/", headers={"Accept-Language": "vi"}).text


def test_the_page_counts_no_further_than_it_reads(partner, told, monkeypatch):
    monkeypatch.setattr(served, "MOST_COUNTED", 2)
    told("board", "one", "two", "three")
    shown = " ".join(partner("board", path="").get("/").text.split())
    assert "2 or more in force; of the newest 2, 2 are without an answer" in shown


def test_the_page_says_what_the_mailed_notice_says(partner, told, door):
    """Kind, severity, rule, what is asked and the words that show it, in the reader's language; the platform by its title."""
    (notice,) = told("board", "one")
    page = partner("board", path="").get(f"/notices/{notice}").text
    for words in (
        "a job offer that lures people into a closed online-scam compound; critical", "Forced labour", "Palermo Protocol",
        "Remove the item or make it inaccessible", "“we keep your passport 1”", "papers are kept",
    ):  # fmt: skip
        assert words in page, words
    assert "Your own rule" not in page
    told_in = partner("board", path="").get(f"/notices/{notice}", headers={"Accept-Language": "fr"}).text
    assert "a job offer" not in told_in and "Remove the item" not in told_in
    titled = create_door(dataclasses.replace(door, titles={"board": "The Board"}))
    client = TestClient(titled, base_url="http://127.0.0.1", headers=partner("board").headers)
    assert "<h1>Notices to The Board</h1>" in client.get("/").text


HOSTILE = (
    ("/?after=1.x", {}, 422), ("/?state=zzz", {}, 422), ("/api/v1/changes?after=1.x", {}, 422),
    ("/api/v1/changes?after=%D9%A1.00000000-0000-0000-0000-000000000000", {}, 422),
    ("/", {"Authorization": "Basic !!!"}, 401),
)  # fmt: skip
"""Requests that the API's document does not speak of: address, headers, and the status of the answer."""


def test_what_no_document_names_is_answered_in_words(partner, told):
    told("board", "one")
    client = partner("board", path="")
    for path, headers, status in HOSTILE:
        answer = client.get(path, headers=headers)
        assert answer.status_code == status, (path, headers)
        assert status != 401 or answer.headers["www-authenticate"] == 'Basic realm="notices"'


def test_head_is_answered_as_get_and_redirects_stay_at_the_door(partner, told):
    told("board", "one")
    client = partner("board", path="")
    for path in ("/", "/healthz", "/api/v1/notices"):
        assert client.head(path).status_code == 200, path
    assert client.head("/api/v1/notices", headers={"Authorization": "Bearer lwp_no"}).status_code == 401
    moved = client.get("/api/v1/notices/", follow_redirects=False)
    assert moved.headers["location"] == "/api/v1/notices"  # a proxy may speak https for us
    assert client.get("/static/none.css").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_nothing_that_its_document_allows_or_forbids_breaks_it(partner, told, mode):
    notices = told("board", "one", "two")
    client = partner("board")
    headers = {"Authorization": client.headers["Authorization"], "Host": "127.0.0.1"}
    document = schemathesis.openapi.from_asgi("/api/v1/openapi.json", client.app, headers={"Host": "127.0.0.1"})
    asked = set()

    def question(case):
        if case.path_parameters and len(asked) % 2:
            known = {"notice_id": notices[0], "number": 1, "name": "list.csv"}
            case.path_parameters |= {name: known[name] for name in case.path_parameters}
        answer = case.call(headers=headers)
        asked.add((case.method, case.path, answer.status_code))
        case.validate_response(answer, checks=[not_a_server_error, status_code_conformance, response_schema_conformance])

    for operation in document.get_all_operations():
        few = settings(
            max_examples=QUESTIONS, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        few(given(operation.ok().as_strategy(generation_mode=mode))(question))()
    assert len({(method, path) for method, path, _ in asked}) == 11
