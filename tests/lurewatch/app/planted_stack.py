"""A LureWatch whose runs, index and database are written by hand, so that faults can be planted in it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from crawlers.evidence.partition import REPORT, Report, address_of
from crawlers.items import Posting
from enrichment.assessment import Assessment, Language
from index.base import Record, WriteReport
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.app.monitoring.catalogue import SeriesSample
from lurewatch.app.monitoring.collect import MetricsCollector
from lurewatch.settings import Settings

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
ROOMY = (1000, 500)
"""Bytes a disk has and bytes free."""


@dataclass
class Stack:
    """The folder, the settings that name it, and the room its disk is said to have."""

    folder: Path
    room: tuple[int, int] = ROOMY
    changed: dict[str, str] = field(default_factory=dict)
    """Settings that a test gives otherwise."""

    @property
    def settings(self) -> Settings:
        """Return settings that keep everything in the folder."""
        places = {"seeds": "seeds", "runs": "runs", "state": "state", "store": "index.sqlite"}
        values = {name: str(self.folder / place) for name, place in places.items()}
        values["database"] = f"sqlite:///{self.folder / 'desk.sqlite'}"
        return Settings(**(values | self.changed))

    def add_source(self, name: str, schedule: str = "17 3 * * *") -> None:
        """Write a source that is due every day."""
        sample = Path(__file__).resolve().parents[3] / "seeds" / "sources" / "sample_board.yml"
        folder = self.folder / "seeds" / "sources"
        folder.mkdir(parents=True, exist_ok=True)
        for part in ("lures/indicators.yml", "lures/en", "places.yml"):
            link = self.folder / "seeds" / part
            link.parent.mkdir(exist_ok=True)
            if not link.exists():
                link.symlink_to(sample.parents[1] / part)
        text = sample.read_text(encoding="utf-8")
        written = text.replace("schedule: by hand", f'schedule: "{schedule}"')
        assert written != text
        (folder / f"{name}.yml").write_text(written, encoding="utf-8")

    def seal(self, source: str, state: str = "ok", *, hours: float = 8, indexed: bool = True, **more) -> str:
        """Seal a run that began so many hours ago, and note it as loaded unless told otherwise."""
        at = NOW - timedelta(hours=hours)
        run_id = f"{at:%Y%m%dT%H%M%SZ}"
        folder = self.folder / "runs" / source / run_id
        folder.mkdir(parents=True)
        postings = more.pop("postings", 20)
        report = Report(
            source=source, run_id=run_id, state=state, started_at=at, finished_at=at + timedelta(seconds=90), fetched=postings,
            parsed=postings, requests=12, **more,
        )  # fmt: skip
        (folder / REPORT).write_bytes(msgspec.json.encode(report))
        address = address_of(self.settings.runs, source, run_id)
        if indexed and report.state != "failed":
            store = SqliteStore(self.folder / "index.sqlite")
            store.mark_loaded(address, WriteReport())
            store.close()
        return address

    def put(self, days: float, *, flagged: bool = True) -> None:
        """Put a record into the index that has waited so many days."""
        at = NOW - timedelta(days=days)
        assessment = Assessment(
            id=f"{days}", language=Language(code="en", script="Latn", confidence=1.0), stance="offer", score=90, flagged=flagged,
            tag="scam_compound", lexicon_version="test-1",
        )  # fmt: skip
        record = Record(
            id=f"{days}",
            posting=Posting(id=f"{days}", source="board", url=f"https://board.example.org/{days}", text="Typist wanted"),
            assessment=assessment, first_seen=at, last_seen=at, run_id="run", partition="file:///nowhere/run",
        )  # fmt: skip
        store = SqliteStore(self.folder / "index.sqlite")
        store.put([record])
        store.close()

    def samples(self, now: datetime = NOW) -> list[SeriesSample]:
        """Return what a monitoring system would read."""
        collector = MetricsCollector(self.settings)
        collector.usage = lambda _: self.room
        return collector.samples(now)

    def value(self, name: str, *labels: str) -> float | None:
        """Return one figure; None where there is none."""
        values = [entry.value for entry in self.samples() if (entry.name, entry.labels) == (name, labels)]
        assert len(values) < 2
        return values[0] if values else None
