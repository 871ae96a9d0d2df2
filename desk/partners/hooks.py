"""Addresses that are called when a list has left: signed, tried again in growing steps, at least once, with one id a list.

A call says that a list is there and nothing of what it says: the platform fetches it at the door. It is signed as Standard
Webhooks has it (``webhook-id``, ``webhook-timestamp``, ``webhook-signature``), and comes from whoever sends lists, not from the
door.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, Engine, insert, select, update

from crawlers.text.messages import _
from desk.custody import audit
from desk.database import writing
from desk.partners.served import lists_view
from desk.refusals import ListError
from desk.tables import lists, partner_calls, partner_hooks

STEPS = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 360, 720, 1440, 2880))
"""How long after each failed try the next one is made; after the last one nobody calls any more."""
KEY_MARK = "whsec_"

Post = Callable[[str, bytes, Mapping[str, str]], str]
"""Posts to an address; returns ``sent``, or why not: a sentence that begins with ``later: `` or ``refused: ``."""


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """An address of a platform that is called."""

    id: int
    platform: str
    url: str
    created_at: datetime
    ended_at: datetime | None


class CallReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one run of calls."""

    sent: int = 0
    later: int = 0
    """Tried again by a later run."""
    refused: tuple[str, ...] = ()
    """Why the others are not tried again."""


def add_hook(engine: Engine, platform: str, url: str, *, actor: str, now: datetime) -> tuple[int, str]:
    """Keep an address to call from now on; return its number, and the secret that calls are signed with, shown once."""
    secret = KEY_MARK + base64.b64encode(secrets.token_bytes(24)).decode()
    with writing(engine) as connection:
        row = insert(partner_hooks).values(platform=platform, url=url, secret=secret, created_at=now)
        number = int(connection.execute(row.returning(partner_hooks.c.id)).scalar_one())
        detail: dict[str, object] = {"hook": number, "url": url}
        audit.append(connection, at=now, actor=actor, action="partner_hook_made", subject=f"partner:{platform}", detail=detail)
    return number, secret


def end_hook(engine: Engine, number: int, *, actor: str, now: datetime) -> Hook:
    """End the calls to an address, and forget its secret."""
    with writing(engine) as connection:
        hook = next((each for each in hook_list(connection) if each.id == number), None)
        if hook is None:
            raise ListError(_("there is no webhook %(number)s", number=number))
        if hook.ended_at is None:
            connection.execute(update(partner_hooks).where(partner_hooks.c.id == number).values(ended_at=now, secret=""))
            detail: dict[str, object] = {"hook": number}
            subject = f"partner:{hook.platform}"
            audit.append(connection, at=now, actor=actor, action="partner_hook_ended", subject=subject, detail=detail)
    return hook


def hook_list(connection: Connection) -> list[Hook]:
    """Return every address, the newest first; never a secret."""
    columns = [partner_hooks.c[name] for name in Hook.__struct_fields__]
    return [Hook(**row._mapping) for row in connection.execute(select(*columns).order_by(partner_hooks.c.id.desc()))]


def call_hooks(engine: Engine, post: Post, *, clock: Callable[[], datetime]) -> CallReport:
    """Call every address about each list that left since it was set, and again where a call failed and it is time."""
    with writing(engine) as connection:
        _queue(connection, clock())
    sent, later, refused = 0, 0, []
    with engine.connect() as connection:
        due = connection.execute(
            select(partner_calls, partner_hooks.c.url, partner_hooks.c.secret, lists.c.platform, lists.c.number)
            .join(partner_hooks, partner_hooks.c.id == partner_calls.c.hook_id)
            .join(lists, lists.c.id == partner_calls.c.list_id)
            .where(partner_calls.c.state == "queued", partner_calls.c.next_at <= clock(), partner_hooks.c.ended_at.is_(None))
            .order_by(partner_calls.c.list_id, partner_calls.c.hook_id)
        ).all()
    for row in due:
        fields = {"type": "list.sent", "platform": row.platform, "list": row.number}
        content = msgspec.json.encode(fields, order="sorted")
        answer = post(row.url, content, signed_headers(row.secret, f"list-{row.list_id}-{row.hook_id}", content, clock()))
        state, next_at = "sent", clock()
        if answer != "sent":
            final = answer.startswith("refused") or row.attempts >= len(STEPS)
            state, next_at = ("failed", clock()) if final else ("queued", clock() + STEPS[row.attempts])
        with writing(engine) as connection:
            mine = update(partner_calls).where(partner_calls.c.hook_id == row.hook_id, partner_calls.c.list_id == row.list_id)
            error = "" if state == "sent" else answer[:500]
            connection.execute(mine.values(state=state, attempts=row.attempts + 1, next_at=next_at, error=error))
        sent, later = sent + (state == "sent"), later + (state == "queued")
        refused += [f"webhook {row.hook_id} of {row.platform}, list {row.number}: {answer}"] if state == "failed" else []
    return CallReport(sent=sent, later=later, refused=tuple(refused))


def signed_headers(secret: str, call_id: str, content: bytes, now: datetime) -> dict[str, str]:
    """Return the headers of a call: its id, which every try of it has, its moment, and the signature of both with the content."""
    moment = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix(KEY_MARK))
    signature = hmac.new(key, b".".join((call_id.encode(), moment.encode(), content)), hashlib.sha256).digest()
    signed = f"v1,{base64.b64encode(signature).decode()}"
    return {"webhook-id": call_id, "webhook-timestamp": moment, "webhook-signature": signed}


def _queue(connection: Connection, now: datetime) -> None:
    """Queue a call for each address and list that left since it was set, unless it was queued before."""
    served = lists_view.join(lists, (lists.c.platform == lists_view.c.platform) & (lists.c.number == lists_view.c.number))
    query = (
        select(partner_hooks.c.id.label("hook_id"), lists.c.id.label("list_id"))
        .select_from(served.join(partner_hooks, partner_hooks.c.platform == lists.c.platform))
        .outerjoin(partner_calls, (partner_calls.c.hook_id == partner_hooks.c.id) & (partner_calls.c.list_id == lists.c.id))
        .where(
            partner_hooks.c.ended_at.is_(None), lists.c.sent_at >= partner_hooks.c.created_at, partner_calls.c.hook_id.is_(None)
        )
    )
    for row in connection.execute(query).all():
        values = {"hook_id": row.hook_id, "list_id": row.list_id, "state": "queued", "attempts": 0, "next_at": now, "error": ""}
        connection.execute(insert(partner_calls).values(values))
