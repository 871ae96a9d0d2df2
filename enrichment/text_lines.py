"""Texts as JSON Lines: ``{"id", "title", "text"}``; where known ``url``, ``source``, ``countries``, ``contacts``."""

import json
from collections.abc import Iterator
from io import BufferedIOBase
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from enrichment.assess import PostingText

FIX = (
    'a line is one object {"id": "…", "title": "…" or null, "text": "…"}, '
    'with "url", "source", "countries", "contacts" where known'
)

_AT_ONCE = 1 << 18
"""Bytes that are read at once, where so many are there."""


class TextLine(msgspec.Struct, frozen=True, kw_only=True):
    """One text to judge."""

    id: str | int
    title: str | None = None
    text: str
    url: str | None = None
    source: str | None = None
    countries: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    """Addresses published beside the text to reach the advertiser."""

    @property
    def raw(self) -> str:
        """What the offsets of an assessment count."""
        return f"{self.title or ''}\n{self.text}"

    def to_posting_text(self) -> "PostingText":
        """Return it as what an assessor judges."""
        from enrichment.assess import PostingText  # 0.3 s to import: `--help` stays quick

        return PostingText(str(self.id), self.title, self.text, self.countries, self.contacts)


class BadLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line that holds no text; ``reason`` names file, line and fix."""

    reason: str


def lines_of(opened: BufferedIOBase, name: str) -> Iterator[list[TextLine | BadLine]]:
    """Yield the lines of a file as they come, those that are there at the same time together, so that none waits for more.

    ``name`` is the file's name in the reason of a bad line.
    """
    number = 0
    for lines in _whole_lines(opened):
        if not number:
            lines[0] = lines[0].removeprefix(b"\xef\xbb\xbf")
        yield [_line(line, f"{name}:{place}") for place, line in enumerate(lines, number + 1) if line.strip()]
        number += len(lines)


def _whole_lines(opened: BufferedIOBase) -> Iterator[list[bytes]]:
    """Yield the lines that came whole with each piece read; the last one may lack its end."""
    begun: list[bytes] = []
    while piece := opened.read1(_AT_ONCE):
        first, *others = piece.split(b"\n")
        begun.append(first)
        if others:
            yield [b"".join(begun), *others[:-1]]
            begun = others[-1:]
    yield [b"".join(begun)]


def _line(line: bytes, place: str) -> TextLine | BadLine:
    try:  # json, not msgspec: it keeps broken surrogates, which scammers' pages do hold
        row: Any = json.loads(line)
    except (ValueError, RecursionError) as exc:
        return BadLine(reason=f"{place}: not JSON ({exc}); {FIX}")
    try:
        return msgspec.convert(row, TextLine)
    except msgspec.ValidationError as exc:
        return BadLine(reason=f"{place}: {exc}; {FIX}")


def encode_line(value: Any) -> bytes:
    """Return ``value`` as one JSON line, our sentences in English; text that is no valid Unicode (broken surrogates) is kept by
    escaping it."""
    try:
        return msgspec.json.encode(value, enc_hook=str)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value, enc_hook=str)).encode()
