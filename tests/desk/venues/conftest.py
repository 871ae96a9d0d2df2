"""Records, decisions and an index to make suggestions from."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawlers.items import Posting
from desk.cases.case_decisions import Case, Decision
from enrichment.assessment import Assessment, Contact, Fingerprint, Language
from index.base import Record

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_record(
    name: str, *, flagged: bool = True, stance: str = "offer", contacts: tuple[str, ...] = (), day: float = 0, **posted: Any
) -> Record:
    """Return a record of one posting; ``contacts`` are ``type:value``."""
    judged = Assessment(
        id=name, language=Language(code="en", script="Latn", confidence=1.0), stance=stance, score=90 if flagged else 0,
        flagged=flagged, tag="none",
        contacts=tuple(Contact(type=c.split(":")[0], value=c.split(":", 1)[1], start=0, end=0) for c in contacts),
        fingerprint=Fingerprint(bands=posted.pop("bands", (name,))),
    )  # fmt: skip
    text = posted.pop("text", f"Wanted: {name} {'chat agents, flight and room paid ' * 6}")
    url = posted.pop("url", f"https://board.example.org/{name}")
    seen = DAY + timedelta(days=day)
    return Record(
        id=name, posting=Posting(id=name, source="board", url=url, text=text, **posted), assessment=judged, first_seen=seen,
        last_seen=seen, run_id="run-1", partition="runs/board/run-1",
    )  # fmt: skip


@pytest.fixture(scope="session")
def record() -> Callable[..., Record]:
    """Return a function that makes one record."""
    return make_record


@pytest.fixture(scope="session")
def case() -> Callable[..., Case]:
    """Return a function that makes the case of an item a person decided about."""

    def make(item: str, kind: str, reason: str | None = None) -> Case:
        decision = Decision(
            id=1, item_id=item, seq=1, kind=kind, reason=reason, source="board", url="https://board.example.org/", revision=1,
            text_sha256="0", by="lan", at=DAY,
        )  # fmt: skip
        state = "confirmed" if kind == "confirm" else "dismissed"
        return Case(item_id=item, state=state, in_force=decision, standing=(decision,), history=(decision,))

    return make
