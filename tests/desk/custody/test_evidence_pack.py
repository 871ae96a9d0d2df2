"""An evidence pack proves its item to a stranger, and is never made from evidence that was changed."""

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from datetime import timedelta

import msgspec
import pytest
import zstandard
from click.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator

from crawlers.evidence import warc
from crawlers.evidence.partition import CAPTURES, POSTINGS, REJECTS, REPORT
from crawlers.evidence.run_signature import SIGNERS
from crawlers.items import Capture, Media
from desk.custody import audit, kept_records
from desk.custody.evidence_pack import pack, write_pack
from desk.custody.kept_records import EvidenceError
from desk.custody.ledger_check import check_ledger
from desk.custody.sealed_partitions import note_partition
from desk.database import writing
from foundation.crawl_errors import PartitionDamaged
from index.base import Revision
from index.history import text_sha256
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.cli.contents import cli
from tests.desk.conftest import PASSWORD
from tests.desk.custody.conftest import AGENT, AT, LISTED, TEXT, copied, indexed, page, records


def unpacked(packed, into):
    path = write_pack(packed, into)
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


def test_it_holds_the_records_of_its_item_and_no_other(packed, tmp_path, noted):
    folder = unpacked(packed(seeds="cd" * 20), tmp_path / "out")
    original = (noted.folder / CAPTURES).read_bytes()
    content = (folder / "item.warc.gz").read_bytes()
    assert content in original
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["seeds"] == {"run": "ab" * 20, "now": "cd" * 20}
    assert manifest["warc_records"] == ["response", "request", "metadata", "resource"]
    assert (folder / "report.json").read_bytes() == (noted.folder / REPORT).read_bytes()
    assert manifest["derivation"] == "the parsers read the same from the kept pages again"
    entry = manifest["ledger"]["sample_board/20261123T030000Z"]
    assert (entry["entry"], entry["noted_at"]) == (1, AT.isoformat())


def test_packing_is_noted_with_the_digest_of_the_archive(packed, desk_db):
    made = packed()
    assert made.sha256 == hashlib.sha256(made.content).hexdigest()
    with desk_db.connect() as connection:
        entry = next(audit.entries(connection, newest=1))
        assert check_ledger(connection).faults == ()
    detail = json.loads(entry.detail)
    assert (entry.action, detail["sha256"], detail["audit_head"][:2]) == ("evidence_packed", made.sha256, "1:")
    assert detail["partition"] == "sample_board/20261123T030000Z"


@pytest.mark.parametrize("place", [0, 40, 200, -1])
def test_evidence_that_was_changed_is_refused(packed, noted, place):
    path = noted.folder / CAPTURES
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(EvidenceError, match="was changed after"):
        packed()


def test_evidence_that_was_cut_or_is_gone_is_refused(packed, noted):
    path = noted.folder / CAPTURES
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(EvidenceError, match="was changed after"):
        packed()
    path.unlink()
    with pytest.raises(EvidenceError, match="cannot be read"):
        packed()


def told(run):
    """Return a run whose second advert promises something else in every file, all digests computed again."""
    said = TEXT.replace("passport kept", "passport safe")
    posting = msgspec.structs.replace(run.postings[1], text=run.postings[1].text.replace(TEXT, said))
    capture = run.capture()
    body = page(said, 1)
    run.put(CAPTURES, records(1, body, identity=capture.record_id, shot=capture.screenshot))
    posting = msgspec.structs.replace(posting, capture=msgspec.structs.replace(capture, sha256=warc.sha256(body)))
    run.tell(posting)
    return posting


def other_body(run):
    capture = run.capture()
    body = page(TEXT.replace("passport kept", "passport safe"), 1)
    run.put(CAPTURES, records(1, body, identity=capture.record_id, shot=capture.screenshot))
    return msgspec.structs.replace(run.postings[1], capture=msgspec.structs.replace(capture, sha256=warc.sha256(body)))


