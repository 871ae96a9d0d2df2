"""What a mail reads does not grow with adverts it says nothing of; `benchmarks.weekly_mail`, which measures a million, runs."""

from datetime import timedelta

from benchmarks import weekly_mail as benchmark
from desk.cases import case_decisions
from desk.digest.edition import iso_week
from desk.digest.select import edition
from index.base import Query


def test_a_narrow_mail_reads_no_advert_that_was_never_flagged_but_those_a_person_confirmed(
    desk_db, store, staff, record, now, monkeypatch
):
    items = [record(number, title=f"item {number}", flagged=number == 0, score=10.0, language="vi") for number in range(9)]
    other = record(10, title="item in English", flagged=False, score=10.0)
    store.put([*items, other])
    how = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour", "by": staff(desk_db)["minh"], "now": now}
    case_decisions.confirm(desk_db, [items[3], other], seen={items[3].id: 0, other.id: 0}, ground="passport kept", **how)
    scan, get_many, read = store.scan, store.get_many, set()

    def note(found):
        for one in found:
            read.add(one.id)
            yield one

    monkeypatch.setattr(store, "scan", lambda query: note(scan(query)))
    monkeypatch.setattr(store, "get_many", lambda ids: {one.id: one for one in note(get_many(ids).values())})
    scope = Query(filters={"language": ("vi",)})
    with desk_db.connect() as connection:
        found = edition(
            connection, store, [], week=iso_week(now), subscription="s", until=now, scope=scope, begins=now - timedelta(days=9)
        )
    assert [one.title for one in found.confirmed] == ["item 3"]
    assert read == {items[0].id, items[3].id}


def test_the_measure_of_a_million_adverts_runs_on_a_few(tmp_path):
    benchmark.fill_index(tmp_path, None, 600)
    benchmark.fill_desks(tmp_path, None)
    first, later = (benchmark.build_mail(tmp_path, desk, None, profile=False) for desk in benchmark.DESKS)
    assert first["told"] > later["told"] > 0
    assert min(first["clock"], first["memory"], later["processor"]) > 0
