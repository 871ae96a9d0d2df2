"""The API of the partners' door: lists, notices, evidence, changes since a cursor, and answers; each platform its own alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Query
from fastapi.responses import JSONResponse, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from desk.partners import served
from desk.partners.answers import MOST_ANSWERS, AnswerKind, GivenAnswer, KeptAnswer, answers_of, answers_to, give_answers
from desk.partners.door_access import Answering, Door, DoorVisit, Reading
from desk.partners.served import CursorError, ServedNotice, State
from desk.web.api.replies import AttributeReply, Problem, Said, StrictRequest, Word, add_error_replies, refuse_unknown, storable
from desk.web.guard import attachment
from foundation.messages import _

VERSION = "1"
Number = Annotated[int, Path(ge=1, le=(1 << 31) - 1)]
Name = Annotated[str, Path(max_length=128), AfterValidator(storable)]
NoticeId = Annotated[str, Path(max_length=64), AfterValidator(storable)]
Cursor = Annotated[str, Query(max_length=64), AfterValidator(storable)]
Limit = Annotated[int, Query(ge=1, le=1000)]
REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "The body is no JSON"},
    401: {"model": Problem, "description": "No token, or one that is over"},
    403: {"model": Problem, "description": "The token lacks the scope, or another site sent it"},
    413: {"model": Problem, "description": "The body is too long"},
    422: {"model": Problem, "description": "A field has a value it cannot have"},
    429: {"model": Problem, "description": "Too many requests in a minute"},
}
MISSING: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "You were told of nothing of that name"}}
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}, "description": "The file"}}
PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {"image/jpeg": {}}, "description": "The screenshot"}}
router = APIRouter(responses=REFUSALS, dependencies=[Depends(refuse_unknown)])


class Reply(AttributeReply):
    """What is answered as it is served, some of it by another name."""

    model_config = ConfigDict(populate_by_name=True)


class ListReply(Reply):
    """A list that left for you."""

    number: int
    previous: int | None
    built_at: datetime
    sent_at: datetime
    manifest_sha256: str


class ListDetail(ListReply):
    """A list with its files: name and SHA-256, as they were mailed."""

    files: dict[str, str]


class AnswerReply(Reply):
    """What you answered to a notice."""

    id: int
    key: str
    notice_id: str
    answer: AnswerKind = Field(validation_alias="kind")
    reason: str
    words: str
    at: datetime = Field(validation_alias="given_at")


class ChangeReply(Reply):
    """What one list says of one notice; give ``cursor`` back as ``after``."""

    cursor: str
    list: int = Field(validation_alias="number")
    sent_at: datetime
    change: Literal["new", "updated", "withdrawn"]
    notice_id: str
    notice: dict[str, Any] = Field(validation_alias="body")
    """As in list.json, whose schema is published."""


class NoticeReply(ChangeReply):
    """A notice as it stands, and what you answered."""

    standing: bool
    first_list: int
    answers: list[AnswerReply]


class ChangesReply(BaseModel):
    """Changes in the order of the lists."""

    changes: list[ChangeReply]
    after: str
    """Give it back for what follows, now or on another day."""
    more: bool


class NoticesReply(BaseModel):
    """Notices in the order of their last change."""

    notices: list[NoticeReply]
    after: str
    more: bool


class EvidenceReply(BaseModel):
    """What was captured, what a person looked at, and with which digests it is proven later."""

    notice_id: str
    url: str
    evidence: dict[str, Any]
    review: dict[str, Any]
    list: int
    manifest_sha256: str
    files: dict[str, str]
    """Of the list, as they were mailed."""
    screenshot: bool
    """Whether ``screenshot`` beside this address has one."""
    translation: bool


class SentenceReply(BaseModel):
    """A sentence of the item, and what a machine made of it."""

    original: str
    words: str


class TranslationReply(BaseModel):
    """The sentences around what is quoted, translated."""

    engine: str
    """What translated."""
    language: str
    sentences: list[SentenceReply]


class AnswerRequest(StrictRequest):
    """An answer to one notice; ``key`` is yours, and the same answer under it counts once."""

    key: Word
    notice_id: Word
    answer: AnswerKind
    reason: Word = ""
    """With ``refused``: ``not_found``, ``not_ours``, ``no_breach``, ``not_enough`` or ``other``; after a retraction neither
    ``no_breach`` nor ``not_enough``, as it claims nothing."""
    words: Said = ""


class AnswersRequest(StrictRequest):
    """Answers that are kept in one step."""

    answers: list[AnswerRequest] = Field(min_length=1, max_length=MOST_ANSWERS)


class OutcomeReply(Reply):
    """The result of one answer; ``known``: it was given before."""

    key: str
    outcome: Literal["recorded", "known", "refused"]
    detail: str


class OutcomesReply(BaseModel):
    """The result of each answer, in their order."""

    outcomes: list[OutcomeReply]


class AnswersReply(BaseModel):
    """What you answered; give ``after`` back for what follows."""

    answers: list[AnswerReply]
    after: int
    more: bool


@router.get("/lists")
def read_lists(visit: Reading) -> list[ListReply]:
    """Return the lists that left for you, the newest first."""
    with visit.door.engine.connect() as connection:
        return list(map(ListReply.model_validate, served.sent_lists(connection, visit.platform)))


@router.get("/lists/{number}", responses=MISSING)
def read_list(visit: Reading, number: Number) -> ListDetail:
    """Return one list with the names of its files."""
    with visit.door.engine.connect() as connection:
        return _list_detail(connection, visit.platform, number)


@router.get("/lists/{number}/files/{name}", responses=MISSING | FILE, response_class=Response)
def read_file(visit: Reading, number: Number, name: Name) -> Response:
    """Return a file of a list, the very bytes that were mailed."""
    with visit.door.engine.connect() as connection:
        content = served.file_of(connection, visit.platform, number, name)
    if content is None:
        raise HTTPException(404, _("This list has no file of that name."))
    plain = "".join(each if each.isalnum() or each in "._-" else "_" for each in name)
    return attachment(content, "application/octet-stream", plain)


@router.get("/notices")
def read_notices(visit: Reading, state: State = "standing", after: Cursor = "", limit: Limit = 100) -> NoticesReply:
    """Return notices as they stand, with your answers, in the order of their last change."""
    with visit.door.engine.connect() as connection:
        found = served.notices_after(connection, visit.platform, state, after, limit + 1)
        answers = answers_to(connection, visit.platform, [each.newest.notice_id for each in found])
    page = [_notice_reply(each, answers.get(each.newest.notice_id, ())) for each in found[:limit]]
    return NoticesReply(notices=page, after=page[-1].cursor if page else after, more=len(found) > limit)


@router.get("/notices/{notice_id}", responses=MISSING)
def read_notice(visit: Reading, notice_id: NoticeId) -> NoticeReply:
    """Return one notice as it stands, with your answers."""
    with visit.door.engine.connect() as connection:
        notice = _notice(connection, visit, notice_id)
        return _notice_reply(notice, answers_to(connection, visit.platform, [notice_id]).get(notice_id, ()))


@router.get("/notices/{notice_id}/evidence", responses=MISSING)
def read_evidence(visit: Reading, notice_id: NoticeId) -> EvidenceReply:
    """Return what proves a notice: digests of the capture, what the person who confirmed had opened, the list's manifest."""
    with visit.door.engine.connect() as connection:
        notice = _notice(connection, visit, notice_id)
        if not notice.is_standing:
            raise HTTPException(404, "that notice was taken back; nothing is claimed any more")
        told, body = _list_detail(connection, visit.platform, notice.newest.number), notice.newest.body
        picture = served.exhibit_of(connection, visit.platform, notice, "jpg")
        sentences = served.exhibit_of(connection, visit.platform, notice, "json")
    return EvidenceReply(
        notice_id=notice_id, url=body["url"], evidence=body.get("evidence") or {}, review=body.get("review") or {},
        list=told.number, manifest_sha256=told.manifest_sha256, files=told.files,
        screenshot=picture is not None, translation=sentences is not None,
    )  # fmt: skip


