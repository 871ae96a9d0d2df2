"""What the API answers, and what it is given: the models its OpenAPI document describes."""

import logging
from datetime import datetime
from typing import Annotated, Literal

from fastapi import FastAPI, HTTPException, Request
from fastapi.dependencies.utils import get_flat_dependant
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from desk.cases.case_decisions import Case
from desk.cases.leases import ItemLease
from desk.cases.top_reasons import checkable, learned_share
from desk.web.guard import log_failure
from enrichment.assessment import HarmLevel, Tag
from index.base import CaseState, Record


def storable(given: str) -> str:
    """Return a text without what no database keeps: NUL and lone surrogates."""
    return given.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


Said = Annotated[str, Field(max_length=2000), AfterValidator(storable)]
Word = Annotated[str, Field(max_length=300), AfterValidator(storable)]
Seen = Annotated[int, Field(ge=0, le=(1 << 31) - 1)]
"""Number of the last decision that was seen: ``seen`` of an item."""


class StrictRequest(BaseModel):
    """What is asked: a field that nobody knows is refused, for it is a misspelt one."""

    model_config = ConfigDict(extra="forbid")


class AttributeReply(BaseModel):
    """What is answered as the desk keeps it: from what has the same attributes."""

    model_config = ConfigDict(from_attributes=True)


class Problem(BaseModel):
    """Why something was not done."""

    detail: str


class Reason(BaseModel):
    """One reason of the score that a person can check: where it stands, counted in code points of title, line break and text."""

    indicator: str
    meaning: str
    quote: str
    start: int
    end: int
    points: float


class PublishedContact(AttributeReply):
    """A contact as the advert gives it, in its usual form."""

    type: str
    value: str


class StepReply(AttributeReply):
    """One decision about an item."""

    kind: Literal["confirm", "dismiss", "undo"]
    by: str
    at: datetime
    tag: str | None
    severity: str | None
    clause: str | None
    reason: str | None
    note: str


class LeaseReply(AttributeReply):
    """Who has the item open."""

    by: str
    since: datetime
    until: datetime


class KnownReply(AttributeReply):
    """How many notices in force are in each of four states; ``still_up`` are those seen there that the platform says are gone."""

    still_up: int
    seen_gone: int
    said_gone: int
    seen_there: int
    never_seen: int


class PlatformReply(AttributeReply):
    """What became of the notices to a platform; ``share`` is gone of what was seen (95 % interval), if anything was."""

    platform: str
    sent: int
    withdrawn: int
    known: KnownReply
    share: tuple[float, float] | None
    refused: int
    back: int
    elsewhere: int


class ItemSummary(BaseModel):
    """An advert in a list."""

    id: str
    title: str | None
    thread_title: str | None
    """The title of the thread that a reply stands in."""
    source: str
    language: str
    score: float
    flagged: bool
    tag: Tag
    harm: HarmLevel
    state: CaseState
    seen: int
    """Number of its last decision; a decision carries it back."""
    campaign: str | None
    alike: int = 0
    """Other members of its campaign that it stands for in a queue."""
    first_seen: datetime
    holder: str = ""


class ItemReply(ItemSummary):
    """An advert in full."""

    url: str
    text: str
    stance: str
    last_seen: datetime
    reasons: list[Reason]
    learned_points: float
    """Share of learned wording: a number, and no reason."""
    network_points: float
    contacts: list[PublishedContact]
    history: list[StepReply]
    lease: LeaseReply | None


class ResultsReply(BaseModel):
    """A page of a list; give ``after`` back for the next one."""

    total: int
    items: list[ItemSummary]
    after: str | None


class CommentReply(AttributeReply):
    """One thing somebody said about an item."""

    id: int
    kind: Literal["commented", "escalated", "returned"]
    by: str
    at: datetime
    body: str


class NextRequest(StrictRequest):
    """Which queue the next item is wanted of, and the item to go on after."""

    queue: Literal["", "urgent", "uncertain", "mine", "escalated"] = ""
    q: Said = ""
    skip: Word = ""


