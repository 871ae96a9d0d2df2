"""Of a damaged partition every posting is had that its lines or its pages still give, and never one that no page bears out."""

import hashlib
import random
import re
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from crawlers.evidence import warc
from crawlers.evidence.partition import CAPTURES, POSTINGS, REJECTS, REPORT, NotedReport, read_postings, read_report
from crawlers.evidence.salvage import check_partition, damaged_partitions, salvage
from crawlers.items import posting_id
from foundation.crawl_errors import PartitionDamaged, PartitionError
from tests.desk.custody.conftest import Run, copied, partition, records  # noqa: F401 - a fixture


def said(postings) -> set[tuple]:
    """Return what postings say."""
    return {(posting.id, posting.title, posting.text, posting.url, posting.contacts) for posting in postings}


def change(path: Path, kind: str, at: float) -> None:
    """Damage a file at a share of its length."""
    content = bytearray(path.read_bytes())
    place = min(len(content) - 1, int(at * len(content)))
    if kind == "flip":
        content[place] ^= 1 << (place % 8)
    elif kind == "cut":
        del content[place:]
    elif kind == "zero":
        content[place : place + 64] = bytes(len(content[place : place + 64]))
    elif kind == "more":
        content += b"\0" * 16
    path.unlink()
    if kind != "gone":
        path.write_bytes(content)


DAMAGE = [(kind, at) for kind in ("flip", "cut", "zero") for at in (0.0, 0.1, 0.35, 0.5, 0.8, 1.0)] + [("gone", 0), ("more", 0)]


@pytest.mark.parametrize(("kind", "at"), DAMAGE)
def test_damaged_postings_are_named_and_had_again_whole(partition: Run, kind, at):  # noqa: F811
    """From lines that a page bears out, and from the pages themselves."""
    change(partition.folder / POSTINGS, kind, at)
    with pytest.raises(PartitionDamaged, match=rf"{re.escape(POSTINGS)}: "):
        list(read_postings(partition.address))
    found = check_partition(partition.address)
    assert (found.readable, found.parsed, len(found.faults)) == (3, 3, 1)
    assert found.faults[0].startswith(POSTINGS)
    saved = salvage(partition.address)
    assert (said(saved.postings), saved.lost) == (said(partition.postings), 0)
    assert {posting.capture for posting in saved.postings} == {posting.capture for posting in partition.postings}


def test_no_flip_of_a_bit_brings_a_posting_that_no_page_shows(partition: Run):  # noqa: F811
    """400 flips, with the pages of one advert gone: what cannot be borne out is lost, not made up."""
    content, draw = (partition.folder / POSTINGS).read_bytes(), random.Random(4)
    kept = partition.folder / CAPTURES
    kept.write_bytes(kept.read_bytes()[: len(kept.read_bytes()) // 2])
    wanted, count = said(partition.postings), 0
    for _ in range(400):
        damaged = bytearray(content)
        damaged[draw.randrange(len(damaged))] ^= 1 << draw.randrange(8)
        (partition.folder / POSTINGS).write_bytes(damaged)
        saved = salvage(partition.address)
        assert said(saved.postings) <= wanted
        assert len(saved.postings) + saved.lost == 3
        count += len(saved.postings)
    assert count >= 400, "the advert whose pages are whole is had each time"


@pytest.mark.parametrize("kind", ["flip", "cut", "zero", "gone"])
@pytest.mark.parametrize("name", [CAPTURES, REJECTS])
def test_another_damaged_file_is_named_and_loses_no_posting(partition: Run, name, kind):  # noqa: F811
    change(partition.folder / name, kind, 0.5)
    found = check_partition(partition.address)
    assert (found.readable, found.loadable, [fault.partition(":")[0] for fault in found.faults]) == (3, True, [name])


@pytest.mark.parametrize("at", [0.0, 0.2, 0.4, 0.6, 0.8, 0.95])
def test_captures_damaged_in_the_middle_still_give_the_records_behind(partition: Run, at):  # noqa: F811
    """Each record is a gzip member of its own: those before and behind the damage stand."""
    change(partition.folder / CAPTURES, "zero", at)
    (partition.folder / POSTINGS).unlink()
    saved = salvage(partition.address)
    assert len(saved.postings) >= 2
    assert said(saved.postings) <= said(partition.postings)
    assert len(check_partition(partition.address).faults) == 2


def noted_report(run: Run) -> NotedReport:
    """Return what the ledger notes of a run."""
    return NotedReport(sha256=hashlib.sha256((run.folder / REPORT).read_bytes()).hexdigest(), report=read_report(run.address))


REPORTS = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-5]),
    "empty": lambda path: path.write_bytes(b""),
    "zeroed": lambda path: path.write_bytes(bytes(len(path.read_bytes()))),
    "a digit": lambda path: path.write_bytes(path.read_bytes().replace(b'"parsed":3', b'"parsed":2')),
    "a letter of a name": lambda path: path.write_bytes(path.read_bytes().replace(b'"fetched"', b'"fetchee"')),
    "no letter of UTF-8": lambda path: path.write_bytes(path.read_bytes().replace(b"sample", b"samp\xffe")),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", REPORTS.values(), ids=REPORTS)
