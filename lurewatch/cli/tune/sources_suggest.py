"""``lurewatch sources suggest``: where the lures lead, and what an operator makes of it. Nothing is crawled before that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
import msgspec

from lurewatch.cli.administer.sign_in import as_option, stdin_option
from lurewatch.settings import Settings, load_settings

if TYPE_CHECKING:
    from desk.cases.source_rulings import SourceRuling
    from desk.people.accounts import User

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON Lines instead of text.")
reason_option = click.option("--reason", required=True, help="One sentence, kept with your name in the audit log.")


def _ruling_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the name of the venue, and who rules why."""
    for option in (as_json_option, stdin_option, as_option, reason_option, click.argument("venue", metavar="NAME")):
        function = option(function)
    return function


@click.group(invoke_without_command=True)
@click.option(
    "--all", "every", is_flag=True, help="Also what is not suggested, with the reason: too little, refused, blocked, gone."
)
@click.option("--size", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Suggestions shown.")
@click.option("--probe", "probed", metavar="NAME", help="Look at one of them, as `suggest probe NAME` does.")
@as_json_option
@click.pass_context
def suggest(ctx: click.Context, every: bool, size: int, probed: str | None, as_json: bool) -> None:
    """Show where confirmed and flagged lures lead: channels, boards and groups that are no source yet.

    Each posting in the index tells where it points: the channel it was forwarded from, the channels and groups it names, the
    sites it links to. What lures point to rises, what ordinary adverts point to falls; who warns of a lure counts on neither
    side. docs/suggestions.md explains the points. Looking at the list asks nobody anything.

    \b
    lurewatch sources suggest
    lurewatch sources suggest probe telegram:sample_jobs
    lurewatch sources suggest accept telegram:sample_jobs --as lan --reason "12 lures forwarded from it"
    lurewatch sources suggest refuse site:jobs.example --as lan --reason "an honest board"
    lurewatch sources suggest block @sample_friends --as lan --reason "a private person"

    A NAME is what the list shows (telegram:NAME, site:HOST), @NAME or an address. An accepted venue becomes a source file that is
    disabled and has no access passport: read the terms, then `lurewatch sources try` and enable it. A refused one stays away
    until new lures lead there, a blocked one for good; `undo` takes either back.
    """
    if ctx.invoked_subcommand is not None:
        return
    if probed:
        _probe(probed, as_json)
        return
    from lurewatch.app.venues.suggest import suggestions
    from lurewatch.cli.tune import suggestion_lines

    with _errors() as settings:
        results = suggestions(settings, every=every)
    suggestion_lines.show(results[:size], len(results), every=every, as_json=as_json)


@suggest.command("probe")
@click.argument("venue", metavar="NAME")
@as_json_option
def probe_(venue: str, as_json: bool) -> None:
    """Look at NAME once: a public preview, closed, an account, gone; how many of its posts are flagged; its source file.

    One page is asked for, as robots.txt allows. Groups and social networks cannot be read without joining or logging in: they are
    named as such and never asked. The outcome is kept in the audit log.
    """
    _probe(venue, as_json)


@suggest.command()
@click.argument("venue", metavar="NAME")
@reason_option
@click.option("--name", "source", help="Name of the source file (a-z 0-9 _); made from the address when not given.")
@as_option
@stdin_option
@as_json_option
def accept(venue: str, reason: str, source: str | None, name: str, password_stdin: bool, as_json: bool) -> None:
    """Make NAME a source: look at it as `sources new` does and write its file, disabled, its access passport empty."""
    from lurewatch.app.venues import decide
    from lurewatch.cli.tune.sources_new import say_request

    with _signed_in(name, password_stdin) as (settings, user):
        done = decide.accept(
            settings,
            venue,
            by=user,
            reason=reason,
            name=source,
            before=None if as_json else say_request,
        )
    if as_json:
        click.echo(msgspec.json.encode(done).decode())
        return
    click.echo(f"--- {done.path}\n{done.yaml}")
    click.echo(
        f"{done.ruling.venue} is the source {done.ruling.source}, disabled. Next: read its terms; `lurewatch sources try "
        f"{done.ruling.source}`; fill in terms_checked and review_by; set enabled: true"
    )


@suggest.command()
@_ruling_options
def refuse(venue: str, reason: str, name: str, password_stdin: bool, as_json: bool) -> None:
    """Leave NAME off the list until lures lead there that do not now."""
    from lurewatch.app.venues import decide

    with _signed_in(name, password_stdin) as (settings, user):
        ruling = decide.turn_down(settings, "refused", venue, by=user, reason=reason)
    _say(ruling, "it stays off the list until new lures lead there", as_json)


@suggest.command()
@_ruling_options
def block(venue: str, reason: str, name: str, password_stdin: bool, as_json: bool) -> None:
    """Never suggest NAME again, whatever leads there."""
    from lurewatch.app.venues import decide

    with _signed_in(name, password_stdin) as (settings, user):
        ruling = decide.turn_down(settings, "blocked", venue, by=user, reason=reason)
    _say(ruling, "it is never suggested again", as_json)


@suggest.command()
@_ruling_options
def undo(venue: str, reason: str, name: str, password_stdin: bool, as_json: bool) -> None:
    """Take back what was ruled about NAME; the file that an acceptance wrote stays where it is."""
    from lurewatch.app.venues import decide

    with _signed_in(name, password_stdin) as (settings, user):
        ruling = decide.undo(settings, venue, by=user, reason=reason)
    left = f"; {ruling.source}.yml stays: delete it or leave it disabled" if ruling.source else ""
    _say(ruling, f"that is undone{left}", as_json)


@suggest.command()
@as_json_option
def rulings(as_json: bool) -> None:
    """List what was accepted, refused and blocked, by whom and why."""
    from lurewatch.app.venues import decide

    with _errors() as settings:
        results = decide.standing_rulings(settings)
    for ruling in results:
        _say(ruling, "", as_json)
    if not results and not as_json:
        click.echo("Nobody ruled on any suggested source: `lurewatch sources suggest` lists them.", err=True)


def _probe(venue: str, as_json: bool) -> None:
    from lurewatch.app.venues.inspect_venue import inspect
    from lurewatch.cli.tune import suggestion_lines

    with _errors() as settings:
        suggestion_lines.show_probe(inspect(settings, venue), as_json=as_json)


def _say(ruling: SourceRuling, then: str, as_json: bool) -> None:
    from desk.highlighting import plain_line

    if as_json:
        click.echo(msgspec.json.encode(ruling).decode())
    else:
        line = f"{ruling.venue}: {ruling.sentence}"
        click.echo(plain_line(f"{line}; {then}" if then else line))


@contextmanager
def _errors() -> Iterator[Settings]:
    """Give the settings; what a use case raises on purpose is one clear line."""
    from lurewatch.cli.error_lines import one_line_errors

    with one_line_errors():
        yield load_settings()


@contextmanager
def _signed_in(name: str, password_stdin: bool) -> Iterator[tuple[Settings, User]]:
    """Give the settings and the person who rules, after asking for the password."""
    from lurewatch.cli.administer.sign_in import open_desk, signed_in

    with _errors() as settings:
        yield settings, signed_in(open_desk(settings), name, password_stdin)
