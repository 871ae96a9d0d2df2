"""The files of texts a command is given; ``-`` is standard input."""

import sys
from collections.abc import Iterator
from io import BufferedIOBase
from itertools import chain
from pathlib import Path
from typing import cast

import click

from lurewatch.app.texts import BadLine, TextLine, lines_of


def texts(file: Path) -> Iterator[TextLine | BadLine]:
    """Yield the lines of ``file`` as they come; a bad line is yielded as such and the rest goes on."""
    return chain.from_iterable(together(file))


def together(file: Path) -> Iterator[list[TextLine | BadLine]]:
    """Yield the lines of ``file`` like ``texts``, those that are there at the same time together, so that none waits for more."""
    if str(file) == "-":
        if sys.stdin.isatty():
            click.echo("reading texts from standard input, one JSON object a line; end with Ctrl-D (--help explains)", err=True)
        yield from lines_of(cast("BufferedIOBase", sys.stdin.buffer), "standard input")
        return
    with file.open("rb") as opened:
        yield from lines_of(opened, str(file))
