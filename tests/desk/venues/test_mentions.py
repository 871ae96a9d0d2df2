"""A venue that a lure points to comes with all who point there, each as a person or the index says it stands."""

import pytest

from crawlers.sources.source import Crawl, Operator, Source
from desk.venues.mentions import KnownVenues, find_mentions, find_venue, known_as, leads, standing_of
from index.terms.venue_pointers import venue_of


def _standings(lead):
    return {mention.item: mention.standing for mention in lead.mentions}


def test_all_who_point_to_a_lures_venue_are_found(store, record):
    crew = ("telegram:sample_crew",)
    store.put(
        [
            record("lure", contacts=crew),
            record("forward", forwarded_from="sample_crew", flagged=False),
            record("warning", contacts=crew, stance="warning", flagged=False),
            record("honest", contacts=("telegram:sample_honest",), flagged=False),
            record("linking", links=("https://jobs.example.org/1",)),
        ]
    )
    found = list(leads(store, {}))
    assert [lead.venue.name for lead in found] == ["site:jobs.example.org", "telegram:sample_crew"]
    assert found[0].venue.address == "https://jobs.example.org/1"
    assert _standings(found[1]) == {"lure": "flagged", "forward": "ordinary", "warning": "quoting"}
    assert found[1].items("flagged") == {"lure"}


def test_what_is_a_source_already_is_left_out(store, record):
    store.put([record("lure", contacts=("telegram:sample_crew",))])
    assert list(leads(store, {}, known={"telegram:sample_crew"})) == []


def test_a_warning_alone_leads_nowhere(store, record):
    store.put([record("warning", contacts=("telegram:sample_crew",), stance="warning")])
    assert list(leads(store, {})) == []
    assert _standings(next(find_mentions(store, {}, [find_venue("@sample_crew")]))) == {"warning": "quoting"}


def test_people_have_the_last_word(store, record, case):
    unflagged = record("quiet", flagged=False, contacts=("telegram:sample_crew",))
    store.put([unflagged])
    assert [lead.venue.name for lead in leads(store, {"quiet": case("quiet", "confirm")})] == ["telegram:sample_crew"]
    assert standing_of(record("x"), case("x", "dismiss", "honest_employer")) == "dismissed"
    assert standing_of(record("x"), case("x", "dismiss", "warning_or_news")) == "quoting"
    assert standing_of(record("x", stance="warning"), case("x", "confirm")) == "confirmed"


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
        ("@Sample_Jobs", "channel"), ("https://other.jobs.example.org/x", "board"), ("http://127.0.0.1:8102/x", "local"),
        ("http://127.0.0.1:8103/", ""), ("@sample_other", ""), ("jobs.example.net", ""),
    ],
)  # fmt: skip
def test_a_venue_is_known_by_its_source_file(written, source):
    venue = venue_of(written)
    assert known_as(SOURCES, venue) == source
    assert (venue.name in KnownVenues(SOURCES)) is bool(source)
