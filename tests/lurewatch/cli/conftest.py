"""The sample sites, for the commands that look at sources."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawlers.sample_sites import serve
from tests.few_sites import copy_hasty


@pytest.fixture(scope="module")
def sites(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The sample sites on free ports, without a Crawl-delay."""
    with serve(copy_hasty(seeds, tmp_path_factory.mktemp("sites")), {}) as urls:
        yield urls
