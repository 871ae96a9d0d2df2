"""Programs that use the desk's API: fixtures of the pages, and one that makes clients with a token."""

from collections.abc import Callable

import httpx
import pytest
from starlette.testclient import TestClient

from desk.people.tokens import make_token
from desk.web.app import create_app


@pytest.fixture
def app(desk):
    return create_app(desk)


@pytest.fixture
def program(app, desk, desk_db, people, now) -> Callable[..., httpx.Client]:
    """Return a function that makes a client with a token of a person."""

    def make(name: str = "minh", *scopes: str) -> httpx.Client:
        wanted = list(scopes) or ["read", "decide", "comment"]
        value = make_token(desk_db, "a test", scopes=wanted, days=1, by=people[name], now=now)
        headers = {"Authorization": f"Bearer {value}"}
        return TestClient(app, base_url=f"{desk.public_url}/api/v1", headers=headers, raise_server_exceptions=False)

    return make
