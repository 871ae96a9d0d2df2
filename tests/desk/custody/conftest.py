"""A sealed partition with three captures, noted in the ledger, and packs of its second."""

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Engine

from crawlers.evidence import warc
from crawlers.evidence.kept_pages import parser_version
from crawlers.evidence.partition import CAPTURES, POSTINGS, REJECTS, REPORT, Report
from crawlers.evidence.run_signature import SIGNATURE, sign
from crawlers.items import Capture, Posting
from crawlers.pages import page_families
from desk.custody.evidence_pack import EvidencePack, pack
from desk.custody.sealed_partitions import note_partition
from index.base import Record, Revision
from index.history import text_sha256

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
"""The worker's; ``LISTED`` is the list of the keys that count."""
LISTED = b"worker@example.org " + KEY.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH) + b"\n"
AGENT = "LureWatch/0.1 (+https://lurewatch.example.org/bot)"
TEXT = "No experience. We pay flight and visa, passport kept at the office. Telegram @bright_hr_demo"


def page(text: str, number: int) -> bytes:
    """Return a page of one advert, as a person sees it."""
    return (
        f"<html><head><title>Chat operator {number}</title></head><body><main><h1>Chat operator {number}, Bavet, $1,500</h1>"
        f"<p>{text}</p></main></body></html>"
    ).encode()


def packed_lines(lines: bytes) -> bytes:
    """Return lines as a run writes them: one stream with a checksum at its end."""
    packer = zstandard.ZstdCompressor(level=3, write_checksum=True).compressobj()
    return packer.compress(lines) + packer.flush()


