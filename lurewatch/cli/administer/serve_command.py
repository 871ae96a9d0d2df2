"""`lurewatch serve`: open the desk."""

from __future__ import annotations

import logging
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from errno import EACCES, EADDRINUSE
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
from rich.console import Console
from starlette.types import ASGIApp

from lurewatch.app.resources import store_of
from lurewatch.logs import configure_logs
from lurewatch.settings import Settings, load_settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from desk.seed_views import SuggestionDesk
    from desk.web.context import Desk
    from index.base import Store


LOG = logging.getLogger("lurewatch.cli.administer.serve_command")


@click.command()
@click.option("--bind", metavar="HOST:PORT", help="Address to listen on, instead of LUREWATCH_BIND.")
@click.option(
    "--behind-proxy",
    is_flag=True,
    help="Listen where other machines could reach it without an https LUREWATCH_PUBLIC_URL: something that only this machine "
    "reaches, such as a container's port published on 127.0.0.1, stands in front.",
)
@click.option("--workers", type=click.IntRange(1, 16), default=1, show_default=True, help="Processes that serve pages.")
def command(bind: str | None, *, behind_proxy: bool, workers: int) -> None:
    """Open the desk: queue, search, decisions, campaigns, takedown lists, source health.

    Add people first: `lurewatch users add NAME --role analyst --email NAME@example.org`. Behind a reverse proxy set
    LUREWATCH_PUBLIC_URL to the https address people use; without TLS the desk only serves this machine.
    """
    from sqlalchemy import func, select

    from desk.tables import users

    settings = load_settings()
    if bind:
        settings = settings.model_copy(update={"bind": bind})
    console = Console(stderr=True, quiet=settings.log_format == "json")
    desk = open_desk(settings)
    with desk.engine.connect() as connection:
        nobody = connection.execute(select(func.count()).select_from(users)).scalar_one() == 0
    if nobody:
        console.print(
            "Nobody can log in yet. In another terminal: lurewatch users add NAME --role admin --email NAME@example.org"
        )
    listen(desk, settings, console, behind_proxy=behind_proxy, workers=workers)


def open_demo_desk(settings: Settings, console: Console) -> None:
    """Open the desk for one person with a password made now and printed here; loopback only, disabled when the desk closes."""
    from crawlers.fetch.scrapy_settings import is_loopback
    from desk.people.accounts import add_user, set_disabled

    host, port = address(settings.bind)
    if not is_loopback(host):
        raise click.ClickException(f"the demo desk only listens on this machine; LUREWATCH_BIND is {settings.bind}")
    settings = settings.model_copy(update={"public_url": f"http://{settings.bind}"})
    sock = bound_socket(host, port)
    desk = open_desk(settings)
    now = datetime.now(UTC)
    name, password = f"demo-{secrets.token_hex(3)}", secrets.token_urlsafe(18)
    add_user(desk.engine, name=name, email=f"{name}@example.org", role="lead", password=password, now=now, actor="demo")
    console.print(f"\nThe desk is open at [bold]{settings.public_url}[/bold] until you press Ctrl-C.")
    console.print(f"Log in as  [bold]{name}[/bold]  with password  [bold]{password}[/bold]\n", highlight=False)
    try:
        listen(desk, settings, console, sock=sock)
    finally:
        set_disabled(desk.engine, name, disabled=True, now=datetime.now(UTC), actor="demo")


def open_desk(settings: Settings) -> Desk:
    """Return the desk the settings name; raise ClickException saying what is missing."""

    from desk.cases import campaign_rulings, case_marks
    from desk.database import open_database
    from desk.web.context import Desk
    from lurewatch.app.seeds.desk_seeds import DeskSeeds
    from lurewatch.app.takedown_lists import DeskLists
    from lurewatch.app.translate import translator_of

    engine = open_database(settings.database, settings.state)
    seeds = DeskSeeds(settings, engine)
    for fault in seeds.in_force().files.faults:
        LOG.warning("%s; %s does not run", "; ".join(fault.problems), fault.source)
    seeds.receivers()  # a faulty platforms.yml is said before anybody hears of a desk
    store = store_of(settings)
    desk = Desk(
        engine=engine,
        store=store,
        read_platforms=seeds.receivers,
        sources=seeds.sources,
        runs=settings.runs,
        public_url=settings.public_url,
        organisation=settings.organisation,
        zone=settings.zone,
        trusted_proxies=settings.proxies,
        metrics=metrics_page(settings, engine, store) if settings.metrics_token else None,
        metrics_token=settings.metrics_token,
        api_rate=settings.api_rate,
        translator=translator_of(settings, engine),
        second_opinions=settings.second_opinions,
        suggestions=suggestion_list(settings),
        seeds=seeds,
        lists=DeskLists(settings),
        read_places=seeds.places,
    )
    campaign_rulings.settle(desk.engine, desk.store, desk.clock())
    case_marks.tell(desk.engine, desk.store)
    return desk


