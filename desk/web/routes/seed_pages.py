"""Pages on which operators change source files and lure rules, and rule about suggested sources.

A file is shown with its faults, tried before it is saved, and saved only over the version that was seen. What asks a site (a look
at a suggested source, its acceptance, a trial of a source) runs beside the pages.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from crawlers.text.messages import _
from desk.cases.reason_marks import accuracy
from desk.cases.source_rulings import SourceRulingError
from desk.languages.catalogues import say
from desk.partners.answer_review import answered_reasons
from desk.people.roles import Right
from desk.seed_editors import RuleStatus, SeedEditError, SourceEditor, SourceFile, SuggestionDesk
from desk.subscribers.mail_answers import reader_votes
from desk.web import guard
from desk.web.guard import PageVisit, Text, needs

router = APIRouter()
Onlooker = Annotated[PageVisit, Depends(needs(Right.RUNS))]
Operator = Annotated[PageVisit, Depends(needs(Right.SEEDS))]
Scout = Annotated[PageVisit, Depends(needs(Right.SOURCES))]
MOST_CHARACTERS = 20_000
"""Of a text that is tried."""
LISTED = 100
"""Venues, or rules that people judged, on the page; the commands show all."""


class SwitchForm(BaseModel):
    """A source switched on or off."""

    enabled: bool
    version: Text = ""
    why: Text = ""


class DraftForm(BaseModel):
    """A changed source file."""

    text: Text = ""
    version: Text = ""
    why: Text = ""


class AcceptForm(BaseModel):
    """A signature under what a source file says."""

    seen: Text = ""
    why: Text = ""


class StatusForm(BaseModel):
    """Another status of a rule."""

    status: RuleStatus
    rule: Text = ""
    version: Text = ""
    why: Text = ""


class VenueForm(BaseModel):
    """A ruling about a suggested source that is taken back."""

    venue: Text = ""
    why: Text = ""
    every: bool = False


class RefusalForm(VenueForm):
    """A suggested source that is refused or blocked."""

    verdict: Literal["refused", "blocked"]


@router.get("/sources/{name}")
def source_page(visit: Onlooker, name: str) -> Response:
    """Show a source's file and what is wrong with it."""
    return _show_source(visit, _read_file(visit, name))


@router.post("/sources/{name}/switch", dependencies=[guard.Form])
def switch_source(visit: Operator, name: str, form: Annotated[SwitchForm, Form()]) -> Response:
    """Switch a source on or off."""

    def switch(editor: SourceEditor) -> None:
        editor.switch(name, enabled=form.enabled, version=form.version, by=visit.user, reason=form.why)

    return _change_source(visit, name, switch, why=form.why)


@router.post("/sources/{name}/try", dependencies=[guard.Form])
def try_source(visit: Operator, name: str, form: Annotated[DraftForm, Form()]) -> Response:
    """Check a changed text and show what it reads on the pages of the newest run; nothing is saved."""
    file = _read_file(visit, name)
    draft: dict[str, Any] = {"draft": form.text, "version": form.version, "why": form.why}
    try:
        replay = guard.present(visit.desk.source_files).try_text(name, form.text)
    except SeedEditError as exc:
        return _show_source(visit, file, 422, problem=say(exc), **draft)
    return _show_source(visit, file, replay=replay, **draft)


@router.post("/sources/{name}/look", dependencies=[guard.Form])
def try_site(visit: Operator, name: str) -> Response:
    """Begin a cut-down run of a source on its site, beside the pages; nothing of it is kept."""
    return _change_source(visit, name, lambda editor: editor.try_site(name, by=visit.user))


@router.post("/sources/{name}/save", dependencies=[guard.Form])
def save_source(visit: Operator, name: str, form: Annotated[DraftForm, Form()]) -> Response:
    """Put a changed text in place of the file that was seen."""

    def save(editor: SourceEditor) -> None:
        editor.save(name, form.text, version=form.version, by=visit.user, reason=form.why)

    return _change_source(visit, name, save, draft=form.text, version=form.version, why=form.why)


@router.post("/sources/{name}/accept", dependencies=[guard.Form])
def accept_source(visit: Operator, name: str, form: Annotated[AcceptForm, Form()]) -> Response:
    """Sign, as one of two people, what a file says of its receiver, where a crawl begins and how long texts are kept."""

    def accept(editor: SourceEditor) -> None:
        editor.accept(name, seen=form.seen, by=visit.user, reason=form.why)

    return _change_source(visit, name, accept, why=form.why)


def _change_source(visit: PageVisit, name: str, change: Callable[[SourceEditor], None], **typed: Any) -> Response:
    """Carry out a change and lead back to the source; one that is refused, with the reason and what was typed."""
    file = _read_file(visit, name)
    try:
        change(guard.present(visit.desk.source_files))
    except SeedEditError as exc:
        return _show_source(visit, file, 422, problem=say(exc), **typed)
    return RedirectResponse(f"/sources/{name}", status_code=303)


def _read_file(visit: PageVisit, name: str) -> SourceFile:
    return guard.present(guard.present(visit.desk.source_files).read(name))


def _show_source(visit: PageVisit, file: SourceFile, status: int = 200, **values: Any) -> Response:
    """Answer with the page; a draft that was tried or refused stays in its field, with the version it was made from."""
    defaults = {"problem": "", "why": "", "draft": file.text, "version": file.version, "replay": None}
    editor = guard.present(visit.desk.source_files)
    return visit.show("source.html", status, file=file, look=editor.look(file.name), **(defaults | values))


@router.get("/rules")
def rules_page(visit: Onlooker) -> Response:
    """Show which languages have rules for which families."""
    return _show_rules(visit)


