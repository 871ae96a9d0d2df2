"""The frontier alone: one transaction for all a page brings, and nothing handed out twice."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from crawlers.frontier.frontier_store import Frontier, content_digest, place_of
from crawlers.frontier.postgres_connection import hold_lease
from crawlers.frontier.sqlite_state import FILE
from crawlers.frontier.visits import Step, Visit
from crawlers.items import Posting, Reject, posting_id
from crawlers.process import descendants
from foundation.crawl_errors import StateError

NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def frontier(request, tmp_path):
    """Yield an open frontier with a run begun at ``/list``, in each of the databases there are."""
    with ExitStack() as stack:
        shared = None
        if request.param == "postgresql":
            address = request.getfixturevalue("postgres_url")
            shared = stack.enter_context(hold_lease(address, f"frontier_{secrets.token_hex(4)}"))
        made = Frontier.open_at(tmp_path / "source", shared=shared)
        stack.callback(made.close)
        made.begin("run-1", NOW, [Step(url="https://e.example.org/list", role="list")])
        yield made


def posting(number: int, text: str = "words") -> Posting:
    """Return a posting of the test source."""
    url = f"https://e.example.org/{number}"
    return Posting(id=posting_id("s", url), source="s", url=url, text=text)


def visit(row: int, step: Step, **more) -> Visit:
    """Return a visit of ``step``."""
    return Visit(row=row, step=step, outcome="ok", at=NOW, seen=len(more.get("postings", ())), **more)


def test_addresses_that_differ_only_in_spelling_are_queued_once(frontier):
    """Fragment, order of the query and escapes do not make another page."""
    (first,) = frontier.commit([], requests=0, lease=5)
    same = [f"https://e.example.org/job{rest}" for rest in ("?b=2&a=1", "?a=1&b=2", "?a=1&b=2#apply", "?%61=1&b=2")]
    steps = tuple(Step(url=url, role="detail") for url in same)
    frontier.commit([visit(first.row, first.step, steps=steps)], requests=1, lease=0)
    assert [leased.step.url for leased in frontier.commit([], requests=0, lease=5)] == [same[0]]


def test_further_pages_of_lists_go_out_one_by_one_and_in_order(frontier):
    """Whatever was found first, and after a death too: an advert that is pushed over to the next page is met there."""
    (first,) = frontier.commit([], requests=0, lease=5)
    steps = tuple(Step(url=f"https://e.example.org/list?page={n}", role="list", turn=n) for n in (9, 3, 2))
    (leased,) = frontier.commit([visit(first.row, first.step, steps=(*steps, Step(url="x", role="image")))], requests=1, lease=5)
    assert frontier.commit([], requests=0, lease=5) == []
    frontier.resume()
    turns = [leased.step.turn]
    while waiting := frontier.commit([], requests=0, lease=5):
        turns += [one.step.turn for one in waiting]
        frontier.commit([visit(one.row, one.step) for one in waiting], requests=1, lease=0)
    assert turns == [2, 2, 3, 9, 1]


def test_nothing_of_a_visit_stands_when_any_of_it_cannot_be_written(frontier, monkeypatch):
    """A failure half way rolls all of it back: page, links, postings, evidence."""
    (first,) = frontier.commit([], requests=0, lease=5)
    steps = (Step(url="https://e.example.org/1", role="detail"),)
    broken = visit(first.row, first.step, steps=steps, postings=(posting(1),), evidence=b"record", rejected=(object(),))
    with pytest.raises((AttributeError, TypeError)):
        frontier.commit([broken], requests=1, lease=1)
    assert (frontier.count_done(), frontier.count_waiting(), list(frontier.lines()), list(frontier.evidence())) == (0, 1, [], [])


def test_what_was_in_hand_comes_last_after_a_death(frontier):
    """A page that kills its reader cannot keep the others from being read."""
    (first,) = frontier.commit([], requests=0, lease=5)
    steps = tuple(Step(url=f"https://e.example.org/{n}", role="detail") for n in range(4))
    leased = frontier.commit([visit(first.row, first.step, steps=steps)], requests=1, lease=2)
    frontier.resume()
    after = frontier.commit([], requests=0, lease=4)
    assert [one.step.url[-1] for one in leased] == ["0", "1"]
    assert {one.step.url[-1] for one in after[:4]} == {"0", "1", "2", "3"}
    frontier.resume()
    assert [one.step.url[-1] for one in frontier.commit([], requests=0, lease=2)] == ["2", "3"]
    assert frontier.run().resumed == 2


def test_a_posting_seen_twice_in_a_run_is_a_duplicate_and_in_the_next_run_known(frontier):
    """Both are counted, and the reconciliation holds."""
    (first,) = frontier.commit([], requests=0, lease=5)
    frontier.commit([visit(first.row, first.step, postings=(posting(1), posting(1), posting(2)))], requests=1, lease=0)
    tallies = frontier.tallies()
    assert (tallies["seen"], tallies["parsed"], tallies["duplicate"], len(list(frontier.lines()))) == (3, 2, 1, 2)
    frontier.finish(forget_before=NOW)
    frontier.begin("run-2", NOW, [first.step])
    (again,) = frontier.commit([], requests=0, lease=5)
    frontier.commit([visit(again.row, again.step, postings=(posting(1), posting(2, "other words")))], requests=1, lease=0)
    assert (frontier.tallies()["known/unchanged"], frontier.tallies()["known/edited"]) == (1, 1)


@pytest.mark.parametrize("frontier", ["sqlite"], indirect=True)
def test_a_finished_run_leaves_no_text_behind_but_what_the_next_needs(frontier):
    """Queue, rejects and evidence are gone from the file, not only from view."""
    (first,) = frontier.commit([], requests=0, lease=5)
    rejected = (Reject(url="https://e.example.org/x", reason="no_text", detail="canary-reject"),)
    frontier.commit([visit(first.row, first.step, evidence=b"canary-evidence" * 500, rejected=rejected)], requests=1, lease=0)
    frontier.finish(forget_before=NOW)
    content = (frontier.folder / FILE).read_bytes()
    assert b"canary" not in content
    assert frontier.run() is None


def test_what_an_edit_is():
    """Views, times of fetching and captures do not make an advert another; its words, pay and contacts do."""
    one = posting(1)
    assert content_digest(one) == content_digest(Posting(**(_fields(one) | {"views": "2K", "fetched_at": NOW})))
    for change in ({"text": "x"}, {"title": "x"}, {"pay_raw": "9"}, {"contacts": ("tel:1",)}):
        assert content_digest(one) != content_digest(Posting(**(_fields(one) | change))), change


def _fields(one: Posting) -> dict:
    return {name: getattr(one, name) for name in Posting.__struct_fields__}


@pytest.mark.parametrize(
    ("native", "place"),
    [("jobs/12", ("jobs", 12)), ("12", (None, None)), (None, (None, None)), ("a/b/3", ("a/b", 3)), ("a/x", (None, None))],
)
def test_numbered_posts_have_a_place(native, place):
    """``channel/123`` is number 123 of the channel; other ids have no order to miss a post in."""
    assert place_of(Posting(id="1", source="s", url="u", text="t", native_id=native)) == place


def test_a_store_of_another_version_is_left_alone(frontier):
    """It is named and not touched."""
    shared = getattr(frontier._db, "_shared", None)
    if shared:
        frontier._db.execute("UPDATE crawl_state.lease SET schema_version = 99 WHERE source = ?", (shared.source,))
    else:
        frontier._db.execute("PRAGMA user_version = 99")
    with pytest.raises(StateError, match="made by another version of LureWatch"):
        Frontier.open_at(frontier.folder, shared=shared)


ACKNOWLEDGE = """
import sys
from pathlib import Path
from datetime import UTC, datetime
from crawlers.frontier.frontier_store import Frontier
from crawlers.items import Posting
from crawlers.process import descendants
from crawlers.frontier.visits import Step, Visit
now = datetime(2026, 11, 25, tzinfo=UTC)
frontier = Frontier.open_at(Path(sys.argv[1]))
steps = [Step(url=f"https://e.example.org/{n}", role="detail") for n in range(100_000)]
frontier.begin("run", now, () if frontier.run() else steps)
leased = frontier.commit([], requests=0, lease=4)
while True:
    visits = [Visit(row=one.row, step=one.step, outcome="ok", at=now, seen=1, evidence=b"e" * 3000,
              postings=(Posting(id=one.step.url, source="s", url=one.step.url, text="t" * 2000),)) for one in leased]
    leased = frontier.commit(visits, requests=4, lease=4)
    sys.stdout.write("".join(visit.step.url + "\\n" for visit in visits))
    sys.stdout.flush()
