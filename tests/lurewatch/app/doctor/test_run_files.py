"""Damaged files of a run are named, counted and red wherever somebody meets them, and nothing that can be saved is lost."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawlers.evidence.partition import CAPTURES, POSTINGS, REJECTS, REPORT
from index.base import Query, Record
from lurewatch.app.doctor import run_files
from lurewatch.app.resources import store_of
from lurewatch.cli.contents import cli
from lurewatch.settings import load_settings
from tests.desk.custody.conftest import Run, copied, partition  # noqa: F401 - a fixture

Damage = Callable[[bytes], bytes | None]


def flip(at: float) -> Damage:
    """Return what flips one bit at a share of a file's length."""

    def damage(content: bytes) -> bytes:
        place = min(len(content) - 1, int(at * len(content)))
        return content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]

    return damage


def cut(content: bytes) -> bytes:
    """Return half of a file."""
    return content[: len(content) // 2]


def zero(content: bytes) -> bytes:
    """Return a file with a block of zeros in it."""
    return content[:40] + bytes(min(200, len(content) - 40)) + content[240:]


def delete(_: bytes) -> None:
    """Take a file away."""


RUN_FILES: dict[str, tuple[str, Damage]] = {
    **{f"postings flipped at {at}": (POSTINGS, flip(at)) for at in (0.0, 0.3, 0.6, 1.0)},
    **{f"{name} {damage.__name__}": (name, damage) for name in (POSTINGS, CAPTURES, REPORT) for damage in (cut, zero, delete)},
    "captures flipped": (CAPTURES, flip(0.5)),
    "rejects flipped": (REJECTS, flip(0.5)),
    "rejects delete": (REJECTS, delete),
    "report flipped": (REPORT, flip(0.2)),
    "a digit of the report": (REPORT, lambda content: content.replace(b'"parsed":3', b'"parsed":2')),
}


def lurewatch(*words: str) -> Result:
    """Run a command; no damage ends in a traceback."""
    done = CliRunner().invoke(cli, list(words))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def records() -> dict[str, Record]:
    """Return all records of the index."""
    store = store_of(load_settings())
    try:
        return {record.id: record for record in store.scan(Query())}
    finally:
        store.close()


@pytest.fixture
def loaded(workplace: Path, partition: Run) -> Iterator[Run]:  # noqa: F811
    """Load a run of three adverts, which the ledger notes."""
    assert lurewatch("load", partition.address).exit_code == 0
    assert len(records()) == 3
    yield partition


def damage_file(path: Path, damage: Damage) -> None:
    content = damage(path.read_bytes())
    path.unlink()
    if content is not None:
        path.write_bytes(content)


@pytest.mark.parametrize(("name", "damage"), RUN_FILES.values(), ids=RUN_FILES)
def test_a_damaged_file_of_a_run_is_named_by_each_command_and_nothing_is_lost(loaded: Run, name: str, damage: Damage) -> None:
    before = records()
    assert (lurewatch("index", "verify").exit_code, run_files.partitions(load_settings()).status) == (0, "ok")
    damage_file(loaded.folder / name, damage)
    verified = lurewatch("index", "verify")
    assert (verified.exit_code, "1 damaged partitions, 0 postings of them unreadable" in verified.output) == (1, True)
    assert loaded.address in verified.output and name in verified.output
    finding = run_files.partitions(load_settings())
    assert (finding.status, loaded.address in finding.detail, name in finding.detail) == ("missing", True, True)
    assert "1 of 1 damaged" in finding.detail or "1 of 0 damaged" in finding.detail
    again = lurewatch("load", loaded.address)
    if (name, damage) != (REPORT, delete):  # a folder without a report is no run to load
        assert (again.exit_code, "damaged" in again.output, name in again.output) == (1, True, True), again.output
    assert {key: record.posting for key, record in records().items()} == {key: each.posting for key, each in before.items()}
    rebuilt = lurewatch("index", "rebuild")
    assert (rebuilt.exit_code, "1 damaged partitions" in rebuilt.output) == (1, True), rebuilt.output
    assert loaded.address in rebuilt.output and name in rebuilt.output
    after = records()
    assert {key: record.posting.text for key, record in after.items()} == {key: each.posting.text for key, each in before.items()}


def test_a_new_index_of_damaged_runs_holds_what_can_be_saved_and_counts_what_is_lost(workplace: Path, partition: Run) -> None:  # noqa: F811
    """After a restore there is no older index to carry over from, and the desk never noted these runs."""
    damage_file(partition.folder / POSTINGS, flip(0.4))
    damage_file(partition.folder / CAPTURES, cut)
    newer = copied(partition, "20261125T030000Z")
    (newer.folder / REPORT).write_bytes(b"{")
    told = json.loads(lurewatch("load", partition.address, "--json").stdout)
    assert (told["state"], told["inserted"], told["reason"]) == (
        "saved", 2, "2 of 3 postings are saved, 2 of them read again from the kept pages; 1 are lost",
    )  # fmt: skip
    pending = lurewatch("load", "--pending")
    assert pending.exit_code == 1 and "2 of 2 partitions are not loaded" in pending.output
    verified = json.loads(lurewatch("index", "verify", "--json").stdout)
    assert (len(verified["damaged"]), verified["unreadable"], len(verified["pending"])) == (2, 1, 2)
    rebuilt = lurewatch("index", "rebuild", "--json")
    values = json.loads(rebuilt.stdout)
    assert (rebuilt.exit_code, values["records"], len(values["damaged"]), values["gone"]) == (1, 2, 2, 0)


def test_a_damaged_run_keeps_no_other_from_the_index(workplace: Path, partition: Run) -> None:  # noqa: F811
    """Not even one whose report says nothing."""
    broken = copied(partition, "20261122T030000Z")
    (broken.folder / REPORT).write_bytes(b"")
    done = lurewatch("load", "--pending")
    assert (done.exit_code, len(records())) == (1, 3)
    assert f"failed  {broken.address}" in done.output and f"loaded  {partition.address}" in done.output


def test_a_restored_file_makes_all_green_again(loaded: Run) -> None:
    content = (loaded.folder / POSTINGS).read_bytes()
    damage_file(loaded.folder / POSTINGS, zero)
    assert lurewatch("index", "verify").exit_code == 1
    (loaded.folder / POSTINGS).write_bytes(content)
    for words in (("load", loaded.address), ("index", "verify"), ("index", "rebuild")):
        assert lurewatch(*words).exit_code == 0
    assert run_files.partitions(load_settings()).status == "ok"


def test_a_run_that_is_gone_while_the_index_rests_on_it_is_told_by_each_command(loaded: Run) -> None:
    shutil.rmtree(loaded.folder)
    verified, finding = lurewatch("index", "verify"), run_files.partitions(load_settings())
    assert (verified.exit_code, "there is no such run" in verified.output) == (1, True), verified.output
    assert (finding.status, "there is no such run" in finding.detail, loaded.address in finding.detail) == ("missing", True, True)


def test_a_run_that_is_gone_is_not_called_damaged_by_a_rebuild(loaded: Run) -> None:
    """Its records would be lost, so it is refused unless somebody accepts that."""
    for path in sorted(loaded.folder.iterdir(), key=lambda path: path.name == REPORT):
        path.unlink()
    loaded.folder.rmdir()
    refused = lurewatch("index", "rebuild")
    assert (refused.exit_code, "3 records of the index are in no partition" in refused.output) == (1, True), refused.output


@pytest.mark.parametrize("damage", [flip(0.5), cut, zero, lambda _: b""], ids=["flip", "cut", "zero", "empty"])
def test_damaged_assessments_are_named_and_made_again(loaded: Run, damage: Damage) -> None:
    (path,) = (Path(load_settings().assessed)).rglob("*.jsonl.zst")
    damage_file(path, damage)
    finding = run_files.assessment_files(load_settings())
    assert (finding.status, path.name in finding.detail) == ("missing", True)
    used = lurewatch("load", loaded.address, "--assessed", str(path))
    assert (used.exit_code, f"{path}: damaged" in used.output) == (1, True), used.output
    assert lurewatch("index", "verify").exit_code == 0
    assert lurewatch("index", "rebuild").exit_code == 0
    assert run_files.assessment_files(load_settings()).status == "ok"
