"""Two platforms that were sent lists: fixtures of the lists, and the notices each of them holds."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, insert, select

from desk.database import writing
from desk.partners.partner_tokens import issue_token, open_token, partner_token_list
from desk.people.accounts import user
from desk.tables import decisions
from desk.takedown import repository
from desk.takedown.notice import notice_id
from tests.desk.built_once import built_once


@pytest.fixture(autouse=True, scope="session")
def _built_once():
    with built_once():
        yield


def notice_body(platform: str, item: str, number: int = 1) -> dict[str, object]:
    """Return a notice as a list holds it, in short."""
    quote = f"we keep your passport {number}"
    return {
        "notice_id": notice_id(platform, item), "url": f"https://{platform}.example.org/jobs/{number}", "kind": "scam_compound",
        "severity": "critical", "title": f"Typist {number}", "explanation": f"It says “{quote}”.", "text_excerpt": quote,
        "clause": {"key": "forced_labour", "title": "Forced labour", "law": "Palermo Protocol", "rule": None},
        "grounds": [{"indicator": "documents_held", "quote": quote, "meaning": "papers are kept"}],
        "evidence": {"sha256": "ab" * 32, "warc_record_id": "<urn:uuid:1>", "captured_at": "2026-11-01T00:00:00Z"},
        "review": {"item_opened_at": None, "items_decided_together": 1}, "language": "en", "good_faith": "We believe it.",
    }  # fmt: skip


@pytest.fixture
def told(desk_db, people, now) -> Callable[..., list[str]]:
    """Return a function that sends a platform a list of notices, and gives their ids."""
    return lambda platform, *items, at=now, **more: tell(desk_db, people["minh"], at, platform, *items, **more)


def open_door_token(engine: Engine, platform: str, *, scopes: tuple[str, ...] = ("read", "answer"), days: int = 1, now) -> str:
    """Make a token as the admin, let it in as the lead, and return it."""
    made = issue_token(engine, platform, "a test", scopes=scopes, days=days, actor="admin", now=now)
    with engine.connect() as connection:
        number, lead = partner_token_list(connection, platform)[0].id, user(connection, "lead")
    open_token(engine, number, by=lead, now=now, platform=platform)
    return made


def tell(engine: Engine, by, now, platform: str, *items: str, change: str = "new", mailed: bool = True) -> list[str]:
    """Keep a list as the builder would, and send it."""
    found = []
    with writing(engine) as connection:
        number = repository.next_number(connection, platform)
        last = repository.last_sent(connection, platform)
    made = _decision(engine, by, now, items[0])
    for place, item in enumerate(items, 1):
        body = notice_body(platform, item, place)
        if change == "withdrawn":
            keep = {name: body[name] for name in ("notice_id", "url")}
            body = keep | {"withdrawn_because": "the decision was undone", "requested_action": "Undo what was done."}
        found.append(repository.ListEntry(item_id=item, change=change, decision_id=made, body=body))
    with writing(engine) as connection:
        files = {"list.csv": ("0" * 64, f"{platform} {number}".encode()), "manifest.json": ("1" * 64, b"{}")}
        shown = {f"{repository.SHOWN}{entry.body['notice_id']}": entry.item_id for entry in found if change != "withdrawn"}
        for name, item in shown.items():
            said = {"original": f"{platform} {item}", "words": "<i>it keeps papers</i>"}
            text = json.dumps({"engine": "a machine", "language": "en", "sentences": [said]})
            files |= {f"{name}.jpg": ("3" * 64, f"jpeg {platform} {item}".encode()), f"{name}.json": ("4" * 64, text.encode())}
        kept = repository.keep(
            connection, platform=platform, number=number, previous=last.id if last else None, manifest_sha256="2" * 64, by=by,
            now=now, found=found, contents=files,
        )  # fmt: skip
        if mailed:
            repository.mark_sent(connection, kept, now, recipient="abuse@example.org")
    return [str(entry.body["notice_id"]) for entry in found]


def _decision(engine: Engine, by, now, item: str) -> int:
    """Return the number of a decision that entries rest on, about no item that a test asks for."""
    row = {"item_id": "", "seq": 1, "kind": "confirm", "source": "board", "url": "u", "revision": 0, "text_sha256": "0" * 64}
    row |= {"by_id": by.id, "at": now, "salt": "s"}
    with writing(engine) as connection:
        count = connection.execute(select(func.count()).select_from(decisions)).scalar_one()
        return connection.execute(
            insert(decisions).values(row | {"item_id": f"{item}-{count}"}).returning(decisions.c.id)
        ).scalar_one()
