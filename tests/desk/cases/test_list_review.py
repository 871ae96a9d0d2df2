"""What nobody opened, nobody ticked, or no rule follows from, does not leave: whatever was decided, built or asked for."""

import json

import pytest

from desk.cases import approvals, case_decisions
from desk.cases.approvals import review
from desk.cases.leases import note_opening
from desk.custody import audit
from desk.list_maker import Notifier
from desk.platforms import Platforms
from desk.refusals import ListError
from desk.takedown import list_drafts as builder
from desk.takedown import repository
from index.sqlite.sqlite_store import SqliteStore
from tests.desk.conftest import NOTIFIER

KINDS = ("scam_compound", "organ_trade", "surrogacy_or_egg", "marriage_broker", "money_scam")


@pytest.fixture
def platforms(seeds):
    """The clauses that are shipped, and one board."""
    from desk.platforms import load_platforms

    board = {
        "title": "Board", "enabled": True, "hosts": ["board.example.org"], "item": r"^https://board\.example\.org/jobs/\d+$",
        "formats": ["json"], "contact": "abuse@board.example.org",
    }  # fmt: skip
    clauses = load_platforms(seeds).model_dump()["clauses"]
    return Platforms.model_validate({"clauses": clauses, "platforms": {"board": board}})


@pytest.fixture
def listed(desk_db, tmp_path, record, people, platforms, now):
    """Return a function that confirms items in one decision, builds their list, and returns its report."""
    from crawlers.items import Capture

    capture = Capture(record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>", sha256="ab" * 32)
    store = SqliteStore(tmp_path / "index.sqlite")

    def do(count=1, opened=(), **fields):
        kind = fields.get("tag", "scam_compound")
        items = [record(number, capture=capture, tag=kind) for number in range(1, count + 1)]
        store.put(items)
        for number in opened:
            note_opening(desk_db, items[number], by=people["minh"], now=now)
        values = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour"} | fields
        case_decisions.confirm(desk_db, items, by=people["minh"], now=now, seen={item.id: 0 for item in items}, **values)
        (report, *_), _ = builder.build(
            desk_db, store, platforms, routes={}, notifier=Notifier(name="Test", email="desk@example.org"), now=now, by="dag:x"
        )
        return items, report

    yield do
    store.close()


def test_a_rule_follows_from_the_kind_or_has_a_written_reason(platforms):
    fitting = {(kind, key) for kind in KINDS for key, clause in platforms.clauses.items() if clause.fits(kind)}
    assert {kind for kind, _ in fitting} == set(KINDS)
    for kind in KINDS:
        for key in platforms.clauses:
            why = platforms.incoherence(kind, key, "")
            assert (why is None) == ((kind, key) in fitting)
            if why:
                assert kind.replace("_", " ") in why
                assert platforms.incoherence(kind, key, "  x ") == why
                assert platforms.incoherence(kind, key, "被迫结婚后强迫劳动") is None


@pytest.mark.parametrize(
    ("tag", "clause"), [("marriage_broker", "forced_labour"), ("money_scam", "organ_trade"), ("organ_trade", "task_scam")]
)
def test_an_incoherent_accusation_gets_on_no_list_without_its_reason(listed, tag, clause):
    _, report = listed(opened=[0], tag=tag, clause=clause)
    assert (report.list_id, report.held[0].field) == (None, "clause")
    assert "is no rule for" in report.held[0].reason


def test_with_a_reason_it_does(listed):
    _, report = listed(opened=[0], tag="marriage_broker", clause="forced_labour", note="The bride is made to work in a compound.")
    assert report.new == 1


def test_a_list_built_before_the_rule_was_checked_is_not_approved(desk_db, listed, people, platforms, now):
    """Its notice was written by an older release, or the kinds of the rule were narrowed since."""
    items, report = listed(opened=[0])
    narrowed = platforms.model_copy(
        update={
            "clauses": platforms.clauses
            | {"forced_labour": platforms.clauses["forced_labour"].model_copy(update={"tags": ("organ_trade",)})}
        }
    )
    with pytest.raises(ListError, match="is no rule for scam compound"):
        approvals.approve(desk_db, narrowed, report.list_id, by=people["lead"], now=now, ticked=[items[0].id], notifier=NOTIFIER)


def test_of_eight_entries_each_is_ticked_or_none_leaves(desk_db, listed, people, platforms, now):
    items, report = listed(8, opened=range(8))
    ids = [item.id for item in items]
    for ticked in ([], ids[:7], ids[1:]):
        with pytest.raises(ListError, match=f"{8 - len(ticked)} of 8 notices are not ticked"):
            approvals.approve(desk_db, platforms, report.list_id, by=people["lead"], now=now, ticked=ticked, notifier=NOTIFIER)
    with pytest.raises(ListError, match="is not on this list"):
        approvals.approve(
            desk_db, platforms, report.list_id, by=people["lead"], now=now, ticked=[*ids, "other"], notifier=NOTIFIER
        )
    approvals.approve(desk_db, platforms, report.list_id, by=people["lead"], now=now, ticked=ids, notifier=NOTIFIER)
    with desk_db.connect() as connection:
        assert json.loads(next(audit.entries(connection, newest=1)).detail)["ticked"] == sorted(ids)


def test_what_nobody_opened_is_not_approved_until_somebody_did(desk_db, listed, people, platforms, now):
    items, report = listed(8, opened=[0, 3])
    ids = [item.id for item in items]

    def approve():
        return approvals.approve(desk_db, platforms, report.list_id, by=people["lead"], now=now, ticked=ids, notifier=NOTIFIER)

    with pytest.raises(ListError, match="nobody opened 6 of 8 items"):
        approve()
    for item in items[:7]:
        note_opening(desk_db, item, by=people["lead"], now=now)
    with pytest.raises(ListError, match=f"nobody opened 1 of 8 items with the text they have: {ids[7]}"):
        approve()
    with desk_db.connect() as connection:
        assert [each.opened for each in review(connection, report.list_id)].count(False) == 1
    note_opening(desk_db, items[7], by=people["lead"], now=now)
    assert approve().state == "approved"


def test_opening_another_text_of_an_item_is_not_opening_it(desk_db, listed, people, platforms, record, now):
    items, report = listed()
    note_opening(desk_db, record(1, text="quite another text"), by=people["lead"], now=now)
    with pytest.raises(ListError, match="nobody opened 1 of 1"):
        approvals.approve(desk_db, platforms, report.list_id, by=people["lead"], now=now, ticked=[items[0].id], notifier=NOTIFIER)


def test_a_list_approved_before_openings_were_asked_for_does_not_leave(desk_db, listed, people, platforms, now, monkeypatch):
    items, report = listed()
    with monkeypatch.context() as patch:
        patch.setattr(approvals, "check_review", lambda connection, platforms, number: review(connection, number))
        approvals.approve(desk_db, platforms, report.list_id, by=people["lead"], now=now, ticked=[items[0].id], notifier=NOTIFIER)
    with desk_db.connect() as connection:
        takedown_list = repository.one_list(connection, report.list_id)
        assert "nobody opened 1 of 1" in approvals.refusal(connection, platforms, takedown_list, NOTIFIER)
