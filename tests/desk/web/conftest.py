"""The desk's pages over a real index, asked like a browser asks."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import httpx
import pytest
import uvicorn
from sqlalchemy import Engine

from desk.platforms import load_platforms
from desk.web.app import create_app
from desk.web.context import Desk
from lurewatch.app.seeds.desk_seeds import DeskSeeds
from lurewatch.app.suggested_venues import SuggestionList
from lurewatch.app.takedown_lists import DeskLists
from lurewatch.settings import Settings
from tests.desk.built_once import built_once


@pytest.fixture(autouse=True, scope="session")
def _built_once() -> Iterator[None]:
    with built_once():
        yield


shipped_platforms = cache(load_platforms)
"""Read once, as the desk does while no file changed."""


@dataclass
class Moving:
    """A clock the test moves."""

    at: object

    def __call__(self):
        return self.at


@pytest.fixture
def clock(now):
    return Moving(now)


@pytest.fixture
def desk(desk_db: Engine, sqlite_url: str, store, seeds: Path, tmp_path: Path, clock) -> Desk:
    index, runs = tmp_path / "index.sqlite", tmp_path / "runs"
    settings = Settings(
        seeds=seeds, database=sqlite_url, store=str(index), runs=str(runs), state=tmp_path / "state",
        organisation="Test desk", contact_email="desk@example.org", mail_from="watch@example.org",
    )  # fmt: skip
    return Desk(
        engine=desk_db, store=store, read_platforms=lambda: shipped_platforms(seeds), sources=tuple, runs=settings.runs,
        public_url="http://127.0.0.1:8080", organisation="Test desk", suggestions=SuggestionList(settings),
        seeds=DeskSeeds(settings, desk_db), lists=DeskLists(settings),
        metrics=lambda: (b"# EOF\n", "application/openmetrics-text"), metrics_token="sample-token", clock=clock,
    )  # fmt: skip


@dataclass
class Person:
    """Somebody with a browser: keeps cookies, finds the form token of the page."""

    client: httpx.Client
    csrf: str = field(default="")

    def get(self, path: str, **more) -> httpx.Response:
        return self.client.get(path, **more)

    def post(self, path: str, **data) -> httpx.Response:
        return self.client.post(path, data={"csrf": self.csrf} | data)

    def page(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return answer.text


@pytest.fixture
def visitor(desk: Desk) -> Callable[[], httpx.Client]:
    """Return a function that opens a browser nobody has logged in with."""
    from starlette.testclient import TestClient

    app = create_app(desk)

    def visit() -> httpx.Client:
        return TestClient(app, base_url=desk.public_url, follow_redirects=False)

    return visit


@pytest.fixture
def login(visitor, people, password) -> Callable[[str], Person]:
    """Return a function that logs a person in."""

    def do(name: str) -> Person:
        client = visitor()
        answer = client.post("/login", data={"name": name, "password": password})
        assert answer.status_code == 303, answer.text
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
        return Person(client=client, csrf=token[1])

    return do


@pytest.fixture
def serving() -> Callable:
    """Return a context manager that serves a desk on a free port of this machine, for a real browser."""

    @contextmanager
    def serve(desk: Desk) -> Iterator[str]:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            server = uvicorn.Server(uvicorn.Config(create_app(desk), log_level="error", proxy_headers=False))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
            thread.start()
            while not server.started:
                assert thread.is_alive(), "the desk ended before it answered"
                time.sleep(0.02)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
            server.should_exit = True
            thread.join()

    return serve


@pytest.fixture
def served(desk: Desk, serving) -> Iterator[str]:
    """Serve the desk; give its address."""
    with serving(desk) as home:
        yield home


@pytest.fixture
def tolerated() -> tuple[str, ...]:
    """Return parts of the browser's own messages that a test expects: it complains about every answer that is no 200."""
    return ("409",)


@pytest.fixture
def opened(served, browser, people, password, tolerated):
    """Return a function that logs a person in without the form; what the browser complains about makes the test fail."""
    contexts, complaints = [], []

    def complain(text):
        if not any(part in text for part in tolerated):
            complaints.append(text)

    def hear(message):
        if message.type == "error":
            complain(message.text)

    def log_in(name="minh", **options):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        contexts.append(context)
        answer = context.request.post(f"{served}/login", form={"name": name, "password": password}, max_redirects=0)
        assert answer.status == 303, answer.text()
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complain(str(error)))
        page.goto(f"{served}/")
        return page

    yield log_in
    for context in contexts:
        context.close()
    assert complaints == []