@router.post("/rules/try", dependencies=[guard.Form])
def try_rules(visit: Onlooker, text: Text = "") -> Response:
    """Judge a text with the rules as they stand; nothing is kept."""
    if not text.strip() or len(text) > MOST_CHARACTERS:
        problem = f"paste a text of 1 to {MOST_CHARACTERS:,} characters"
        return _show_rules(visit, 422, problem=problem, text=text[:MOST_CHARACTERS])
    try:
        return _show_rules(visit, text=text, trial=guard.present(visit.desk.lure_rules).try_text(text))
    except SeedEditError as exc:
        return _show_rules(visit, 422, problem=say(exc), text=text)


@router.get("/rules/{language}/{family}")
def rule_file_page(visit: Onlooker, language: str, family: str) -> Response:
    """Show the rules of a language for one family of indicators."""
    return _show_rule_file(visit, language, family)


@router.post("/rules/{language}/{family}/status", dependencies=[guard.Form])
def switch_rule(visit: Operator, language: str, family: str, form: Annotated[StatusForm, Form()]) -> Response:
    """Give a rule another status."""
    try:
        guard.present(visit.desk.lure_rules).switch(
            language, family, form.rule, status=form.status, version=form.version, by=visit.user, reason=form.why
        )
    except SeedEditError as exc:
        return _show_rule_file(visit, language, family, 422, problem=say(exc), chosen=form.rule, why=form.why)
    return RedirectResponse(f"/rules/{language}/{family}#{form.rule}", status_code=303)


def _show_rules(visit: PageVisit, status: int = 200, **shown: Any) -> Response:
    values = {"problem": "", "text": "", "trial": None} | shown
    with visit.desk.engine.connect() as connection:
        found = *accuracy(connection), *reader_votes(connection), answered_reasons(connection)
    titles = (
        _("Indicator"), _("Rule or concept"), _("Indicator, as readers answer"), _("Rule or concept, as readers answer"),
        _("Indicator, as platforms answered"),
    )  # fmt: skip
    judged = [(title, lines[:LISTED], len(lines)) for title, lines in zip(titles, found, strict=True)]
    drafts = visit.desk.rule_drafts.list_drafts() if visit.desk.rule_drafts is not None else None
    return visit.show(
        "rules.html", status, files=guard.present(visit.desk.lure_rules).files(), judged=judged, drafts=drafts, **values
    )


def _show_rule_file(visit: PageVisit, language: str, family: str, status: int = 200, **shown: Any) -> Response:
    file = guard.present(guard.present(visit.desk.lure_rules).read(language, family))
    return visit.show("rule_file.html", status, file=file, **({"problem": "", "chosen": "", "why": ""} | shown))


@router.get("/suggestions")
def suggestions_page(visit: Scout, every: bool = False) -> Response:
    """Show which venues the lures lead to, the strongest first."""
    return _show_suggestions(visit, every=every)


@router.post("/suggestions/rule", dependencies=[guard.Form])
def turn_down_venue(visit: Scout, form: Annotated[RefusalForm, Form()]) -> Response:
    """Refuse a venue until new lures lead there, or block it for good."""

    def turn_down(suggestions: SuggestionDesk) -> None:
        suggestions.turn_down(form.verdict, form.venue, by=visit.user, reason=form.why)

    return _rule_on_venue(visit, turn_down, form)


@router.post("/suggestions/look", dependencies=[guard.Form])
def look_at_venue(visit: Scout, form: Annotated[VenueForm, Form()]) -> Response:
    """Begin one look at a venue, beside the pages."""
    return _rule_on_venue(visit, lambda suggestions: suggestions.probe(form.venue, by=visit.user), form)


@router.post("/suggestions/accept", dependencies=[guard.Form])
def accept_venue(visit: Scout, form: Annotated[VenueForm, Form()]) -> Response:
    """Begin to make a venue a source, disabled and without a passport."""
    return _rule_on_venue(visit, lambda suggestions: suggestions.accept(form.venue, by=visit.user, reason=form.why), form)


@router.post("/suggestions/undo", dependencies=[guard.Form])
def undo_ruling(visit: Scout, form: Annotated[VenueForm, Form()]) -> Response:
    """Take back what was ruled about a venue."""

    def undo(suggestions: SuggestionDesk) -> None:
        suggestions.undo(form.venue, by=visit.user, reason=form.why)

    return _rule_on_venue(visit, undo, form)


def _rule_on_venue(visit: PageVisit, rule: Callable[[SuggestionDesk], None], form: VenueForm) -> Response:
    """Carry out a ruling and answer with the list; of one that is refused, with the reason and what was typed."""
    if visit.desk.suggestions is None:
        return _show_suggestions(visit, every=form.every)
    try:
        rule(visit.desk.suggestions)
    except SourceRulingError as exc:
        return _show_suggestions(visit, 422, every=form.every, problem=say(exc), venue=form.venue, why=form.why)
    return RedirectResponse(f"/suggestions{'?every=true' if form.every else ''}", status_code=303)


def _show_suggestions(visit: PageVisit, status: int = 200, *, every: bool, **typed: Any) -> Response:
    """Answer with the list; what was typed about a venue stays where it was typed."""
    suggestions = visit.desk.suggestions
    lines = suggestions.list_venues(every=every) if suggestions is not None else ()
    values = {"problem": "", "venue": "", "why": ""} | typed
    more, looks = max(0, len(lines) - LISTED), suggestions.looks() if suggestions is not None else ()
    return visit.show("suggestions.html", status, suggestions=lines[:LISTED], more=more, every=every, looks=looks, **values)