@router.get("/notices/{notice_id}/screenshot", responses=MISSING | PICTURE, response_class=Response)
def read_screenshot(visit: Reading, notice_id: NoticeId) -> Response:
    """Return the upper part of what was captured, encoded again as a JPEG."""
    return Response(_exhibit(visit, notice_id, "jpg"), media_type="image/jpeg")


@router.get("/notices/{notice_id}/translation", responses=MISSING)
def read_translation(visit: Reading, notice_id: NoticeId) -> TranslationReply:
    """Return the translation of the sentences around what is quoted."""
    return TranslationReply.model_validate_json(_exhibit(visit, notice_id, "json"))


@router.get("/changes")
def read_changes(visit: Reading, after: Cursor = "", limit: Limit = 100) -> ChangesReply:
    """Return what is new, updated or taken back since a cursor; without one, from the beginning."""
    with visit.door.engine.connect() as connection:
        found = served.changes_after(connection, visit.platform, after, limit + 1)
    page = [ChangeReply.model_validate(each) for each in found[:limit]]
    return ChangesReply(changes=page, after=page[-1].cursor if page else after, more=len(found) > limit)


@router.get("/answers")
def read_answers(visit: Reading, after: Annotated[int, Query(ge=0, le=(1 << 31) - 1)] = 0, limit: Limit = 100) -> AnswersReply:
    """Return what you answered, in the order it came."""
    with visit.door.engine.connect() as connection:
        found = answers_of(connection, visit.platform, after=after, limit=limit + 1)
    page = [AnswerReply.model_validate(each) for each in found[:limit]]
    return AnswersReply(answers=page, after=page[-1].id if page else after, more=len(found) > limit)


