"""A pack says what was told to whom and who answered for it, for machines and for a reader; the ledger's desk confirms it."""

import io
import json
import subprocess
import zipfile
from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from desk.cases import approvals, case_decisions
from desk.cases.leases import note_opening
from desk.database import writing
from desk.list_maker import Notifier
from desk.rechecks.clock import fates, note_sighting
from desk.rechecks.sighting import Sighting
from desk.takedown import list_drafts, repository
from index.sqlite.sqlite_store import SqliteStore
from tests.desk.conftest import NOTIFIER
from tests.desk.custody.conftest import indexed
from tests.desk.takedown.conftest import platforms  # noqa: F401 - a fixture

NOTE = "Seen before <script>alert(1)</script>."


@pytest.fixture
def told(desk_db, staff, record, noted, now, tmp_path, platforms):  # noqa: F811
    """Return the item, after a notice about it was approved, sent and taken back."""
    people, item, notifier = (
        staff(desk_db), indexed(record, noted, noted.postings[1]), Notifier(name="Desk", email="d@example.org"),
    )  # fmt: skip
    store = SqliteStore(tmp_path / "index.sqlite")
    store.put([item])
    note_opening(desk_db, item, by=people["minh"], now=now)
    values = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour", "note": NOTE, "disclose": [NOTE]}
    case_decisions.confirm(desk_db, [item], by=people["minh"], now=now, seen={item.id: 0}, **values)
    (made, *_), _ = list_drafts.build(desk_db, store, platforms, routes={}, notifier=notifier, now=now, by="dag:x")
    assert made.list_id, made
    to = platforms.platforms["board"].contact
    approvals.approve(
        desk_db, platforms, made.list_id, by=people["lead"], now=now, ticked=[item.id], recipient=to, notifier=NOTIFIER
    )
    with writing(desk_db) as connection:
        repository.mark_sent(connection, made.list_id, now, to)
    with desk_db.connect() as connection:
        (fate,) = fates(connection)
    proof = Sighting(state="gone", status=410, url=item.posting.url, evidence=b"the answer")
    note_sighting(desk_db, fate.notice, proof, now + timedelta(hours=5))
    case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    (taken,), _ = list_drafts.take_back(desk_db, platforms, notifier=notifier, now=now, by="dag:x")
    with writing(desk_db) as connection:
        repository.mark_sent(connection, taken.list_id, now, to)
        repository.note_answer(connection, taken.list_id, "undone", by=people["minh"], now=now)
    store.close()
    return item


def files_of(packed):
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        return {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}


def test_it_names_notice_approval_recipient_and_answer(told, packed, desk_db, tmp_path):
    made = packed(posting=told.posting)
    files = files_of(made)
    notice, back = json.loads(files["notices.json"])
    assert (notice["change"], notice["state"], notice["recipient"]) == ("new", "sent", "abuse@board.example.org")
    assert (notice["approval"]["by"], notice["approval"]["recipient"]) == ("lead", "abuse@board.example.org")
    assert notice["notice"]["url"] == told.posting.url and notice["notice"]["grounds"]
    assert notice["approval"]["files"] == notice["files"]
    assert (back["change"], back["approval"], back["answers"][0]["answer"]) == ("withdrawn", None, "undone")
    (seen,) = json.loads(files["sightings.json"])
    assert (seen["state"], seen["status"], files[seen["proof"]]) == ("gone", 410, b"the answer")
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        archive.extractall(tmp_path / "out")
    (folder,) = (tmp_path / "out").iterdir()
    assert (
        subprocess.run(["sha256sum", "-c", "manifest-sha256.txt"], cwd=folder, capture_output=True, check=False).returncode == 0
    )


def test_the_summary_is_read_without_the_desk_and_runs_nothing(told, packed):
    tree = LexborHTMLParser(files_of(packed(posting=told.posting))["dossier.html"].decode())
    read = " ".join(tree.body.text().split())
    assert not tree.css("script, a, img, link, iframe")
    for said in (
        told.posting.url,
        " ".join(told.posting.text.split()),
        "by lead on 2026-11-24",
        "for abuse@board.example.org",
        "by nobody: it takes a notice back and needs no second person",
        "undone, noted by minh",
        "confirm: scam compound, high",
        "Retraction on list 2 for board",
        "What stood at its address after that",
        "<script>alert(1)</script>",
        told.posting.capture.sha256,
    ):
        assert said in read, said


def test_an_item_nothing_was_told_about_says_so(packed):
    files = files_of(packed())
    assert json.loads(files["notices.json"]) == []
    assert "Nothing was told to anybody about it." in files["dossier.html"].decode()
