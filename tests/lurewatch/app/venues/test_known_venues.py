"""A channel or site that a source file names is no suggestion, whatever host of the site a lure links to."""

import pytest

from crawlers.sources.source import Crawl, Operator, Source
from index.terms.venues import venue_of
from lurewatch.app.venues.known_venues import KnownVenues, known_as


def _source(name, url, start, spider="board"):
    return Source(
        name=name, title=name, summary=name, kind="job_board", operator=Operator(name=name, url=url),
        crawl=Crawl(spider=spider, start=(start,)),
    )  # fmt: skip


SOURCES = [
    _source("channel", "https://t.me/", "https://t.me/s/sample_jobs", "channel"),
    _source("board", "https://www.jobs.example.org/", "https://vn.jobs.example.org/list"),
    _source("local", "http://127.0.0.1:8102/", "http://127.0.0.1:8102/list"),
]


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("@Sample_Jobs", "channel"),
        ("https://other.jobs.example.org/x", "board"),
        ("http://127.0.0.1:8102/x", "local"),
        ("http://127.0.0.1:8103/", ""),
        ("@sample_other", ""),
        ("jobs.example.net", ""),
    ],
)
def test_a_venue_is_known_by_its_source_file(written, source):
    venue = venue_of(written)
    assert known_as(SOURCES, venue) == source
    assert (venue.name in KnownVenues(SOURCES)) is bool(source)
