"""Routes and templates of the applications, read once a process: to read them anew costs each test of a page a third of a second.

All requests run in one event loop, like a server's: the test client begins one, with threads, for each request.
FastAPI looks at the parameters of each route whenever a router is included, and Jinja compiles a template the first time an
environment shows it. Neither depends on the desk: what a request is answered from is the state of its own application.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import APIRouter

from desk.partners import door_app
from desk.web import app, pages


@contextmanager
def built_once() -> Iterator[None]:
    """Give all applications made meanwhile the same routes and templates, and their test clients one event loop."""
    included: dict[object, tuple[APIRouter, list[Any]]] = {}
    include = APIRouter.include_router

    def include_router(into: APIRouter, router: APIRouter, **options: Any) -> None:
        checks = tuple(depends.dependency for depends in into.dependencies)
        key = (id(router), into.prefix, checks, tuple((name, id(value)) for name, value in sorted(options.items())))
        if key in included:
            into.routes.extend(included[key][1])
            return
        before = len(into.routes)
        include(into, router, **options)
        included[key] = router, into.routes[before:]

    from starlette.testclient import TestClient

    with pytest.MonkeyPatch.context() as patch, start_blocking_portal() as portal:
        patch.setattr(TestClient, "portal", portal)
        patch.setattr(APIRouter, "include_router", include_router)
        environment = cache(pages.environment)
        for module in (app, door_app):
            patch.setattr(module, "environment", environment)
        yield
