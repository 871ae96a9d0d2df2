"""Second opinions: drawn by chance, given blind, changing nothing, counted against the first."""

import pytest

from desk.cases import asks, case_decisions
from desk.cases.second_opinions import agreement, due_items, give_opinion, given_opinions
from desk.custody.ledger_check import check_ledger
from desk.refusals import DeskRefusal

CONFIRM = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour"}


@pytest.fixture
def decided(engine, staff, record, now):
    """Return people and eight items that minh decided: four confirmed, four dismissed."""
    people, items = staff(engine), [record(number) for number in range(8)]
    for number, item in enumerate(items):
        common = {"by": people["minh"], "now": now, "seen": {item.id: 0}}
        if number % 2:
            case_decisions.dismiss(engine, [item], reason="misread", **common)
        else:
            case_decisions.confirm(engine, [item], **CONFIRM, **common)
    return people, items


def due(engine, person, now, percent=100):
    with engine.connect() as connection:
        return [decision.item_id for decision in due_items(connection, by=person, percent=percent, now=now)]


def test_others_look_again_at_what_chance_draws_and_nobody_at_their_own(engine, decided, now):
    people, items = decided
    assert due(engine, people["lead"], now) == [item.id for item in items]
    assert due(engine, people["minh"], now) == due(engine, people["lead"], now, percent=0) == []
    few = due(engine, people["lead"], now, percent=50)
    assert few == due(engine, people["lead"], now, percent=50)
    case_decisions.undo(engine, [items[0].id], by=people["minh"], now=now, seen={items[0].id: 1})
    assert items[0].id not in due(engine, people["lead"], now)


def test_an_opinion_changes_no_case_and_a_different_one_is_talked_over(engine, decided, now):
    people, items = decided

    def give(number, tag):
        return give_opinion(engine, items[number].id, tag, by=people["lead"], percent=100, now=now)

    assert [give(0, "scam_compound"), give(1, "none"), give(2, "scam_compound"), give(3, "money_scam")] == [True] * 3 + [False]
    with pytest.raises(DeskRefusal, match="waits for no"):
        give(0, "none")
    with pytest.raises(DeskRefusal, match="choose a kind"):
        give(4, "x")
    with engine.connect() as connection:
        assert case_decisions.cases(connection, [items[3].id])[items[3].id].state == "dismissed"
        assert [(each.kind, each.item_id) for each in asks.asks_to(connection, people["minh"])] == [("differs", items[3].id)]
        rate = agreement(connection)
        standing = case_decisions.cases(connection, [items[3].id])[items[3].id].standing
        assert given_opinions(connection)[standing[-1].id] == (people["lead"].name, "money_scam")
        assert check_ledger(connection).faults == ()
    assert (rate.total, rate.agreed, round(rate.low, 2), round(rate.high, 2)) == (4, 3, 0.3, 0.95)
    assert rate.kappa == pytest.approx((3 / 4 - 6 / 16) / (1 - 6 / 16))
