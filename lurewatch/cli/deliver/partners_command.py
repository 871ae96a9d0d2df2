"""`lurewatch takedown recheck` and `reply`: what became of notices; `partners`: the door where platforms fetch them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from lurewatch.app.in_force import load_in_force
from lurewatch.cli.presenter import LateChoice, json_option, print_json, writing_to
from lurewatch.cli.sign_in import Signer, open_desk, require_signer
from lurewatch.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from desk.partners.answers import AnswerKind
    from desk.platforms import Platforms

LOG = logging.getLogger("lurewatch.cli.deliver.partners_command")


@click.command("recheck")
@json_option
def ask_now(as_json: bool) -> None:
    """Ask whether reported adverts still stand, those that are due; keep every change with its proof.

    Run it every hour. An advert is asked for hourly on its first day, then after a twenty-fourth of the time since its notice
    left, at most a week; one that is gone five times more, to see whether it comes back. robots.txt, the address guard, the
    pauses and the access passport of its source hold, and one round takes at most a quarter of what a run of the source may.
    """
    from lurewatch.app.takedown_lists import recheck

    done = recheck(load_in_force())
    if as_json:
        print_json(done)
        return
    states = ", ".join(f"{count} {state}" for state, count in sorted(done.states.items()))
    click.echo(
        f"{done.asked} asked for ({states or 'none was due'}), {done.changed} changed, {done.later} left for the next hour"
    )
    if done.reappeared:
        click.echo(f"{done.reappeared} adverts carry on one that was taken down; the page of each item names them")


def show_outcomes(engine: Engine, receivers: Platforms, platform: str, into: Path | None, *, as_json: bool) -> None:
    """Print what became of the notices to each platform, or to one; with ``into`` write ``outcomes.csv`` into that folder."""
    from desk.rechecks.platform_outcomes import outcomes_csv, platform_outcomes

    with engine.connect() as connection:
        known = platform_outcomes(connection, datetime.now(UTC))
    if platform and platform not in known:
        raise click.ClickException(f"no notice to {platform!r} has left; some left to: {', '.join(known) or 'nobody'}")
    found = [each for key, each in known.items() if platform in ("", key)]
    content = outcomes_csv(found, receivers.titles)
    if into is not None:
        with writing_to(into, "--into", "folder"):
            into.mkdir(parents=True, exist_ok=True)
            (into / "outcomes.csv").write_bytes(content)
    elif as_json:
        print_json(*found)
    else:
        click.echo(content.decode("utf-8-sig"), nl=False)


def _answer_kinds() -> Iterable[str]:
    from desk.partners.answers import KINDS

    return KINDS


def _reasons() -> Iterable[str]:
    from desk.partners.answers import REASONS

    return REASONS


@click.command("reply")
@click.argument("platform")
@click.argument("named", metavar="NOTICE")
@click.argument("answer", type=LateChoice("answer", _answer_kinds))
@click.option("--reason", type=LateChoice("reason", _reasons), default=None, help="Why it refuses.")
@click.option("--words", default="", help="What the platform writes, where it says more.")
@require_signer
def note_answer_to_item(platform: str, named: str, answer: AnswerKind, reason: str | None, words: str, signer: Signer) -> None:
    """Note what PLATFORM answered by mail to NOTICE: its number, or its item's address or id.

    What the platform answers at its door comes in by itself.
    """
    from desk.partners.answer_review import note_reply

    engine = open_desk(load_in_force())
    user = signer.sign_in(engine)
    note_reply(engine, platform, named, answer, reason=reason or "", words=words, by=user, now=datetime.now(UTC))
    click.echo(f"{named}: answer of {platform} noted")


@click.group("partners")
def partners() -> None:
    """Let platforms fetch their notices and answer them, at a door apart from the desk.

    The door (`serve`) is a process of its own: API and a page, each platform its own notices alone. On
    PostgreSQL it has a role of its own (`grant`), which reads nothing else of the desk.
    docs/for-partners.md is for the platform, docs/takedown.md for you.
    """


@partners.command()
@click.option("--bind", metavar="HOST:PORT", default="127.0.0.1:8090", show_default=True, help="Address to listen on.")
@click.option("--behind-proxy", is_flag=True, help="Only something on this machine, or a TLS proxy, reaches the address.")
def serve(bind: str, *, behind_proxy: bool) -> None:
    """Open the door. LUREWATCH_DATABASE names the desk's database with the door's own role, LUREWATCH_DOOR_URL its address.

    Without TLS it serves this machine alone: tokens would cross the network in the clear.
    """
    import uvicorn

    from crawlers.fetch.scrapy_settings import is_loopback
    from desk.partners.door_app import create_door
    from lurewatch.app import partner_door
    from lurewatch.cli.administer.serve_command import address, bound_socket

    settings = load_settings()
    host, port = address(bind)
    public = urlsplit(settings.door_url)
    if public.scheme != "https" and not is_loopback(public.hostname or ""):
        raise click.ClickException(f"LUREWATCH_DOOR_URL is {settings.door_url}: put a TLS proxy in front and set it to https://…")
    if public.scheme != "https" and not is_loopback(host) and not behind_proxy:
        raise click.ClickException(f"{bind}: other machines would send tokens in the clear; listen on 127.0.0.1 (--behind-proxy)")
    sock = bound_socket(host, port)
    app = create_door(partner_door.open_door(settings))
    click.echo(f"Door at {settings.door_url} (listening on {bind})", err=True)
    LOG.info("the partners' door listens", extra={"bind": bind, "public_url": settings.door_url})
    logs: dict[str, Any] = {"log_config": None} if settings.log_format == "json" else {}
    with suppress(KeyboardInterrupt):
        config = uvicorn.Config(app, log_level="warning", server_header=False, proxy_headers=False, **logs)
        uvicorn.Server(config).run(sockets=[sock])


@partners.command()
@click.argument("role")
def grant(role: str) -> None:
    """Let a PostgreSQL role read what the door serves and add answers; every other right is taken from it.

    Make the role first, with a password and no other right. Run it as the desk, after each upgrade.
    """
    from desk.partners import door_database

    for statement in door_database.grant(open_desk(load_settings()), role):
        click.echo(statement)
