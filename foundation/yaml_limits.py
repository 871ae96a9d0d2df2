"""Reading a YAML file: its text within limits, before anything is built from it, then nodes that know their lines, then values.

Every YAML file that an operator or a stranger can hand in goes through ``read_limited``. A file of 313 bytes whose aliases
multiply each other would otherwise grow to millions of values; one that nests a thousand brackets would exhaust the stack.
Control characters are refused here too: a title with a line break in it would stop every mail that names it.
"""

import re
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from foundation.control_characters import IN_FILE, IN_LINE, IN_PROSE, control_fault

T = TypeVar("T")
MAX_BYTES = 128 << 10
"""Bytes of a file by default; the longest source file has a twentieth of it."""
MAX_DEPTH = 30
"""Lists and mappings inside one another; a source file has five."""
MAX_NODES = 5_000
"""Keys and values of a file by default; a source file has about sixty."""
PROSE = frozenset({"note", "summary", "basis", "means", "phrase", "pattern", "catches", "spares"})
"""Keys whose value may have several lines; every other value and every key is one line."""


class YamlRefused(Exception):
    """The text is no YAML, or is outside the limits. ``line`` counts from 1; the message says what to write instead."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


def read_table(module: str, name: str, kind: type[T]) -> T:
    """Return what the file ``name`` beside a ``module`` (its ``__file__``) holds, within no limits: it ships with the code."""
    return msgspec.yaml.decode(Path(module).with_name(name).read_bytes(), type=kind)


def read_limited(file: Path | bytes, *, most_bytes: int = MAX_BYTES, most_nodes: int = MAX_NODES) -> str:
    """Return the text of a file, or of its content; raise YamlRefused for what is outside the limits, OSError when it cannot be
    read."""
    raw = file if isinstance(file, bytes) else _begin_of(file, most_bytes + 1)
    if len(raw) > most_bytes:
        raise YamlRefused(1, f"the file has more than {most_bytes:,} bytes; split it or remove what does not belong in it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise YamlRefused(raw[: exc.start].count(b"\n") + 1, "not UTF-8; save the file as UTF-8") from exc
    _refuse_hostile(text, most_nodes)
    return text


def _begin_of(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def compose_limited(file: Path | bytes, *, most_bytes: int = MAX_BYTES, most_nodes: int = MAX_NODES) -> yaml.Node | None:
    """Return what a file holds as nodes, None for an empty one; raises as ``read_limited`` does."""
    text = read_limited(file, most_bytes=most_bytes, most_nodes=most_nodes)
    try:
        return yaml.compose(text, Loader=_Values)
    except yaml.YAMLError as exc:
        raise _refusal(exc) from exc


def values_of(node: yaml.Node | None) -> Any:
    """Return the values of nodes, as YAML 1.2 reads them: ``on``, ``no`` and ``12:30`` are texts, a day is a date.

    Raises YamlRefused for a key that stands twice and for what cannot be the value it looks like.
    """
    loader = _Values("")
    try:
        return loader.construct_document(node) if node is not None else None
    except yaml.YAMLError as exc:
        raise _refusal(exc) from exc
    finally:
        loader.dispose()


def line_of(node: yaml.Node | None, where: tuple[str | int, ...]) -> int:
    """Return the line (from 1) of the deepest part of ``where``, keys and places in lists, that is written below a node."""
    line = 1
    for step in where:
        parts: dict[object, tuple[yaml.Node, yaml.Node]] = {}
        if isinstance(node, yaml.MappingNode):
            parts = {key.value: (key, value) for key, value in node.value}
        elif isinstance(node, yaml.SequenceNode):
            parts = {at: (item, item) for at, item in enumerate(node.value)}
        if step not in parts:
            break
        named, node = parts[step]
        line = named.start_mark.line + 1
    return line


class _Values(yaml.CSafeLoader):
    """Builds values as the core schema of YAML 1.2 has them, and days; libyaml parses twenty times as fast as ruamel.yaml."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  PyYAML's own is of this kind

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Return the value of a node; raise YamlRefused for one that cannot be what it looks like: 2026-13-45."""
        if isinstance(node, yaml.MappingNode):
            seen = set[str]()
            for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
                if key.value in seen:
                    raise YamlRefused(key.start_mark.line + 1, f"{key.value}: written twice; remove one")
                seen.add(key.value)
        try:
            return super().construct_object(node, deep)
        except ValueError as exc:
            problem = f"not YAML: {exc}; put the value into quotation marks or correct it"
            raise YamlRefused(node.start_mark.line + 1, problem) from exc


for _kind, _pattern, _begins in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9]\d*)", "-+0123456789"),
    ("float", r"[-+]?(?:\.\d+|\d+\.\d*|\d+(?=[eE]))(?:[eE][-+]?\d+)?", "-+0123456789."),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("timestamp", r"\d{4}-\d\d-\d\d", "0123456789"),
):
    _Values.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(rf"^(?:{_pattern})$", re.ASCII), list(_begins))


def _refusal(exc: yaml.YAMLError) -> YamlRefused:
    if isinstance(exc, yaml.MarkedYAMLError):
        mark = exc.problem_mark or exc.context_mark
        return YamlRefused(mark.line + 1 if mark else 1, f"not YAML: {exc.problem or exc.context}; mend the YAML")
    return YamlRefused(1, f"not YAML: {' '.join(str(exc).split())}; mend the YAML")


def _refuse_hostile(text: str, most_nodes: int) -> None:
    """Raise YamlRefused at the first control character, and at the first event of the parser that is outside the limits.

    The parser builds nothing. Characters written as escapes are seen in the values, those in comments in the text itself.
    """
    if found := IN_FILE.search(text):
        raise YamlRefused(text.count("\n", 0, found.start()) + 1, control_fault(found[0]))
    depth = nodes = 0
    keys = _Keys()
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent):
                raise YamlRefused(line, f"alias *{event.anchor}: aliases are not read; write the value out in full")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            nodes += isinstance(event, yaml.NodeEvent)
            if depth > MAX_DEPTH:
                raise YamlRefused(line, f"more than {MAX_DEPTH} lists or mappings inside one another; write them flat")
            if nodes > most_nodes:
                raise YamlRefused(line, f"more than {most_nodes:,} keys and values; split the file")
            key = keys.take(event)
            if tag := getattr(event, "tag", None):
                raise YamlRefused(line, f"{key or 'a key'}: the tag {tag} is not read; write the plain value")
            if isinstance(event, yaml.ScalarEvent) and (found := (IN_PROSE if key in PROSE else IN_LINE).search(event.value)):
                raise YamlRefused(line, f"{key or 'a key'}: {control_fault(found[0])}")
    except yaml.YAMLError as exc:
        raise _refusal(exc) from exc


class _Keys:
    """The key of a mapping at which the parser is."""

    def __init__(self) -> None:
        self._open: list[tuple[bool, str | None]] = []
        """Each open list or mapping: is it a mapping, and the key its next value belongs to; None: a key comes next."""

    def take(self, event: yaml.Event) -> str:
        """Return the key that an event's value belongs to; empty for a key itself and for what is no value."""
        if isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        if not isinstance(event, yaml.NodeEvent):
            return ""
        mapping, key = self._open[-1] if self._open else (False, "")
        if mapping:
            self._open[-1] = (True, None if key is not None else getattr(event, "value", ""))
        if isinstance(event, yaml.CollectionStartEvent):
            inner = isinstance(event, yaml.MappingStartEvent)
            self._open.append((inner, None if inner else key))
        return key or ""