def suggestion_list(settings: Settings) -> SuggestionDesk:
    """Return what finds suggested sources for the desk's page."""
    from lurewatch.app.suggested_venues import SuggestionList  # the pages of the desk start without it

    return SuggestionList(settings)


def metrics_page(settings: Settings, engine: Engine, store: Store) -> Callable[[], tuple[bytes, str]]:
    """Return what ``/metrics`` answers, from the parts the desk has open."""
    from lurewatch.app.monitoring.collect import CONTENT_TYPE, MetricsCollector, openmetrics_text

    collector = MetricsCollector(settings, engine, store)
    return lambda: (openmetrics_text(collector.samples(datetime.now(UTC))), CONTENT_TYPE)


def serve_app() -> ASGIApp:
    """Return the desk of one of several processes, as the settings name it."""
    from desk.web.app import create_app, keep_loaded

    settings = load_settings()
    configure_logs(settings)
    app = create_app(open_desk(settings))
    keep_loaded()
    return app


def listen(
    desk: Desk, settings: Settings, console: Console, *, behind_proxy: bool = False, workers: int = 1,
    sock: socket.socket | None = None,
) -> None:  # fmt: skip
    """Serve until Ctrl-C; refuse to carry passwords over a network in the clear.

    ``behind_proxy`` says that nobody but a proxy reaches the address, though it is not this machine's own; ``sock``
    has the address already.
    """
    import uvicorn

    from crawlers.fetch.scrapy_settings import is_loopback

    host, port = address(settings.bind)
    people = urlsplit(settings.public_url)
    here = is_loopback(people.hostname or "")
    if people.scheme != "https" and not here:
        raise click.ClickException(
            f"LUREWATCH_PUBLIC_URL is {settings.public_url}: passwords would cross the network in the clear; "
            "put a TLS proxy in front and set it to https://…"
        )
    if people.scheme != "https" and not is_loopback(host) and not behind_proxy:
        raise click.ClickException(
            f"LUREWATCH_BIND is {settings.bind}: other machines would send passwords in the clear; listen on 127.0.0.1, or put "
            "a TLS proxy in front and set LUREWATCH_PUBLIC_URL to https://… (--behind-proxy when only a proxy reaches it)"
        )
    if people.scheme == "https" and not settings.proxies:
        console.print(
            "LUREWATCH_TRUSTED_PROXIES is empty: everybody behind the TLS proxy counts as one address, and is locked out as one "
            "after failed log-ins. Set it to the address the proxy connects from."
        )
    sock = sock or bound_socket(host, port)
    console.print(f"Desk at {settings.public_url} (listening on {settings.bind})")
    if people.scheme == "http" and here and people.port != port and not behind_proxy:
        console.print(
            f"That address is not this desk's, and mails lead there: set LUREWATCH_PUBLIC_URL to http://{settings.bind}."
        )
    LOG.info("the desk listens", extra={"bind": settings.bind, "public_url": settings.public_url})
    logs: dict[str, Any] = {"log_config": None} if settings.log_format == "json" else {}  # its lines are then ours, too
    with suppress(KeyboardInterrupt):  # uvicorn closes down in good order, then raises the Ctrl-C it was ended with
        how = {"log_level": "warning", "server_header": False, "proxy_headers": False, **logs}
        if workers > 1:
            desk.engine.dispose()
            sock.close()
            uvicorn.run(f"{__name__}:serve_app", factory=True, workers=workers, host=host, port=port, **how)
            return
        from desk.web.app import create_app, keep_loaded  # the parent of several processes serves no page

        app = create_app(desk)
        keep_loaded()
        uvicorn.Server(uvicorn.Config(app, **how)).run(sockets=[sock])


def bound_socket(host: str, port: int) -> socket.socket:
    """Return a socket that has the address, before anything says that the desk is there; raise ClickException when it cannot."""
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(where)
    except OSError as exc:
        fix = "end what listens there, or name another port" if exc.errno == EADDRINUSE else "name an address of this machine"
        fix = "name a port from 1024 on" if exc.errno == EACCES else fix
        raise click.ClickException(
            f"cannot listen on {host}:{port} ({exc.strerror}): {fix}, with --bind or LUREWATCH_BIND"
        ) from exc
    return made


def address(bind: str) -> tuple[str, int]:
    """Return host and port of ``host:port``; raise ClickException for anything else."""
    host, colon, port = bind.rpartition(":")
    if not colon or not port.isdigit() or not 0 < int(port) < 65_536:
        raise click.ClickException(f"LUREWATCH_BIND is {bind!r}; write host:port, for instance 127.0.0.1:8080")
    return host.strip("[]") or "127.0.0.1", int(port)
