"""Pages of administration: source health, the reports of runs, the audit log, and one item's evidence."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.responses import Response

from crawlers.evidence.partition import partitions, read_report
from crawlers.sources import causes
from desk.custody import audit
from desk.custody.ledger_check import check_ledger
from desk.database import snapshot
from desk.people.roles import Right
from desk.web.guard import PageVisit, needs
from desk.web.pages import sentence
from desk.week_coverage import newest_reports, source_health, source_yields
from foundation.crawl_errors import PartitionError
from foundation.messages import _

router = APIRouter()
Onlooker = Annotated[PageVisit, Depends(needs(Right.RUNS))]
RUNS, RUNS_OF_ONE = 3, 60
"""Newest runs of each source on the page of all, and of one source on its own."""
SHOWN = 200
"""Audit entries on a page; the links between them, and to the one before, are checked whenever it is shown."""


@router.get("/sources")
def sources_page(visit: Onlooker) -> Response:
    """Show how every source is doing, those that need attention first."""
    desk = visit.desk
    found = source_health(desk.sources(), desk.runs, desk.clock())
    return visit.show("sources.html", found=found, faulty=desk.seeds.faulty(), yields=source_yields(desk.store))


@router.get("/runs")
def runs_page(visit: Onlooker, source: str = "") -> Response:
    """Show the newest runs of every source, or of one, the newest first."""
    sources = {each.name: each for each in visit.desk.sources()}
    names = [source] if source in sources else list(sources)
    most = RUNS_OF_ONE if source in sources else RUNS
    found, damaged = newest_reports(visit.desk.runs, names, most)
    return visit.show("runs.html", sources=sources, chosen=source if source in sources else "", found=found, damaged=damaged)


@router.get("/runs/{source}/{run_id}")
def run_page(visit: Onlooker, source: str, run_id: str) -> Response:
    """Show the report of one run, as it was sealed."""
    if source not in {each.name for each in visit.desk.sources()}:
        raise HTTPException(404, _("There is no source of that name"))
    address = next((each for each in partitions(visit.desk.runs, source) if each.rstrip("/").endswith(f"/{run_id}")), None)
    if address is None:
        raise HTTPException(404, _("No such run is kept"))
    try:
        report = read_report(address)
    except PartitionError as exc:
        return visit.show_message(409, _("The report cannot be read"), sentence(exc))
    return visit.show(
        "run.html", report=report, causes=[causes.describe_cause(each) for each in report.causes], fix=causes.fix(report)
    )


@router.get("/audit")
def audit_page(
    visit: Annotated[PageVisit, Depends(needs(Right.AUDIT))],
    before: Annotated[int, Query(ge=1, le=(1 << 31) - 1)] | None = None,
    whole: bool = False,
) -> Response:
    """Show a page of the audit log and whether its links hold; with ``whole``, check it as `lurewatch users audit` does."""
    with snapshot(visit.desk.engine) as connection:
        entries = list(audit.entries(connection, newest=SHOWN + 1, before=before))
        verdict = check_ledger(connection) if whole else None
        head = audit.head(connection)
    return visit.show(
        "audit.html",
        entries=entries[:SHOWN],
        fault=verdict.fault if verdict else audit.verify_part(entries),
        verdict=verdict,
        head=head,
        older=entries[SHOWN - 1].seq if len(entries) > SHOWN else None,
        paged=before is not None,
    )