def other_screenshot(run):
    capture = run.capture()
    run.put(CAPTURES, records(1, page(TEXT, 1), identity=capture.record_id, shot=capture.screenshot, image=b"another"))


def other_agent(run):
    run.report(lambda report: report.update(user_agent="curl/8"))


def fewer_postings(run):
    run.tell(run.postings[1])


AFTERWARDS = {
    "every file": (told, "the digest of captures.warc.gz, the digest of postings.jsonl.zst"),
    "body, digests and record": (other_body, "the digest of captures.warc.gz"),
    "screenshot": (other_screenshot, "the digest of captures.warc.gz"),
    "user agent": (other_agent, "its user agent"),
    "postings left out": (fewer_postings, "the digest of postings.jsonl.zst"),
    "rejects": (lambda run: run.put(REJECTS, zstandard.compress(b"{}")), "the digest of rejects.jsonl.zst"),
    "when it was": (lambda run: run.report(lambda report: report.update(finished_at="2026-01-01T00:00:00Z")), "its finished at"),
    "counts": (lambda run: run.report(lambda report: report.update(fetched=4, duplicate=1)), "its fetched, its duplicate"),
    "no digests": (lambda run: run.report(lambda report: report.update(digests={})), "the digest of captures.warc.gz"),
    "its source file": (lambda run: run.report(lambda report: report.update(versions={})), "its versions"),
    "a blank": (lambda run: (run.folder / REPORT).write_bytes((run.folder / REPORT).read_bytes() + b" "), "its wording"),
}


@pytest.mark.parametrize(("change", "words"), AFTERWARDS.values(), ids=AFTERWARDS)
def test_what_was_changed_after_it_was_noted_is_refused_and_named(packed, noted, change, words):
    """Every digest inside the partition was computed again; the ledger has the ones of the day it was sealed."""
    change(noted)
    with pytest.raises(
        EvidenceError, match="differs from the report that entry 1 of the ledger noted on 2026-11-23T03:00"
    ) as said:
        packed()
    assert words in str(said.value)


def test_the_ledger_notes_no_run_that_lies_in_the_folder_of_another(desk_db, partition, now):
    """It noted a copy under another name as a run that never was, and `users audit` called the log whole."""
    other = partition.folder.with_name("20261124T030000Z")
    shutil.copytree(partition.folder, other)
    with pytest.raises(PartitionDamaged, match="says that it is run 20261123T030000Z of sample_board"):
        note_partition(desk_db, f"file://{other}", by="system", now=now)


@pytest.fixture
def packed_late(desk_db, record, partition, now):
    """Return a function that changes a partition, lets the ledger note it as it is then, and packs its second item."""

    def do(change):
        posting = change(partition) or partition.postings[1]
        partition.tell(partition.postings[0], posting)
        note_partition(desk_db, partition.address, by="system", now=now)
        return pack(desk_db, indexed(record, partition, posting), now=now, by="shell:test", signers=LISTED)

    return do


def altered(**fields):
    return lambda run: msgspec.structs.replace(run.postings[1], **fields)


def swapped(run):
    """Return the advert with the capture of another."""
    return msgspec.structs.replace(run.postings[1], capture=run.postings[0].capture)


BEFORE = {
    "text": (altered(text=f"{TEXT} Interview abroad."), "text of"),
    "a word of the text": (altered(text=TEXT.replace("No experience", "Experience")), "text of"),
    "a line left out": (altered(text="No experience."), "text of"),
    "title": (altered(title="Scam compound"), "title of"),
    "url": (altered(url="https://other.example.org/jobs/9"), "url of"),
    "company": (altered(company="Example Holding"), "the same parsers|do not show"),
    "another advert's capture": (swapped, "do not show what the posting says"),
    "body": (other_body, "text of"),
    "user agent": (other_agent, f"collected by '{AGENT[:9]}"),
    "another page in its record": (
        lambda run: run.put(CAPTURES, records(1, b"x", identity=run.capture().record_id, shot="<urn:uuid:0>")),
        "do not show what the posting says: title",
    ),
    "no screenshot": (
        lambda run: run.put(CAPTURES, records(1, page(TEXT, 1), identity=run.capture().record_id, shot=warc.record_id())),
        "the screenshot, record",
    ),
}


