"""What tests of the assessment share: one assessor with the shipped lexicon, and the labelled listings the project carries."""

from pathlib import Path

import pytest

from enrichment.assess import Assessor
from lurewatch.evaluation.listings import Listing, listings


@pytest.fixture(scope="session")
def assessor(seeds: Path) -> Assessor:
    """Return an assessor with the shipped seeds."""
    return Assessor(seeds)


@pytest.fixture(scope="session")
def labelled(seeds: Path) -> list[Listing]:
    """Return all labelled listings of the repository."""
    files = [file for kind in ("listings-*", "unseen*") for file in sorted((seeds / "evaluation").glob(f"{kind}.jsonl"))]
    return [item for file in files for item in listings(file)]
