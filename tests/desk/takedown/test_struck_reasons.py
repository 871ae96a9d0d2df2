"""A reason that somebody struck leaves every list, and takes itself out of notices that were sent."""

import pytest
from msgspec.structs import replace

from desk.cases.reason_marks import mark_reason, reason_of
from desk.database import writing
from desk.refusals import ListError
from desk.takedown import repository


def board(made):
    return next(each for each in made[0] if each.platform == "board")


def test_a_struck_reason_is_told_to_nobody_and_taken_out_of_a_notice_that_was_sent(
    desk_db, store, staff, kept, confirm, build, approve, now
):
    """The other ground of the item stays; the struck one is in no file, no mail, and in no list that waits to leave."""
    people, item = staff(desk_db), kept(1)
    at = f"{item.posting.title}\n{item.posting.text}".index("pay flight")
    free = {"indicator": "free_flight", "text": "pay flight", "start": at, "end": at + 10, "gloss": "pays the flight"}
    other = replace(item.assessment.signals[0], **free)
    item = replace(item, assessment=replace(item.assessment, signals=(*item.assessment.signals, other)))
    store.put([item])
    confirm(item, by=people["minh"])
    first = board(build())
    approve(first.list_id, by=people["lead"])
    with writing(desk_db) as connection:
        repository.mark_sent(connection, first.list_id, now, "abuse@board.example.org")
    mark_reason(desk_db, item, reason_of(item.assessment.signals[0]), "struck", by=people["minh"], now=now)
    made = board(build())
    with desk_db.connect() as connection:
        (entry,), files = repository.entries(connection, made.list_id), repository.files(connection, made.list_id)
    assert (entry.change, [ground["indicator"] for ground in entry.body["grounds"]]) == ("updated", ["free_flight"])
    assert not any(b"keeps the passport" in content for content in files.values())
    mark_reason(desk_db, item, reason_of(other), "struck", by=people["minh"], now=now)
    with pytest.raises(ListError, match="gives a reason that was struck"):
        approve(made.list_id, by=people["lead"])
    assert board(build()).list_id is None
    assert board(build()).held[0].reason.endswith("confirm it again and name the words that show it")
