"""Crawls sources in parallel; each result is assessed, loaded and linked at once."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from functools import partial
from typing import Any

from crawlers.evidence.partition import Report, source_and_run
from crawlers.sample_sites import how_to_serve
from crawlers.sources.source import Source
from desk.database import DatabaseError
from enrichment.assess import Assessor
from foundation.crawl_errors import CrawlError, PassportRefused
from index.admission import goes_on
from index.base import Store, StoreError, WriteReport
from lurewatch import assessments
from lurewatch.app import pipeline, rescore
from lurewatch.app.in_force import InForce
from lurewatch.settings import Settings

Summary = dict[str, Any]
"""The result of one source, with the names that `lurewatch run --json` prints."""


def run_sources(
    sources: Sequence[Source], settings: InForce, store: Store, jobs: int, progress: Callable[[str, dict[str, Any]], None]
) -> Iterator[Summary]:
    """Crawl ``sources``, ``jobs`` at a time; yield the summary of each as it ends, with its seconds.

    First the runs are loaded that an earlier process sealed and was killed before it loaded them, a summary each. ``progress``
    is called with a source's name and its counts, from the thread that crawls it.
    """
    assessor = pipeline.judge_in_force(settings)
    for address, outcome in rescore.load_waiting(settings, store, assessor=assessor):
        yield _summarize_late_load(address, outcome)
    with ThreadPoolExecutor(jobs) as pool:
        started = time.monotonic()
        futures = {pool.submit(pipeline.fetch, source, settings, partial(progress, source.name)): source for source in sources}
        for future in as_completed(futures):
            summary = finish(futures[future], future, settings, store, assessor)
            yield summary | {"seconds": round(time.monotonic() - started, 1)}


def finish(source: Source, crawled: Future[tuple[str, Report]], settings: Settings, store: Store, assessor: Assessor) -> Summary:
    """Assess, load and link one crawled source; an error of one source is its summary's reason and stops no other."""
    try:
        partition, report = crawled.result()
        seen: Summary = {"fetched": report.fetched, "parsed": report.parsed, "rejected": report.rejected, "pages": report.pages}
        nothing = not report.fetched and report.state not in pipeline.GREEN
        fix = how_to_serve(source, allow_loopback=settings.allow_loopback) if nothing else ""
        reason = "; ".join(filter(None, (report.reason, fix)))
        run: Summary = {"source": source.name, "state": report.state, "reason": reason, "partition": partition}
        if not goes_on(report):
            return run | seen
        assessed = pipeline.assess(partition, settings, assessor)
        outcome = pipeline.put(partition, assessed, store)
        rescore.rescore_unjudged(settings, store, source.name, assessor)
    except PassportRefused as exc:
        return {"source": source.name, "state": "refused", "reason": exc.reason}
    except (CrawlError, StoreError, DatabaseError, OSError) as exc:
        return {"source": source.name, "state": "failed", "reason": str(exc)}
    flagged = sum(item.flagged for item in assessments.read(assessed))
    run["reason"] = "; ".join(filter(None, (reason, pipeline.describe_refused(outcome))))
    return run | seen | pipeline.counts(outcome) | {"flagged": flagged}


def _summarize_late_load(address: str, outcome: WriteReport | str) -> Summary:
    """Return the summary of a run of an earlier process that is loaded now, or still is not."""
    run: Summary = {"source": source_and_run(address)[0], "partition": address}
    if isinstance(outcome, str):
        return run | {"state": "failed", "reason": f"{address} is sealed and not in the index: {outcome}"}
    reason = f"{address} was sealed and not in the index"
    refused = pipeline.describe_refused(outcome)
    return run | {"state": "ok", "reason": f"{reason}; {refused}" if refused else reason} | pipeline.counts(outcome)


def green(summary: Summary) -> bool:
    """Whether a source's run needs no action: its state is good and the index accepted every document."""
    return summary["state"] in pipeline.GREEN and not summary.get("dead")
