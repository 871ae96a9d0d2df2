"""How a person reads is kept; what they read is counted by their own days, and for them alone."""

from datetime import timedelta

from desk.cases.openings import note_opening
from desk.people.accounts import user
from desk.people.comfort import DAYS, exposure_of, set_comfort


def test_how_a_person_reads_is_kept_and_other_minutes_are_taken_for_none(desk_db, staff):
    people = staff(desk_db)
    set_comfort(desk_db, people["minh"], text_only=True, calm=True, break_after=50)
    with desk_db.connect() as connection:
        minh, lead = user(connection, "minh"), user(connection, "lead")
    assert (minh.text_only, minh.calm, minh.break_after) == (True, True, 50)
    assert (lead.text_only, lead.calm, lead.break_after) == (False, False, 0)
    set_comfort(desk_db, minh, text_only=False, calm=True, break_after=7)
    with desk_db.connect() as connection:
        assert user(connection, "minh").break_after == 0


def test_openings_are_counted_by_the_days_of_the_readers_zone(desk_db, staff, record, now):
    people = staff(desk_db)
    midnight = now.replace(hour=17, minute=0)  # begins a day in Viet Nam
    for number, moment in enumerate((midnight, midnight - timedelta(minutes=1), midnight - timedelta(days=DAYS))):
        note_opening(desk_db, record(number), by=people["minh"], now=moment)
    note_opening(desk_db, record(8), by=people["lead"], now=midnight)
    with desk_db.connect() as connection:
        days = exposure_of(connection, people["minh"], now=midnight, zone="Asia/Ho_Chi_Minh")
        assert [len(day.opened) for day in days] == [1, 1, 0, 0, 0, 0, 0]
        assert days[0].opened == {record(0).id}
        assert len(exposure_of(connection, people["minh"], now=midnight, zone="UTC")[0].opened) == 2
