"""Rules and words drafted at the desk: written, looked at, kept in shadow, put in force by a second person, withdrawn."""

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from desk.languages.catalogues import say
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from desk.seed_editors import DraftFaults, RuleDraft
from desk.web import guard
from desk.web.guard import PageVisit, Reader, Text, needs
from foundation.messages import _

router = APIRouter()
Operator = Annotated[PageVisit, Depends(needs(Right.SEEDS))]


class RuleDraftForm(BaseModel):
    """A draft as it is typed; ``keep`` keeps it, else it is looked at."""

    kind: Literal["rule", "words"] = "rule"
    language: Text = ""
    target: Text = ""
    wording: Text = ""
    catches: Text = ""
    spares: Text = ""
    why: Text = ""
    keep: bool = False

    def to_draft(self) -> RuleDraft:
        """Return what is meant."""
        wording = "\n".join(self.wording.split("\r\n")).strip()
        catches, spares = (tuple(filter(None, map(str.strip, text.splitlines()))) for text in (self.catches, self.spares))
        return RuleDraft(
            kind=self.kind, language=self.language, target=self.target, wording=wording, catches=catches, spares=spares
        )  # fmt: skip


@router.get("/rules/draft")
def draft_page(visit: Reader, kind: str = "rule", language: str = "", words: str = "") -> Response:
    """Show the form of a draft, with the words that were selected in the reader."""
    typed = RuleDraftForm(
        kind="words" if kind == "words" else "rule", language=language[:8], wording=" ".join(words.split())[:400]
    )
    return _show_draft(visit, typed)


@router.post("/rules/draft", dependencies=[guard.Form])
def draft_rule(visit: Reader, form: Annotated[RuleDraftForm, Form()]) -> Response:
    """Look at a draft: what it would bring; or keep it in shadow."""
    drafts = visit.desk.rule_drafts
    try:
        if form.keep:
            drafts.keep(form.to_draft(), by=visit.user, reason=form.why)
            return RedirectResponse("/rules#drafts", status_code=303)
        return _show_draft(visit, form, look=drafts.look(form.to_draft(), visit.desk.store))
    except DraftFaults as exc:
        return _show_draft(visit, form, 422, faults=exc.fields)
    except DeskRefusal as exc:
        return _show_draft(visit, form, 422, faults={"": [say(exc)]})


@router.post("/rules/draft/{step}", dependencies=[guard.Form])
def step_draft(visit: Operator, step: Literal["sign", "withdraw"], name: Text = "", why: Text = "") -> Response:
    """Sign the step of a draft that waits, which the second person's signature carries out; or withdraw it: one in shadow at
    once, one in force when a second person signs that too."""
    drafts = visit.desk.rule_drafts
    return visit.change(
        partial(drafts.sign if step == "sign" else drafts.withdraw, name, by=visit.user, reason=why), "/rules#drafts"
    )  # fmt: skip


def _show_draft(visit: PageVisit, typed: RuleDraftForm, status: int = 200, **shown: Any) -> Response:
    """Answer with the form, what was typed, and what was found."""
    drafts = visit.desk.rule_drafts
    values = {"look": None, "faults": {}} | shown
    try:
        choices = {"languages": drafts.languages(), "indicators": drafts.indicators(), "classes": drafts.classes()}
    except DeskRefusal as exc:
        return visit.show_message(409, _("Nothing can be drafted now"), f"{say(exc)}.")
    return visit.show("rule_draft.html", status, typed=typed, **choices, **values)
