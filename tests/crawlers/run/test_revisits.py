"""The interval after which an advert that no list shows is due again."""

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.frontier.revisits import StandingAdvert, interval, select_due

NOW = datetime(2026, 11, 28, 3, 17, tzinfo=UTC)


def advert(stood: float, seen: float, name: str = "a", *, watched: bool = False) -> StandingAdvert:
    """Return an advert last seen ``seen`` days ago, unchanged for ``stood`` days then."""
    seen_at = NOW - timedelta(days=seen)
    return StandingAdvert(
        url=f"https://board.example/{name}", seen_at=seen_at, since=seen_at - timedelta(days=stood), watched=watched
    )


@pytest.mark.parametrize(("stood", "days"), [(0, 1), (1, 1), (10, 5), (40, 20), (400, 30)])
def test_the_interval_is_half_the_age_within_a_day_and_a_month(stood: float, days: float) -> None:
    assert interval(advert(stood, 0)) == timedelta(days=days)


def test_a_watched_advert_is_due_each_day() -> None:
    assert interval(advert(400, 0, watched=True)) == timedelta(days=1)


def test_a_daily_run_that_begins_early_still_counts_as_a_day_later() -> None:
    assert select_due([advert(0, 21 / 24)], NOW)
    assert select_due([advert(0, 12 / 24)], NOW) == []


def test_the_watched_come_first_then_those_that_are_late_by_most_of_their_interval() -> None:
    adverts = [advert(10, 6, "b"), advert(0, 6, "a"), advert(20, 6, "not due"), advert(50, 2, "w", watched=True)]
    assert [item.url.rsplit("/", 1)[1] for item in select_due(adverts, NOW)] == ["w", "a", "b"]
