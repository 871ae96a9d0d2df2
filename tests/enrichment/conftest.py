"""What tests of the assessment share: one assessor with the shipped lexicon, and the labelled listings the project carries."""

from pathlib import Path

import pytest

from enrichment.assess import Assessor
from evaluation.text_sets import carried_texts
from lurewatch.models.labelled_listings import Listing, listings


@pytest.fixture(scope="session")
def assessor(seeds: Path, compiled_phrases: Path) -> Assessor:
    """Return an assessor with the shipped seeds."""
    return Assessor(seeds)


@pytest.fixture(scope="session")
def labelled() -> list[Listing]:
    """Return all labelled listings of the repository."""
    files = [*sorted(carried_texts().training.glob("listings-*.jsonl")), *carried_texts().unseen()]
    return [item for file in files for item in listings(file)]
