"""The sources that are shipped: well formed, wide enough, and none that runs before a person has confirmed it."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from crawlers.sources.source import Source, read_sources, refusal, site


@pytest.fixture(scope="module")
def real(seeds: Path) -> list[Source]:
    """The sources that are not samples."""
    return [source for source in read_sources(seeds)[0] if not source.name.startswith("sample_")]


def test_all_are_well_formed_and_there_are_enough(real: list[Source]) -> None:
    """At least 25 real sources."""
    assert len(real) >= 25


def test_every_region_is_covered(real: list[Source]) -> None:
    """The countries lures aim at, and the ones compounds stand in."""
    countries = {country for source in real for country in source.countries}
    assert countries >= {"VN", "KH", "TH", "MM", "LA", "PH", "ID", "MY", "CN", "TW", "HK", "IN", "NP", "BD", "PK", "KE", "BR"}


def test_every_way_of_walking_is_used(real: list[Source]) -> None:
    """Boards, boards with a sitemap, rendered boards, feeds, channels, forums and JSON APIs."""
    spiders = Counter(source.crawl.spider for source in real)
    assert set(spiders) == {"board", "feed", "channel", "forum", "json_api"}
    assert any(source.crawl.sitemap for source in real)
    assert any(source.crawl.render for source in real)


def test_none_runs_before_a_person_has_confirmed_it(real: list[Source]) -> None:
    """Shipped disabled, with a note of what to confirm, and with a passport that refuses even when one is switched on."""
    assert [source.name for source in real if source.enabled] == []
    assert [source.name for source in real if len(source.note) < 60] == []
    assert [source.name for source in real if refusal(source, date(2026, 11, 25)) is None] == []


def test_none_is_in_a_hurry(real: list[Source]) -> None:
    """At least four seconds between requests, and a run bounded by requests."""
    assert [source.name for source in real if source.access.delay_seconds < 4 or source.access.requests_per_run > 300] == []


def test_two_sources_never_start_at_one_address(real: list[Source]) -> None:
    """A doubled source would count each lure twice."""
    starts = Counter(start for source in real for start in source.crawl.start)
    assert [start for start, times in starts.items() if times > 1] == []


def test_names_say_where_a_source_belongs(real: list[Source]) -> None:
    """The prefix is the first country in small letters, or int for international ones."""
    for source in real:
        prefix = source.name.split("_")[0]
        assert prefix == "int" or prefix.upper() in source.countries, source.name


def test_no_two_sources_of_one_site_run_in_the_same_minute(real: list[Source]) -> None:
    """The delay between requests holds within a run; two runs at once would halve it."""
    times = Counter((site(source.operator.url), source.schedule) for source in real)
    assert [key for key, number in times.items() if number > 1] == []


def test_samples_run_as_they_are(seeds: Path) -> None:
    """One for each sample site, enabled, with a passport that lets it run."""
    samples = [source for source in read_sources(seeds)[0] if source.name.startswith("sample_")]
    assert len(samples) == 7
    assert [source.name for source in samples if not source.enabled or refusal(source, date(2026, 11, 25))] == []
