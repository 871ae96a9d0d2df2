"""A pack that was changed is told by the desk's ledger, though every digest inside it was computed again."""

import hashlib
import io
import json
import zipfile

import pytest
from click.testing import CliRunner

from desk.custody import audit
from desk.custody.evidence_pack import EvidenceError
from desk.custody.pack_verification import verify_pack
from desk.database import writing
from lurewatch.cli.contents import cli


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
        first.item_id,
        second.sha256,
        now,
        "shell:test",
    )


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


def test_the_command_says_verified_or_names_the_fault(packed, desk_db, tmp_path, monkeypatch):
    monkeypatch.setenv("LUREWATCH_DATABASE", desk_db.url.render_as_string())
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
