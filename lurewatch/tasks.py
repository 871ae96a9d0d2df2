"""What an Airflow task does: read the settings, call one stage, and raise when its work is not wholly done.

Every function takes and returns small values (addresses, counts), may be run twice, and gives the same answer. What Airflow may
try again raises RunNotGreen or the stage's own error; what only a person can mend raises AirflowFailException, so that a site
that refused us is not asked again.
"""

from datetime import UTC, datetime

from airflow.sdk.exceptions import AirflowFailException

from crawlers.partition import read_report
from crawlers.sources import refusal
from index.load import goes_on
from lurewatch import stages
from lurewatch.settings import load_settings
from lurewatch.store import store_of


class RunNotGreen(Exception):
    """Work that did not end well and may at the next try; the message names the state and the reason, and stands in the log."""


def fetched(name: str) -> str:
    """Crawl a source; return its partition.

    Raises AirflowFailException when the access passport does not let it run, RunNotGreen when the run failed.
    """
    settings = load_settings()
    (source,) = stages.chosen(settings, (name,))
    if reason := refusal(source, datetime.now().astimezone().date()):
        raise AirflowFailException(f"{name}: does not run: {reason}")
    partition, report = stages.fetch(source, settings)
    if not goes_on(report):
        raise RunNotGreen(f"{name}: {report.state}: {report.reason}; {report}")
    return partition


def assessed(partition: str) -> dict[str, str]:
    """Assess a partition; return its address and that of the assessments."""
    settings = load_settings()
    return {"partition": partition, "assessed": stages.assess(partition, settings)}


def loaded(addresses: dict[str, str]) -> dict[str, int]:
    """Load a partition and link its postings; return the counts. AirflowFailException when the index refused a document."""
    settings = load_settings()
    store = store_of(settings)
    try:
        outcome = stages.put(addresses["partition"], addresses["assessed"], store)
    finally:
        store.close()
    if refused := stages.refused(outcome):
        raise AirflowFailException(f"{addresses['partition']}: {refused}")
    return stages.counts(outcome)


def checked(partition: str) -> str:
    """Return the state of a run whose postings are loaded; AirflowFailException when an operator must look at its source."""
    report = read_report(partition)
    if report.state not in stages.GREEN:
        raise AirflowFailException(f"{report.source}: {report.state}: {report.reason}")
    return report.state


def digest_sent() -> dict[str, int]:
    """Build this week's digest and send what has not been sent; return the counts. Raises RunNotGreen while a message waits."""
    from lurewatch.commands.digest import send_digest

    outcome = send_digest(load_settings())
    if outcome.waiting or outcome.failed:
        raise RunNotGreen(f"digest: {outcome.sent} sent, {outcome.waiting} to try again, {outcome.failed} refused for good")
    return {"sent": outcome.sent}


def retention_purged() -> dict[str, int]:
    """Erase what is past its source's retention and certify it; return the counts."""
    from desk.database import open_database
    from lurewatch.purge import purge

    settings = load_settings()
    store = store_of(settings)
    try:
        done = purge(settings, open_database(settings.database), store, by="system", now=datetime.now(UTC))
    finally:
        store.close()
    return {"items": done.items, "partitions": done.partitions}


def takedowns_built() -> list[str]:
    """Build the takedown lists that have something to tell; return their platforms. They wait for a second person."""
    from lurewatch.commands.takedown import build_lists

    built, _ = build_lists(load_settings())
    return [one.platform for one in built if one.list_id is not None]
