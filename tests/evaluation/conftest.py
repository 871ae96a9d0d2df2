"""A working folder with seeds and sealed runs, as the tests of the command line have it, and some of the real texts."""

from pathlib import Path

import pytest

from tests.evaluation.decided_records import decide, label, record
from tests.lurewatch.conftest import sealed, workplace

__all__ = ["decide", "few_real_texts", "label", "record", "sealed", "workplace"]

ONE_IN = 6
"""How manieth real text is judged: the figures of all are `python -m evaluation real --data`."""


@pytest.fixture(scope="session")
def few_real_texts(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with every sixth real text of each source."""
    folder = tmp_path_factory.mktemp("real")
    for file in (shared_data / "texts").rglob("*.jsonl"):
        copy = folder / file.relative_to(shared_data)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[::ONE_IN]))
    return folder
