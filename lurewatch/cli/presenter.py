"""Input and output of every command: files of texts, JSON lines, tables, progress."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from enrichment.text_lines import BadLine, TextLine, encode_line, lines_of

if TYPE_CHECKING:
    from index.base import FlagChange


class LateChoice(click.ParamType):  # type: ignore[type-arg]  # generic in newer releases of click alone
    """A value of a table that is imported when a value is given, so that `--help` stays quick."""

    def __init__(self, name: str, read: Callable[[], Iterable[str]]) -> None:
        """Take what the value is called and a function that gives the values there are."""
        self.name, self._read = name, read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value; a usage error names those there are."""
        return click.Choice(list(self._read())).convert(value, param, ctx)


json_option = click.option("--json", "as_json", is_flag=True, help="JSON Lines on standard output instead of text.")


def print_json(*values: Any) -> None:
    """Print each value as one JSON line."""
    for value in values:
        click.echo(encode_line(value))


def make_table(*headings: str, right: Iterable[str] = (), whole: Iterable[str] = ()) -> Table:
    """Return an empty table; columns in ``right`` hold numbers, those in ``whole`` break no line: they are copied."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(
            heading, justify="right" if heading in right else "left", no_wrap=heading in whole, overflow="fold"
        )  # fmt: skip
    return table


def print_table(table: Table) -> None:
    """Print a table on standard output."""
    Console().print(table)


def print_fact(console: Console, name: str, value: str, width: int = 10) -> None:
    """Print a fact: its name dimmed, its value unchanged."""
    console.print(Text(f"{name:<{width}} ", "dim").append(value, "not dim"))


def flag_lines(flags: Iterable["FlagChange"]) -> Iterator[str]:
    """Yield a line with how many flags fell and rose, and one for each, those that fell first."""
    from desk.highlighting import plain_line

    listed = sorted(flags, key=lambda change: (change.flagged, -abs(change.before - change.after)))
    if listed:
        rose = sum(change.flagged for change in listed)
        yield f"flags: {len(listed) - rose} fell, {rose} rose"
    for change in listed:
        verb = "rose" if change.flagged else "fell"
        yield f"    {verb} {change.before:5.1f} -> {change.after:5.1f}  {plain_line(change.id)}  {plain_line(change.title)[:80]}"


@contextmanager
def show_progress(what: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """Give what shows how far something is, on standard error and on a terminal only.

    It takes how much is done, and ``description`` or ``total`` where these change.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=total)

        def tell(done: int = 0, **changes: Any) -> None:
            bars.update(task, completed=done, **changes)

        yield tell


@contextmanager
def writing_to(target: Path, option: str, what: str = "file") -> Iterator[None]:
    """Say in one line that a file or folder cannot be written, and the option that names another."""
    try:
        yield
    except OSError as exc:
        raise click.ClickException(f"{target}: cannot be written ({exc.strerror}); give another {what} with {option}") from exc


def read_texts(file: Path) -> Iterator[list[TextLine | BadLine]]:
    """Yield the lines of a file of texts (``-`` is standard input), those that are there at the same time together.

    None waits for more; a line that is no text is yielded as such and the rest goes on.
    """
    if str(file) == "-":
        if sys.stdin.isatty():
            click.echo("reading texts from standard input, one JSON object a line; end with Ctrl-D (--help explains)", err=True)
        yield from lines_of(cast("BufferedIOBase", sys.stdin.buffer), "standard input")
        return
    with file.open("rb") as opened:
        yield from lines_of(opened, str(file))
