"""The sample sites, for the commands that look at sources."""

from collections.abc import Iterator

import pytest

from crawlers.sample_sites import serve
from lurewatch.settings import SHIPPED_SEEDS


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[str, str]]:
    """The sample sites on free ports."""
    with serve(SHIPPED_SEEDS / "sample", {}) as urls:
        yield urls
