"""Texts are read as JSON Lines, each as soon as it is there."""

import os

from enrichment.text_lines import BadLine, TextLine, lines_of


def test_a_slow_pipe_is_answered_as_it_speaks() -> None:
    """Lines that came together are read together, none waits for the next; one that comes in parts is one line."""
    out, into = os.pipe()
    with os.fdopen(out, "rb") as reader, os.fdopen(into, "wb", buffering=0) as writer:
        read = lines_of(reader, "pipe")
        writer.write(b'{"id": 1, "text": "a"}\nbroken\n')
        first, bad = next(read)
        assert isinstance(first, TextLine)
        assert isinstance(bad, BadLine)
        assert bad.reason.startswith("pipe:2: ")
        writer.write(b'\n{"id": 2, ')
        assert next(read) == []
        writer.write(b'"text": "\\r"}\n{"id": 3, "text": "c"}')
        assert [one.text for one in next(read) if isinstance(one, TextLine)] == ["\r"]
        writer.close()
        assert [one.text for one in next(read) if isinstance(one, TextLine)] == ["c"]
        assert list(read) == []