class Run(NamedTuple):
    """A sealed run, to be changed by a test."""

    folder: Path
    postings: list[Posting]

    @property
    def address(self) -> str:
        """Return its address."""
        return f"file://{self.folder}"

    def capture(self) -> Capture:
        """Return the capture of the second posting."""
        capture = self.postings[1].capture
        assert capture is not None
        return capture

    def put(self, name: str, content: bytes) -> None:
        """Change a file and its digest in the report, as somebody who hides it would."""
        (self.folder / name).write_bytes(content)
        self.report(lambda report: report["digests"].update({name: hashlib.sha256(content).hexdigest()}))

    def report(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the report, as somebody with the worker's key would."""
        report = json.loads((self.folder / REPORT).read_text())
        change(report)
        content = json.dumps(report, separators=(",", ":")).encode()
        (self.folder / REPORT).write_bytes(content)
        (self.folder / SIGNATURE).write_bytes(sign(content, KEY))

    def tell(self, *postings: Posting) -> None:
        """Change the postings, and their digest."""
        self.put(POSTINGS, packed_lines(b"".join(msgspec.json.encode(each) + b"\n" for each in postings)))


def records(number: int, body: bytes, *, identity: str, shot: str, image: bytes = b"png", agent: str = AGENT) -> bytes:
    """Return the WARC records of one visit, every digest computed as the crawler does."""
    at, uri = warc.instant(AT), ("WARC-Target-URI", f"https://board.example.org/jobs/{number}")
    beside = ("WARC-Concurrent-To", identity)
    digest = ("WARC-Payload-Digest", f"sha256:{warc.sha256(body)}")
    block = warc.response_block("HTTP/1.1", 200, "OK", [(b"Content-Type", b"text/html; charset=utf-8")], body)
    asked = [uri, beside, ("Content-Type", "application/http; msgtype=request")]
    request = warc.request_block("GET", f"/jobs/{number}", "board.example.org", [])
    about = warc.fields_block([("robots", "allowed: no rule"), ("collector", agent)])
    shown = [
        ("WARC-Target-URI", "urn:screenshot:x"), beside, ("Content-Type", "image/png"),
        ("WARC-Payload-Digest", f"sha256:{warc.sha256(image)}"),
    ]  # fmt: skip
    return b"".join((
        warc.record("response", identity, at, [uri, ("Content-Type", "application/http; msgtype=response"), digest], block),
        warc.record("request", warc.record_id(), at, asked, request),
        warc.record("metadata", warc.record_id(), at, [uri, beside, ("Content-Type", "application/warc-fields")], about),
        warc.record("resource", shot, at, shown, image),
    ))  # fmt: skip


@pytest.fixture
def partition(tmp_path: Path) -> Run:
    """Return a sealed partition with three captures."""
    return seal_run(tmp_path / "runs" / "sample_board" / "20261123T030000Z")


def seal_run(folder: Path, text: str = TEXT) -> Run:
    """Seal a run of three captures, of which the second says ``text``; sign it with the worker's key."""
    folder.mkdir(parents=True)
    members, postings = [], []
    for number in range(3):
        identity, shot = warc.record_id(), warc.record_id()
        body = page(text if number == 1 else f"Kitchen help number {number}, day shift, contract and insurance.", number)
        members.append(records(number, body, identity=identity, shot=shot))
        read = page_families.parse(body.decode(), f"https://board.example.org/jobs/{number}", source="sample_board", now=AT)
        capture = Capture(record_id=identity, sha256=warc.sha256(body), screenshot=shot, captured_at=AT)
        postings.append(msgspec.structs.replace(read.postings[0], capture=capture, fetched_at=AT))
    lines = b"".join(msgspec.json.encode(posting) + b"\n" for posting in postings)
    files = {CAPTURES: b"".join(members), POSTINGS: packed_lines(lines), REJECTS: packed_lines(b"")}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    report = Report(
        source="sample_board", run_id=folder.name, state="ok", started_at=AT, finished_at=AT, fetched=3, parsed=3,
        digests={name: hashlib.sha256(data).hexdigest() for name, data in files.items()}, user_agent=AGENT,
        versions={"parser": parser_version(), "seeds": "ab" * 20},
    )  # fmt: skip
    run = Run(folder, postings)
    (folder / REPORT).write_bytes(msgspec.json.encode(report))
    run.report(lambda _: None)
    return run


@pytest.fixture
def noted(desk_db: Engine, partition: Run) -> Run:
    """Return the partition, noted in the ledger when it was sealed."""
    note_partition(desk_db, partition.address, by="system", now=AT)
    return partition


def indexed(record: Callable[..., Record], run: Run, posting: Posting, **more: Any) -> Record:
    """Return a posting as the index has it."""
    raw = f"{posting.title or ''}\n{posting.text}"
    made = record(1, title=posting.title, text=posting.text, partition=run.address, **more)
    at = raw.find("passport kept")
    signals = tuple(msgspec.structs.replace(each, start=at, end=at + 13) for each in made.assessment.signals if at >= 0)
    revision = Revision(
        revision=1, change="first_seen", at=AT, run_id=run.folder.name,
        text_sha256=text_sha256(posting.title, posting.text), title=posting.title, text=posting.text,
    )  # fmt: skip
    assessment = msgspec.structs.replace(made.assessment, id=posting.id, signals=signals)
    return msgspec.structs.replace(
        made, id=posting.id, posting=posting, assessment=assessment, run_id=run.folder.name, revisions=(revision,)
    )


@pytest.fixture
def packed(desk_db: Engine, record: Callable[..., Record], noted: Run, now: datetime) -> Callable[..., EvidencePack]:
    """Return a function that packs the second item of the partition; fields of its record and posting may be given."""

    def do(*, posting: Posting | None = None, by: str = "shell:test", seeds: str = "", **more: Any) -> EvidencePack:
        item = indexed(record, noted, posting or noted.postings[1])
        return pack(desk_db, msgspec.structs.replace(item, **more), now=now, by=by, seeds=seeds, signers=LISTED)

    return do


def copied(run: Run, run_id: str) -> Run:
    """Return a copy of a run under another id."""
    folder = run.folder.parent / run_id
    shutil.copytree(run.folder, folder)
    (folder / REPORT).chmod(0o644)
    other = Run(folder, run.postings)
    other.report(lambda report: report.update(run_id=run_id))
    return other
