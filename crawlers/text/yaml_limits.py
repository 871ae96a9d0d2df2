"""Reading the text of a YAML file within limits, before any loader builds values from it.

Every YAML file that an operator or a stranger can hand in goes through ``limited``. A file of 313 bytes whose aliases multiply
each other would otherwise grow to millions of values; one that nests a thousand brackets would exhaust the interpreter's stack.
"""

from pathlib import Path

import yaml

MAX_BYTES = 128 << 10
"""Bytes of a file by default; the longest source file has a twentieth of it."""
MAX_DEPTH = 30
"""Lists and mappings inside one another; a source file has five."""
MAX_NODES = 5_000
"""Keys and values of a file by default; a source file has about sixty."""


class YamlRefused(Exception):
    """The text is no YAML, or is outside the limits. ``line`` counts from 1; the message says what to write instead."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


def limited(path: Path, *, most_bytes: int = MAX_BYTES, most_nodes: int = MAX_NODES) -> str:
    """Return the text of ``path``; raise YamlRefused for what is outside the limits, OSError when it cannot be read."""
    text = short_text(path, most_bytes=most_bytes)
    refuse_growth(text, most_nodes=most_nodes)
    return text


def short_text(path: Path, *, most_bytes: int = MAX_BYTES) -> str:
    """Return the text of ``path``; raise YamlRefused where it is too long or not UTF-8, OSError when it cannot be read."""
    with path.open("rb") as file:
        raw = file.read(most_bytes + 1)
    if len(raw) > most_bytes:
        raise YamlRefused(1, f"the file has more than {most_bytes:,} bytes; split it or remove what does not belong in it")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise YamlRefused(raw[: exc.start].count(b"\n") + 1, "not UTF-8; save the file as UTF-8") from exc


def refuse_growth(text: str, *, most_nodes: int = MAX_NODES) -> None:
    """Raise YamlRefused at the first event of the parser, which builds nothing, that is outside the limits."""
    depth = nodes = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent):
                raise YamlRefused(line, f"alias *{event.anchor}: aliases are not read; write the value out in full")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            nodes += isinstance(event, yaml.NodeEvent)
            if depth > MAX_DEPTH:
                raise YamlRefused(line, f"more than {MAX_DEPTH} lists or mappings inside one another; write them flat")
            if nodes > most_nodes:
                raise YamlRefused(line, f"more than {most_nodes:,} keys and values; split the file")
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        raise YamlRefused(mark.line + 1 if mark else 1, f"not YAML: {exc.problem or exc.context}; mend the YAML") from exc
    except yaml.YAMLError as exc:
        raise YamlRefused(1, f"not YAML: {' '.join(str(exc).split())}; mend the YAML") from exc
