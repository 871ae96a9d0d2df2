"""Pages of administration: source health, run reports, the audit log; the seeds in force, their acceptance and rules, read only;
suggested sources, which people rule on."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Query
from fastapi.responses import Response

from crawlers.evidence.partition import partitions, read_report
from crawlers.sources import causes
from desk.cases.reason_marks import accuracy
from desk.custody import audit
from desk.custody.ledger_check import check_ledger
from desk.database import snapshot
from desk.partners.answer_review import answered_reasons
from desk.people.roles import Right
from desk.seed_views import LONGEST, ProposalKind, VenueStep, close_proposal, propose, waiting_proposals
from desk.subscribers.mail_answers import reader_votes
from desk.web import guard
from desk.web.guard import Flag, Number, PageVisit, Reader, Text, needs
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
        "audit.html", entries=entries[:SHOWN], fault=verdict.fault if verdict else audit.verify_part(entries), verdict=verdict,
        head=head, older=entries[SHOWN - 1].seq if len(entries) > SHOWN else None, paged=before is not None,
    )  # fmt: skip


Operator = Annotated[PageVisit, Depends(needs(Right.SEEDS))]
Scout = Annotated[PageVisit, Depends(needs(Right.SOURCES))]
MOST_CHARACTERS = 20_000
"""Of a text that is tried."""
LISTED = 100
"""Venues, or rules that people judged, on the page; the commands show all."""


@router.get("/seeds")
def seeds_page(visit: Onlooker) -> Response:
    """Show which seeds are in force, what waits, and what accepting it does."""
    return _show_seeds(visit)


@router.post("/seeds/accept", dependencies=[guard.Form])
def accept_commit(visit: Operator, commit: Text = "", content: Text = "", why: Text = "") -> Response:
    """Put a commit in force, as the second person."""
    accept = partial(visit.desk.seeds.accept, commit, content=content, by=visit.user, reason=why)
    return visit.change(accept, "/seeds", partial(_show_seeds, visit, why=why), 409)


def _show_seeds(visit: PageVisit, status: int = 200, problem: str = "", why: str = "") -> Response:
    seeds = visit.desk.seeds
    shown = {"sentence": seeds.sentence(), "accepted": seeds.list_accepted(), "waiting": seeds.waiting()}
    return visit.show("seeds.html", status, problem=problem, why=why, **shown)


@router.get("/sources/{name}")
def source_page(visit: Onlooker, name: str) -> Response:
    """Show a source's file and what is wrong with it."""
    return visit.show("source.html", file=guard.present(visit.desk.seeds.read_source(name)))


@router.get("/rules")
def rules_page(visit: Onlooker) -> Response:
    """Show which languages have rules for which families."""
    return _show_rules(visit)


@router.post("/rules/try", dependencies=[guard.Form])
def try_rules(visit: Onlooker, text: Text = "") -> Response:
    """Judge a text with the rules as they stand; nothing is kept."""
    if not text.strip() or len(text) > MOST_CHARACTERS:
        problem = _("paste a text of 1 to %(most)s characters", most=f"{MOST_CHARACTERS:,}")
        return _show_rules(visit, 422, problem, text=text[:MOST_CHARACTERS])
    show = partial(_show_rules, visit, text=text)
    return visit.change(partial(visit.desk.seeds.try_text, text), lambda trial: show(trial=trial), show)


@router.get("/rules/{language}/{family}")
def rule_file_page(visit: Onlooker, language: str, family: str) -> Response:
    """Show the rules of a language for one family of indicators."""
    return visit.show("rule_file.html", file=guard.present(visit.desk.seeds.read_rules(language, family)))


def _show_rules(visit: PageVisit, status: int = 200, problem: str = "", **shown: Any) -> Response:
    values = {"problem": problem, "text": "", "trial": None} | shown
    with visit.desk.engine.connect() as connection:
        found = *accuracy(connection), *reader_votes(connection), answered_reasons(connection)
    titles = (
        _("Indicator"), _("Rule or concept"), _("Indicator, as readers answer"), _("Rule or concept, as readers answer"),
        _("Indicator, as platforms answered"),
    )  # fmt: skip
    judged = [(title, lines[:LISTED], len(lines)) for title, lines in zip(titles, found, strict=True)]
    return visit.show("rules.html", status, files=visit.desk.seeds.rule_files(), judged=judged, **values)


@router.get("/suggestions")
def suggestions_page(visit: Onlooker, every: bool = False, language: str = "", value: str = "") -> Response:
    """Show what people propose for the seeds, and which venues the lures lead to, the strongest first."""
    return _show_suggestions(visit, every=every, kind="phrase" if language else "site", language=language, value=value[:LONGEST])


@router.post("/suggestions/propose", dependencies=[guard.Form])
def propose_seed(
    visit: Reader, kind: Annotated[ProposalKind, Form()], value: Text = "", language: Text = "", why: Text = ""
) -> Response:
    """Keep a site to look at, a phrase that was missed or a receiver for whoever writes the files."""
    desk, known = visit.desk, [code for code, _families in visit.desk.seeds.rule_files()]
    given = language if language in known else ""
    keep = partial(propose, desk.engine, kind, value, language=given, by=visit.user, reason=why, now=desk.clock())
    refuse = partial(_show_suggestions, visit, every=False, kind=kind, value=value, language=language, because=why)
    return visit.change(keep, "/suggestions#proposed", refuse)


@router.post("/suggestions/{number}/close", dependencies=[guard.Form])
def close_seed(visit: Operator, number: Number) -> Response:
    """Take a proposal off the list."""
    close = partial(close_proposal, visit.desk.engine, number, by=visit.user, now=visit.desk.clock())
    return visit.change(close, "/suggestions#proposed", partial(_show_suggestions, visit, every=False))


@router.post("/suggestions/{step}", dependencies=[guard.Form])
def rule_on_venue(visit: Scout, step: VenueStep, venue: Text = "", why: Text = "", every: Flag = False) -> Response:
    """Rule on a venue; of what is refused, the list keeps what was typed."""
    refuse = partial(_show_suggestions, visit, every=every, venue=venue, why=why)
    rule = partial(visit.desk.suggestions.rule, step, venue, by=visit.user, reason=why)
    return visit.change(rule, f"/suggestions{'?every=true' if every else ''}", refuse)


def _show_suggestions(visit: PageVisit, status: int = 200, problem: str = "", *, every: bool, **typed: str) -> Response:
    """Answer with both lists; what was typed stays where it was typed."""
    values = {"venue": "", "why": "", "kind": "site", "value": "", "language": "", "because": ""} | typed
    lines = visit.desk.suggestions.list_venues(every=every)
    with visit.desk.engine.connect() as connection:
        waiting = waiting_proposals(connection)
    return visit.show(
        "suggestions.html", status, problem=problem, suggestions=lines[:LISTED], more=max(0, len(lines) - LISTED), every=every,
        waiting=waiting, languages=[code for code, _families in visit.desk.seeds.rule_files()], longest=LONGEST, **values,
    )  # fmt: skip
