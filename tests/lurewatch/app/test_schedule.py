"""Only enabled sources are scheduled."""

import subprocess
import sys
from pathlib import Path

import pytest

from lurewatch.app.schedule import EXECUTORS, scheduled_crawls

ROOT = Path(__file__).resolve().parents[3]
LOADED = "import sys; {work}; print(*sys.modules)"
"""What a new process has imported after some work."""
PARSE = "from lurewatch.app.schedule import scheduled_crawls; assert scheduled_crawls()"
FETCH = (
    "import lurewatch.tasks; from lurewatch.app import pipeline; from lurewatch.app.in_force import load_in_force; "
    "settings = load_in_force(); assert pipeline.versions_in_force(settings, pipeline.find_source(settings, 'board')); "
    "assert pipeline.watched_items(settings) == ()"
)


def test_a_source_that_is_switched_off_is_not_scheduled(workplace: Path) -> None:
    assert [crawl.source.name for crawl in scheduled_crawls()] == ["board"]
    seed = workplace / "seeds" / "sources" / "board.yml"
    seed.write_text(seed.read_text(encoding="utf-8").replace("enabled: true", "enabled: false"), encoding="utf-8")
    assert scheduled_crawls() == []


@pytest.mark.parametrize(
    ("executors", "wanted"),
    [
        ("work:a.Work,render:a.Render", "render"), ("CeleryExecutor", None), ("", None), ("renderer:a.Render", None),
        ("a.b.RenderExecutor, render : a.Render", "render"),
    ],
)  # fmt: skip
def test_a_rendered_source_is_fetched_through_the_browsers_broker_where_there_is_one(
    executors: str, wanted: str | None, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no other source is."""
    monkeypatch.setenv(EXECUTORS, executors)
    drawn = (ROOT / "seeds" / "sources" / "sample_js_board.yml").read_bytes()
    (workplace / "seeds" / "sources" / "drawn.yml").write_bytes(drawn)
    placed = {crawl.source.name: crawl.placement["executor"] for crawl in scheduled_crawls()}
    assert placed == {"board": None, "drawn": wanted}


@pytest.mark.parametrize(
    ("work", "spared"),
    [
        (PARSE, {"ruamel.yaml", "tldextract", "requests", "numpy", "sqlalchemy", "enrichment.lexicon.lexicon"}),
        (
            FETCH,
            {"ruamel.yaml", "tldextract", "zxcvbn", "enrichment.assess", "index.load", "desk.digest", "desk.takedown", "scrapy"}
            | {"alembic", "numpy", "desk.cases.case_decisions", "crawlers.pages.document"},
        ),
    ],
    ids=["the Dag file", "a fetch task"],
)
def test_a_process_loads_what_it_needs_and_no_more(work: str, spared: set[str], workplace: Path) -> None:
    """Airflow starts one for each task, and parses the Dag files all day (docs/scale.md has the seconds)."""
    command = [sys.executable, "-c", LOADED.format(work=work)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert spared.intersection(done.stdout.split()) == set()
