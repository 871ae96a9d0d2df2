"""No field of any page or command takes a value without end, and what an earlier release took in is shown quickly."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner
from fastapi.routing import APIRoute
from pydantic import BaseModel

from desk.custody import audit
from desk.database import writing
from desk.field_limits import ARGUMENT, CHARACTERS, DEFAULT
from desk.web import guard
from desk.web.app import ROUTERS
from lurewatch.cli.contents import cli


def fields() -> Iterator[tuple[str, str, str, str]]:
    """Yield (method, address, kind, field) of every field of every route."""

    def walk(dependant, kind: str) -> Iterator[str]:
        for param in getattr(dependant, kind):
            form = param.field_info.annotation
            yield from form.model_fields if isinstance(form, type) and issubclass(form, BaseModel) else (param.alias,)
        for inner in dependant.dependencies:
            yield from walk(inner, kind)

    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            if guard.Form in route.dependencies:
                yield "POST", route.path, "body_params", "csrf"
            for kind in ("body_params", "query_params", "path_params"):
                for name in sorted(set(walk(route.dependant, kind))):
                    yield sorted(route.methods)[0], route.path, kind, name


@pytest.fixture
def admin(login):
    return login("admin")


def test_every_field_of_every_route_refuses_a_value_that_is_too_long(admin) -> None:
    """Named, with its limit, and nothing is done."""
    seen = 0
    for method, path, kind, name in fields():
        value = "7" * (CHARACTERS.get(name, DEFAULT) + 1)
        parts = dict.fromkeys(path.replace("{", "}").split("}")[1::2], "1")
        if kind == "path_params":
            parts[name] = value
        address = path.format(**parts)
        if kind == "query_params":
            answer = admin.client.request(method, address, params={name: value})
        elif kind == "body_params":
            answer = admin.client.request(method, address, data={"csrf": admin.csrf} | {name: value})
        else:
            answer = admin.client.request(method, address, data={"csrf": admin.csrf} if method == "POST" else None)
        refused = answer.status_code in (404, 413, 422)
        assert refused and (answer.status_code != 422 or "at most" in answer.text or "cannot have" in answer.text), (
            method, path, name, answer.status_code,
        )  # fmt: skip
        seen += 1
    assert seen > 100


def test_a_field_no_route_knows_is_bounded_too(admin) -> None:
    """In addresses and forms alike."""
    assert admin.client.get("/search", params={"strange": "7" * (DEFAULT + 1)}).status_code == 422
    assert admin.post("/saved", strange="7" * (DEFAULT + 1)).status_code == 422


def test_a_body_that_is_too_large_is_refused_while_it_is_read(admin) -> None:
    """Whatever it holds."""
    assert admin.post("/saved", name="7" * (guard.MOST + 1)).status_code == 413


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from commands(inner, (*path, name))
    else:
        yield path, command


def test_every_option_and_argument_of_every_command_refuses_a_value_that_is_too_long() -> None:
    """Before anything is opened."""
    seen = 0
    for path, command in commands(cli):
        for param in command.params:
            option = param.opts[-1] if isinstance(param, click.Option) else ""
            if isinstance(param, click.Option) and param.is_flag:
                continue
            most = CHARACTERS.get(option.removeprefix("--"), ARGUMENT)
            for words in ([option, "7" * (most + 1)], [f"{option}={'7' * (most + 1)}"]) if option else (["7" * (most + 1)],):
                result = CliRunner().invoke(cli, [*path, *words])
                assert result.exit_code == 2 and "at most" in result.output, (path, option, result.output[:200])
                seen += 1
    assert seen > 200


def test_notes_of_900000_characters_are_shown_cut(admin, desk, monkeypatch) -> None:
    """Twelve of them stood in the log of an earlier release: only what is shown of them is worked on."""
    worked: list[int] = []
    filters = admin.client.app.state.templates.filters
    plain = filters["plain"]
    with writing(desk.engine) as connection:
        for _ in range(12):
            audit.append(
                connection, at=desk.clock(), actor="minh", action="confirm", subject="x", detail={"note": "b<\u202e" * 300_000}
            )
    monkeypatch.setitem(filters, "plain", lambda text, *more: worked.append(len(shown := plain(text, *more))) or shown)
    page = admin.page("/audit")
    assert len(page) < 200_000 and max(worked) < 21_000