def test_a_damaged_report_is_named_and_what_the_ledger_noted_takes_its_place(partition: Run, damage):  # noqa: F811
    noted = noted_report(partition)
    damage(partition.folder / REPORT)
    (found,) = damaged_partitions(str(partition.folder.parents[1]), {"sample_board/20261123T030000Z": noted})
    assert (found.readable, found.parsed, found.loadable) == (3, 3, False)
    assert REPORT in found.faults[0]
    assert said(salvage(partition.address, noted).postings) == said(partition.postings)


def test_a_report_nobody_noted_is_named_and_says_nothing_of_its_run(partition: Run):  # noqa: F811
    (partition.folder / REPORT).write_bytes(b"{}")
    assert check_partition(partition.address).faults[0].startswith(f"{REPORT}: not a report")
    with pytest.raises(PartitionError):
        salvage(partition.address)


def test_whole_partitions_and_unfinished_ones_are_not_named(partition: Run):  # noqa: F811
    unfinished = partition.folder.parent / "20261124T030000Z"
    unfinished.mkdir()
    (unfinished / f".{POSTINGS}.part").write_bytes(b"x")
    assert (
        list(damaged_partitions(str(partition.folder.parents[1]), {"sample_board/20261123T030000Z": noted_report(partition)}))
        == []
    )


def test_postings_that_were_taken_over_are_borne_out_by_the_run_that_kept_them(partition: Run):  # noqa: F811
    """Their pages lie in an earlier run's captures."""
    newer = copied(partition, "20261124T030000Z")
    newer.put(CAPTURES, b"")
    kept = [(each, each.capture) for each in partition.postings if each.capture]
    newer.tell(*(replace(each, capture=replace(capture, run=partition.folder.name)) for each, capture in kept))
    path = newer.folder / POSTINGS
    path.write_bytes(path.read_bytes()[:-4])  # its checksum is gone, every line is there
    assert said(salvage(newer.address).postings) == said(partition.postings)


def test_an_advert_whose_title_stands_on_the_list_alone_is_borne_out_by_both_pages(partition: Run):  # noqa: F811
    """As an API's item with a page of its own."""
    item = replace(partition.postings[1], id=posting_id("sample_board", "a-77"), native_id="a-77", title="Deckhand", links=())
    listed = records(77, b'{"items": [{"id": "a-77", "title": "Deckhand"}]}', identity=warc.record_id(), shot=warc.record_id())
    partition.put(CAPTURES, (partition.folder / CAPTURES).read_bytes() + listed)
    partition.tell(item)
    path = partition.folder / POSTINGS
    path.write_bytes(path.read_bytes()[:-4])
    saved = salvage(partition.address).postings
    assert said([replace(item, contacts=())]) <= said(saved)


@pytest.mark.parametrize("name", ["sample_board/20261123T030000Zx", "other_board/20261123T030000Z"])
def test_a_run_in_the_folder_of_another_is_no_sealed_run(partition: Run, name):  # noqa: F811
    """It was `as it was sealed` to the doctor, and was loaded."""
    folder = partition.folder.parents[1] / name
    shutil.copytree(partition.folder, folder)
    (found,) = damaged_partitions(str(partition.folder.parents[1]), {})
    assert (found.address, found.loadable) == (f"file://{folder}", False)
    assert "says that it is run 20261123T030000Z of sample_board" in found.faults[0]
    with pytest.raises(PartitionDamaged, match="copied or renamed"):
        salvage(str(folder))
