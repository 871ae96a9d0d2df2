"""Pages on which operators change source files and lure rules, and rule about suggested sources.

A file is shown with its faults, tried before it is saved, and saved only over the version that was seen. What asks a site (a look
at a suggested source, its acceptance, a trial of a source) runs beside the pages.
"""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from desk.cases.reason_marks import accuracy
from desk.partners.answer_review import answered_reasons
from desk.people.roles import Right
from desk.seed_editors import RuleStatus, SourceFile, VenueStep
from desk.subscribers.mail_answers import reader_votes
from desk.web import guard
from desk.web.guard import Flag, PageVisit, Text, needs
from foundation.messages import _

router = APIRouter()
Onlooker = Annotated[PageVisit, Depends(needs(Right.RUNS))]
Operator = Annotated[PageVisit, Depends(needs(Right.SEEDS))]
Scout = Annotated[PageVisit, Depends(needs(Right.SOURCES))]
MOST_CHARACTERS = 20_000
"""Of a text that is tried."""
LISTED = 100
"""Venues, or rules that people judged, on the page; the commands show all."""


@router.get("/sources/{name}")
def source_page(visit: Onlooker, name: str) -> Response:
    """Show a source's file and what is wrong with it."""
    return _show_source(visit, _read_file(visit, name))


@router.post("/sources/{name}/switch", dependencies=[guard.Form])
def switch_source(visit: Operator, name: str, enabled: Flag, version: Text = "", why: Text = "") -> Response:
    """Switch a source on or off."""
    editor = visit.desk.source_files
    change = partial(editor.switch, name, enabled=enabled, version=version, by=visit.user, reason=why)
    return _change_source(visit, name, change, why=why)


@router.post("/sources/{name}/try", dependencies=[guard.Form])
def try_source(visit: Operator, name: str, text: Text = "", version: Text = "", why: Text = "") -> Response:
    """Check a changed text and show what it reads on the pages of the newest run; nothing is saved."""
    show = partial(_show_source, visit, _read_file(visit, name), draft=text, version=version, why=why)
    return visit.change(partial(visit.desk.source_files.try_text, name, text), lambda replay: show(replay=replay), show)


@router.post("/sources/{name}/look", dependencies=[guard.Form])
def try_site(visit: Operator, name: str) -> Response:
    """Begin a cut-down run of a source on its site, beside the pages; nothing of it is kept."""
    editor = visit.desk.source_files
    return _change_source(visit, name, lambda: editor.try_site(name, by=visit.user))


@router.post("/sources/{name}/save", dependencies=[guard.Form])
def save_source(visit: Operator, name: str, text: Text = "", version: Text = "", why: Text = "") -> Response:
    """Put a changed text in place of the file that was seen."""
    editor, typed = visit.desk.source_files, {"draft": text, "version": version, "why": why}
    return _change_source(visit, name, lambda: editor.save(name, text, version=version, by=visit.user, reason=why), **typed)


@router.post("/sources/{name}/accept", dependencies=[guard.Form])
def accept_source(visit: Operator, name: str, seen: Text = "", why: Text = "") -> Response:
    """Sign, as one of two people, what a file says of its receiver, where a crawl begins and how long texts are kept."""
    editor = visit.desk.source_files
    return _change_source(visit, name, lambda: editor.accept(name, seen=seen, by=visit.user, reason=why), why=why)


def _change_source(visit: PageVisit, name: str, change: Callable[[], None], **typed: Any) -> Response:
    """Carry out a change and lead back to the source; one that is refused, with the reason and what was typed."""
    return visit.change(change, f"/sources/{name}", partial(_show_source, visit, _read_file(visit, name), **typed))


def _read_file(visit: PageVisit, name: str) -> SourceFile:
    return guard.present(visit.desk.source_files.read(name))


def _show_source(visit: PageVisit, file: SourceFile, status: int = 200, problem: str = "", **values: Any) -> Response:
    """Answer with the page; a draft that was tried or refused stays in its field, with the version it was made from."""
    shown = {"why": "", "draft": file.text, "version": file.version, "replay": None} | values
    look = visit.desk.source_files.look(file.name)
    return visit.show("source.html", status, file=file, look=look, problem=problem, **shown)


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
    return visit.change(partial(visit.desk.lure_rules.try_text, text), lambda trial: show(trial=trial), show)


@router.get("/rules/{language}/{family}")
def rule_file_page(visit: Onlooker, language: str, family: str) -> Response:
    """Show the rules of a language for one family of indicators."""
    return _show_rule_file(visit, language, family)


@router.post("/rules/{language}/{family}/status", dependencies=[guard.Form])
def switch_rule(
    visit: Operator, language: str, family: str, status: Annotated[RuleStatus, Form()], rule: Text = "", version: Text = "",
    why: Text = "",
) -> Response:  # fmt: skip
    """Give a rule another status."""
    switch = partial(visit.desk.lure_rules.switch, language, family, rule)
    return visit.change(
        partial(switch, status=status, version=version, by=visit.user, reason=why), f"/rules/{language}/{family}#{rule}",
        partial(_show_rule_file, visit, language, family, chosen=rule, why=why),
    )  # fmt: skip


def _show_rules(visit: PageVisit, status: int = 200, problem: str = "", **shown: Any) -> Response:
    values = {"problem": problem, "text": "", "trial": None} | shown
    with visit.desk.engine.connect() as connection:
        found = *accuracy(connection), *reader_votes(connection), answered_reasons(connection)
    titles = (
        _("Indicator"), _("Rule or concept"), _("Indicator, as readers answer"), _("Rule or concept, as readers answer"),
        _("Indicator, as platforms answered"),
    )  # fmt: skip
    judged = [(title, lines[:LISTED], len(lines)) for title, lines in zip(titles, found, strict=True)]
    return visit.show("rules.html", status, files=visit.desk.lure_rules.files(), judged=judged, **values)


def _show_rule_file(
    visit: PageVisit, language: str, family: str, status: int = 200, problem: str = "", chosen: str = "", why: str = ""
) -> Response:
    file = guard.present(visit.desk.lure_rules.read(language, family))
    return visit.show("rule_file.html", status, file=file, problem=problem, chosen=chosen, why=why)


@router.get("/suggestions")
def suggestions_page(visit: Scout, every: bool = False) -> Response:
    """Show which venues the lures lead to, the strongest first."""
    return _show_suggestions(visit, every=every)


@router.post("/suggestions/{step}", dependencies=[guard.Form])
def rule_on_venue(visit: Scout, step: VenueStep, venue: Text = "", why: Text = "", every: Flag = False) -> Response:
    """Rule on a venue, begin a look at it or its acceptance, beside the pages; of what is refused, the list keeps what was
    typed."""
    refuse = partial(_show_suggestions, visit, every=every, venue=venue, why=why)
    rule = partial(visit.desk.suggestions.rule, step, venue, by=visit.user, reason=why)
    return visit.change(rule, f"/suggestions{'?every=true' if every else ''}", refuse)


def _show_suggestions(
    visit: PageVisit, status: int = 200, problem: str = "", *, every: bool, venue: str = "", why: str = ""
) -> Response:
    """Answer with the list; what was typed about a venue stays where it was typed."""
    lines, looks = visit.desk.suggestions.list_venues(every=every), visit.desk.suggestions.looks()
    return visit.show(
        "suggestions.html", status, problem=problem, suggestions=lines[:LISTED], more=max(0, len(lines) - LISTED),
        every=every, looks=looks, venue=venue, why=why,
    )  # fmt: skip
