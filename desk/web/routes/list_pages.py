"""Takedown lists: planned and built for a platform, read entry by entry, approved by a second person, sent."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy import Connection

from desk.cases import approvals, filing
from desk.cases.approvals import ReviewedEntry, review
from desk.database import writing
from desk.languages.catalogues import say
from desk.list_maker import ListPlan
from desk.partners.answer_review import answer_counts, answers_on, disagreements
from desk.partners.answers import KINDS, REASONS
from desk.people.roles import Right
from desk.refusals import DeskRefusal, ListError
from desk.takedown import repository
from desk.takedown.repository import Answer, TakedownList
from desk.web import guard
from desk.web.context import Desk
from desk.web.guard import Number, PageVisit, Text, needs
from desk.web.pages import sentence
from desk.web.view import RecordView
from foundation.messages import _
from index.history import record_sha256

router = APIRouter()
LISTED = 100
"""Refusals and appeals on the page of lists, the newest."""
PLANNED = 50
"""Planned entries on a page, and those left out that are named."""
Maker = Annotated[PageVisit, Depends(needs(Right.LISTS))]
Approver = Annotated[PageVisit, Depends(needs(Right.APPROVE))]
READABLE = ("csv", "json", "jsonl")
"""Ends of names of files that a browser may take for plain text."""

FILE_NOTES = {
    "list.csv": _("a spreadsheet; no cell is a formula"), "list.json": _("for machines; its schema is published"),
    "reports.jsonl": _("for abuse desks: XARF, one report a line"), "notices.json": _("for threat intelligence: STIX 2.1"),
    "notice.html": _("for people, in the receiver’s language"), "notice.pdf": _("the same, printed"),
    "manifest.json": _("names all files and their digests"),
}  # fmt: skip
"""What each file of a list is for, by the beginning and the end of its name."""


class ApprovalForm(BaseModel):
    """The recipient the page showed, the notices that were ticked, and a code of the second factor."""

    recipient: Text = ""
    ticked: list[str] = []
    code: Text = ""


class FiledForm(BaseModel):
    """One notice that a person told a platform, and the number they were given for it."""

    item: Text = ""
    ticket: Annotated[Text, StringConstraints(strip_whitespace=True, max_length=80)] = ""


@router.get("/lists")
def lists_page(visit: Maker) -> Response:
    """Show every list, how platforms answered, where one disagrees, and which receivers there are."""
    visit.desk.take_in_answers()
    with visit.desk.engine.connect() as connection:
        found, counts = repository.all_lists(connection), answer_counts(connection)
        open_filings = filing.open_filings(connection)
        differing = [answer for answer in disagreements(connection) if answer.item_id not in visit.desk.hidden]
        stuck = {each.id: reason for each in found if (reason := _stuck_reason(connection, visit.desk, each))}
    receivers = visit.desk.platforms
    return visit.show(
        "lists.html", found=found, open_filings=open_filings, platforms=receivers.platforms, stuck=stuck,
        counts={key: dict(count) for key, count in sorted(counts.items())}, differing=differing[:LISTED],
        differing_titles=visit.desk.store.get_many({answer.item_id for answer in differing[:LISTED]}), titles=receivers.titles,
        answer_kinds=KINDS, answer_reasons=REASONS,
    )  # fmt: skip


@router.get("/lists/new")
def plan_page(visit: Maker, platform: str = "", start: Annotated[int, Query(ge=0)] = 0) -> Response:
    """Show what a list built now would hold, a page at a time, and what it would leave out, for the platform chosen."""
    return _show_plan(visit, platform, start=start)


@router.post("/lists/new", dependencies=[guard.Form])
def build_list(visit: Maker, platform: Text = "") -> Response:
    """Build the lists of a platform as the person logged in, who then cannot approve them."""

    def lead_on(number: int | None) -> Response:
        return _show_plan(visit, platform, nothing=True) if number is None else RedirectResponse(f"/lists/{number}", 303)

    return visit.change(partial(visit.desk.lists.build, platform, by=visit.user), lead_on, partial(_show_plan, visit, platform))


@router.post("/lists/{list_id}/send", dependencies=[guard.Form])
def send_list(visit: Approver, list_id: Number) -> Response:
    """Send an approved list now, where the desk reaches the mail server; the checks are those of the hourly sending."""
    send, show = partial(visit.desk.lists.send, list_id, by=visit.user), partial(_show_list, visit, list_id)
    return visit.change(send, lambda said: show(said=said), show, 409)


@router.post("/lists/{list_id}/filed", dependencies=[guard.Form])
def note_filed(visit: Maker, list_id: Number, form: Annotated[FiledForm, Form()]) -> Response:
    """Note that a person told the platform one notice, in its form or by its report link."""
    desk = visit.desk
    note = partial(
        filing.note_filed, desk.engine, desk.platforms, list_id, form.item, ticket=form.ticket, by=visit.user,
        notifier=desk.lists.notifier, now=desk.clock(),
    )  # fmt: skip
    return visit.change(note, f"/lists/{list_id}#{form.item}", partial(_show_list, visit, list_id), 409)


@router.post("/lists/{list_id}/answer", dependencies=[guard.Form])
def note_answer(visit: Maker, list_id: Number, answer: Annotated[Answer, Form()]) -> Response:
    """Note what a platform answered to a retraction; nobody asks it again."""

    def note() -> None:
        with writing(visit.desk.engine) as connection:
            repository.note_answer(connection, list_id, answer, by=visit.user, now=visit.desk.clock())

    return visit.change(note, f"/lists/{list_id}", partial(_show_list, visit, list_id), 409)


def _show_plan(
    visit: PageVisit, platform: str, status: int = 200, problem: str = "", *, nothing: bool = False, start: int = 0
) -> Response:
    """Answer with the plan; an item the person may not see is counted, not shown."""
    receivers = visit.desk.platforms
    enabled = {key: each for key, each in receivers.platforms.items() if each.enabled}
    if platform and platform not in enabled:
        return visit.show_message(404, _("No such platform"), _("No platform of that name is enabled in seeds/platforms.yml."))
    try:
        plan = visit.desk.lists.plan(platform)
    except DeskRefusal as exc:
        plan = ListPlan(fault=say(exc))
    return visit.show(
        "list_plan.html", status, platform=platform, plan=plan, start=start if start < len(plan.entries) else 0, step=PLANNED,
        enabled=enabled, problem="" if problem == say(plan.fault) else problem, nothing=nothing, hidden=visit.desk.hidden,
    )  # fmt: skip


@router.get("/lists/{list_id}")
def list_page(visit: Maker, list_id: Number) -> Response:
    """Show one list as its receiver will read it."""
    return _show_list(visit, list_id)


@router.get("/lists/{list_id}/{name}")
def list_file(visit: Maker, list_id: Number, name: str) -> Response:
    """Download one file of a list, always as an attachment."""
    with visit.desk.engine.connect() as connection:
        content = repository.files(connection, list_id).get(name)
        apart = visit.desk.hidden.intersection(entry.item_id for entry in repository.entries(connection, list_id))
    if apart:
        why = "It tells of an escalated item. Ask somebody who has the right to victims' items."
        return visit.show_message(403, _("Not for you to read"), why)
    if content is None:
        return visit.show_message(404, _("No such file"), _("This list has no file of that name."))
    kind = "text/plain; charset=utf-8" if name.rpartition(".")[2] in READABLE else "application/octet-stream"
    return guard.attachment(content, kind, f"list-{list_id}-{name}")


@router.post("/lists/{list_id}/approve", dependencies=[guard.Form])
def approve_list(visit: Approver, list_id: Number, form: Annotated[ApprovalForm, Form()]) -> Response:
    """Approve a list as its second person, who ticked each notice, for the recipient the page showed."""
    desk, ticked = visit.desk, frozenset(form.ticked)
    approve = partial(
        approvals.approve, desk.engine, desk.platforms, list_id, by=visit.user, now=desk.clock(), notifier=desk.lists.notifier,
        code=form.code, address=visit.address,
    )  # fmt: skip
    refuse = partial(_show_list, visit, list_id, ticked=ticked)
    return visit.change(partial(approve, recipient=form.recipient, ticked=ticked), f"/lists/{list_id}", refuse, 409)


def _show_list(
    visit: PageVisit, list_id: int, status: int = 200, problem: str = "", ticked: frozenset[str] = frozenset(), said: str = ""
) -> Response:
    visit.desk.take_in_answers()
    with visit.desk.engine.connect() as connection:
        try:
            found = repository.one_list(connection, list_id)
        except ListError as exc:
            return visit.show_message(404, _("No such list"), sentence(exc))
        entries, files = repository.entries(connection, list_id), repository.files(connection, list_id)
        why_not = approvals.conflict(connection, found, visit.user) or ""
        stuck = _stuck_reason(connection, visit.desk, found)
        bound, filed = approvals.newest(connection, list_id), filing.filings(connection, list_id)
        sheet = filing.copy_sheet(connection, found, visit.desk.lists.notifier)
        notices = {each.entry.item_id: each for each in review(connection, list_id)}
        answers, given = repository.answers(connection, list_id), answers_on(connection, list_id)
        unanswered = repository.open_retractions(connection) if found.retraction else []
    receivers, key = visit.desk.platforms, found.platform
    platform = receivers.platforms.get(key)
    return visit.show(
        "list.html", status, found=found, entries=entries, notices=notices,
        texts=(texts := _unchanged_texts(visit.desk, notices)),
        translations=visit.translations([each.record for each in texts.values()]), clauses=receivers.clauses, ticked=ticked,
        files={name: len(content) for name, content in files.items()}, file_notes=FILE_NOTES, answers=answers, given=given,
        titles=receivers.titles, answer_kinds=KINDS, answer_reasons=REASONS,
        open_retraction=next((each for each in unanswered if each.takedown_list.id == list_id), None), platform=platform,
        recipient=platform.recipient if platform else "", approved_for=bound.recipient if bound else "",
        sent_as=visit.desk.lists.notifier.byline, problem=problem, why_not=why_not, stuck=stuck, hidden=visit.desk.hidden,
        said=said, sheet=sheet, filed=filed, sends=visit.desk.lists.sends,
    )  # fmt: skip


def _unchanged_texts(desk: Desk, notices: Mapping[str, ReviewedEntry]) -> dict[str, RecordView]:
    """Return the items whose text is still the one that was decided about, in full."""
    return {
        item: RecordView(record=record)
        for item, record in desk.store.get_many(notices).items()
        if record_sha256(record) == notices[item].decision.text_sha256
    }


def _stuck_reason(connection: Connection, desk: Desk, found: TakedownList) -> str | None:
    """Return why an approved list, or a retraction, cannot leave."""
    return approvals.refusal(connection, desk.platforms, found, desk.lists.notifier) if found.leaves_by_itself else None