@pytest.mark.parametrize(("change", "words"), BEFORE.values(), ids=BEFORE)
def test_what_was_changed_before_it_was_noted_is_refused_when_the_pages_say_otherwise(packed_late, change, words):
    """The ledger vouches for it only from its note on; the posting is derived from the captures again."""
    with pytest.raises(EvidenceError, match=words):
        packed_late(change)


def test_a_posting_of_other_parsers_must_stand_in_the_pages_and_both_versions_are_named(packed_late, tmp_path):
    """Parsers evolve: an older one read the text without its last sentence."""

    def older(run):
        run.report(lambda report: report.update(versions={"parser": "a" * 64}))
        return msgspec.structs.replace(run.postings[1], text=run.postings[1].text.replace(" Telegram @bright_hr_demo", ""))

    manifest = json.loads((unpacked(packed_late(older), tmp_path / "out") / "manifest.json").read_text())
    assert manifest["derivation"].startswith("title, text and address stand in the kept pages (parsers: aaaaaaaaaaaa then, ")
    assert manifest["derivation"].endswith("read otherwise now: text)")


def test_what_no_page_shows_is_refused_whoever_read_it(packed_late):
    def older(run):
        run.report(lambda report: report.update(versions={}))
        return msgspec.structs.replace(run.postings[1], text=f"{TEXT}\nYou cannot leave.")

    with pytest.raises(EvidenceError, match=r"do not show what the posting says: text: 'You cannot leave.'"):
        packed_late(older)


INDEX = {
    "text": (altered(text=f"{TEXT} You cannot leave."), "text in the index differ from what file:"),
    "title": (altered(title="Scam compound"), "title in the index differ"),
    "url": (altered(url="https://board.example.org/jobs/2"), "url in the index differ"),
    "contacts": (altered(contacts=("https://t.me/somebody_else",)), "contacts in the index differ"),
    "capture": (swapped, "capture in the index differ"),
    "deleted": (altered(deleted=True), "deleted in the index differ"),
    "another posting": (altered(id="0" * 32), "is not in file:"),
}


@pytest.mark.parametrize(("change", "words"), INDEX.values(), ids=INDEX)
def test_what_was_changed_in_the_index_alone_is_refused_and_named(packed, noted, change, words):
    with pytest.raises(EvidenceError, match=words):
        packed(posting=change(noted))


def test_a_revision_or_a_reason_that_was_changed_in_the_index_is_refused(packed, noted, record):
    item = indexed(record, noted, noted.postings[1])
    forged = msgspec.structs.replace(item.revisions[0], text="x")
    with pytest.raises(EvidenceError, match="revision 1 does not match its digest"):
        packed(revisions=(forged,))
    forged = msgspec.structs.replace(forged, text_sha256=text_sha256(forged.title, "x"))
    with pytest.raises(EvidenceError, match="its newest revision says something else"):
        packed(revisions=(forged,))
    with pytest.raises(EvidenceError, match=r"revision 1 in the index is not what .* says"):
        packed(revisions=(forged, msgspec.structs.replace(item.revisions[0], revision=2, change="edited")))
    signals = tuple(msgspec.structs.replace(signal, text="debt bondage") for signal in item.assessment.signals)
    with pytest.raises(EvidenceError, match="documents_held is said to stand at"):
        packed(assessment=msgspec.structs.replace(item.assessment, signals=signals))


def test_a_run_the_ledger_never_noted_is_refused_with_the_command_that_notes_it(desk_db, record, partition, now):
    with pytest.raises(EvidenceError, match=rf"no note of this run, .* `lurewatch load {partition.address}` notes it"):
        pack(desk_db, indexed(record, partition, partition.postings[1]), now=now, by="shell:test", signers=LISTED)


