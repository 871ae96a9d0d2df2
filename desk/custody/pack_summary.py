"""What an evidence pack says for people: the notices about its item with approval and recipient, and a summary to be read.

A prosecutor reads the summary alone; every line of it stands in the files beside it, which are what is verified.
"""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment
from sqlalchemy import Connection, select

from desk.cases import approvals
from desk.cases.case_decisions import Case
from desk.custody import audit
from desk.highlighting import plain_line
from desk.languages.catalogues import make_environment
from desk.rechecks.clock import fates, proof_of
from desk.refusals import ListError
from desk.tables import deliveries, list_entries
from desk.takedown import repository
from index.base import Record

TOLD = ("approved", "sent", "refused")
"""States of a list that the summary tells of: what nobody approved said nothing to anybody."""


def notices_of(connection: Connection, item_id: str) -> list[dict[str, Any]]:
    """Return every notice about an item and what took it back, oldest first: words, approval, recipient, what became of it."""
    query = select(list_entries.c.list_id).where(list_entries.c.item_id == item_id).order_by(list_entries.c.list_id)
    found = [repository.one_list(connection, number) for number in connection.execute(query).scalars().all()]
    return [_notice(connection, each, item_id) for each in found if each.state in TOLD]


def sightings_of(connection: Connection, item_id: str) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """Return what was seen at an item's address after its notices, oldest first, and the answers that prove it, by file name."""
    seen: list[dict[str, Any]] = []
    proofs: dict[str, bytes] = {}
    for fate in fates(connection, items=[item_id]):
        for step in fate.seen:
            name, content = f"sighting-{step.id}.warc.gz", proof_of(connection, step.id)
            proofs |= {name: content} if content else {}
            told = {"platform": fate.notice.platform, "sent_at": _iso(fate.notice.sent_at), "proof": name if content else None}
            seen.append(told | msgspec.to_builtins(step))
    return seen, proofs


def _notice(connection: Connection, takedown_list: repository.TakedownList, item_id: str) -> dict[str, Any]:
    (entry,) = [each for each in repository.entries(connection, takedown_list.id) if each.item_id == item_id]
    bound, names = approvals.newest(connection, takedown_list.id), repository.noted_digests(connection, takedown_list.id)
    return {
        "list": takedown_list.id,
        "platform": takedown_list.platform,
        "number": takedown_list.number,
        "state": takedown_list.state,
        "change": entry.change,
        "decision": entry.decision_id,
        "notice": entry.body,
        "built_by": takedown_list.built_by,
        "built_at": _iso(takedown_list.built_at),
        "approval": None
        if bound is None
        else {
            "by": takedown_list.approved_by,
            "at": _iso(bound.at),
            "recipient": bound.recipient,
            "sent_as": bound.sent_as,
            "files": bound.files,
            "entries_sha256": bound.entries_sha256,
        },
        "recipient": _recipient(connection, takedown_list),
        "sent_at": _iso(takedown_list.sent_at),
        "mails": _mails(connection, takedown_list),
        "manifest_sha256": takedown_list.manifest_sha256,
        "files": names,
        "answers": [
            {"answer": answer, "noted_by": by, "at": _iso(at)}
            for answer, by, at in repository.answers(connection, takedown_list.id)
        ],
    }


def _recipient(connection: Connection, takedown_list: repository.TakedownList) -> str | None:
    try:
        return approvals.recipient_of(connection, takedown_list)
    except ListError:
        return None


def _mails(connection: Connection, takedown_list: repository.TakedownList) -> list[dict[str, Any]]:
    """Return the mails a list left in, and those that asked again."""
    subscription, period = repository.mail_key(takedown_list.platform, takedown_list.number)
    rows = connection.execute(select(deliveries).where(deliveries.c.subscription == subscription).order_by(deliveries.c.id))
    return [
        {
            "message_id": row.message_id,
            "recipient": row.recipient,
            "state": row.state,
            "sent_at": _iso(row.sent_at),
            "error": row.error,
        }
        for row in rows
        if repository.list_period(row.period) == period
    ]


def write_summary(
    record: Record, case: Case, notices: list[dict[str, Any]], seen: list[dict[str, Any]], manifest: dict[str, Any],
    entries: list[audit.AuditEntry],
) -> bytes:  # fmt: skip
    """Return the summary as one HTML page that runs and loads nothing."""
    page = _environment().get_template("pack_summary.html").render(
        record=record, case=case, notices=notices, seen=seen, manifest=manifest, entries=entries,
        marks=[msgspec.to_builtins(mark) for mark in case.marks],
    )  # fmt: skip
    return page.encode("utf-8", "replace")


@cache
def _environment() -> Environment:
    environment = make_environment(Path(__file__).with_name("templates"))
    environment.filters.update(plain=lambda value: plain_line(str(value)), moment=_write_moment)
    return environment


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def _write_moment(moment: Any) -> str:
    """Return a moment to the second, always in UTC."""
    text = moment if isinstance(moment, str) else moment.isoformat() if moment else ""
    return f"{text[:10]} {text[11:19]} UTC" if text else "not noted"
