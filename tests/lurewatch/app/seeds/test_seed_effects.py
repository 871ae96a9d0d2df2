"""What a change does is told over the kept runs, with its number; what finds, keeps or tells less is named first."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import zstandard

from crawlers.evidence.partition import POSTINGS, REPORT, Report
from crawlers.items import Posting
from lurewatch.app.in_force import replace_seeds
from lurewatch.app.seeds.seed_effects import find_effects
from tests.seed_house import SeedHouse

TEXT = "Typist wanted in Sihanoukville, free ticket and visa, we hold your passport, nobody leaves before the debt is paid"
AGO = datetime.now(UTC) - timedelta(days=40)


@pytest.fixture
def crawled(house: SeedHouse) -> SeedHouse:
    """Return the house after a run of ``board`` that brought four adverts forty days ago."""
    folder = Path(house.settings.runs) / "board" / "20261023T030000Z"
    folder.mkdir(parents=True)
    adverts = [
        Posting(id=str(number), source="board", url=f"https://board.example.org/jobs/{kind}-{number}.html", text=TEXT)
        for number, kind in enumerate(("typing", "typing", "cooking", "cooking"))
    ]
    lines = b"".join(msgspec.json.encode(each) + b"\n" for each in adverts)
    (folder / POSTINGS).write_bytes(zstandard.compress(lines))
    report = Report(
        source="board", run_id=folder.name, state="ok", started_at=AGO, finished_at=AGO, fetched=4, parsed=4, requests=9
    )  # fmt: skip
    (folder / REPORT).write_bytes(msgspec.json.encode(report))
    return house


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("enabled: true", "enabled: false", "board is switched off: 4 adverts of its newest run are not found any more"),
        ("[/jobs/internal-*]", "[/jobs/typing-*]", "board: 2 of the 4 adverts of its newest run are left out"),
        ("  max_pages: 5", "  include: [/jobs/typing-*]\n  max_pages: 5", "board: 2 of the 4 adverts of its newest run are left"),
        ("requests_per_run: 200", "requests_per_run: 3", "board: 3 requests a run; its newest run made 9 for 4 adverts"),
        ("retention_days: 365", "retention_days: 30", "board: kept 30 days, 365 before: 4 of 4 adverts are erased"),
        ("abuse@board.example.org", "abuse@evil.example", "4 adverts of board are told to board (abuse@evil.example), to board"),
        (r"/jobs/[a-z0-9-]+\.html$", r"/jobs/cooking-[0-9]+\.html$", "2 adverts of board are told to nobody, to board"),
        ("follow: \"article.job-card h2 a\"", 'follow: "h6 a"', "board: crawl.follow: article.job-card h2 a -> h6 a; 4 adverts"),
    ],
)  # fmt: skip
def test_what_reduces_is_named_first_with_its_number(crawled: SeedHouse, old: str, new: str, told: str) -> None:
    before = crawled.in_force()
    crawled.edit("sources/board.yml", old, new)
    effects = find_effects(before, replace_seeds(before, crawled.seeds), before.runs)
    assert [each for each in effects.reduces if each.startswith(told)], effects


def test_words_that_people_read_reduce_nothing_and_a_removed_source_does(crawled: SeedHouse) -> None:
    before = crawled.in_force()
    crawled.edit("sources/board.yml", "summary: Job board", "summary: Board")
    effects = find_effects(before, replace_seeds(before, crawled.seeds), before.runs)
    assert effects.reduces == [] and effects.other[0].startswith("board: summary: Job board")
    crawled.board.unlink()
    effects = find_effects(before, replace_seeds(before, crawled.seeds), before.runs)
    assert "board is removed: 4 adverts of its newest run are not found any more" in effects.reduces


def test_adverts_that_removed_rules_spare_are_counted(crawled: SeedHouse) -> None:
    before = crawled.in_force()
    for file in (crawled.seeds / "lures" / "en").glob("*.yml"):
        if file.name not in ("channel.yml", "voice.yml"):
            file.unlink()
    effects = find_effects(before, replace_seeds(before, crawled.seeds), before.runs, texts=4)
    assert any("active phrases are looked for no longer" in each for each in effects.reduces)
    assert effects.reduces[0].startswith("4 adverts fewer are flagged, of 4 kept texts judged anew: "), effects
