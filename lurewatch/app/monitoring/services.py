"""Asks the services that LureWatch has beside its own files and stores, each by its own protocol; nothing is opened for it."""

import http.client
import smtplib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from urllib.parse import urlsplit

import msgspec

from desk.mail import MailError, transport
from lurewatch.app.monitoring.catalogue import SeriesSample, sample
from lurewatch.settings import Settings

SECONDS = 10.0
"""How long a service is given to answer."""
Asked = Callable[[], Iterator[SeriesSample]]
"""Asks a service; raises OSError when it does not answer as it should."""


def services_of(settings: Settings) -> dict[str, Asked]:
    """Return part -> what asks it, for each service whose address the settings name."""
    services: dict[str, Asked] = {}
    if settings.desk_health_url:
        services["desk"] = partial(_ask_desk, settings)
    if settings.airflow_health_url:
        services["airflow"] = partial(_ask_airflow, settings.airflow_health_url)
    if settings.alertmanager_url:
        services["alertmanager"] = partial(_ask_alertmanager, settings.alertmanager_url)
    if settings.smtp:
        services["mail"] = partial(_ask_mail, settings)
    for broker, worker, queue, address in (
        ("broker", "worker", "default", settings.broker),
        ("render broker", "render worker", "render", settings.render_broker),
    ):
        if address:
            services[broker] = partial(_ask_worker, worker, queue, address)
    return services


def _ask_desk(settings: Settings) -> Iterator[SeriesSample]:
    """Ask the desk whether it serves; it answers to its public name alone."""
    _, clock = _fetch(settings.desk_health_url, {"Host": urlsplit(settings.public_url).netloc})
    yield from (sample("lurewatch_clock_offset_seconds", seconds, "desk") for seconds in clock)


def _ask_airflow(address: str) -> Iterator[SeriesSample]:
    """Ask Airflow's API server for the heartbeats of its other parts."""
    body, clock = _fetch(address)
    yield from (sample("lurewatch_clock_offset_seconds", seconds, "airflow") for seconds in clock)
    health = msgspec.json.decode(body, type=dict[str, dict[str, str | None]])
    for part in ("scheduler", "dag_processor"):
        yield sample("lurewatch_up", health.get(part, {}).get("status") == "healthy", part.replace("_", " "))


def _ask_alertmanager(address: str) -> Iterator[SeriesSample]:
    _fetch(address)
    yield from ()


def _fetch(address: str, headers: Mapping[str, str] | None = None) -> tuple[bytes, list[float]]:
    """Return what an address answers, and by how many seconds its clock is off where it says the time."""
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    with closing(kind(parts.hostname or "", parts.port, timeout=SECONDS)) as connection:
        connection.request("GET", parts.path or "/", headers=dict(headers or {}))
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise ConnectionError(f"{address} answered {answer.status}")
        date = answer.getheader("Date")
        return answer.read(), [abs((parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds())] if date else []


def _ask_mail(settings: Settings) -> Iterator[SeriesSample]:
    """Log in as sending does and name the sender: a server that takes no mail now refuses that. Nothing is sent."""
    try:
        with transport(settings.smtp).open() as server:
            server.ehlo_or_helo_if_needed()
            code, words = server.mail(settings.mail_from)
            if code != 250:
                raise ConnectionError(f"the mail server answered {code} {words.decode('utf-8', 'replace')}")
            server.rset()
    except (MailError, smtplib.SMTPException) as exc:
        raise ConnectionError(str(exc)) from exc
    yield from ()


def _ask_worker(worker: str, queue: str, address: str) -> Iterator[SeriesSample]:
    """Ask over the broker whether a worker takes tasks of the queue; Airflow is not loaded for it."""
    from celery import Celery
    from kombu.exceptions import OperationalError

    app = Celery(broker=address, set_as_current=False)
    app.conf.update(broker_connection_retry=False, broker_transport_options={"socket_connect_timeout": SECONDS / 2})
    try:
        queues = app.control.inspect(timeout=SECONDS / 2).active_queues() or {}
    except OperationalError as exc:
        raise ConnectionError(str(exc)) from exc
    finally:
        app.close()
    served = {each["name"] for taken in queues.values() for each in taken}
    yield sample("lurewatch_up", queue in served, worker)
