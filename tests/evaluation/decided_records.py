"""Records somebody decided about, and the decisions, without a database."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from crawlers.items import Posting
from desk.cases.case_decisions import Case, Decision, _case
from enrichment.assessment import Assessment, Language
from evaluation.labelled_listings import Listing
from evaluation.labels import Label
from index.base import Record
from index.history import text_sha256

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
Decide = Callable[..., Case]


@pytest.fixture
def record() -> Callable[..., Record]:
    """Return a function that makes a record with a text of its own."""

    def make(name: str, text: str | None = None, *, campaign: str | None = None, source: str = "board") -> Record:
        text = text or " ".join(chr(97 + digit % 26) * 2 for digit in hashlib.shake_128(name.encode()).digest(60))
        posting = Posting(id=name, source=source, url=f"https://board.example.org/{name}", title=None, text=text)
        spoken = Language(code="en", script="Latn", confidence=1.0)
        judged = Assessment(id=name, language=spoken, stance="offer", score=80.0, flagged=True, tag="scam_compound")
        return Record(
            id=name, posting=posting, assessment=judged, first_seen=NOW, last_seen=NOW, run_id="r", partition="p",
            campaign=campaign,
        )  # fmt: skip

    return make


@pytest.fixture
def decide() -> Decide:
    """Return a function that makes the case of a record from steps ``(who, confirm | dismiss | undo)``."""
    numbers = count(1)

    def make(record: Record, *steps: tuple[str, str], opened: bool = True, reason: str = "honest_employer") -> Case:
        history = [
            Decision(
                id=next(numbers), item_id=record.id, seq=seq, kind=kind, tag="scam_compound" if kind == "confirm" else None,
                reason=reason if kind == "dismiss" else None, source=record.posting.source, url=record.posting.url, revision=1,
                text_sha256=text_sha256(record.posting.title, record.posting.text), by=by, at=NOW + timedelta(minutes=3),
                opened_at=NOW if opened else None,
            )
            for seq, (by, kind) in enumerate(steps, 1)
        ]  # fmt: skip
        return _case(record.id, history)

    return make


@pytest.fixture
def label() -> Callable[..., Label]:
    """Return a function that makes a label."""

    def make(
        name: str, confirmed: bool, *analysts: str, text: str = "", strength: str = "read", campaign: str | None = None
    ) -> Label:
        listing = Listing(
            id=name, lang="en", label=int(confirmed), kind="scam_compound" if confirmed else "benign_job", text=text or name,
            campaign=campaign, weight=3.0,
        )  # fmt: skip
        return Label(listing=listing, analysts=analysts, strength=strength, items=(name,))

    return make
