"""What tests of the assessment share: one assessor with the shipped lexicon, and the labelled listings the project carries."""

from collections import defaultdict
from pathlib import Path

import pytest

from enrichment.assess import Assessor
from enrichment.facts.places import Gazetteer
from evaluation.labelled_listings import Listing, listings
from evaluation.text_sets import carried_texts


@pytest.fixture(scope="session")
def assessor(seeds: Path, compiled_phrases: Path) -> Assessor:
    """Return an assessor with the shipped seeds."""
    return Assessor(seeds)


@pytest.fixture(scope="session")
def gazetteer(seeds: Path) -> Gazetteer:
    """Return the places of the shipped seeds."""
    return Gazetteer(seeds / "places.yml")


ONE_IN = 16
"""How manieth labelled listing of each file, language and label is judged: `evaluation` and `lures check` judge them all."""


@pytest.fixture(scope="session")
def labelled() -> list[Listing]:
    """Return labelled listings of the repository, spread evenly over files, languages, labels, kinds and disguises."""
    files = [*sorted(carried_texts().training.glob("listings-*.jsonl")), *carried_texts().unseen()]
    groups: defaultdict[tuple[str, ...], list[Listing]] = defaultdict(list)
    for file in files:
        for item in listings(file):
            groups[file.name, item.lang, str(item.label)].append(item)
    return [item for group in groups.values() for item in sorted(group, key=lambda one: (one.kind, one.evasion))[::ONE_IN]]
