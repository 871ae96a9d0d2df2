"""A desk with confirmed items, and a function that builds lists of them."""

import base64
import json
import subprocess
from collections.abc import Callable
from datetime import timedelta

import pytest

from crawlers.items import Capture
from desk.cases import approvals, case_decisions
from desk.cases.approvals import review
from desk.cases.leases import note_opening
from desk.database import writing
from desk.list_maker import Notifier
from desk.people.accounts import all_users
from desk.platforms import FORMATS, Platforms
from desk.takedown import list_drafts as builder
from desk.takedown import repository
from desk.takedown.send import send
from tests.desk.conftest import NOTIFIER


@pytest.fixture
def notifier() -> Notifier:
    return NOTIFIER


@pytest.fixture
def platforms() -> Platforms:
    """Two receivers: a board that takes every format, a channel host that takes JSON."""
    return Platforms.model_validate({
        "clauses": {
            "forced_labour": {
                "title": "Recruitment into forced labour", "law": "Palermo Protocol Art. 3", "means": "People cannot leave.",
            },
            "deceptive": {"title": "Deceptive offer", "law": "Directive 2005/29/EC", "means": "The employer is hidden."},
        },
        "platforms": {
            "board": {
                "title": "Board", "enabled": True, "hosts": ["board.example.org"],
                "item": r"^https://board\.example\.org/jobs/\d+(?:\?q=[^/#]*)?$", "formats": ["csv", "json", "xarf"],
                "contact": "abuse@board.example.org", "rules": {"forced_labour": "Rule 4: no confinement"},
            },
            "chat": {
                "title": "Chat", "enabled": True, "hosts": ["chat.example.org"], "item": r"^https://chat\.example\.org/\w+/\d+$",
                "formats": ["json"], "contact": "abuse@chat.example.org",
            },
            "off": {
                "title": "Off", "enabled": False, "hosts": ["off.example.org"], "item": r"^https://off\.example\.org/\d+$",
                "formats": ["csv"],
            },
        },
    })  # fmt: skip


@pytest.fixture
def every_format(platforms) -> Platforms:
    """Return the receivers, the board with every format there is."""
    board = platforms.platforms["board"].model_copy(update={"formats": FORMATS})
    return platforms.model_copy(update={"platforms": platforms.platforms | {"board": board}})


def readable_files(files: dict[str, bytes]) -> dict[str, str]:
    """Return what a reader finds in the files of a list, whatever they are packed in."""
    return {name: readable_text(name, content) for name, content in files.items()}


def readable_text(name: str, content: bytes) -> str:
    """Return what a reader finds in a file: on the pages of a PDF, in the evidence of a report."""
    if name.endswith(".pdf"):
        done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
        return done.stdout.decode()
    text = content.decode("utf-8-sig")
    proofs = [each["payload"] for line in text.splitlines() for each in json.loads(line)["evidence"]] if "xarf" in name else []
    return "\n".join([text, *(base64.b64decode(proof).decode() for proof in proofs)])


@pytest.fixture
def kept(record) -> Callable:
    """Return a function that makes a record with captured evidence."""
    return lambda number=1, **more: record(
        number,
        **({"capture": Capture(record_id=f"<urn:uuid:{number:08d}-0000-4000-8000-000000000000>", sha256="ab" * 32)} | more),
    )


@pytest.fixture
def confirm(desk_db, now) -> Callable:
    """Return a function that confirms records, which somebody else opens afterwards."""

    def do(*records, by, seen=0, **more):
        values = {"tag": "scam_compound", "severity": "critical", "clause": "forced_labour"} | more
        values.setdefault("disclose", [values.get("note", "")])
        for one in records:
            case_decisions.confirm(desk_db, [one], by=by, now=now, seen={one.id: seen}, **values)
            with desk_db.connect() as connection:
                other = next((each for each in all_users(connection) if each.name == "operator"), by)
            note_opening(desk_db, one, by=other, now=now)

    return do


@pytest.fixture
def add_confirmed(store, people, kept, confirm) -> Callable:
    """Return a function that makes a record, stores it and has minh confirm it."""

    def do(number=1, **more):
        item = kept(number, **more)
        store.put([item])
        confirm(item, by=people["minh"])
        return item

    return do


@pytest.fixture
def approve(desk_db, platforms, now) -> Callable:
    """Return a function that approves a list as somebody."""

    def do(list_id, by, to=platforms, ticked=None, notifier=NOTIFIER):
        if ticked is None:
            with desk_db.connect() as connection:
                ticked = [each.entry.item_id for each in review(connection, list_id)]
        return approvals.approve(desk_db, to, list_id, by=by, now=now, ticked=ticked, notifier=notifier)

    return do


@pytest.fixture
def pass_on(desk_db, people, now, approve) -> Callable:
    """Return a function that approves a list and marks it sent."""

    def do(list_id):
        approve(list_id, by=people["lead"])
        with writing(desk_db) as connection:
            repository.mark_sent(connection, list_id, now, "abuse@board.example.org")

    return do


def states(engine):
    """Return the state of each list by its number."""
    with engine.connect() as connection:
        return {each.number: each.state for each in repository.all_lists(connection)}


@pytest.fixture
def build(desk_db, store, platforms, now) -> Callable:
    """Return a function that builds lists."""

    def do(**more):
        values = {"routes": {}, "notifier": NOTIFIER, "now": now, "by": "dag:takedown_lists", "max_age": timedelta(days=7)} | more
        return builder.build(desk_db, values.pop("store", store), values.pop("platforms", platforms), **values)

    return do


@pytest.fixture
def built(add_confirmed, build):
    """Return the number of a built list with one item, and the item."""
    item = add_confirmed(1)
    return next(made for made in build()[0] if made.platform == "board").list_id, item


@pytest.fixture
def posted(desk_db, platforms, notifier, now):
    """Return a function that sends a list."""

    def do(list_id, smtp, to=platforms, notifier=notifier):
        return send(desk_db, smtp, to, list_id, notifier=notifier, clock=lambda: now)

    return do
