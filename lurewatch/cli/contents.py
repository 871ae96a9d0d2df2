"""The `lurewatch` command: a table of contents. Each command is one file below lurewatch/cli/, imported when used."""

import importlib
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from difflib import get_close_matches

import click

from desk.field_limits import ARGUMENT, FieldTooLong, check_lengths
from lurewatch.cli.one_line_errors import OneLineGroup, advice
from lurewatch.logs import configure_logs
from lurewatch.settings import SettingsError, load_settings

LOG = logging.getLogger("lurewatch.cli")
ROOMS = {
    "stages": (
        "Run it",
        {
            "demo": "Run the whole pipeline on the sample sites, then open the desk.",
            "run": "Crawl, assess, load and link the enabled sources.",
            "crawl": "Stage 1 alone: fetch sources into run partitions.",
            "extract": "Read a saved page into posting lines.",
            "assess": "Stage 2 alone: score texts and explain each point.",
            "load": "Stage 3 alone: put partitions into the search index.",
            "link": "Group texts that belong to one campaign.",
        },
    ),
    "look": (
        "Look",
        {
            "search": "Search the index.",
            "explain": "Show why a stored posting was or was not flagged.",
        },
    ),
    "deliver": (
        "Decide and send",
        {
            "digest": "Preview, build and send the weekly e-mail.",
            "takedown": "Build, approve, send and retract takedown lists.",
            "evidence": "Pack the evidence of one item.",
        },
    ),
    "tune": (
        "Tune",
        {
            "sources": "List, check, add, verify, try and watch sources.",
            "seeds": "Show what a commit of the seeds does; accept it.",
            "lures": "Check, try and replay lure patterns.",
        },
    ),
    "administer": (
        "Administer",
        {
            "doctor": "Say what is used, what is missing and how to mend it; figures and alert rules.",
            "serve": "Open the desk: search, decide, follow campaigns.",
            "users": "Add, list and disable the people who work at the desk.",
            "index": "Migrate, verify or rebuild the search index; translate titles of the queue.",
            "retention": "Erase what is past its source's retention; hold what must stay.",
            "backup": "Dump the desk's database for restic, or check a restored one.",
        },
    ),
}
"""Folder of ``lurewatch/cli`` -> the heading `lurewatch --help` gives it, and the sentence of each command, by who uses it."""
COMMANDS = {name: room for room, (_, commands) in ROOMS.items() for name in commands}
"""Command -> its folder."""
MOVED = {
    "sample": "lurewatch demo sites",
    "metrics": "lurewatch doctor metrics",
    "init": "lurewatch sources init",
    "restore": "lurewatch backup --verify",
    "eval": "python -m evaluation",
    "train": "python -m evaluation challenger train",
    "models": "python -m evaluation challenger",
}
"""Old name of a command -> what does its work now; answered for one version."""
FOLDED = {
    "digest alert": "digest send --subscribed",
    "lures matrix": "lures check --matrix",
    "retention certificate": "retention due --certificate",
    "retention release": "retention hold --release",
    "sources suggest probe": "sources suggest --probe",
    "sources suggest rulings": "sources suggest --rulings",
    "takedown outcomes": "takedown show --outcomes",
    "takedown partners sync": "takedown send",
    "users disable": "users change --disable",
    "users enable": "users change --enable",
    "users role": "users change",
}
"""First words of a command that is an option of another by now -> that one; it still works."""


class Contents(OneLineGroup):
    """Loads ``lurewatch.cli.<room>.<name>_command:command`` when the command is used, so that `--help` costs nothing."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse an argument or option that is longer than it may be, whatever command it is for."""
        for old, new in FOLDED.items():
            if args[: len(words := old.split())] == words:
                args = [*new.split(), *args[len(words) :]]
        try:
            check_lengths(_name_command(args), ARGUMENT)
        except FieldTooLong as exc:
            raise click.UsageError(str(exc), ctx) from exc
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return the command, imported now; raise UsageError with the nearest name when it is not in the table."""
        if new := MOVED.get(cmd_name):
            where = "" if new.startswith("lurewatch") else ", in a folder of the source code"
            raise click.UsageError(f"`lurewatch {cmd_name}` is `{new}` now{where}")
        if cmd_name not in COMMANDS:
            near = get_close_matches(cmd_name, COMMANDS, n=1)
            raise click.UsageError(f"no command {cmd_name!r}" + (f"; did you mean `lurewatch {near[0]}`?" if near else ""), ctx)
        command = importlib.import_module(f"lurewatch.cli.{COMMANDS[cmd_name]}.{cmd_name}_command").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the signature is click's
        """Write the table itself: no command needs to be imported for its own summary."""
        for heading, commands in ROOMS.values():
            with formatter.section(heading):
                formatter.write_dl(list(commands.items()))


def _name_command(args: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each word of a command line with the option it is the value of."""
    option = ""
    for word in args:
        name, separator, value = word.partition("=") if word.startswith("--") else (option, "", word)
        yield name.removeprefix("--") or "an argument", value if separator or not word.startswith("--") else name
        option = word if word.startswith("--") and not separator else ""


@click.group(cls=Contents, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lurewatch")
def cli() -> None:
    """Find false job offers that lure people into scam compounds, explain each, and get them taken down.

    Start with `lurewatch doctor`, then `lurewatch run`, then `lurewatch serve`.
    """


def main() -> None:
    """Run the command line; a wrong setting or a missing package is one clear line, not a traceback."""
    as_json = False
    try:
        with suppress(SettingsError):  # the command tells of it, and `--help` needs none
            as_json = configure_logs(load_settings())
        sys.exit(_run_logged() if as_json else cli())
    except SettingsError as exc:
        _tell(exc, as_json=as_json)
        sys.exit(2)
    except ModuleNotFoundError as exc:
        if (text := advice(exc)) is None:
            raise
        _tell(text, as_json=as_json)
        sys.exit(1)


def _run_logged() -> int:
    """Run the command line with its errors in the log; return the exit code."""
    try:
        ended = cli(standalone_mode=False)
    except click.ClickException as exc:
        LOG.error("%s", exc.format_message())
        return exc.exit_code
    except click.Abort:
        LOG.error("aborted")
        return 1
    return ended if isinstance(ended, int) else 0


def _tell(text: object, *, as_json: bool) -> None:
    """Say an error on standard error."""
    if as_json:
        LOG.error("%s", text)
    else:
        click.echo(f"lurewatch: {text}", err=True)
