"""Answers of platforms: each key counts once, and what cannot be kept is refused by name."""

import time
from datetime import timedelta

import pytest

from desk.partners.answers import GivenAnswer, answers_of, give_answers


def answer(key, notice, kind="removed", **more):
    return GivenAnswer(key=key, notice_id=notice, kind=kind, **more)


def test_ten_thousand_answers_replayed_double_none(desk_db, told, now):
    notices = told("board", *(f"item-{number}" for number in range(1000)))
    given = [
        answer(f"case-{number}", notices[number % 1000], "acknowledged" if number < 9000 else "removed")
        for number in range(10_000)
    ]
    began = time.monotonic()
    first = give_answers(desk_db, "board", given, now=now)
    replays = [give_answers(desk_db, "board", given, now=now + timedelta(hours=n)) for n in (1, 2)]
    assert time.monotonic() - began < 20
    assert {each.outcome for each in first} == {"recorded"}
    assert {each.outcome for replay in replays for each in replay} == {"known"}
    with desk_db.connect() as connection:
        kept = answers_of(connection, "board", limit=20_000)
    assert len(kept) == len({each.key for each in kept}) == 10_000
    assert {each.given_at for each in kept} == {now}


def test_a_key_given_twice_in_one_batch_counts_once(desk_db, told, now):
    (notice,) = told("board", "item")
    outcomes = give_answers(
        desk_db, "board", [answer("k", notice), answer("k", notice), answer("k", notice, "acknowledged")], now=now
    )
    assert [each.outcome for each in outcomes] == ["recorded", "known", "refused"]


@pytest.mark.parametrize(("more", "words"), [
    ({"key": "a b"}, "key"), ({"key": ""}, "key"), ({"notice": "no"}, "no such notice"), ({"kind": "refused"}, "reason"),
    ({"kind": "refused", "reason": "so"}, "reason"), ({"reason": "other"}, "only a refusal"), ({"kind": "appealed"}, "say why"),
    ({"kind": "refused", "reason": "other", "words": " "}, "say why"), ({"words": "x" * 2001}, "2,000"),
    ({"kind": "undone"}, "in force"),
])  # fmt: skip
def test_what_cannot_be_kept_says_why(desk_db, told, now, more, words):
    (notice,) = told("board", "item")
    values = {"key": "k", "notice": notice} | more
    (outcome,) = give_answers(desk_db, "board", [answer(values.pop("key"), values.pop("notice"), **values)], now=now)
    assert (outcome.outcome, words in outcome.detail) == ("refused", True), outcome
    with desk_db.connect() as connection:
        assert answers_of(connection, "board", limit=20_000) == []


@pytest.mark.parametrize("reason", ["no_breach", "not_enough"])
def test_a_notice_that_was_taken_back_claims_nothing_to_refuse(desk_db, told, now, reason):
    (notice,) = told("board", "item")
    told("board", "item", change="withdrawn", at=now)
    (outcome,) = give_answers(desk_db, "board", [answer("k", notice, "refused", reason=reason)], now=now)
    assert (outcome.outcome, "claims nothing" in outcome.detail) == ("refused", True)
    assert give_answers(desk_db, "board", [answer("k", notice, "refused", reason="not_found")], now=now)[0].outcome == "recorded"


def test_a_platform_answers_only_what_it_was_told(desk_db, told, now):
    (mine,), (theirs,) = told("board", "item"), told("chat", "item")
    (outcome,) = give_answers(desk_db, "board", [answer("k", theirs)], now=now)
    assert outcome.outcome == "refused"
    assert give_answers(desk_db, "chat", [answer("k", theirs)], now=now)[0].outcome == "recorded"
    assert give_answers(desk_db, "board", [answer("k", mine)], now=now)[0].outcome == "recorded"


def test_a_notice_that_was_taken_back_is_undone_and_not_removed(desk_db, told, now):
    told("board", "item")
    (notice,) = told("board", "item", change="withdrawn")
    kinds = ("removed", "appealed", "undone", "acknowledged")
    given = [answer(kind, notice, kind, words="x") for kind in kinds]
    assert [each.outcome for each in give_answers(desk_db, "board", given, now=now)] == [
        "refused", "refused", "recorded", "recorded",
    ]  # fmt: skip
