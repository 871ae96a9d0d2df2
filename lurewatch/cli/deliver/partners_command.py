"""`lurewatch takedown partners`: platforms that fetch their notices and answer them."""

import logging
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import click

from desk.partners import door_database, partner_tokens
from desk.partners.answer_review import answer_counts, disagreements
from desk.partners.answers import KINDS, REASONS
from desk.people.accounts import User
from desk.people.roles import Right
from lurewatch.app import partner_door, takedown_lists
from lurewatch.cli.presenter import json_option, make_table, print_json, print_table
from lurewatch.cli.sign_in import Signer, open_desk, require_signer
from lurewatch.settings import Settings, load_settings

LOG = logging.getLogger("lurewatch.cli.deliver.partners_command")


@click.group("partners")
def command() -> None:
    """Let platforms fetch their notices and answer them, at a door apart from the desk.

    The door (`serve`) is a process of its own: API and a page, each platform its own notices alone. On
    PostgreSQL it has a role of its own (`grant`), which reads nothing else of the desk.
    docs/for-partners.md is for the platform, docs/takedown.md for you.
    """


@command.command()
@click.option("--bind", metavar="HOST:PORT", default="127.0.0.1:8090", show_default=True, help="Address to listen on.")
@click.option("--behind-proxy", is_flag=True, help="Only something on this machine, or a TLS proxy, reaches the address.")
def serve(bind: str, *, behind_proxy: bool) -> None:
    """Open the door. LUREWATCH_DATABASE names the desk's database with the door's own role, LUREWATCH_DOOR_URL its address.

    Without TLS it serves this machine alone: tokens would cross the network in the clear.
    """
    import uvicorn

    from crawlers.fetch.scrapy_settings import is_loopback
    from desk.partners.door_app import create_door
    from lurewatch.cli.administer.serve_command import address

    settings = load_settings()
    host, port = address(bind)
    public = urlsplit(settings.door_url)
    if public.scheme != "https" and not is_loopback(public.hostname or ""):
        raise click.ClickException(f"LUREWATCH_DOOR_URL is {settings.door_url}: put a TLS proxy in front and set it to https://…")
    if public.scheme != "https" and not is_loopback(host) and not behind_proxy:
        raise click.ClickException(f"{bind}: other machines would send tokens in the clear; listen on 127.0.0.1 (--behind-proxy)")
    app = create_door(partner_door.open_door(settings))
    click.echo(f"Door at {settings.door_url} (listening on {bind})", err=True)
    LOG.info("the partners' door listens", extra={"bind": bind, "public_url": settings.door_url})
    logs: dict[str, Any] = {"log_config": None} if settings.log_format == "json" else {}
    with suppress(KeyboardInterrupt):
        uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, proxy_headers=False, **logs)


@command.command()
@click.argument("role")
def grant(role: str) -> None:
    """Let a PostgreSQL role read what the door serves and add answers; every other right is taken from it.

    Make the role first, with a password and no other right. Run it as the desk, after each upgrade.
    """
    for statement in door_database.grant(open_desk(load_settings()), role):
        click.echo(statement)


@command.command("token")
@click.argument("platform")
@click.option("--name", "label", required=True, help="What uses the token.")
@click.option("--days", type=click.IntRange(1, 365), default=90, show_default=True, help="For how long it holds.")
@click.option("--read-only", is_flag=True, help="It cannot answer.")
@require_signer
def issue_token(platform: str, label: str, days: int, signer: Signer, *, read_only: bool) -> None:
    """Make a token for a platform; it is shown once. Hand it over by a safe way."""
    settings = load_settings()
    engine, user = _approver(settings, signer)
    if platform not in takedown_lists.platforms_of(settings).platforms:
        raise click.ClickException(f"no platform {platform!r} in seeds; `lurewatch takedown show` lists those that were told")
    scopes = ["read"] if read_only else list(partner_tokens.SCOPES)
    value = partner_tokens.issue_token(engine, platform, label, scopes=scopes, days=days, actor=user.name, now=datetime.now(UTC))
    click.echo(value)


@command.command()
@click.argument("number", type=int)
@require_signer
def revoke(number: int, signer: Signer) -> None:
    """End a token at once."""
    engine, user = _approver(load_settings(), signer)
    ended = partner_tokens.revoke_partner_token(engine, number, actor=user.name, now=datetime.now(UTC))
    click.echo(f"token {number} of {ended.platform} is revoked")


@command.command()
def sync() -> None:
    """Take in what platforms answered; the schedule does it hourly."""
    click.echo(f"{partner_door.take_answers_in(load_settings())} answers taken in")


@command.command()
@json_option
def show(as_json: bool) -> None:
    """Show tokens, how each platform answered, and where one disagrees and nobody has looked again."""
    engine, now = open_desk(load_settings()), datetime.now(UTC)
    with engine.connect() as connection:
        tokens = partner_tokens.partner_token_list(connection)
        counts, differing = answer_counts(connection), disagreements(connection)
    if as_json:
        print_json(*tokens, *({"platform": key, "answers": dict(count)} for key, count in counts.items()), *differing)
        return
    table = make_table("platform", "what", "number", "for", "state", "until")
    for each in tokens:
        table.add_row(each.platform, "token", str(each.id), each.name, each.state(now), f"{each.expires_at:%Y-%m-%d}")
    print_table(table)
    for platform, count in sorted(counts.items()):
        click.echo(f"{platform}: " + ", ".join(f"{number} {kind}" for kind, number in sorted(count.items())))
    for answer in differing:
        why = f": {REASONS[answer.reason].source}" if answer.reason in REASONS else ""
        click.echo(f"{answer.given_at:%Y-%m-%d} {answer.platform} {KINDS[answer.kind].source}{why}: {answer.item_id}")


def _approver(settings: Settings, signer: Signer) -> tuple[Any, User]:
    """Return the desk's database and who may send lists: they decide, too, who may fetch them."""
    engine = open_desk(settings)
    return engine, signer.sign_in(engine, Right.APPROVE, "gives nobody access; ask a lead")
