"""Texts given to the command line as JSON Lines: ``{"id", "title", "text"}``; where known ``url``, ``source``, ``countries``."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import click
import msgspec

FIX = 'a line is one object {"id": "…", "title": "…" or null, "text": "…"}, with "url", "source", "countries" where known'


class TextLine(msgspec.Struct, frozen=True, kw_only=True):
    """One text to judge."""

    id: str | int
    title: str | None = None
    text: str
    url: str | None = None
    source: str | None = None
    countries: tuple[str, ...] = ()

    @property
    def raw(self) -> str:
        """What the offsets of an assessment count."""
        return f"{self.title or ''}\n{self.text}"


class BadLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line that holds no text; ``reason`` names file, line and fix."""

    reason: str


def texts(file: Path) -> Iterator[TextLine | BadLine]:
    """Yield the lines of ``file`` (``-`` is standard input) as they come; a bad line is yielded as such and the rest goes on."""
    if str(file) == "-":
        if sys.stdin.isatty():
            click.echo("reading texts from standard input, one JSON object a line; end with Ctrl-D (--help explains)", err=True)
        yield from _lines(sys.stdin.buffer, "standard input")
        return
    with file.open("rb") as opened:
        yield from _lines(opened, str(file))


def _lines(opened: BinaryIO, name: str) -> Iterator[TextLine | BadLine]:
    for number, line in enumerate(opened, 1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield _line(line, f"{name}:{number}")


def _line(line: bytes, place: str) -> TextLine | BadLine:
    try:  # json, not msgspec: it keeps broken surrogates, which scammers' pages do hold
        row: Any = json.loads(line)
    except (ValueError, RecursionError) as exc:
        return BadLine(reason=f"{place}: not JSON ({exc}); {FIX}")
    try:
        return msgspec.convert(row, TextLine)
    except msgspec.ValidationError as exc:
        return BadLine(reason=f"{place}: {exc}; {FIX}")


def encoded(value: Any) -> bytes:
    """Return ``value`` as one JSON line; text that is no valid Unicode (broken surrogates) is kept by escaping it."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value)).encode()
