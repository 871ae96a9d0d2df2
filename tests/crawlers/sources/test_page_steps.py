"""Steps as an operator writes them: each does one thing, on lists, on adverts or on both."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crawlers.sources.page_steps import steps_on
from crawlers.sources.source import load_source
from foundation.crawl_errors import SourceError

Write = Callable[..., Path]
STEPS = """\
  render: true
  steps:
    - click: "#accept"
      optional: true
    - click: a.load_more_jobs
      times: until gone
      on: list
    - scroll: true
      on: list
    - click: .showphone
      on: detail
    - wait_for: .phone a
      on: detail
schedule:"""


def test_steps_are_taken_where_they_belong(written: Write) -> None:
    """In the order of the file, by their numbers there."""
    steps = load_source(written(("schedule:", STEPS))).crawl.steps
    assert [(number, step.label) for number, step in steps_on(steps, "list")] == [
        (1, "click #accept"), (2, "click a.load_more_jobs (until gone)"), (3, "scroll"),
    ]  # fmt: skip
    assert [number for number, _ in steps_on(steps, "detail")] == [1, 4, 5]
    assert steps_on(steps, "thread") == steps_on(steps, "page") == steps_on(steps, "detail")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("a.load_more_jobs", '"a["'), "20: crawl.steps.1.click: 'a[' is not a CSS selector"),
        (("until gone", "for ever"), "21: crawl.steps.1.times: 'for ever' is no number of clicks; write a number from 1 to 500"),
        (("on: detail", "on: advert"), "26: crawl.steps.3.on: 'advert' is not one of list, detail, both; write on: detail"),
        (("    - scroll: true", "    - scroll: true\n      click: a"), "23: crawl.steps.2: a step does one thing; write one of"),
        (("    - wait_for: .phone a", "    - wait: .phone a"), "27: crawl.steps.4.wait: unknown key, did you mean wait_for"),
        (("  render: true\n", ""), "crawl: wait_for, scroll and steps need a browser; write render: true"),
    ],
)
def test_a_wrong_step_is_refused_with_line_and_fix(written: Write, change: tuple[str, str], said: str) -> None:
    with pytest.raises(SourceError) as caught:
        load_source(written(("schedule:", STEPS.replace(*change, 1))))
    assert said in str(caught.value)
