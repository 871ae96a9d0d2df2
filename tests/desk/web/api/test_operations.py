"""The API does what the pages do: the same items, the same refusals, and no question of its document breaks it."""

import dataclasses
import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from desk.cases.comments import escalate
from desk.web.app import create_app

QUESTIONS = int(os.environ.get("LUREWATCH_TEST_QUESTIONS", "6"))
"""Of each operation and kind; more is a fuzz."""
CONFIRM = {"kind": "confirm", "tag": "scam_compound", "severity": "high", "clause": "forced_labour"}


def test_a_program_takes_the_next_item_decides_and_undoes(program, store, record):
    items = [record(number, title=f"item {number}", score=90 - number) for number in range(3)]
    store.put(items)
    minh, lead = program("minh"), program("lead")
    first, second = minh.post("/queue/next", json={}).json(), lead.post("/queue/next", json={}).json()
    assert (first["title"], first["lease"]["by"], second["title"]) == ("item 0", "minh", "item 1")
    assert [one["holder"] for one in lead.get("/queue").json()["items"]] == ["minh", "lead", ""]
    (reason,) = first["reasons"]
    assert (f"{first['title']}\n{first['text']}"[reason["start"] : reason["end"]], reason["points"]) == ("passport kept", 30.0)
    path = f"/items/{first['id']}/decisions"
    held = lead.post(path, json=CONFIRM | {"seen": 0})
    assert (held.status_code, "minh has this item open" in held.json()["detail"]) == (409, True)
    made = minh.post(path, json=CONFIRM | {"seen": 0, "note": "same crew"})
    assert (made.status_code, made.json()["state"], made.json()["seen"]) == (201, "confirmed", 1)
    assert minh.post(path, json={"kind": "dismiss", "reason": "misread", "seen": 0}).status_code == 409
    assert minh.get("/search", params={"q": "lang:en"}).json()["total"] == 3
    assert minh.get("/queue").json()["total"] == 2
    undone = minh.post(path, json={"kind": "undo", "seen": 1}).json()
    assert (undone["state"], [step["kind"] for step in undone["history"]]) == ("open", ["confirm", "undo"])
    assert lead.delete(f"/items/{second['id']}/lease").status_code == 204


def test_what_cannot_be_done_says_why(program, store, record):
    item = record()
    store.put([item])
    minh = program()
    path = f"/items/{item.id}/decisions"
    for body, words in (
        (CONFIRM | {"seen": 0, "clause": "x"}, "choose one of"), (CONFIRM | {"seen": 0, "severity": ""}, "severity"),
        ({"kind": "dismiss", "seen": 0}, "reason"), ({"kind": "dismiss"}, "seen"),
        ({"kind": "undo", "seen": 0}, "nothing to undo"), (CONFIRM | {"seen": 0, "sevirity": "high"}, "sevirity"),
    ):  # fmt: skip
        answer = minh.post(path, json=body)
        assert (answer.status_code, words in answer.json()["detail"]) == (422, True), answer.text
    assert minh.get("/items/none").status_code == minh.post("/items/none/comments", json={"body": "x"}).status_code == 404
    assert minh.get("/search", params={"q": "score:>x"}).status_code == 422
    misspelt = minh.get("/search", params={"query": "x"})
    assert misspelt.json()["detail"] == "query.query: no such parameter; there are after, q, sort"
    assert misspelt.status_code == minh.post("/queue/next", json={"que": ""}).status_code == 422
    assert minh.post("/queue/next", json={"queue": "mine"}).status_code == 204


def test_comments_are_read_and_written(program, store, record):
    item = record()
    store.put([item])
    minh, lead = program("minh"), program("lead")
    said = minh.post(f"/items/{item.id}/comments", json={"body": "look @admin", "to": "lead"})
    assert (said.status_code, said.json()[0]["by"], said.json()[0]["kind"]) == (201, "minh", "commented")
    assert lead.get(f"/items/{item.id}/comments").json() == said.json()
    assert lead.get("/queue", params={"name": "mine"}).json()["total"] == 1
    assert minh.post(f"/items/{item.id}/comments", json={"body": " "}).status_code == 422


def test_an_escalated_item_needs_the_right_and_the_scope(program, store, record, desk_db, people, now):
    item = record()
    store.put([item])
    escalate(desk_db, item.id, "held", by=people["minh"], now=now)
    for client in (program("minh"), program("lead", "read", "decide")):
        assert client.get(f"/items/{item.id}").status_code == 404
        assert client.get("/search").json()["items"] == client.get("/queue", params={"name": "escalated"}).json()["items"] == []
    guardian = program("lead", "read", "victims")
    assert guardian.get(f"/items/{item.id}").json()["id"] == item.id
    assert guardian.get("/queue", params={"name": "escalated"}).json()["total"] == 1


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_nothing_that_its_document_allows_or_forbids_breaks_it(desk, program, store, record, mode):
    """Questions of each operation, made by schemathesis from the document: what it allows, and what it forbids."""
    items = [record(number) for number in range(3)]
    store.put(items)
    app = create_app(dataclasses.replace(desk, api_rate=100_000))
    headers = {"Authorization": program().headers["Authorization"], "Host": "127.0.0.1"}
    document = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers={"Host": "127.0.0.1"})
    asked = set()

    def question(case):
        if case.path_parameters and len(asked) % 2:
            case.path_parameters["item_id"] = items[0].id
        answer = case.call(headers=headers)
        asked.add((case.method, case.path, answer.status_code))
        case.validate_response(answer, checks=[not_a_server_error, status_code_conformance, response_schema_conformance])

    for operation in document.get_all_operations():
        few = settings(
            max_examples=QUESTIONS, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        few(given(operation.ok().as_strategy(generation_mode=mode))(question))()
    assert len({(method, path) for method, path, _ in asked}) == 9
    assert {status for _, _, status in asked} - {422, 404}, asked
