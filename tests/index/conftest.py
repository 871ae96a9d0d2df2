"""Records to put into a store, and the stores themselves."""

import os
import random
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard

from crawlers.evidence.partition import POSTINGS, REPORT, Report
from crawlers.items import Posting
from enrichment.assessment import Assessment, Contact, Fingerprint, Harm, Language, Place
from enrichment.text.fingerprint import fingerprint
from index.base import Query, Record, Store
from index.elastic.client import client
from index.elastic.elastic_store import ElasticStore
from index.sqlite.sqlite_store import SqliteStore

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = (
    "Công ty game cần {} bạn làm chăm sóc khách hàng, không cần bằng cấp, bao ăn ở, lo giấy tờ, xe đón tận nơi, "
    "đi trong tuần được ứng trước cho gia đình, tháng thấp nhất cũng đủ sống, ký túc xá máy lạnh. "
)


def _record(
    id: str,
    text: str = "",
    title: str | None = None,
    *,
    day: float = 0,
    revision: int = 1,
    lang: str = "en",
    score: float = 0.0,
    tag: str = "none",
    harm: str = "unstated",
    stance: str = "offer",
    source: str = "board",
    contacts: tuple[str, ...] = (),
    places: tuple[tuple[str, str], ...] = (),
    bands: tuple[str, ...] = (),
    campaign: str | None = None,
    growth: int = 0,
    url: str | None = None,
) -> Record:
    judged = Assessment(
        id=id, language=Language(code=lang, script="Latn", confidence=1.0), stance=stance, score=score, flagged=score >= 50,
        tag=tag, harm=Harm(level=harm),
        contacts=tuple(Contact(type=c.split(":")[0], value=c.split(":", 1)[1], start=0, end=0) for c in contacts),
        places=tuple(Place(name=name, country=country, kind="town", start=0, end=0) for name, country in places),
        fingerprint=Fingerprint(bands=bands),
    )  # fmt: skip
    seen = DAY + timedelta(days=day)
    return Record(
        id=id, posting=Posting(id=id, source=source, url=url or f"https://www.{source}.example.org/{id}", title=title, text=text),
        assessment=judged, revision=revision, first_seen=seen, last_seen=seen, run_id="run-1", partition="runs/board/run-1",
        campaign=campaign, growth=growth,
    )  # fmt: skip


@pytest.fixture(scope="session")
def record() -> Callable[..., Record]:
    """Return a function that makes one record from what matters to the test."""
    return _record


@pytest.fixture
def partition(tmp_path: Path) -> Callable[..., str]:
    """Return a function that seals a partition of (id, text) pairs or postings, and gives its address."""

    def seal(run_id: str, postings: Iterable[Posting | tuple[str, str]], *, day: float = 0, parsed: int | None = None) -> str:
        at = DAY + timedelta(days=day)
        url = "https://board.example.org/"
        rows = [p if isinstance(p, Posting) else Posting(id=p[0], source="board", url=url + p[0], text=p[1]) for p in postings]
        folder = tmp_path / "runs" / "board" / run_id
        folder.mkdir(parents=True)
        lines = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
        (folder / POSTINGS).write_bytes(zstandard.compress(lines))
        count = len(rows) if parsed is None else parsed
        report = Report(source="board", run_id=run_id, state="ok", started_at=at, finished_at=at, fetched=count, parsed=count)
        (folder / REPORT).write_bytes(msgspec.json.encode(report))
        return f"file://{folder}"

    return seal


class Judge(dict[str, Assessment]):
    """Assessments of any id: what a posting is judged as does not matter to loading it."""

    def __missing__(self, name: str) -> Assessment:
        return Assessment(
            id=name, language=Language(code="en", script="Latn", confidence=1.0), stance="offer", score=0, flagged=False,
            tag="none",
        )  # fmt: skip

    def __contains__(self, name: object) -> bool:
        return True


@pytest.fixture
def judged() -> Judge:
    """Return assessments for any id."""
    return Judge()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Return an empty embedded store."""
    store = SqliteStore(tmp_path / "index.sqlite")
    yield store
    store.close()


@pytest.fixture(scope="session")
def sqlite_store_of_two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    """Return an embedded store with two records."""
    store = SqliteStore(tmp_path_factory.mktemp("two") / "index.sqlite")
    store.put([_record("a", "高薪招聘 telegram", "AB ab", score=80), _record("b", "งานดี cd 0 a-b", contacts=("telegram:ab",))])
    yield store
    store.close()


@pytest.fixture(scope="session")
def elastic_index(elasticsearch_url: str) -> Iterator[Callable[[], str]]:
    """Return a function that gives a name for a new index; all are removed at the end where the node outlives this run."""
    names: list[str] = []

    def name() -> str:
        names.append(f"lurewatch-test-{uuid.uuid4().hex[:10]}")
        return names[-1]

    yield name
    if elasticsearch_url == os.environ.get("LUREWATCH_TEST_ES_URL"):
        es = client(elasticsearch_url)
        for one in names:
            for index in es.indices.get(index=f"{one}-*"):
                es.indices.delete(index=index)
        es.close()


@pytest.fixture
def elastic_store(elasticsearch_url: str, elastic_index: Callable[[], str]) -> Iterator[ElasticStore]:
    """Return an empty index of a real node."""
    store = ElasticStore(elasticsearch_url, elastic_index())
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "elastic"])
def store(request: pytest.FixtureRequest) -> Store:
    """Return an empty store of each kind."""
    return request.getfixturevalue(f"{request.param}_store")


@pytest.fixture
def lure(record: Callable[..., Record]) -> Callable[..., Record]:
    """Return a function that makes a flagged record with bands."""

    def make(
        name: str, text: str = TEXT, *, contact: str = "telegram:crew_one", day: float = 0.0, score: float = 90, **more: Any
    ) -> Record:
        bands = fingerprint(f"\n{text}").bands
        return record(name, text, day=day, score=score, contacts=(contact,) if contact else (), bands=bands, **more)

    return make


def campaigns_of(store: Store) -> dict[str, str]:
    """Return the campaign of each record that is in one."""
    return {r.id: r.campaign for r in store.scan(Query()) if r.campaign}


def crowd(lure: Callable[..., Record], chance: random.Random, crews: int = 12) -> list[Record]:
    """Return flagged records of some crews, one to four a crew, some that share a contact, a text, or neither."""
    return [
        lure(
            f"{crew:02}-{n}", TEXT if crew % 3 == 0 else f"text of crew {crew} number {n}",
            contact=f"telegram:crew_{crew if n % 2 else n}", day=chance.random() * 30, score=90 if n != 2 else 0,
        ) for crew in range(crews) for n in range(chance.randint(1, 5))
    ]  # fmt: skip
