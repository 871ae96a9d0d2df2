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
from warcio.archiveiterator import ArchiveIterator

from crawlers.evidence import warc
from crawlers.evidence.partition import CAPTURES, POSTINGS, REJECTS, REPORT
from crawlers.items import Capture, Media
from desk.custody import audit
from desk.custody import evidence_pack as packing
from desk.custody.evidence_pack import EvidenceError, written
from desk.custody.ledger_check import check_ledger
from desk.database import writing
from index.sqlite.store import SqliteStore
from lurewatch.cli.contents import cli
from tests.desk.evidence.conftest import BODY


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
    detail = json.loads(entry.detail)
    assert (entry.action, detail["sha256"], detail["audit_head"]) == ("evidence_packed", made.sha256, f"0:{audit.GENESIS}")
    with desk_db.connect() as connection:
        assert check_ledger(connection).faults == ()


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


def reported(folder, change):
    """Change the sealed report of a partition."""
    path = folder / REPORT
    report = json.loads(path.read_text())
    change(report)
    path.write_text(json.dumps(report))


@pytest.mark.parametrize("name", [CAPTURES, POSTINGS, REJECTS])
@pytest.mark.parametrize("digest", [None, "", "x" * 64])
def test_a_report_without_a_digest_vouches_for_nothing(packed, partition, name, digest):
    """Somebody who changes a file can take its digest out of the report too."""
    changed = {} if digest is None else {name: digest}
    reported(partition[0], lambda report: (report["digests"].pop(name), report["digests"].update(changed)))
    with pytest.raises(EvidenceError, match=rf"report\.json: has no digest of {name}"):
        packed()


@pytest.mark.parametrize("name", [POSTINGS, REJECTS])
def test_a_file_beside_the_captures_that_was_changed_is_refused(packed, partition, name):
    (partition[0] / name).write_bytes(b"other")
    with pytest.raises(EvidenceError, match=f"{name}: was changed after"):
        packed()


@pytest.mark.parametrize(("header", "words"), [(None, "is missing"), ("sha256:" + "0" * 64, "differs from its body")])
def test_a_capture_whose_own_digest_is_missing_or_differs_is_refused(packed, partition, header, words):
    """Every other digest fits: the partition was written so, or computed anew."""
    folder, capture = partition
    uri = ("WARC-Target-URI", "https://board.example.org/jobs/1")
    fields = [uri, ("Content-Type", "application/http; msgtype=response")]
    fields += [("WARC-Payload-Digest", header)] if header else []
    block = warc.response_block("HTTP/1.1", 200, "OK", [(b"Content-Type", b"text/html")], BODY)
    at = warc.instant(datetime(2026, 11, 23, 3, tzinfo=UTC))
    content = warc.record("response", capture.record_id, at, fields, block)
    (folder / CAPTURES).write_bytes(content)
    reported(folder, lambda report: report["digests"].update({CAPTURES: hashlib.sha256(content).hexdigest()}))
    with pytest.raises(EvidenceError, match=f"payload digest of record {capture.record_id} {words}"):
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

    def meanwhile(partition, name, *args):
        if name == CAPTURES:
            with writing(desk_db) as connection:
                audit.append(connection, at=now, actor="minh", action="confirm", subject="another item")
        fetched(partition, name, *args)

    monkeypatch.setattr(packing, "_fetched", meanwhile)
    made = packed()
    custody = json.loads((unpacked(made, tmp_path / "out") / "custody.json").read_text())
    assert custody["head"].startswith("1:")
    with desk_db.connect() as connection:
        assert [entry.action for entry in audit.entries(connection)] == ["confirm", "evidence_packed"]
        assert audit.verify(audit.entries(connection), [audit.anchor_of(custody["head"], "a pack")]).fault is None


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


def test_the_pictures_of_an_item_are_in_its_pack_and_a_lost_one_is_named(packed, partition, tmp_path):
    with (partition[0] / CAPTURES).open("rb") as file:
        responses = [record for record in ArchiveIterator(file) if record.rec_type == "response"]
        names = [record.rec_headers["WARC-Record-ID"] for record in responses]
    shown = Capture(record_id=names[2], sha256=warc.sha256(b"<html>2</html>"))
    media = (
        Media(url="https://board.example.org/p.jpg", kind="image", capture=shown),
        Media(url="https://board.example.org/lost.jpg", kind="image", capture=msgspec.structs.replace(shown, run="gone")),
    )
    folder = unpacked(packed(media=media), tmp_path / "out")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["warc_records"].count("response") == 2
    assert manifest["pictures_not_packed"] == ["https://board.example.org/lost.jpg"]
