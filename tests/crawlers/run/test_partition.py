"""Run partitions on any fsspec address: whole or not there, sealed by their report."""

import hashlib

import fsspec
import pytest

from crawlers.evidence.partition import REPORT, is_sealed, partitions, put_file, read_postings, read_report, remove
from foundation.crawl_errors import PartitionError


def test_a_file_is_whole_or_not_there(tmp_path):
    """A source that fails half way leaves neither the file nor its temporary one; a later try succeeds."""

    def broken():
        yield b"half"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        put_file(str(tmp_path / "run"), "a.bin", broken())
    assert list((tmp_path / "run").iterdir()) == []
    digest = put_file(str(tmp_path / "run"), "a.bin", [b"ab", b"c"])
    assert (tmp_path / "run" / "a.bin").read_bytes() == b"abc"
    assert digest == hashlib.sha256(b"abc").hexdigest()
    assert (tmp_path / "run" / "a.bin").stat().st_mode & 0o777 == 0o444


@pytest.mark.parametrize("make", [str, "file://{}".format, "memory://bucket{}".format])
def test_a_crawl_seals_into_a_folder_a_file_address_and_an_object_store(make, tmp_path, site, source_of, crawled, pages):
    """The same partition comes out whatever kind of address it goes to."""
    pages.board(site, 3)
    runs = make(tmp_path / "runs")
    address, report = crawled(source_of(), runs=runs)
    assert read_report(address) == report
    assert len(list(read_postings(address))) == 3
    assert partitions(runs) == [address]
    assert address.endswith(f"/local/{report.run_id}")
    fs, folder = fsspec.url_to_fs(address)
    for name, digest in report.digests.items():
        assert hashlib.sha256(fs.cat_file(f"{folder}/{name}")).hexdigest() == digest
    for _ in range(2):
        remove(address)
        assert (partitions(runs), fs.exists(folder)) == ([], False)


def test_a_folder_without_a_report_is_no_run(tmp_path):
    """It is not listed, and reading it says what to do."""
    put_file(str(tmp_path / "runs" / "s" / "1"), "postings.jsonl.zst", [b""])
    assert partitions(str(tmp_path / "runs")) == []
    assert not is_sealed(str(tmp_path / "runs" / "s" / "1"))
    with pytest.raises(PartitionError, match=rf"no {REPORT}.*run `lurewatch crawl` again"):
        read_report(str(tmp_path / "runs" / "s" / "1"))