@pytest.mark.parametrize("name", [CAPTURES, POSTINGS, REJECTS])
@pytest.mark.parametrize("digest", [None, "", "x" * 64])
def test_a_report_without_a_digest_vouches_for_nothing(desk_db, record, partition, now, name, digest):
    """Somebody who changes a file can take its digest out of the report too."""
    changed = {} if digest is None else {name: digest}
    partition.report(lambda report: (report["digests"].pop(name), report["digests"].update(changed)))
    note_partition(desk_db, partition.address, by="system", now=now)
    with pytest.raises(EvidenceError, match=rf"report\.json: has no digest of {name}"):
        pack(desk_db, indexed(record, partition, partition.postings[1]), now=now, by="shell:test", signers=LISTED)


@pytest.mark.parametrize("name", [POSTINGS, REJECTS])
def test_a_file_beside_the_captures_that_was_changed_is_refused(packed, noted, name):
    (noted.folder / name).write_bytes(b"other")
    with pytest.raises(EvidenceError, match=f"{name}: was changed after"):
        packed()


@pytest.mark.parametrize(("header", "words"), [(None, "is missing"), ("sha256:" + "0" * 64, "differs from its body")])
def test_a_capture_whose_own_digest_is_missing_or_differs_is_refused(packed_late, header, words):
    """Every other digest fits: the partition was written so, or computed anew."""

    def change(run):
        uri = ("WARC-Target-URI", "https://board.example.org/jobs/1")
        fields = [uri, ("Content-Type", "application/http; msgtype=response")]
        fields += [("WARC-Payload-Digest", header)] if header else []
        block = warc.response_block("HTTP/1.1", 200, "OK", [(b"Content-Type", b"text/html")], page(TEXT, 1))
        run.put(CAPTURES, warc.record("response", run.capture().record_id, warc.instant(AT), fields, block))

    with pytest.raises(EvidenceError, match=f"payload digest of record .* {words}|do not show"):
        packed_late(change)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"capture": None}, "no capture"),
        ({"record_id": "<urn:uuid:none>"}, "do not show"),
        ({"sha256": "0" * 64}, "does not match its digest"),
    ],
)
def test_what_was_never_captured_cannot_be_packed(packed_late, fields, words):
    with pytest.raises(EvidenceError, match=words):
        packed_late(
            altered(**fields)
            if "capture" in fields
            else lambda run: altered(capture=msgspec.structs.replace(run.capture(), **fields))(run)
        )


def test_hostile_page_text_makes_no_file_name(packed, tmp_path):
    made = packed()
    with zipfile.ZipFile(write_pack(made, tmp_path / "out")) as archive:
        names = archive.namelist()
    assert all(name.startswith(f"lurewatch-evidence-{made.item_id}/") and ".." not in name for name in names)


def later(run, desk_db, posting, run_id="20261124T030000Z"):
    """Return a later run that tells of one posting, noted."""
    newer = copied(run, run_id)
    newer.tell(posting)
    note_partition(desk_db, newer.address, by="system", now=AT + timedelta(days=1))
    return newer


def test_a_page_that_had_not_changed_is_proven_by_the_run_that_kept_it(packed, noted, desk_db, tmp_path):
    capture = msgspec.structs.replace(noted.capture(), run=noted.folder.name)
    posting = msgspec.structs.replace(noted.postings[1], capture=capture)
    newer = later(noted, desk_db, posting)
    made = packed(posting=posting, partition=newer.address)
    manifest = json.loads((unpacked(made, tmp_path / "out") / "manifest.json").read_text())
    assert (manifest["partition"], manifest["seen_again_in"]) == (noted.address, newer.address)
    assert set(manifest["ledger"]) == {"sample_board/20261123T030000Z", "sample_board/20261124T030000Z"}


