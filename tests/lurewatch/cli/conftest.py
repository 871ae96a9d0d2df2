"""The sample sites, for the commands that look at sources."""

from collections.abc import Iterator

import pytest

from lurewatch.app.sample import serve


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[str, str]]:
    """The sample sites on free ports."""
    with serve(ports={}) as urls:
        yield urls
