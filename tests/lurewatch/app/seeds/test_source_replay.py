"""A changed source file is tried on pages that its newest run kept; no site is asked."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import zstandard

from crawlers.evidence import warc
from crawlers.evidence.partition import CAPTURES, POSTINGS, REPORT, Report
from crawlers.items import Capture
from crawlers.pages import page_families
from crawlers.sources.source import load_source
from crawlers.sources.source_edit import draft_source
from lurewatch.app.seeds.source_replay import PAGES, replay_source
from lurewatch.settings import Settings

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)


def page(number: int) -> str:
    fact = {"@type": "JobPosting", "title": f"Cook {number}", "description": "We look for a cook who can stay.",
            "datePosted": "2026-11-20", "hiringOrganization": {"name": "Kitchen"}}  # fmt: skip
    return (
        f'<html><head><script type="application/ld+json">{json.dumps(fact)}</script></head>'
        f"<body><h1>Cook {number}</h1><p class=town>Huế {number}</p></body></html>"
    )


@pytest.fixture
def crawled(settings: Settings) -> Settings:
    """Return the settings after a run of the source ``board`` that kept three pages."""
    folder = Path(settings.runs) / "board" / "20261123T030000Z"
    folder.mkdir(parents=True)
    members, lines = [], []
    for number in range(3):
        url, body, identity = f"http://127.0.0.1:8101/jobs/{number}", page(number).encode(), warc.record_id()
        block = warc.response_block("HTTP/1.1", 200, "OK", [(b"Content-Type", b"text/html")], body)
        fields = [("WARC-Target-URI", url), ("Content-Type", "application/http; msgtype=response")]
        members.append(warc.record("response", identity, warc.instant(AT), fields, block))
        (posting,) = page_families.parse(body.decode(), url, source="board", now=AT).postings
        capture = Capture(record_id=identity, sha256=hashlib.sha256(body).hexdigest())
        lines.append(msgspec.json.encode(msgspec.structs.replace(posting, capture=capture, fetched_at=AT)))
    (folder / CAPTURES).write_bytes(b"".join(members))
    (folder / POSTINGS).write_bytes(zstandard.compress(b"\n".join(lines) + b"\n"))
    report = Report(source="board", run_id=folder.name, state="ok", started_at=AT, finished_at=AT, fetched=3, parsed=3)
    (folder / REPORT).write_bytes(msgspec.json.encode(report))
    return settings


def text_of(settings: Settings) -> str:
    return (settings.seeds / "sources" / "board.yml").read_text(encoding="utf-8")


def test_the_same_file_reads_the_same(crawled: Settings) -> None:
    replay = replay_source(crawled.runs, draft_source("board", text_of(crawled)))
    assert (replay.run, replay.pages, replay.adverts_before, replay.adverts_after) == ("20261123T030000Z", 3, 3, 3)
    assert replay.changes == () and ("company", 1.0, 1.0) in replay.filled and ("location", 0.0, 0.0) in replay.filled


def test_a_changed_selector_shows_what_it_reads_instead(crawled: Settings) -> None:
    text = text_of(crawled).replace("  max_pages: 5", '  max_pages: 5\n  fields: {location: ".town"}')
    replay = replay_source(crawled.runs, draft_source("board", text))
    assert ("location", 0.0, 1.0) in replay.filled
    assert [(change.field, change.before, change.after) for change in replay.changes] == [
        ("location", "", f"Huế {number}") for number in range(3)
    ]


def test_a_file_that_reads_no_advert_any_more_says_so(crawled: Settings) -> None:
    text = text_of(crawled).replace("  spider: board", "  spider: board\n  page: forum")
    replay = replay_source(crawled.runs, draft_source("board", text))
    assert replay.adverts_after == 0 and {change.field for change in replay.changes} == {"the advert"}


def test_without_kept_pages_it_says_what_to_do(settings: Settings, seeds: Path) -> None:
    assert "`lurewatch sources try` asks" in replay_source(settings.runs, draft_source("board", text_of(settings))).note
    api = next(source for source in map(load_source, sorted((seeds / "sources").glob("*.yml"))) if source.crawl.json_paths)
    assert f"`lurewatch sources try {api.name}`" in replay_source(settings.runs, api).note


def test_the_pages_that_are_read_are_bounded() -> None:
    assert PAGES <= 50
