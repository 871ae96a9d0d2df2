"""What a browser should never send: each gets a page that says what to do, never an error, and holds nothing up."""

import asyncio
import dataclasses
import re
import threading
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from desk.custody import audit
from desk.database import writing
from desk.web.app import create_app
from tests.services.processes import PATIENCE

CHUNK = b"name=" + b"x" * 65_530 + b"&"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/next?q=tag:nosuch", "knows no"),
        ("/next?q=first_seen:%3E9999y", "outside the calendar"),
        ("/?after=zzz~x", "start again without it"),
        ("/?after=score:inf,1~x", "start again without it"),
        ("/search?q=job&sort=relevance&after=relevance:1e308,1", "start again without it"),
        ("/search?q=first_seen:%3C0001-01-01", "outside the calendar"),
    ],
)
def test_what_no_index_can_answer_is_said_in_words(login, store, record, path, says):
    store.put([record(number, title="job", campaign="c1") for number in range(3)])
    answer = login("minh").get(path)
    assert answer.status_code in (200, 422), answer.text
    assert says in answer.text
    assert "href=" in answer.text


@pytest.mark.parametrize("number", ["99999999999999999999", "9" * 5000, "-1", "one"])
@pytest.mark.parametrize("path", ["/lists/{}", "/lists/{}/list.json", "/saved/{}"])
def test_a_number_no_row_can_have_is_no_page(login, path, number):
    answer = login("lead").get(path.format(number))
    assert answer.status_code == 404, answer.text
    assert "No such" in answer.text


@pytest.mark.parametrize("path", ["/lists/{}/approve", "/saved/{}/delete", "/rulings/{}/undo"])
def test_nor_is_it_one_to_change(login, path):
    assert login("lead").post(path.format("99999999999999999999")).status_code == 404


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/login", {"name": "mi\0nh", "password": "wrong\0wrong"}),
        ("/item/{item}/dismiss", {"reason": "misread", "seen": "0", "note": "not\0a lure"}),
        ("/item/{item}/confirm", {"tag": "scam_compound\0", "severity": "high", "clause": "forced_labour", "seen": "0"}),
        ("/saved", {"name": "mine", "typed": "vi\0sa"}),
        ("/campaign/c1/lock", {"size": "1", "why": "the\0same"}),
        ("/item/%00/undo", {"seen": "0"}),
        ("/people/%00/role", {"role": "lead"}),
        ("/saved/%00/delete", {}),
    ],
)
def test_a_nul_byte_never_reaches_the_database(engine, desk, staff, password, store, record, path, fields):
    """On PostgreSQL, which keeps no NUL in a text; on SQLite it is stripped all the same."""
    staff(engine)
    item = record(campaign="c1")
    store.put([item])
    client = TestClient(create_app(dataclasses.replace(desk, engine=engine)), base_url=desk.public_url, follow_redirects=False)
    assert client.post("/login", data={"name": "admin", "password": password}).status_code == 303
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)[1]
    answer = client.post(path.format(item=item.id), data=fields | {"csrf": csrf})
    assert answer.status_code in (303, 401, 404, 422), answer.text
    with engine.connect() as connection:
        assert [one for one in audit.entries(connection) if "\0" in one.subject or "\\u0000" in one.detail] == []


def sent(app, path, chunks):
    """Send a body in chunks, as a stranger may; return the status of the answer and how many chunks were taken."""
    taken, answers = 0, []

    async def receive():
        nonlocal taken
        taken += 1
        await asyncio.sleep(0)
        return {"type": "http.request", "body": CHUNK, "more_body": taken < chunks}

    async def send(message):
        answers.append(message)

    headers = [(b"host", b"127.0.0.1:8080"), (b"content-type", b"application/x-www-form-urlencoded")]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers, "client": ("192.0.2.1", 9),
        "server": ("127.0.0.1", 8080),
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return answers[0]["status"], taken


def test_a_report_of_any_size_is_read_only_as_far_as_it_is_logged(desk, caplog):
    assert sent(create_app(desk), "/csp", 1000) == (204, 1)
    assert len(caplog.text) < 3000


@pytest.mark.parametrize("path", ["/login", "/logout", "/saved"])
def test_a_form_of_any_size_is_refused_before_it_is_held(desk, people, path):
    status, taken = sent(create_app(desk), path, 1000)
    assert status == 413
    assert taken < 20


def test_a_writer_elsewhere_holds_up_only_who_must_write(desk, served, people, password, clock):
    with httpx.Client(base_url=served, timeout=PATIENCE) as client:
        assert client.post("/login", data={"name": "minh", "password": password}).status_code == 303
        csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)[1]
        clock.at += timedelta(minutes=2)  # the session's last use is written down again
        answers = []
        leaving = threading.Thread(target=lambda: answers.append(client.post("/logout", data={"csrf": csrf})))
        with writing(desk.engine):
            arrived = threading.Event()
            event.listen(desk.engine, "before_cursor_execute", lambda *_: arrived.set())
            leaving.start()
            assert arrived.wait(PATIENCE)
            assert httpx.get(f"{served}/static/desk.css", timeout=PATIENCE).status_code == 200
            assert answers == []
        leaving.join()
    assert [answer.status_code for answer in answers] == [303]
