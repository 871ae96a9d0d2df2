"""Reading the text of a YAML file within limits, before any loader builds values from it.

Every YAML file that an operator or a stranger can hand in goes through ``limited``. A file of 313 bytes whose aliases multiply
each other would otherwise grow to millions of values; one that nests a thousand brackets would exhaust the interpreter's stack.
Control characters are refused here too: a title with a line break in it would stop every mail that names it.
"""

from pathlib import Path

import yaml

from crawlers.text.control_characters import IN_FILE, IN_LINE, IN_PROSE, control_fault

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


def read_limited(path: Path, *, most_bytes: int = MAX_BYTES, most_nodes: int = MAX_NODES) -> str:
    """Return the text of ``path``; raise YamlRefused for what is outside the limits, OSError when it cannot be read."""
    text = short_text(path, most_bytes=most_bytes)
    refuse_hostile(text, most_nodes=most_nodes)
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


def refuse_hostile(text: str, *, most_nodes: int = MAX_NODES) -> None:
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
            if isinstance(event, yaml.ScalarEvent) and (found := (IN_PROSE if key in PROSE else IN_LINE).search(event.value)):
                raise YamlRefused(line, f"{key or 'a key'}: {control_fault(found[0])}")
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        raise YamlRefused(mark.line + 1 if mark else 1, f"not YAML: {exc.problem or exc.context}; mend the YAML") from exc
    except yaml.YAMLError as exc:
        raise YamlRefused(1, f"not YAML: {' '.join(str(exc).split())}; mend the YAML") from exc


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