@router.post("/answers")
def answer(visit: Answering, asked: AnswersRequest) -> OutcomesReply:
    """Answer notices: acknowledged, removed, refused with a reason, appealed, or undone after a retraction.

    All are kept in one step. The same answer under the same key counts once, however often it is sent.
    """
    given = [
        GivenAnswer(key=each.key, notice_id=each.notice_id, kind=each.answer, reason=each.reason, words=each.words)
        for each in asked.answers
    ]
    outcomes = give_answers(visit.door.engine, visit.platform, given, now=visit.door.clock())
    return OutcomesReply(outcomes=list(map(OutcomeReply.model_validate, outcomes)))


def _notice(connection: Connection, visit: DoorVisit, notice_id: str) -> ServedNotice:
    found = served.notices_named(connection, visit.platform, [notice_id]).get(notice_id)
    if found is None:
        raise HTTPException(404, "you were told of no such notice")
    return found


def _exhibit(visit: DoorVisit, notice_id: str, kind: Literal["jpg", "json"]) -> bytes:
    with visit.door.engine.connect() as connection:
        found = served.exhibit_of(connection, visit.platform, _notice(connection, visit, notice_id), kind)
    if found is None:
        raise HTTPException(404, "that notice has none")
    return found


def _list_detail(connection: Connection, platform: str, number: int) -> ListDetail:
    found = next((each for each in served.sent_lists(connection, platform) if each.number == number), None)
    if found is None:
        raise HTTPException(404, "you were sent no such list")
    files = served.file_names(connection, platform, number)
    return ListDetail(**ListReply.model_validate(found).model_dump(), files=files)


def _notice_reply(notice: ServedNotice, answers: Sequence[KeptAnswer]) -> NoticeReply:
    said, given = ChangeReply.model_validate(notice.newest).model_dump(), list(map(AnswerReply.model_validate, answers))
    return NoticeReply(**said, standing=notice.is_standing, first_list=notice.first_number, answers=given)


def create_door_api(door: Door) -> FastAPI:
    """Return the application of the API; its document stands at ``openapi.json``."""
    api = FastAPI(
        title="LureWatch notices", version=VERSION, docs_url=None, redoc_url=None,
        description="What a platform was told, and its answers. A token opens one platform's notices and nobody else's.",
    )  # fmt: skip
    api.state.door = door
    api.include_router(router)
    add_error_replies(api)
    api.add_exception_handler(CursorError, lambda _, exc: JSONResponse({"detail": str(exc)}, 422))
    return api
