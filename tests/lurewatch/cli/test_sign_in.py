"""Every act has a person: a command asks who does it, only reads, or carries out what people have already answered for."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from desk.custody import audit
from desk.database import open_database
from lurewatch.cli.contents import cli

PASSWORD = "sample-passphrase-of-a-test"
STAGES = "demo, demo sites, run, crawl, extract, assess, load, link, index migrate, index rebuild, index translate"
READS = (
    "search, explain, digest preview, takedown show, sources check, sources health, sources list, sources suggest, sources try, "
    "sources verify, seeds diff, lures check, lures draft, lures replay, lures try, doctor, doctor metrics, doctor rules, "
    "users audit, users list, index verify, retention due"
)
FILES = "sources init, sources new, seeds prepare"
"""They write seeds, which count once two people have signed and accepted them."""
DUTIES = (
    "digest send, digest bounces, takedown send, takedown recheck, takedown partners grant, takedown partners serve, serve, "
    "backup"
)
"""What a machine does by the clock, or to start: it sends what two people approved, and none of these decides anything."""


def acts(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its whole name."""
    if not isinstance(group, click.Group) or (path and group.invoke_without_command):
        yield " ".join(path), group
    if isinstance(group, click.Group):
        for name in group.list_commands(click.Context(group)):
            inner = group.get_command(click.Context(group), name)
            assert inner is not None
            yield from acts(inner, (*path, name))


def test_each_command_asks_who_does_it_or_decides_nothing() -> None:
    """A new command stands here before it is merged."""
    nobodys = {name for name, command in acts(cli) if not any("--as" in option.opts for option in command.params)}
    assert nobodys == {*", ".join((STAGES, READS, FILES, DUTIES)).split(", ")}


def test_no_entry_of_the_log_is_a_hosts(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first two people make their own accounts, a third is made by one of them, a dump is a duty."""
    database = f"sqlite:///{workplace}/desk.sqlite"
    monkeypatch.setenv("LUREWATCH_DATABASE", database)

    def run(*words: str, typed: str = "", code: int = 0) -> str:
        result = CliRunner().invoke(cli, list(words), input=typed)
        assert result.exit_code == code, result.output
        return result.output

    def add(name: str, *by: str, code: int = 0) -> str:
        words = ("users", "add", name, "--role", "lead", "--email", f"{name}@example.org", "--password-stdin", *by)
        return run(*words, typed=f"{PASSWORD}\n{PASSWORD}\n", code=code)

    add("ana")
    assert "--as NAME (ana)" in run("users", "change", "ana", "admin", code=1)
    add("lea")
    assert "--as NAME (ana, lea)" in add("max", code=1)
    add("max", "--as", "ana")
    run("backup", str(workplace / "dump"))
    with open_database(database).connect() as connection:
        actors = [entry.actor for entry in audit.entries(connection)]
    assert {*actors} == {"ana", "lea", "service:backup"}
