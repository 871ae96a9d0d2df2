"""An evidence pack proves its item to a stranger, and is never made from evidence that was changed."""

import hashlib
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import msgspec
import pytest
from click.testing import CliRunner

from crawlers import warc
from crawlers.items import Capture
from crawlers.partition import CAPTURES, Report
from desk import audit
from desk.database import writing
from desk.evidence import pack as packing
from desk.evidence.pack import EvidenceError, pack, written
from index.sqlite import SqliteStore
from lurewatch.cli import cli

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
    (folder / CAPTURES).write_bytes(content)
    report = Report(
        source="sample",
        run_id=folder.name,
        state="ok",
        started_at=datetime(2026, 11, 23, 3, tzinfo=UTC),
        finished_at=datetime(2026, 11, 23, 4, tzinfo=UTC),
        fetched=3,
        parsed=3,
        digests={CAPTURES: hashlib.sha256(content).hexdigest()},
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


def unpacked(packed, into):
    path = written(packed, into)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(into)
    return next(into.glob("lurewatch-evidence-*/"))


def test_a_stranger_verifies_it_with_sha256sum_gzip_and_warcio(packed, tmp_path):
    folder = unpacked(packed(), tmp_path / "out")
    for command in (
        ["sha256sum", "-c", "SHA256SUMS"],
        ["gzip", "-t", "item.warc.gz"],
        [sys.executable, "-m", "warcio.cli", "check", "-v", "item.warc.gz"],
    ):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_it_holds_the_records_of_its_item_and_no_other(packed, tmp_path, partition):
    folder = unpacked(packed(), tmp_path / "out")
    original = (partition[0] / CAPTURES).read_bytes()
    content = (folder / "item.warc.gz").read_bytes()
    assert content in original
    assert json.loads((folder / "manifest.json").read_text())["warc_records"] == ["response", "request", "metadata", "resource"]


def test_packing_is_noted_with_the_digest_of_the_archive(packed, desk_db):
    made = packed()
    assert made.sha256 == hashlib.sha256(made.content).hexdigest()
    with desk_db.connect() as connection:
        entry = next(audit.entries(connection, newest=1))
    assert (entry.action, json.loads(entry.detail)) == ("evidence_packed", {"sha256": made.sha256})


@pytest.mark.parametrize("place", [0, 40, 200, -1])
def test_evidence_that_was_changed_is_refused(packed, partition, place):
    path = partition[0] / CAPTURES
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(EvidenceError, match="was changed after"):
        packed()


def test_evidence_that_was_cut_or_is_gone_is_refused(packed, partition):
    path = partition[0] / CAPTURES
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(EvidenceError, match="was changed after"):
        packed()
    path.unlink()
    with pytest.raises(EvidenceError, match="cannot be read"):
        packed()


def test_what_was_never_captured_cannot_be_packed(packed, partition):
    with pytest.raises(EvidenceError, match="no capture"):
        packed(capture=None)
    with pytest.raises(EvidenceError, match="is not in it"):
        packed(capture=Capture(record_id=warc.record_id(), sha256="0" * 64))
    with pytest.raises(EvidenceError, match="does not match its digest"):
        packed(capture=msgspec.structs.replace(partition[1], sha256="0" * 64))


def test_hostile_page_text_makes_no_file_name(packed, tmp_path):
    made = packed(title="../../etc/passwd", native_id="../x", author="/tmp/x")
    with zipfile.ZipFile(written(made, tmp_path / "out")) as archive:
        names = archive.namelist()
    assert all(name.startswith(f"lurewatch-evidence-{made.item_id}/") and ".." not in name for name in names)


def test_a_page_that_had_not_changed_is_proven_by_the_run_that_kept_it(packed, partition, tmp_path):
    folder, capture = partition
    newer = folder.parent / "20261124T030000Z"
    made = packed(partition=f"file://{newer}", capture=msgspec.structs.replace(capture, run=folder.name))
    manifest = json.loads((unpacked(made, tmp_path / "out") / "manifest.json").read_text())
    assert (manifest["partition"], manifest["seen_again_in"]) == (f"file://{folder}", f"file://{newer}")


def test_reading_captures_leaves_analysts_free_to_decide(packed, desk_db, now, monkeypatch, tmp_path):
    """Captures may be large and far away; what is noted meanwhile stands in the pack."""
    fetched = packing._fetched

    def meanwhile(*args):
        with writing(desk_db) as connection:
            audit.append(connection, at=now, actor="minh", action="confirm", subject="another item")
        fetched(*args)

    monkeypatch.setattr(packing, "_fetched", meanwhile)
    made = packed()
    custody = json.loads((unpacked(made, tmp_path / "out") / "custody.json").read_text())
    assert custody["head"].startswith("1:")
    with desk_db.connect() as connection:
        assert [entry.action for entry in audit.entries(connection)] == ["confirm", "evidence_packed"]
        assert audit.verify(audit.entries(connection), custody["head"]).fault is None


def test_a_folder_that_cannot_be_written_is_named_with_the_fix(desk_db, record, partition, tmp_path, monkeypatch, seeds):
    folder, capture = partition
    item = record(1, partition=f"file://{folder}", capture=capture)
    store = SqliteStore(tmp_path / "index.sqlite")
    store.put([item])
    store.close()
    settings = {"DATABASE": desk_db.url.render_as_string(), "STORE": f"{tmp_path}/index.sqlite", "SEEDS": str(seeds)}
    for name, value in settings.items():
        monkeypatch.setenv(f"LUREWATCH_{name}", value)
    (tmp_path / "taken").write_text("not a folder")
    done = CliRunner().invoke(cli, ["evidence", "pack", item.id, "--into", str(tmp_path / "taken" / "x")])
    assert done.exit_code == 1
    assert "taken/x: cannot be written" in done.output