def test_an_advert_that_is_gone_is_proven_by_the_run_that_saw_its_words(packed, noted, desk_db, record, tmp_path):
    """The newest capture shows a page without it; the pack holds that, and the page that had it."""
    gone = msgspec.structs.replace(noted.postings[1], deleted=True, capture=noted.postings[2].capture)
    newer = later(noted, desk_db, gone)
    item = indexed(record, noted, noted.postings[1])
    revisions = (*item.revisions, Revision(
        revision=2, change="deleted", at=AT + timedelta(days=1), run_id=newer.folder.name,
        text_sha256=item.revisions[0].text_sha256, title=item.posting.title, text=item.posting.text,
    ))  # fmt: skip
    made = packed(posting=gone, partition=newer.address, revisions=revisions)
    manifest = json.loads((unpacked(made, tmp_path / "out") / "manifest.json").read_text())
    assert (manifest["partition"], manifest["warc_records"].count("response")) == (noted.address, 2)
    for path in sorted(noted.folder.iterdir(), key=lambda path: path.name == REPORT):
        path.unlink()
    with pytest.raises(EvidenceError, match=r"no run under .* holds the words the index has of it"):
        packed(posting=gone, partition=newer.address, revisions=revisions)


def test_reading_captures_leaves_analysts_free_to_decide(packed, desk_db, now, monkeypatch, tmp_path):
    """Captures may be large and far away; what is noted meanwhile stands in the pack."""
    open_file = kept_records._open_file

    def meanwhile(partition, name, *args):
        if name == CAPTURES:
            with writing(desk_db) as connection:
                audit.append(connection, at=now, actor="minh", action="confirm", subject="another item")
        return open_file(partition, name, *args)

    monkeypatch.setattr(kept_records, "_open_file", meanwhile)
    made = packed()
    custody = json.loads((unpacked(made, tmp_path / "out") / "custody.json").read_text())
    assert custody["head"].startswith("3:")
    with desk_db.connect() as connection:
        actions = [entry.action for entry in audit.entries(connection)]
        assert actions == ["partition_sealed", "confirm", "confirm", "evidence_packed"]
        assert audit.verify(audit.entries(connection), [audit.anchor_of(custody["head"], "a pack")]).fault is None


def test_a_folder_that_cannot_be_written_is_named_with_the_fix(desk_db, staff, record, noted, tmp_path, monkeypatch, seeds):
    item = indexed(record, noted, noted.postings[1])
    store = SqliteStore(tmp_path / "index.sqlite")
    store.put([item])
    store.close()
    settings = {
        "DATABASE": desk_db.url.render_as_string(),
        "STORE": f"{tmp_path}/index.sqlite",
        "SEEDS": str(seeds),
        "STATE": str(tmp_path),
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"LUREWATCH_{name}", value)
    (tmp_path / SIGNERS).write_bytes(LISTED)
    (tmp_path / "taken").write_text("not a folder")
    staff(desk_db)
    words = ["evidence", "pack", item.id, "--into", str(tmp_path / "taken" / "x"), "--as", "minh", "--password-stdin"]
    done = CliRunner().invoke(cli, words, input=f"{PASSWORD}\n")
    assert done.exit_code == 1
    assert "taken/x: cannot be written" in done.output


def test_the_pictures_of_an_item_are_in_its_pack_and_a_lost_one_is_named(packed_late, tmp_path):
    def change(run):
        with (run.folder / CAPTURES).open("rb") as file:
            responses = [record for record in ArchiveIterator(file) if record.rec_type == "response"]
            names = [record.rec_headers["WARC-Record-ID"] for record in responses]
        shown = Capture(record_id=names[2], sha256=run.postings[2].capture.sha256)
        media = (
            Media(url="https://board.example.org/p.jpg", kind="image", capture=shown),
            Media(url="https://board.example.org/lost.jpg", kind="image", capture=msgspec.structs.replace(shown, run="gone")),
        )
        return msgspec.structs.replace(run.postings[1], media=media)

    folder = unpacked(packed_late(change), tmp_path / "out")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["warc_records"].count("response") == 2
    assert manifest["pictures_not_packed"] == ["https://board.example.org/lost.jpg"]
