"""Scrolling ends when the list is whole, or when its page has no more time to wait: without a browser."""

from collections.abc import Coroutine
from typing import Any

import pytest

from crawlers.fetch.handlers import page_ready
from crawlers.fetch.handlers.page_ready import RESERVE_SECONDS, ROUNDS, scroll_to_end


class FakePage:
    """Answers each scroll with whether the list grew; ``pending`` says how many requests stand open after it."""

    def __init__(self, *rounds: tuple[bool, int], seconds_left: float = 60.0) -> None:
        self.page, self.held, self.pending, self.left = self, 0.0, 0, seconds_left
        self.rounds, self.scrolls = list(rounds), 0

    async def evaluate(self, *_: Any) -> bool:
        grew, self.pending = self.rounds[min(self.scrolls, len(self.rounds) - 1)]
        self.scrolls += 1
        return grew

    def seconds_left(self) -> float:
        return self.left


@pytest.mark.parametrize(
    ("page", "grown", "scrolls"),
    [
        (FakePage((False, 0)), 0, 1),
        (FakePage((True, 0), (True, 0), (False, 0)), 2, 3),
        (FakePage((False, 1), (False, 1), (True, 0), (False, 0)), 1, 4),
        (FakePage((False, 1), seconds_left=RESERVE_SECONDS - 1), 0, 1),
        (FakePage((True, 0)), ROUNDS, ROUNDS),
    ],
    ids=["nothing comes", "it grows twice", "an answer is late", "no time is left", "it never ends"],
)
def test_a_list_is_scrolled_until_nothing_comes_and_nothing_is_awaited(page: Any, grown: int, scrolls: int) -> None:
    assert (done(scroll_to_end(page)), page.scrolls) == (grown, scrolls)


def test_an_answer_that_never_comes_is_not_waited_for_longer_than_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_ready, "ANSWER_SECONDS", 0.0)
    page: Any = FakePage((False, 1))
    assert (done(scroll_to_end(page)), page.scrolls) == (0, 1)


def done(work: Coroutine[Any, Any, int]) -> int:
    """Run a coroutine that waits for nothing to its end: behind browser tests the main thread has a running event loop."""
    try:
        work.send(None)
    except StopIteration as result:
        return int(result.value)
    raise AssertionError("it waited")
