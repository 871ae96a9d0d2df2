"""No crawl without a valid access passport, whoever calls: crawl() and fetching() refuse by themselves, before any request."""

from datetime import date
from typing import Any

import pytest

from crawlers.discovery.guided_fetch import fetching
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.sources.source import TRIAL_REQUESTS, Trial
from foundation.crawl_errors import PassportRefused

OPTIONS = CrawlOptions(user_agent="LureWatch/0.1 (+https://lurewatch.example.org/bot)", allow_loopback=True)
WITHOUT: dict[str, dict[str, Any]] = {
    "no basis": {"basis": ""},
    "nobody read the terms": {"terms_checked": None},
    "out of date": {"terms_checked": date(2020, 1, 1), "review_by": date(2020, 6, 1)},
}


@pytest.mark.parametrize("passport", WITHOUT.values(), ids=WITHOUT)
def test_a_crawl_without_a_valid_passport_is_refused_before_any_request(
    site: Any, pages: Any, source_of: Any, crawled: Any, tmp_path: Any, passport: dict[str, Any]
) -> None:
    """Nothing is asked for, not even robots.txt, and nothing is written."""
    pages.board(site, 3)
    source = source_of()
    source = source.model_copy(update={"access": source.access.model_copy(update=passport)})
    with pytest.raises(PassportRefused, match=r"local does not run: .*(passport|terms)"):
        crawled(source)
    with pytest.raises(PassportRefused, match="local does not run"), fetching(source, OPTIONS):
        pytest.fail("a page could be fetched")
    assert sum(site.hits.values()) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_named_trial_goes_without_one_for_a_few_pages(site: Any, pages: Any, source_of: Any, crawled: Any) -> None:
    """`sources try` and `sources new`: named by the caller, and bounded."""
    pages.board(site, 3)
    source = source_of(requests=TRIAL_REQUESTS)
    source = source.model_copy(update={"access": source.access.model_copy(update={"basis": "", "terms_checked": None})})
    _, report = crawled(source, trial=Trial.SOURCES_TRY)
    assert report.parsed == 3
    more = source.model_copy(update={"access": source.access.model_copy(update={"requests_per_run": TRIAL_REQUESTS + 1})})
    with pytest.raises(ValueError, match="sources try without a passport: requests_per_run 13 > 12"):
        crawled(more, trial=Trial.SOURCES_TRY)
