"""`lurewatch digest`: the weekly e-mail."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
from sqlalchemy import Engine

from crawlers.errors import SourceError
from crawlers.sources import load_sources
from desk.accounts import EMAIL
from desk.database import DatabaseError, open_database
from desk.digest import build, render
from desk.digest.edition import Edition
from desk.digest.week import iso_week, week_end
from desk.mail import MailError, transport
from desk.outbox import Busy, Outcome, deliver
from index.base import Store, StoreError
from index.query import place_names
from lurewatch.settings import Settings, load_settings
from lurewatch.store import store_of

week_option = click.option("--week", metavar="YYYY-Www", help="ISO week, for instance 2026-W48; this week when left out.")
json_option = click.option("--json", "as_json", is_flag=True, help="JSON on standard output.")


@click.group()
def command() -> None:
    """Preview, build and send the weekly e-mail.

    What it tells: new since the last one; confirmed apart from unreviewed; campaigns that are new, growing, moved, back or
    quiet; and what was not covered. A week is built once and sent once to each recipient, however often this is run.
    """


@command.command()
@week_option
@click.option(
    "--html", "html_file", type=click.Path(dir_okay=False, path_type=Path), help="Also write the HTML form to this file."
)
@json_option
def preview(week: str | None, html_file: Path | None, as_json: bool) -> None:
    """Show what would be sent now; stores and sends nothing."""
    settings, now = load_settings(), datetime.now(UTC)
    engine, store = opened(settings)
    with engine.connect() as connection:
        found = build.stored(connection, week_of(week, now)) or build.drafted(
            connection, store, load_sources(settings.seeds), settings.runs, week=week_of(week, now), until=now,
            places=place_names(settings.seeds / "places.yml"),
        )
    if html_file:
        try:
            html_file.write_text(render.html(found, settings.public_url, settings.organisation), encoding="utf-8")
        except OSError as exc:
            raise click.ClickException(f"{html_file}: cannot be written ({exc.strerror}); give another file with --html") from exc
    click.echo(msgspec.json.encode(found).decode() if as_json else render.text(found, settings.public_url, settings.organisation))


@command.command("build")
@week_option
@json_option
def build_(week: str | None, as_json: bool) -> None:
    """Build this week's digest and queue its messages; a week that was built before stays as it was."""
    found, queued = built(load_settings(), week)
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
    else:
        click.echo(f"{found.week}: {render.subject(found)}; {queued} messages queued")


@command.command()
@week_option
@json_option
def send(week: str | None, as_json: bool) -> None:
    """Build unless built, then send what is queued; exit 1 when a message was refused or still waits."""
    try:
        outcome = send_digest(load_settings(), week)
    except Busy as exc:
        raise click.ClickException(str(exc)) from exc
    if as_json:
        click.echo(msgspec.json.encode(outcome).decode())
    else:
        click.echo(f"{outcome.sent} sent, {outcome.failed} refused, {outcome.waiting} waiting")
    if outcome.failed or outcome.waiting:
        sys.exit(1)


def send_digest(settings: Settings, week: str | None = None) -> Outcome:
    """Build a week's digest unless built, and send what was not sent; raise ClickException when it cannot be."""
    try:
        mail = transport(settings.smtp)
        found, _ = built(settings, week)
        engine = open_database(settings.database)
        return deliver(engine, mail, period=found.week, subscription=build.SUBSCRIPTION, clock=lambda: datetime.now(UTC))
    except MailError as exc:
        raise click.ClickException(str(exc)) from exc


def built(settings: Settings, week: str | None) -> tuple[Edition, int]:
    """Build a week's digest unless built; raise ClickException naming the setting that is missing."""
    people = [one.strip() for one in settings.digest_recipients.split(",") if one.strip()]
    wrong = [one for one in (*people, settings.mail_from) if not EMAIL.fullmatch(one)]
    if not people or wrong:
        what = f"{wrong[0]!r} is not an address" if wrong and wrong[0] else "sender or recipients are not set"
        raise click.ClickException(f"{what}; set LUREWATCH_MAIL_FROM and LUREWATCH_DIGEST_RECIPIENTS")
    engine, store = opened(settings)
    now = datetime.now(UTC)
    name = week_of(week, now)
    if name != iso_week(now):
        with engine.connect() as connection:
            if build.stored(connection, name) is None:
                raise click.ClickException(
                    f"{name} was never built, and the index shows today, not that week; build each week in it"
                )
    return build.build(
        engine, store, load_sources(settings.seeds), settings.runs, week=name, now=now, recipients=people,
        sender=settings.mail_from, desk_url=settings.public_url, organisation=settings.organisation,
        places=place_names(settings.seeds / "places.yml"),
    )  # fmt: skip


def week_of(week: str | None, now: datetime) -> str:
    """Return the week asked for, this week when none is; raise ClickException for what is no week."""
    if week is None:
        return iso_week(now)
    try:
        week_end(week)
    except (ValueError, OverflowError) as exc:
        raise click.ClickException(f"--week {week!r}: write an ISO week such as {iso_week(now)}") from exc
    return week


def opened(settings: Settings) -> tuple[Engine, Store]:
    """Open database and index; raise ClickException saying what is wrong."""
    try:
        load_sources(settings.seeds)
        return open_database(settings.database), store_of(settings)
    except (DatabaseError, StoreError, SourceError) as exc:
        raise click.ClickException(str(exc)) from exc
