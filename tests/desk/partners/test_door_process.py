"""The door in a process of its own: asked over HTTP, looked at by axe in a browser, with hostile words in every field."""

import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime

import httpx
import pytest

from desk.takedown.notice import notice_id
from tests.desk.partners import conftest
from tests.desk.partners.conftest import notice_body, open_door_token
from tests.desk.web.test_accessible import AXE, look_at
from tests.desk.web.test_hostile import PAYLOADS
from tests.services.processes import PATIENCE, free_port, wait_for

MAIN = "from lurewatch.cli.contents import main; main()"
ATTRIBUTES = """() => [...document.querySelectorAll("*")].flatMap(
    (one) => [...one.attributes].map((each) => [each.name, each.value]))"""
GROUPS = len(PAYLOADS) // 10


@pytest.fixture
def door_home(desk_db, sqlite_url, seeds, tmp_path):
    """Start the door as a person would; give its address and end it as a service manager does."""
    bind = f"127.0.0.1:{free_port()}"
    values = {"DATABASE": sqlite_url, "SEEDS": str(seeds), "DOOR_URL": f"http://{bind}", "API_RATE": "10000"}
    environ = os.environ | {f"LUREWATCH_{name}": value for name, value in values.items()}
    told = tmp_path / "stderr.txt"
    words = [sys.executable, "-c", MAIN, "takedown", "partners", "serve", "--bind", bind]
    with told.open("wb") as stderr, subprocess.Popen(words, env=environ, stderr=stderr, cwd=tmp_path) as process:

        def answers():
            try:
                return httpx.get(f"http://{bind}/healthz").text == "ok\n"
            except httpx.TransportError:
                return False

        wait_for(answers, told.read_text, process)
        yield f"http://{bind}"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE) == 0, told.read_text()
    assert "Traceback" not in told.read_text()


@pytest.fixture
def token(desk_db, people):
    """Return a token of the present, which the process lives in."""
    return open_door_token(desk_db, "board", now=datetime.now(UTC))


def test_the_process_answers_whom_it_should_and_a_browser_finds_its_page_sound(door_home, token, told, browser, desk_db, now):
    told("board", "old")
    first, second = told("board", "one", "two")
    told("board", "old", change="withdrawn")
    assert httpx.get(f"{door_home}/").status_code == 401
    assert httpx.get(f"{door_home}/api/v1/notices", headers={"Host": "evil.example"}).status_code == 400
    partner = httpx.Client(base_url=door_home, headers={"Authorization": f"Bearer {token}"})
    assert [each["notice_id"] for each in partner.get("/api/v1/notices").json()["notices"]] == sorted((first, second))
    given = {"answers": [{"key": "a", "notice_id": first, "answer": "refused", "reason": "other", "words": "<b>no</b>"}]}
    outcomes = [partner.post("/api/v1/answers", json=given).json()["outcomes"][0]["outcome"] for _ in range(2)]
    assert outcomes == ["recorded", "known"]
    assert partner.get("/api/v1/openapi.json").json()["info"]["title"] == "LureWatch notices"
    complaints = []
    context = browser.new_context(http_credentials={"username": "board", "password": token})
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.add_init_script(AXE)
    found = {}
    for path in (
        "",
        "?state=open",
        "?state=withdrawn",
        f"notices/{first}",
        f"notices/{notice_id('board', 'old')}",
        "no-such-page",
    ):
        page.goto(f"{door_home}/{path}")
        if problems := look_at(page):
            found[path] = problems
    assert found == {}, found
    page.goto(f"{door_home}/notices/{second}")
    page.check("[value=removed]")
    page.fill("[name=words]", "gone since noon")
    page.click("button.primary")
    assert "Your answer is kept" in page.inner_text("main")
    context.close()
    assert [each for each in complaints if "404" not in each] == []


def test_no_word_of_a_notice_runs_on_its_page(door_home, token, told, browser, monkeypatch):
    """Each payload in each field a notice has, ten at a time; no Content-Security-Policy stands here as a second wall."""

    def poison_body(platform, item, number=1):
        payload = " ".join(PAYLOADS[number - 1 :: GROUPS])
        body = notice_body(platform, item, number) | dict.fromkeys(("url", "title", "explanation", "text_excerpt"), payload)
        clause = {"key": payload, "title": payload, "law": payload, "rule": payload}
        evidence = {"sha256": payload, "captured_at": "2026-11-24T09:00:00+00:00"}  # a moment is never a page's word
        grounds = [{"indicator": "documents_held", "quote": payload, "meaning": payload}]
        return body | {"clause": clause, "evidence": evidence, "grounds": grounds, "language": payload}

    monkeypatch.setattr(conftest, "notice_body", poison_body)
    notices = told("board", *(f"item-{number}" for number in range(GROUPS)))
    partner = httpx.Client(base_url=door_home, auth=("x", token))
    context, run, live = browser.new_context(), [], []
    page = context.new_page()
    page.expose_function("pwned", lambda *_: run.append(page.url))
    page.route("**/*", lambda route: route.abort())
    asked = ["/", *(f"/notices/{each}" for each in notices)]
    for address in asked:
        answer = partner.get(address)
        assert answer.status_code == 200, (address, answer.text)
        page.set_content(re.sub(r"<link [^>]*>", "", answer.text), wait_until="commit")
        for name, value in page.evaluate(ATTRIBUTES):
            leads = name in ("href", "src", "action", "formaction") and re.match(r"\s*(javascript|data):", value)
            live += [(address, name, value)] if name.startswith("on") or leads else []
    page.wait_for_timeout(200)
    context.close()
    assert (run, live) == ([], [])
