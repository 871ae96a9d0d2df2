"""A backup names each sealed partition with the digest of its report, and tells one that is missing from one that differs."""

import hashlib
from pathlib import Path

import pytest

from lurewatch.app.backup.archive import BackupError
from lurewatch.app.backup.run_partitions import absent, partition_lines


@pytest.fixture
def runs(tmp_path):
    """Return a folder with a sealed run and one that never ended."""
    for name in ("board/1/report.json", "board/1/postings.jsonl.zst", "board/2/postings.jsonl.zst"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    return str(tmp_path)


def test_sealed_partitions_are_named_with_their_report_and_others_are_not(runs):
    """The report holds the digests of the other files."""
    (line,) = partition_lines(runs)
    assert (line.name, line.address) == ("board/1", f"file://{runs}/board/1")
    assert line.report_sha256 == hashlib.sha256(b"{}").hexdigest()


def test_a_partition_that_is_gone_is_told_and_one_that_differs_is_refused(runs, tmp_path):
    """The first can be brought, the second is somebody else's."""
    lines = list(partition_lines(runs))
    assert absent(lines, runs) == [] and absent(lines, str(tmp_path / "other")) == lines
    (Path(runs) / "board/1/report.json").write_text("{ }")
    with pytest.raises(BackupError, match="LUREWATCH_RUNS"):
        absent(lines, runs)
