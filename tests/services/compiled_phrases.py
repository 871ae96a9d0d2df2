"""The shipped lexicon compiled, once for all processes of a test run: 28 s of processor time where nothing is kept yet."""

import fcntl
from pathlib import Path

import pytest

from enrichment.assess import Assessor
from enrichment.lexicon import cache


def phrases_of(seeds: Path) -> Path:
    """Return the cache folder with the compiled phrases of these seeds in it; one process makes them, the others wait."""
    folder = cache.folder()
    folder.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        Assessor(seeds)
    return folder


@pytest.fixture(scope="session")
def compiled_phrases(seeds: Path) -> Path:
    """Return the cache folder of whoever runs the tests, with the compiled phrases of the shipped seeds in it."""
    return phrases_of(seeds)