class DecisionRequest(StrictRequest):
    """A decision: ``confirm`` names tag, severity and clause, ``dismiss`` a reason; ``undo`` takes back the one in force."""

    kind: Literal["confirm", "dismiss", "undo"]
    seen: Seen
    tag: Word = ""
    severity: Word = ""
    clause: Word = ""
    reason: Word = ""
    ground: Word = ""
    note: Said = ""
    disclose: list[Said] = Field([], max_length=50)
    over: list[Word] = Field([], max_length=20)
    """People who have the item open and are overridden knowingly."""


class CommentRequest(StrictRequest):
    """A comment; a colleague named in ``to`` is asked to decide."""

    body: Said
    to: Word = ""


def summary_fields(record: Record, case: Case, alike: int = 0, holder: str = "") -> dict[str, object]:
    """Return the fields that a list shows of an item."""
    judged = record.assessment
    return {
        "id": record.id, "title": record.posting.title, "thread_title": record.posting.thread_title or None,
        "source": record.posting.source, "language": judged.language.code,
        "score": judged.score, "flagged": judged.flagged, "tag": judged.tag, "harm": judged.harm.level, "state": case.state,
        "seen": case.last_seq, "campaign": record.campaign, "alike": alike, "first_seen": record.first_seen, "holder": holder,
    }  # fmt: skip


def item_reply(record: Record, case: Case, lease: ItemLease | None) -> ItemReply:
    """Return an item in full."""
    judged, learned = record.assessment, learned_share(record.assessment.signals)
    reasons = [
        Reason(
            indicator=signal.indicator, meaning=signal.gloss, quote=signal.text, start=signal.start, end=signal.end,
            points=signal.weight,
        )
        for signal in checkable(judged.signals)
    ]  # fmt: skip
    more = {
        "url": record.posting.url, "text": record.posting.text, "stance": judged.stance, "last_seen": record.last_seen,
        "learned_points": learned.points if learned else 0.0, "network_points": record.network.points,
        "contacts": list(judged.contacts), "history": list(case.history), "lease": lease,
    }  # fmt: skip
    fields = summary_fields(record, case, holder=lease.by if lease else "") | more
    return ItemReply.model_validate(fields | {"reasons": sorted(reasons, key=lambda reason: -abs(reason.points))})


LOG = logging.getLogger("lurewatch.desk")


class RequestRates:
    """Counts the requests of each token, and the refused ones of each address, in this process."""

    def __init__(self, a_minute: int) -> None:
        self._most = RateLimitItemPerMinute(a_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def count(self, key: str) -> None:
        """Count one request; raise 429 when the minute has had its share."""
        if not self._limiter.hit(self._most, key):
            detail = f"more than {self._most.amount} requests in a minute; wait"
            raise HTTPException(429, detail, headers={"Retry-After": "60"})


def add_error_replies(api: FastAPI) -> None:
    """Let an API answer refusals, faulty questions and failures as JSON."""
    api.add_exception_handler(HTTPException, _answer_refusal)
    api.add_exception_handler(RequestValidationError, _answer_unreadable)
    api.add_exception_handler(Exception, _answer_failure)


def refuse_unknown(request: Request) -> None:
    """Refuse a question whose address names a parameter that its operation does not know, for it is a misspelt one."""
    known = {field.alias for field in get_flat_dependant(request.scope["route"].dependant).query_params}
    if unknown := sorted(request.query_params.keys() - known):
        raise HTTPException(422, f"query.{unknown[0]}: no such parameter; there are {', '.join(sorted(known)) or 'none'}")


def _answer_refusal(_: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    if exc.status_code == 204:
        return Response(status_code=204)
    return JSONResponse({"detail": str(exc.detail)}, exc.status_code, exc.headers)


def _answer_unreadable(_: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)
    first = exc.errors()[0]
    return JSONResponse({"detail": f"{'.'.join(map(str, first['loc']))}: {first['msg']}"}, 422)


def _answer_failure(request: Request, exc: Exception) -> Response:
    number = log_failure(LOG, request, exc)
    return JSONResponse({"detail": f"something went wrong; the log has the rest under {number}"}, 500)
