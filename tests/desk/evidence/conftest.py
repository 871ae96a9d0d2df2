"""A sealed partition with three captures, and packs of its second."""

import hashlib
from datetime import UTC, datetime

import msgspec
import pytest

from crawlers.evidence import warc
from crawlers.evidence.partition import CAPTURES, POSTINGS, REJECTS, Report
from crawlers.items import Capture
from desk.custody.evidence_pack import pack

BODY = b"<html>passport kept</html>"


@pytest.fixture
def partition(tmp_path):
    """Return a sealed partition with three captures, and the capture of the second."""
    folder = tmp_path / "runs" / "sample" / "20261123T030000Z"
    folder.mkdir(parents=True)
    at, members, captures = warc.instant(datetime(2026, 11, 23, 3, tzinfo=UTC)), [], []
    for number in range(3):
        identity, shot = warc.record_id(), warc.record_id()
        body = BODY if number == 1 else f"<html>{number}</html>".encode()
        uri = ("WARC-Target-URI", f"https://board.example.org/jobs/{number}")
        block = warc.response_block("HTTP/1.1", 200, "OK", [(b"Content-Type", b"text/html")], body)
        members += [
            warc.record(
                "response",
                identity,
                at,
                [
                    uri,
                    ("Content-Type", "application/http; msgtype=response"),
                    ("WARC-Payload-Digest", f"sha256:{warc.sha256(body)}"),
                ],
                block,
            ),
            warc.record(
                "request",
                warc.record_id(),
                at,
                [uri, ("WARC-Concurrent-To", identity), ("Content-Type", "application/http; msgtype=request")],
                warc.request_block("GET", f"/jobs/{number}", "board.example.org", []),
            ),
            warc.record(
                "metadata",
                warc.record_id(),
                at,
                [uri, ("WARC-Concurrent-To", identity), ("Content-Type", "application/warc-fields")],
                warc.fields_block([("robots", "allowed: no rule")]),
            ),
            warc.record(
                "resource",
                shot,
                at,
                [("WARC-Target-URI", "urn:screenshot:x"), ("WARC-Concurrent-To", identity), ("Content-Type", "image/png")],
                b"png",
            ),
        ]
        captures.append(Capture(record_id=identity, sha256=warc.sha256(body), screenshot=shot))
    content = b"".join(members)
    files = {CAPTURES: content, POSTINGS: b"postings", REJECTS: b"rejects"}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    report = Report(
        source="sample",
        run_id=folder.name,
        state="ok",
        started_at=datetime(2026, 11, 23, 3, tzinfo=UTC),
        finished_at=datetime(2026, 11, 23, 4, tzinfo=UTC),
        fetched=3,
        parsed=3,
        digests={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        user_agent="LureWatch/0.1",
    )
    (folder / "report.json").write_bytes(msgspec.json.encode(report))
    return folder, captures[1]


@pytest.fixture
def packed(desk_db, record, partition, now):
    """Return a function that packs the item of the partition."""
    folder, capture = partition

    def do(**more):
        item = record(1, **({"partition": f"file://{folder}", "capture": capture} | more))
        return pack(desk_db, item, now=now, by="shell:test")

    return do
