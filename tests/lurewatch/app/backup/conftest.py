"""A desk with decisions, an approved list and mail, on either engine; and empty stacks to restore it into."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from desk.cases import approvals, case_decisions, openings
from desk.custody import audit
from desk.custody.published_heads import MANIFEST_KEY
from desk.database import open_database, writing
from desk.people import saved_searches
from desk.platforms import Platforms
from desk.takedown import repository
from lurewatch.settings import Settings
from tests.desk.conftest import NOTIFIER, cheap_hashes, now, record, staff  # noqa: F401 - fixtures

BOARD = {
    "title": "Board",
    "enabled": True,
    "item": r"^https://board\.example\.org/jobs/\d+$",
    "formats": ["json"],
    "contact": "abuse@board.example.org",
}
CLAUSE = {"title": "Forced labour", "law": "Palermo Protocol", "means": "People cannot leave."}
RECEIVERS = Platforms.model_validate({"clauses": {"forced_labour": CLAUSE}, "platforms": {"board": BOARD}})
CONTENT = b"\x00\xff list"


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Return a function that gives the address of a new, empty database on an engine."""
    names: list[str] = []

    def make(kind: str) -> str:
        name = f"backup_{uuid.uuid4().hex}"
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / name}.sqlite"
        _execute(request, f"CREATE DATABASE {name}")
        names.append(name)
        server = make_url(request.getfixturevalue("postgres_url"))
        return server.set(database=name).render_as_string(hide_password=False)

    yield make
    for name in names:
        _execute(request, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(request: pytest.FixtureRequest, statement: str) -> None:
    admin = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()


@pytest.fixture
def new_stack(tmp_path: Path, new_database: Callable[[str], str]) -> Callable[..., Settings]:
    """Return a function that gives the settings of an empty stack."""

    def make(kind: str = "sqlite") -> Settings:
        folder = tmp_path / f"stack_{uuid.uuid4().hex[:8]}"
        return Settings(seeds=folder / "seeds", runs=str(folder / "runs"), state=folder / "state", database=new_database(kind))

    return make


@pytest.fixture
def filled_stack(new_stack: Any, staff: Any, record: Any, now: Any) -> Callable[..., Settings]:  # noqa: F811 - fixtures
    """Return a function that gives the settings of a stack with work in it."""

    def make(kind: str = "sqlite") -> Settings:
        settings = new_stack(kind)
        engine = open_database(settings.database)
        _decide(engine, staff(engine), record(), now)
        engine.dispose()
        for name, content in {
            "seeds/sources/board.yml": "enabled: true\n", "seeds/places.yml": "{}\n", "state/models/lock": "",
            "state/models/registry.json": "{}", "state/models/abc/card.json": "{}", "state/board.sqlite": "queue",
            "runs/board/20261123T030000Z/report.json": "{}", "runs/board/20261123T030000Z/captures.warc.gz": "warc",
        }.items():  # fmt: skip
            path = settings.seeds.parent / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return settings

    return make


def _decide(engine: Engine, people: Any, item: Any, moment: Any) -> None:
    minh, lead = people["minh"], people["lead"]
    openings.note_opening(engine, item, by=minh, now=moment)
    saved_searches.save(engine, "Bavet", "place:bavet", shared=True, by=minh, now=moment)
    (decision,) = case_decisions.confirm(
        engine, [item], tag="scam_compound", severity="high", clause="forced_labour", note="ăn ở ✓", by=minh, now=moment,
        seen={item.id: 0},
    )  # fmt: skip
    with engine.connect() as connection:
        manifest = json.dumps({MANIFEST_KEY: audit.head(connection)}).encode()
    digest = hashlib.sha256(manifest).hexdigest()
    contents = {"manifest.json": (digest, manifest), "list.json": (hashlib.sha256(CONTENT).hexdigest(), CONTENT)}
    body = {"url": "x", "số": "một", "grounds": [{"quote": "một"}]}
    entry = repository.ListEntry(item_id=item.id, change="new", decision_id=decision.id, body=body)
    with writing(engine) as connection:
        number = repository.keep(
            connection, platform="board", number=1, previous=None, manifest_sha256=digest, by="dag:takedown_lists", now=moment,
            found=[entry], contents=contents,
        )  # fmt: skip
    approvals.approve(engine, RECEIVERS, number, by=lead, now=moment, ticked=[item.id], notifier=NOTIFIER)
    with writing(engine) as connection:
        repository.mark_sent(connection, number, moment, "abuse@board.example.org")
