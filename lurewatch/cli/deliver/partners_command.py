"""`lurewatch takedown partners`: platforms that fetch their notices and answer them."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import click

from lurewatch.cli.sign_in import open_desk
from lurewatch.settings import load_settings

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


@command.command()
@click.argument("role")
def grant(role: str) -> None:
    """Let a PostgreSQL role read what the door serves and add answers; every other right is taken from it.

    Make the role first, with a password and no other right. Run it as the desk, after each upgrade.
    """
    from desk.partners import door_database

    for statement in door_database.grant(open_desk(load_settings()), role):
        click.echo(statement)
