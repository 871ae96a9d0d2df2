"""Every saved page of a source is still read as its case says: `lurewatch sources new` writes a case, this runs them all."""

from pathlib import Path

import pytest

from crawlers.discovery.page_case import problems
from crawlers.sources.source import read_sources

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/case.json"))


@pytest.fixture(scope="module")
def fields(seeds: Path) -> dict[str, dict[str, str]]:
    """Return the field selectors of each source."""
    return {source.name: source.crawl.fields.named_fields() for source in read_sources(seeds)[0] if not source.crawl.json_paths}


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_saved_page_is_read_as_its_case_says(case: Path, fields: dict[str, dict[str, str]]) -> None:
    """One line per field that is read differently."""
    assert list(problems(case, fields.get(case.name))) == []


def test_every_case_belongs_to_a_source(seeds: Path) -> None:
    """The folder's name is the source's."""
    assert {case.name for case in CASES} <= {source.name for source in read_sources(seeds)[0]}
    assert CASES
