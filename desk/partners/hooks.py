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

import msgspec
from sqlalchemy import Connection, Engine, insert, select, update

from crawlers.text.messages import _
from desk.custody import audit
from desk.database import writing
from desk.partners.served import newest_number
from desk.refusals import ListError
from desk.tables import partner_hooks

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
    """Call every address whose platform has a list that it was not called about, and again where a call failed and it is time."""
    sent, later, refused = 0, 0, []
    with engine.connect() as connection:
        rows = connection.execute(select(partner_hooks).where(partner_hooks.c.ended_at.is_(None)).order_by(partner_hooks.c.id))
        known = [(row, newest_number(connection, row.platform)) for row in rows.all()]
    for row, newest in known:
        if newest <= row.told or (row.next_at is not None and row.next_at > clock()):
            continue
        content = msgspec.json.encode({"type": "list.sent", "platform": row.platform, "list": newest}, order="sorted")
        answer = post(row.url, content, signed_headers(row.secret, f"list-{row.id}-{newest}", content, clock()))
        final = answer == "sent" or answer.startswith("refused") or row.attempts >= len(STEPS)
        with writing(engine) as connection:
            mine = update(partner_hooks).where(partner_hooks.c.id == row.id)
            if final:
                mine = mine.values(told=newest, attempts=0, next_at=None)
            else:
                mine = mine.values(attempts=row.attempts + 1, next_at=clock() + STEPS[row.attempts])
            connection.execute(mine)
        sent, later = sent + (answer == "sent"), later + (not final)
        refused += [f"webhook {row.id} of {row.platform}, list {newest}: {answer}"] if final and answer != "sent" else []
    return CallReport(sent=sent, later=later, refused=tuple(refused))


def signed_headers(secret: str, call_id: str, content: bytes, now: datetime) -> dict[str, str]:
    """Return the headers of a call: its id, which every try of it has, its moment, and the signature of both with the content."""
    moment = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix(KEY_MARK))
    signature = hmac.new(key, b".".join((call_id.encode(), moment.encode(), content)), hashlib.sha256).digest()
    signed = f"v1,{base64.b64encode(signature).decode()}"
    return {"webhook-id": call_id, "webhook-timestamp": moment, "webhook-signature": signed}
