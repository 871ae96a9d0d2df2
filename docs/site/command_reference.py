"""The command reference, written from the commands themselves; `make docs` makes a page of it."""

import inspect
from collections.abc import Iterator

import click

from lurewatch.cli.contents import COMMANDS, ROOMS, cli

HEAD = """# Command reference

`make docs` writes this page from the commands.
Each command has `--help`. The exit code is 0 only when the command did what it was asked to do.
"""


def reference() -> str:
    """Return the reference as Markdown, the commands in the order of ``lurewatch --help``."""
    context = click.Context(cli)
    pages = [HEAD, "| command | what it does |\n|---|---|"]
    pages += [
        f"| [`{name}`](#lurewatch-{name}) | {summary} |" for _, commands in ROOMS.values() for name, summary in commands.items()
    ]
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        pages += ["", *_describe_command(command, f"lurewatch {name}", level=2)]
    return "\n".join(pages) + "\n"


def _describe_command(command: click.Command, path: str, *, level: int) -> Iterator[str]:
    context = click.Context(command)
    yield f"{'#' * level} {path}"
    yield ""
    yield _help(command)
    yield ""
    yield f"Usage: `{' '.join([path, *command.collect_usage_pieces(context)])}`"
    rows = [row for parameter in command.get_params(context) if (row := _row(parameter, context))]
    if rows:
        yield ""
        yield "| option | meaning |\n|---|---|"
        yield from rows
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            subcommand = command.get_command(context, name)
            assert subcommand is not None
            yield ""
            yield from _describe_command(subcommand, f"{path} {name}", level=min(level + 1, 4))


def _help(command: click.Command) -> str:
    """Return the help text; paragraphs marked with ``\\b`` keep their lines."""
    paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
    return "\n\n".join(
        "```text\n" + paragraph.removeprefix("\b\n") + "\n```" if paragraph.startswith("\b\n") else _plain_text(paragraph)
        for paragraph in paragraphs
    )


def _row(parameter: click.Parameter, context: click.Context) -> str | None:
    record = parameter.get_help_record(context)
    if record is None or "--help" in parameter.opts or isinstance(parameter, click.Argument):
        return None
    names, meaning = record
    return f"| `{names.replace('|', chr(92) + '|')}` | {_plain_text(meaning).replace('|', chr(92) + '|')} |"


def _plain_text(text: str) -> str:
    """Return the text so that Markdown takes no character of it for markup."""
    if "`" in text:
        return text
    for mark in "*[_":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("<", "&lt;")


if __name__ == "__main__":
    click.echo(reference(), nl=False)
