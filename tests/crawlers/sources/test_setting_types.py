"""Wrong selectors, paths, patterns and templates are refused with line and fix."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crawlers.sources.setting_types import split_selector
from crawlers.sources.source import load_source
from foundation.crawl_errors import SourceError

Write = Callable[..., Path]


def test_a_selector_is_split_from_its_attribute() -> None:
    assert split_selector("a.phone@data-number") == ("a.phone", "data-number")
    assert split_selector('a[href*="@x"]') == ('a[href*="@x"]', "")
    assert split_selector("h1 > span") == ("h1 > span", "")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('  fields: {title: "h1", contacts: "a.phone@href"}\n', ""),
        ('  fields:\n    title: "h1["\n', "crawl.fields.title: 'h1[' is not a CSS selector"),
        ('  fields:\n    contacts: "@href"\n', "crawl.fields.contacts: '@href' has no selector before the @"),
        ('  fields:\n    titel: "h1"\n', "crawl.fields.titel: unknown key, did you mean title"),
        ('  include: ["jobs/*"]\n', "crawl.include.0: 'jobs/*' begins with neither /, * nor http; write */jobs/*"),
        ('  exclude: ["re:(?=a)"]\n', "crawl.exclude.0: 're:(?=a)' is not a regular expression that RE2 takes"),
    ],
)
def test_a_wrong_field_or_pattern_is_refused_with_its_line(written: Write, lines: str, said: str) -> None:
    path = written(("schedule:", f"{lines}schedule:"))
    if not said:
        assert load_source(path).crawl.fields.named_fields() == {"title": "h1", "contacts": "a.phone@href"}
        return
    with pytest.raises(SourceError) as caught:
        load_source(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{path}:")


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("https://jobs.board.example/api?offset={offset}", "need the items of a page; add the line `page_size: 20`"),
        ("https://jobs.board.example/api?after={cursor}", "{cursor} needs its path in the answer"),
        ("https://jobs.board.example/api?p={page}&o={offset}", "is counted in two ways"),
        ("https://jobs.board.example/api?p={pg}", "{pg} is not filled in; placeholders are {cursor}, {offset}, {page}, {size}"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused(written: Write, start: str, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        load_source(written(("https://jobs.board.example/list?p={page}", start)))
    assert said in str(caught.value)
    assert "crawl.start.0" in str(caught.value)


def test_posts_of_a_forum_are_read_by_its_spider_alone(written: Write) -> None:
    with pytest.raises(SourceError, match="remove fields"):
        load_source(written(("spider: board", "spider: forum"), ("schedule:", '  fields: {title: "h1"}\nschedule:')))
