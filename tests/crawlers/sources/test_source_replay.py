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
from crawlers.sources.source_edit import draft_source
from crawlers.sources.source_replay import PAGES, replay_source

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)


def page(number: int) -> str:
    fact = {"@type": "JobPosting", "title": f"Cook {number}", "description": "We look for a cook who can stay.",
            "datePosted": "2026-11-20", "hiringOrganization": {"name": "Kitchen"}}  # fmt: skip
    return (
        f'<html><head><script type="application/ld+json">{json.dumps(fact)}</script></head>'
        f"<body><h1>Cook {number}</h1><p class=town>Huế {number}</p></body></html>"
    )


@pytest.fixture
def runs(tmp_path: Path) -> str:
    """Return the folder of a run of the source ``board`` that kept three pages."""
    folder = tmp_path / "board" / "20261123T030000Z"
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
    return str(tmp_path)


@pytest.fixture
def text(seeds: Path) -> str:
    """Return the file of the source."""
    return (seeds / "sources" / "sample_board.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "adverts", "location"), [("", 3, 0.0), ('\n  fields: {location: ".town"}', 3, 1.0), ("\n  page: forum", 0, 0.0)]
)
def test_a_changed_file_is_read_on_the_kept_pages(runs: str, text: str, change: str, adverts: int, location: float) -> None:
    text = text.replace("  max_pages: 5", f"  max_pages: 5{change}")
    replay = replay_source(runs, draft_source("board", text))
    assert (replay.pages, replay.adverts_before, replay.adverts_after) == (3, 3, adverts)
    assert ("location", 0.0, location) in replay.filled and PAGES <= 50


def test_without_kept_pages_nothing_is_read(tmp_path: Path, text: str) -> None:
    assert replay_source(str(tmp_path), draft_source("board", text)).pages == 0
