"""Reads a strict YAML file; every error names its file, its line and what to write instead.

It knows YAML and pydantic; the model is in ``crawlers/sources/source.py``.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, MutableMapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_origin

import msgspec
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from crawlers.crawl_errors import SourceError
from crawlers.text.yaml_limits import YamlRefused, refuse_hostile, short_text

Model = TypeVar("Model", bound=BaseModel)
Where = tuple[str | int, ...]
"""Keys and places in lists, from the file's own mapping inwards."""


def check_values(
    path: Path, model: type[Model], values: Mapping[str, Any], parsed: MutableMapping[str, bytes] | None = None
) -> Model:
    """Return the file as a ``model`` with ``values`` added; raise SourceError with one line per problem.

    ``parsed``: SHA-256 of a file's text -> its values as JSON, of files that were read before; this one is added. They save
    the parsing of YAML, nine tenths of the time; their values are checked in the same way.
    """
    text, key = _text(path, parsed or {})
    if parsed is not None and (known := parsed.get(key)) and (result := _from_json(model, known, values)) is not None:
        return result
    from crawlers.sources.yaml_tree import line_of, plain_tree, tree_of

    tree = tree_of(path, text)
    for name in values:
        if name in tree:
            raise SourceError(f"{path}:{line_of(tree, (name,))}: {name}: comes from the file name; remove the line")
    try:
        result = model.model_validate(plain_tree(tree) | values)
    except ValidationError as exc:
        results = [(line_of(tree, _fault_place(error)), _sentence(model, error)) for error in exc.errors(include_url=False)]
        raise SourceError("\n".join(f"{path}:{line}: {sentence}" for line, sentence in sorted(results))) from exc
    if parsed is not None:
        content = msgspec.json.encode(plain_tree(tree))
        if _from_json(model, content, values) == result:  # a value that JSON has no form for is read from the file each time
            parsed[key] = content
    return result


def _from_json(model: type[Model], content: bytes, values: Mapping[str, Any]) -> Model | None:
    """Return values that were kept as a ``model``; None where they are no longer accepted, or damaged."""
    try:
        return model.model_validate_json(msgspec.json.encode(msgspec.json.decode(content, type=dict[str, Any]) | dict(values)))
    except (ValidationError, msgspec.MsgspecError):
        return None


def _text(path: Path, parsed: Mapping[str, bytes]) -> tuple[str, str]:
    """Return what the file holds, and its SHA-256; raise SourceError where it cannot be read, or would grow.

    What was ``parsed`` before was found within the limits.
    """
    try:
        text = short_text(path)
        key = hashlib.sha256(text.encode()).hexdigest()
        if key not in parsed:
            refuse_hostile(text)
        return text, key
    except FileNotFoundError as exc:
        raise SourceError(f"{path}: no such file; see `lurewatch sources list` for the names") from exc
    except YamlRefused as exc:
        raise SourceError(f"{path}:{exc.line}: {exc}") from exc
    except OSError as exc:
        raise SourceError(f"{path}: cannot be read ({exc.strerror}); correct its owner or mode") from exc


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
