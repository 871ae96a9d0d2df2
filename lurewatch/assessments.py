"""Stores the assessments of a partition by lexicon version and accepted commit: a later lexicon can judge the same run again."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import fsspec
import msgspec
import zstandard

from crawlers.evidence.partition import Report, is_local, unpacked_lines
from enrichment.assessment import Assessment
from foundation.crawl_errors import PartitionDamaged
from foundation.whole_files import replace_file

Row = TypeVar("Row", bound=msgspec.Struct)


def address_of(root: str, report: Report, lexicon_version: str, commit: str = "") -> str:
    """Return where the assessments of a run under a lexicon go; ``commit`` is that of the accepted seeds, if any."""
    version = f"{lexicon_version}-{commit[:12]}" if commit else lexicon_version
    return f"{root.rstrip('/')}/{report.source}/{report.run_id}/{version}.jsonl.zst"


def runs(root: str) -> dict[str, set[str]]:
    """Return the runs that have assessments, by source."""
    fs, path = fsspec.url_to_fs(root)
    results: dict[str, set[str]] = {}
    for file in fs.glob(f"{path.rstrip('/')}/*/*/*"):
        source, run_id = file.split("/")[-3:-1]
        results.setdefault(source, set()).add(run_id)
    return results


def forget(root: str, source: str, run_ids: Iterable[str]) -> None:
    """Delete the assessments of a source's runs; they can be made again while the runs are there."""
    fs, path = fsspec.url_to_fs(f"{root.rstrip('/')}/{source}")
    for run_id in run_ids:
        fs.rm(f"{path}/{run_id}", recursive=True)


def write(address: str, judged: Iterable[msgspec.Struct]) -> None:
    """Write assessments, one JSON line each: temporary name, fsync, rename on a file system; one PUT on an object store."""
    encoder = msgspec.json.Encoder()
    lines = b"".join(encoder.encode(item) + b"\n" for item in judged)
    content = zstandard.ZstdCompressor(level=6, write_checksum=True).compress(lines)
    fs, path = fsspec.url_to_fs(address)
    if not is_local(fs):
        fs.pipe_file(path, content)
        return
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    replace_file(Path(path), content)


def exists(address: str) -> bool:
    """Tell whether there are assessments at an address."""
    fs, path = fsspec.url_to_fs(address)
    return bool(fs.exists(path))


def read(address: str) -> Iterator[Assessment]:
    """Yield the assessments at an address in the order of their postings."""
    return rows(address, Assessment)


def rows(address: str, kind: type[Row]) -> Iterator[Row]:
    """Yield what ``write`` wrote to an address, as ``kind``; raise PartitionDamaged when it is not whole."""
    decoder = msgspec.json.Decoder(kind)
    with fsspec.open(address, "rb") as file:
        content = file.read()
    try:
        lines = list(unpacked_lines(content))  # its checksum stands at its end: nothing is believed before
        rows = [decoder.decode(line) for line in lines]
    except (zstandard.ZstdError, msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise PartitionDamaged(f"{address}: damaged ({exc}); `lurewatch load PARTITION` makes the assessments again") from exc
    yield from rows


def find_damaged(root: str) -> Iterator[str]:
    """Yield the addresses of assessments that cannot be read; raise OSError when the storage does not answer."""
    fs, path = fsspec.url_to_fs(root)
    for file in fs.glob(f"{path.rstrip('/')}/*/*/*.jsonl.zst"):
        with fs.open(file, "rb") as opened:
            content = opened.read()
        try:
            for _ in unpacked_lines(content):
                pass
        except zstandard.ZstdError:
            yield str(fs.unstrip_protocol(file))
