"""Addresses that are called when a list has left: signed, tried again in growing steps, at least once, with one id a list.

A call names the newest list and nothing of what it says: the platform fetches it, and those before it, at the door. It is signed
as Standard Webhooks has it (``webhook-id``, ``webhook-timestamp``, ``webhook-signature``), and comes from whoever sends lists,
not from the door.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Engine, Row, insert, select, update

from desk.custody import audit
from desk.database import writing
from desk.partners.served import newest_number
from desk.refusals import ListError
from desk.tables import partner_hooks
from foundation.messages import Message, _

STEPS = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 360, 720, 1440, 2880))
"""How long after each failed try the next one is made; after the last one nobody calls any more."""
KEY_MARK = "whsec_"
LONGEST = 300
"""Characters that are kept of why a call failed."""

HookState = Literal["called", "paused", "ended"]
STATES: dict[HookState, Message] = {"called": _("called"), "paused": _("paused"), "ended": _("ended")}
Step = Literal["pause", "resume", "test"]

Post = Callable[[str, bytes, Mapping[str, str]], str]
"""Posts to an address; returns ``sent``, or why not: a sentence that begins with ``later: `` or ``refused: ``."""


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """An address of a platform that is called."""

    id: int
    platform: str
    url: str
    created_at: datetime
    ended_at: datetime | None = None
    paused_at: datetime | None = None
    test_asked_at: datetime | None = None
    """Since when a call that tells of no list waits for the next run."""
    called_at: datetime | None = None
    """When it was called last."""
    answer: str = ""
    """The result of that: ``sent``, or why not."""
    attempts: int = 0
    """Calls about the newest list that failed."""
    next_at: datetime | None = None

    @property
    def state(self) -> HookState:
        """Whether it is called."""
        return "ended" if self.ended_at else "paused" if self.paused_at else "called"


class CallReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one run of calls."""

    sent: int = 0
    later: int = 0
    """Tried again by a later run."""
    refused: tuple[str, ...] = ()
    """Why the others are not tried again."""


def add_hook(engine: Engine, platform: str, url: str, *, actor: str, now: datetime) -> tuple[int, str]:
    """Keep an address to call about lists that leave from now on; return its number, and the secret that calls are signed with,
    shown once.
    """
    secret = KEY_MARK + base64.b64encode(secrets.token_bytes(24)).decode()
    with writing(engine) as connection:
        values = {"platform": platform, "url": url, "secret": secret, "created_at": now, "attempts": 0}
        row = insert(partner_hooks).values(values | {"told": newest_number(connection, platform)})
        number = int(connection.execute(row.returning(partner_hooks.c.id)).scalar_one())
        detail: dict[str, object] = {"hook": number, "url": url}
        audit.append(connection, at=now, actor=actor, action="partner_hook_made", subject=f"partner:{platform}", detail=detail)
    return number, secret


def end_hook(engine: Engine, number: int, *, actor: str, now: datetime) -> Hook:
    """End the calls to an address, and forget its secret."""
    with writing(engine) as connection:
        hook = _find_hook(connection, number)
        if hook.ended_at is None:
            connection.execute(update(partner_hooks).where(partner_hooks.c.id == number).values(ended_at=now, secret=""))
            detail: dict[str, object] = {"hook": number}
            subject = f"partner:{hook.platform}"
            audit.append(connection, at=now, actor=actor, action="partner_hook_ended", subject=subject, detail=detail)
    return hook


