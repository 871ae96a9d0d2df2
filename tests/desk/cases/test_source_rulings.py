"""Rulings about suggested sources stand in the audit chain: who, why, what it rested on, and what took it back."""

import pytest

from desk.cases.source_rulings import ProbeNote, note_probe, probes, rule, rulings, undo
from desk.custody import audit
from desk.database import writing
from desk.refusals import DeskRefusal

VENUE = "telegram:sample_crew"


def _rule(engine, verdict, by, now, **more):
    with writing(engine) as connection:
        return rule(connection, verdict, VENUE, by=by, now=now, reason="an honest board", **more)


def test_a_ruling_is_read_back_as_it_was_made(engine, staff, now):
    people = staff(engine)
    made = _rule(engine, "refused", people["operator"], now, confirmed={"b", "a"}, flagged={"c"})
    with engine.connect() as connection:
        assert rulings(connection) == {VENUE: made}
        assert audit.verify(audit.entries(connection)).fault is None
    assert (made.by, made.at, made.confirmed, made.flagged) == ("operator", now, {"a", "b"}, {"c"})


def test_a_refusal_may_become_a_block_and_a_block_is_undone_first(desk_db, staff, now):
    by = staff(desk_db)["lead"]
    _rule(desk_db, "refused", by, now)
    _rule(desk_db, "blocked", by, now)
    with pytest.raises(DeskRefusal, match=r"lead blocked it on 2026-11-24 \(an honest board\); .* undo"):
        _rule(desk_db, "accepted", by, now)
    assert undo(desk_db, VENUE, by=by, now=now, reason="a slip").verdict == "blocked"
    with desk_db.connect() as connection:
        assert rulings(connection)[VENUE].verdict == "refused"
    undo(desk_db, VENUE, by=by, now=now, reason="a slip")
    with desk_db.connect() as connection:
        assert rulings(connection) == {}
    with pytest.raises(DeskRefusal, match="no ruling is in force"):
        undo(desk_db, VENUE, by=by, now=now, reason="a slip")


@pytest.mark.parametrize("role", ["viewer", "analyst"])
def test_who_has_not_the_right_rules_on_nothing(desk_db, staff, now, role):
    with pytest.raises(DeskRefusal, match=f"the role {role} rules on no sources"):
        _rule(desk_db, "refused", staff(desk_db)[role], now)


def test_a_ruling_needs_its_reason(desk_db, staff, now):
    with pytest.raises(DeskRefusal, match="say why in a sentence"):
        undo(desk_db, VENUE, by=staff(desk_db)["lead"], now=now, reason=" ")


def test_the_last_probe_is_kept(desk_db, now):
    note_probe(desk_db, VENUE, ProbeNote(at=now, outcome="unclear", words="try again", requests=1))
    last = ProbeNote(at=now, outcome="readable", words="a public channel", requests=1, posts=20, flagged=7)
    note_probe(desk_db, VENUE, last)
    with desk_db.connect() as connection:
        assert probes(connection) == {VENUE: last}