"""


def test_all_that_was_acknowledged_is_stored_after_every_kill(tmp_path):
    """Twelve writers are killed at random; what each said it wrote is there, whole, and the file is sound."""
    told: set[str] = set()
    for _ in range(12):
        writer = subprocess.Popen([sys.executable, "-c", ACKNOWLEDGE, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(60)]
        os.kill(writer.pid, signal.SIGKILL)
        lines += writer.stdout.read().splitlines(keepends=True)
        told |= {line.strip() for line in lines if line.endswith("\n")}
        writer.wait()
    frontier = Frontier.open_at(tmp_path)
    stored = {line.split(b'"id":"')[1].split(b'"')[0].decode() for line in frontier.lines()}
    assert told <= stored
    assert frontier.tallies()["seen"] == frontier.tallies()["parsed"] == len(stored) == len(list(frontier.evidence()))
    assert frontier._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    frontier.close()


def test_each_commit_is_on_disk_before_it_is_acknowledged(tmp_path, missing_service):
    """strace sees a sync of the write-ahead log before each line the writer prints."""
    if shutil.which("strace") is None:
        missing_service("strace")
    trace = tmp_path / "trace"
    writer = subprocess.Popen(
        [
            "strace", "-f", "-e", "trace=fdatasync,fsync,write", "-o", str(trace), sys.executable, "-c", ACKNOWLEDGE,
            str(tmp_path / "s"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert writer.stdout is not None
    for _ in range(80):
        writer.stdout.readline()
    for pid in descendants(writer.pid):
        os.kill(pid, signal.SIGKILL)
    writer.wait()
    calls = [line.split(None, 1)[1] for line in trace.read_text().splitlines() if " " in line]
    synced = printed = 0
    for call in calls:
        if call.startswith(("fdatasync(", "fsync(")):
            synced += 1
        elif call.startswith("write(1, "):
            assert synced, "acknowledged before it was on disk"
            printed, synced = printed + 1, 0
    assert printed >= 20