def step_hook(engine: Engine, number: int, step: Step, *, platform: str, actor: str, now: datetime) -> None:
    """Pause the calls to an address of a platform, resume them, or let the next run make one that tells of no list."""
    steps: dict[Step, dict[str, datetime | None]] = {
        "pause": {"paused_at": now}, "resume": {"paused_at": None, "next_at": None}, "test": {"test_asked_at": now},
    }  # fmt: skip
    with writing(engine) as connection:
        hook = _find_hook(connection, number, platform)
        if hook.state == "ended" or (step == "test" and hook.state == "paused"):
            raise ListError(_("webhook %(number)s is not called any more", number=number))
        connection.execute(update(partner_hooks).where(partner_hooks.c.id == number).values(steps[step]))
        detail: dict[str, object] = {"hook": number, "step": step}
        audit.append(connection, at=now, actor=actor, action="partner_hook_step", subject=f"partner:{platform}", detail=detail)


def hook_list(connection: Connection, platform: str = "") -> list[Hook]:
    """Return the addresses of a platform, or all, the newest first; never a secret."""
    query = select(*(partner_hooks.c[name] for name in Hook.__struct_fields__)).order_by(partner_hooks.c.id.desc())
    return [Hook(**row._mapping) for row in connection.execute(query) if platform in ("", row.platform)]


def _find_hook(connection: Connection, number: int, platform: str = "") -> Hook:
    found = next((each for each in hook_list(connection, platform) if each.id == number), None)
    if found is None:
        raise ListError(_("there is no webhook %(number)s", number=number))
    return found


def call_hooks(engine: Engine, post: Post, *, clock: Callable[[], datetime]) -> CallReport:
    """Call every address whose platform has a list that it was not called about, again where a call failed and it is time, and
    once where a person asked for a test."""
    sent, later, refused = 0, 0, []
    with engine.connect() as connection:
        mine = partner_hooks.c.ended_at.is_(None), partner_hooks.c.paused_at.is_(None)
        rows = connection.execute(select(partner_hooks).where(*mine).order_by(partner_hooks.c.id))
        known = [(row, newest_number(connection, row.platform)) for row in rows.all()]
    for row, newest in known:
        if row.test_asked_at is not None:
            call_id, told = f"test-{row.id}-{int(row.test_asked_at.timestamp())}", {"type": "test", "platform": row.platform}
            _note(engine, row, clock(), _send(post, row, call_id, told, clock()), {"test_asked_at": None})
        if newest <= row.told or (row.next_at is not None and row.next_at > clock()):
            continue
        answer = _send(
            post, row, f"list-{row.id}-{newest}", {"type": "list.sent", "platform": row.platform, "list": newest}, clock()
        )
        final = answer == "sent" or answer.startswith("refused") or row.attempts >= len(STEPS)
        waits = {} if final else {"attempts": row.attempts + 1, "next_at": clock() + STEPS[row.attempts]}
        _note(engine, row, clock(), answer, waits or {"told": newest, "attempts": 0, "next_at": None})
        sent, later = sent + (answer == "sent"), later + (not final)
        refused += [f"webhook {row.id} of {row.platform}, list {newest}: {answer}"] if final and answer != "sent" else []
    return CallReport(sent=sent, later=later, refused=tuple(refused))


def _send(post: Post, row: Row[Any], call_id: str, told: Mapping[str, object], now: datetime) -> str:
    content = msgspec.json.encode(told, order="sorted")
    return post(row.url, content, signed_headers(row.secret, call_id, content, now))


def _note(engine: Engine, row: Row[Any], now: datetime, answer: str, values: Mapping[str, object]) -> None:
    kept = {"called_at": now, "answer": answer[:LONGEST], **values}
    with writing(engine) as connection:
        connection.execute(update(partner_hooks).where(partner_hooks.c.id == row.id).values(kept))


def signed_headers(secret: str, call_id: str, content: bytes, now: datetime) -> dict[str, str]:
    """Return the headers of a call: its id, which every try of it has, its moment, and the signature of both with the content."""
    moment = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix(KEY_MARK))
    signature = hmac.new(key, b".".join((call_id.encode(), moment.encode(), content)), hashlib.sha256).digest()
    signed = f"v1,{base64.b64encode(signature).decode()}"
    return {"webhook-id": call_id, "webhook-timestamp": moment, "webhook-signature": signed}
