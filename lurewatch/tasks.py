"""What an Airflow task does: read the settings, call one stage, and raise when its work is not wholly done.

Every function takes and returns small values (addresses, counts), may be run twice, and gives the same answer.
"""

from datetime import datetime

from crawlers.partition import Report
from crawlers.sources import refusal
from lurewatch import stages
from lurewatch.settings import load_settings
from lurewatch.store import store_of

GREEN = ("ok", "empty", "partial")
"""States whose postings go on to the index; ``empty`` is only reached when the source's expectation allows it."""


class RunNotGreen(Exception):
    """A crawl did not end well; the message names the state and the reason, and stands in the task's log."""


def fetched(name: str) -> str:
    """Crawl a source; return its partition. Raises RunNotGreen for a refused passport and for blocked, changed or failed runs."""
    settings = load_settings()
    (source,) = stages.chosen(settings, (name,))
    if reason := refusal(source, datetime.now().astimezone().date()):
        raise RunNotGreen(f"{name}: does not run: {reason}")
    partition, report = stages.fetch(source, settings)
    check_green(report)
    return partition


def check_green(report: Report) -> None:
    """Raise RunNotGreen unless the run reconciles and its state is one that goes on."""
    if not report.reconciles:
        raise RunNotGreen(f"{report.source}: {report.fetched} items seen are not all accounted for: {report}")
    if report.state not in GREEN:
        raise RunNotGreen(f"{report.source}: {report.state}: {report.reason}")


def assessed(partition: str) -> dict[str, str]:
    """Assess a partition; return its address and that of the assessments."""
    settings = load_settings()
    return {"partition": partition, "assessed": stages.assess(partition, settings)}


def loaded(addresses: dict[str, str]) -> dict[str, int]:
    """Load a partition and link its postings; return the counts. Raises RunNotGreen when the index refused a document."""
    settings = load_settings()
    store = store_of(settings)
    try:
        outcome = stages.put(addresses["partition"], addresses["assessed"], store)
    finally:
        store.close()
    if outcome.dead:
        refused = "; ".join(f"{name}: {reason}" for name, reason in outcome.dead[:10])
        raise RunNotGreen(f"{addresses['partition']}: the index refused {len(outcome.dead)} documents: {refused}")
    return stages.counts(outcome)


def digest_sent() -> dict[str, int]:
    """Build this week's digest and send what has not been sent; return the counts. Raises RunNotGreen while a message waits."""
    from lurewatch.commands.digest import send_digest

    outcome = send_digest(load_settings())
    if outcome.waiting or outcome.failed:
        raise RunNotGreen(f"digest: {outcome.sent} sent, {outcome.waiting} to try again, {outcome.failed} refused for good")
    return {"sent": outcome.sent}


def takedowns_built() -> list[str]:
    """Build the takedown lists that have something to tell; return their platforms. They wait for a second person."""
    from lurewatch.commands.takedown import build_lists

    built, _ = build_lists(load_settings())
    return [one.platform for one in built if one.list_id is not None]
