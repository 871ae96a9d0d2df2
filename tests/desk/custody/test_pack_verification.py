"""A pack that was changed is told by the desk's ledger, though every digest inside it was computed again."""

import hashlib
import io
import json
import zipfile

import pytest
from click.testing import CliRunner
from sqlalchemy import insert

from desk.custody import audit
from desk.custody.evidence_pack import EvidenceError
from desk.custody.ledger_check import check_ledger
from desk.custody.pack_verification import verify_pack
from desk.custody.sealed_partitions import partition_note
from desk.database import writing
from desk.tables import evidence_packs
from lurewatch.cli.contents import cli
from tests.desk.custody.conftest import page, records


def opened(content):
    """Return the files of a pack by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}


def sealed(files):
    """Return a pack of these files, with every digest in it computed as the packer does."""
    manifest = json.loads(files["manifest.json"])
    names = [name for name in files if name not in ("manifest.json", "SHA256SUMS")]
    manifest["files"] = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(names)}
    files["manifest.json"] = json.dumps(manifest).encode()
    sums = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()) if name != "SHA256SUMS"]
    files["SHA256SUMS"] = "".join(sums).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"lurewatch-evidence-{manifest['item']}/{name}", data)
    return out.getvalue()


@pytest.fixture
def faults(desk_db):
    """Return a function that gives what the ledger says against an archive."""

    def check(content):
        with desk_db.connect() as connection:
            return verify_pack(connection, content).faults

    return check


def test_the_ledger_knows_the_archive_it_noted(packed, faults, desk_db, now):
    first = packed()
    with writing(desk_db) as connection:
        audit.append(connection, at=now, actor="minh", action="confirm", subject=first.item_id)
    second = packed()
    assert (faults(first.content), faults(second.content)) == ((), ())
    with desk_db.connect() as connection:
        report = verify_pack(connection, second.content)
    assert (report.item_id, report.sha256, report.packed_at, report.packed_by) == (
        first.item_id, second.sha256, now, "shell:test",
    )  # fmt: skip


def test_a_pack_whose_digests_were_all_computed_again_is_told(packed, faults):
    made = packed()
    files = opened(made.content)
    files["posting.json"] = files["posting.json"].replace(b"passport kept", b"passport free")
    (fault,) = faults(sealed(files))
    assert fault.startswith("the ledger does not know SHA-256")
    assert f"Packs of {made.item_id} the ledger knows: {made.sha256}" in fault


def test_a_pack_with_another_head_or_other_entries_is_told(packed, faults, desk_db, now):
    item = packed().item_id
    files = opened(packed().content)
    custody = json.loads(files["custody.json"])
    custody["entries"][0]["actor"] = "mallory"
    zeros = "0" * 64
    for head, words in ((f"1:{zeros}", "does not know the head"), ("x", "is not <number>"), (f"{'9' * 30}:{zeros}", "the head")):
        files["custody.json"] = json.dumps(custody | {"head": head}).encode()
        said = " ".join(faults(sealed(files)))
        assert words in said
        assert f"the entries about {item!r} in custody.json are not those of the ledger" in said


def test_a_damaged_file_is_named(packed, faults):
    files = opened(packed().content)
    files = {**opened(sealed(files)), "posting.json": b"{}"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"x/{name}", data)
    assert "posting.json: differs from SHA256SUMS, or has no line there" in faults(out.getvalue())


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"no zip"])
def test_what_is_no_archive_is_refused(faults, content):
    with pytest.raises(EvidenceError, match="not a zip archive"):
        faults(content)


def test_an_archive_of_something_else_is_refused(faults):
    for files in ({"x": b""}, {"manifest.json": b"[]"}, {"manifest.json": b"{"}):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        with pytest.raises(EvidenceError, match="no evidence pack"):
            faults(out.getvalue())


def test_the_command_says_verified_or_names_the_fault(packed, noted, desk_db, tmp_path, monkeypatch):
    monkeypatch.setenv("LUREWATCH_DATABASE", desk_db.url.render_as_string())
    monkeypatch.setenv("LUREWATCH_RUNS", str(noted.folder.parents[1]))
    made, path = packed(), tmp_path / "pack.zip"
    path.write_bytes(made.content)
    done = CliRunner().invoke(cli, ["evidence", "verify", str(path)])
    assert (done.exit_code, made.sha256 in done.output, "packed here on" in done.output) == (0, True, True), done.output
    with desk_db.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_DELETE")
    done = CliRunner().invoke(cli, ["evidence", "verify", str(path)])
    assert (done.exit_code, "the ledger itself is broken: trigger audit_no_DELETE" in done.output) == (1, True), done.output
    path.write_bytes(b"x")
    done = CliRunner().invoke(cli, ["evidence", "verify", str(path)])
    assert (done.exit_code, "not a zip archive" in done.output, "Traceback" in done.output) == (1, True, False)


def test_the_readme_of_the_pack_says_how_to_ask_the_ledger(packed):
    readme = opened(packed().content)["README.txt"].decode()
    for words in ("lurewatch evidence verify", "can compute all of these digests again", "users audit --anchor", "sha256sum"):
        assert words in readme


def appended(engine, noted, content, now):
    """Append a forged pack to table and log, as somebody who owns the database can: every hash fits."""
    digest, item = hashlib.sha256(content).hexdigest(), json.loads(opened(content)["manifest.json"])["item"]
    run = "/".join(noted.folder.parts[-2:])
    with writing(engine) as connection:
        head = audit.head(connection)
        row = {"item_id": item, "sha256": digest, "audit_head": head, "packed_by": "shell:test", "packed_at": now}
        connection.execute(insert(evidence_packs).values(row))
        links = {
            "partition": run, "report_sha256": partition_note(connection, run).noted.sha256,
            "warc_sha256": hashlib.sha256(opened(content)["item.warc.gz"]).hexdigest(),
        }  # fmt: skip
        detail = {"sha256": digest, "audit_head": head} | links
        audit.append(connection, at=now, actor="shell:test", action="evidence_packed", subject=item, detail=detail)
        assert check_ledger(connection).faults == ()


def other_body(files, noted):
    files["item.warc.gz"] = records(1, page("You cannot leave.", 1), identity=noted.capture().record_id, shot="<urn:uuid:1>")


def other_words(files, noted):
    files["posting.json"] = files["posting.json"].replace(b"passport kept", b"passport safe")


def other_agent(files, noted):
    files["report.json"] = files["report.json"].replace(b"LureWatch/0.1", b"Mozilla/5.0")


def other_decision(files, noted):
    files["decisions.json"] = json.dumps([{"kind": "confirm", "by": "minh"}]).encode()


FORGERIES = {
    "records": (other_body, "item.warc.gz: 4 of its records are in none of the runs it names (sample_board/20261123T030000Z)"),
    "words": (other_words, "posting.json: its id, source, url, title, text are not what the runs it names say"),
    "user agent": (other_agent, "report.json is not the report of sample_board/20261123T030000Z that entry 1 of the"),
    "decisions": (other_decision, "decisions.json is not what the desk decided"),
}


@pytest.mark.parametrize(("change", "words"), FORGERIES.values(), ids=FORGERIES)
def test_a_forged_pack_appended_to_the_log_with_its_run_is_told_by_that_run(packed, noted, desk_db, now, change, words):
    """The ledger agrees with itself; the run, which nobody reaches through the database, says otherwise."""
    files = opened(packed().content)
    change(files, noted)
    content = sealed(files)
    appended(desk_db, noted, content, now)
    with desk_db.connect() as connection:
        report = verify_pack(connection, content, runs=str(noted.folder.parents[1]))
    assert report.packed_at == now
    assert any(words in fault for fault in report.faults), report.faults


def test_whether_the_run_could_be_compared_is_said(packed, noted, desk_db, tmp_path, monkeypatch):
    made, path = packed(), tmp_path / "pack.zip"
    path.write_bytes(made.content)
    monkeypatch.setenv("LUREWATCH_DATABASE", desk_db.url.render_as_string())
    for runs, code, words in ((noted.folder.parents[1], 0, "verified"), (tmp_path / "none", 3, "ledger only")):
        monkeypatch.setenv("LUREWATCH_RUNS", str(runs))
        done = CliRunner().invoke(cli, ["evidence", "verify", str(path)])
        assert (done.exit_code, f"{words.upper()}: " in done.output) == (code, True), done.output
        done = CliRunner().invoke(cli, ["evidence", "verify", str(path), "--json"])
        assert (done.exit_code, json.loads(done.output)["result"]) == (code, words), done.output
