"""What an Airflow task does: read the settings, call one stage, and raise when its work is not wholly done.

Every function takes and returns small values (addresses, counts), may be run twice, and gives the same answer.
"""

from datetime import datetime

from crawlers.partition import Report
from crawlers.sources import refusal
from lurewatch import stages
from lurewatch.settings import load_settings

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
    """Load a partition and link its postings; return the counts. The load itself raises unless every posting arrived."""
    settings = load_settings()
    store = stages.store_of(settings)
    try:
        outcome = stages.put(addresses["partition"], addresses["assessed"], store)
    finally:
        store.close()
    return stages.counts(outcome)
