"""Reads a strict YAML file; every error names its file, its line and what to write instead.

It knows YAML and pydantic; the model is in ``crawlers/sources/source.py``.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from foundation.crawl_errors import SourceError
from foundation.yaml_limits import YamlRefused, compose_limited, line_of, values_of

Model = TypeVar("Model", bound=BaseModel)
Where = tuple[str | int, ...]
"""Keys and places in lists, from the file's own mapping inwards."""


def check_values(path: Path, model: type[Model], values: Mapping[str, Any], content: bytes | None = None) -> Model:
    """Return the file, or a draft of its ``content``, as a ``model`` with ``values`` added; raise SourceError with one line per
    problem."""
    try:
        root = compose_limited(path if content is None else content)
        given = values_of(root)
    except FileNotFoundError as exc:
        raise SourceError(f"{path}: no such file; see `lurewatch sources list` for the names") from exc
    except YamlRefused as exc:
        raise SourceError(f"{path}:{exc.line}: {exc}") from exc
    except OSError as exc:
        raise SourceError(f"{path}: cannot be read ({exc.strerror}); correct its owner or mode") from exc
    if not isinstance(given, dict):
        raise SourceError(f"{path}:1: the file must be a list of `key: value` lines; see docs/sources.md")
    for name in values:
        if name in given:
            raise SourceError(f"{path}:{line_of(root, (name,))}: {name}: comes from the file name; remove the line")
    try:
        return model.model_validate({**given, **values})
    except ValidationError as exc:
        results = [(line_of(root, _fault_place(error)), _sentence(model, error)) for error in exc.errors(include_url=False)]
        raise SourceError("\n".join(f"{path}:{line}: {sentence}" for line, sentence in sorted(results))) from exc


def elsewhere(where: Where, problem: str) -> PydanticCustomError:
    """Return the error a validator raises about a key other than its own."""
    return PydanticCustomError("elsewhere", "{problem}", {"problem": problem, "where": where})


def nearest(name: str, names: Iterable[str]) -> str:
    """Return ``", did you mean x"`` for the likeliest name, or the names there are when none is near."""
    names = sorted(names)
    close = get_close_matches(str(name), names, n=1, cutoff=0.6)
    return f", did you mean {close[0]}" if close else f", there are {', '.join(names)}"


def page_names() -> frozenset[str]:
    """Return the names of the page parsers in ``crawlers/pages/``."""
    from crawlers.pages.page_families import FAMILIES  # the parsers load slowly; most sources name none

    return frozenset(FAMILIES)


def _fault_place(error: Any) -> Where:
    where: Where = error["ctx"]["where"] if error["type"] == "elsewhere" else error["loc"]
    return where


def _sentence(model: type[BaseModel], error: Any) -> str:
    """Return ``key: what is wrong; what to write`` for one pydantic error."""
    where = _fault_place(error)
    key = ".".join(str(step) for step in where if step != "[key]")
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        names = _keys(model, where[:-1])
        return f"{key}: unknown key{nearest(str(where[-1]), names)}; correct or remove it"
    if kind == "missing":
        return f"{key}: missing; add the line `{where[-1]}: ...`"
    if kind == "literal_error":
        names = re.findall(r"'([^']*)'", context["expected"])
        close = get_close_matches(str(value), names, n=1, cutoff=0.5)
        return f"{key}: {value!r} is not one of {', '.join(names)}; write {where[-1]}: {close[0] if close else names[0]}"
    if kind in ("value_error", "elsewhere"):
        problem = str(context["error"] if kind == "value_error" else context["problem"])
        return f"{key}: {problem}" if key else problem
    return f"{key}: {error['msg']}, not {value!r}; correct the value"


def _keys(model: type[BaseModel], where: Where) -> list[str]:
    """Return the keys allowed at ``where`` in the file."""
    steps = iter(where)
    for step in steps:
        if isinstance(step, int):
            continue  # its list was looked into
        field = next((field for name, field in model.model_fields.items() if step in (name, field.alias)), None)
        kinds = [field.annotation, *getattr(field.annotation, "__args__", ())] if field else []
        inner = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        if field is None or inner is None:
            return []
        if get_origin(field.annotation) is dict:
            next(steps, None)  # a name the file chose
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]
