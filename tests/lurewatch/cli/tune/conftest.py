"""Commands that crawl: here their child processes begin with Scrapy loaded; README and wheel are tested with real ones."""

import pytest

import crawlers.process
from tests.software import warm_child


@pytest.fixture(autouse=True)
def warm_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork crawls from a process that has loaded Scrapy: to load it takes three seconds of a processor each time."""
    monkeypatch.setattr(crawlers.process, "start_child", warm_child.start_child)
