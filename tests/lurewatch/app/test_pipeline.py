"""A partition gives the same records whoever takes it through the stages, and work that is not wholly done is never green."""

import hashlib
import json
from concurrent.futures import Future
from pathlib import Path

import pytest
from airflow.sdk.exceptions import AirflowFailException
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crawlers.evidence.partition import REPORT, Report, State, read_report, report_bytes
from crawlers.evidence.run_signature import SIGNATURE, sign
from crawlers.sources.source import read_sources
from desk.custody.sealed_partitions import partition_notes
from desk.database import open_database
from enrichment.assess import Assessor
from foundation.crawl_errors import RunBusy
from lurewatch import tasks
from lurewatch.app import pipeline, source_runs
from lurewatch.app.in_force import load_in_force
from lurewatch.app.resources import store_of
from lurewatch.cli.contents import cli
from lurewatch.settings import load_settings
from tests.lurewatch.conftest import Seal

ADVERT = "Typist wanted, call 0491 570 156 today for the job"
"""A number reserved for drama in Australia, written without its country."""
AUSTRALIAN = ["+61491570156"]
UNFIT = "x" * 600
"""An id no store can hold."""


def lurewatch(*words: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(cli, list(words))


def finished(partition: str) -> source_runs.Summary:
    """Take a partition through what `lurewatch run` does after its crawl."""
    settings = load_settings()
    (source,) = read_sources(settings.seeds)[0]
    crawled: Future[tuple[str, Report]] = Future()
    crawled.set_result((partition, read_report(partition)))
    store = store_of(settings)
    try:
        return source_runs.finish(source, crawled, settings, store, Assessor(settings.seeds))
    finally:
        store.close()


def phones() -> list[str]:
    """Return the telephone numbers of the only record in the index."""
    store = store_of(load_settings())
    try:
        record = store.get("a")
    finally:
        store.close()
    assert record is not None
    return [contact.value for contact in record.assessment.contacts if contact.type == "phone"]


def test_every_way_into_the_index_reads_a_number_in_the_countries_of_its_source(sealed: Seal, workplace: Path) -> None:
    """`load`, `index rebuild`, an Airflow task and `run`: one partition, one answer."""
    partition = sealed("run-1", [("a", ADVERT)])
    assert lurewatch("load", partition).exit_code == 0
    assert phones() == AUSTRALIAN
    assert json.loads(lurewatch("index", "rebuild", "--json").stdout)["same"] == 1
    (workplace / "index.sqlite").unlink()
    tasks.load_partition(tasks.assess_partition(partition))
    assert phones() == AUSTRALIAN
    (workplace / "index.sqlite").unlink()
    finished(partition)
    assert phones() == AUSTRALIAN


def test_a_partition_whose_source_is_gone_is_assessed_all_the_same(sealed: Seal, workplace: Path) -> None:
    """What a stopped source found stays searchable."""
    partition = sealed("run-1", [("a", ADVERT)])
    (workplace / "seeds" / "sources" / "board.yml").unlink()
    assert lurewatch("load", partition).exit_code == 0
    assert phones() not in ([], AUSTRALIAN)


def test_a_document_the_index_refused_is_red_everywhere(sealed: Seal) -> None:
    """It is not there to be found, so nothing may say that all is well."""
    partition = sealed("run-1", [("a", ADVERT), (UNFIT, "any")])
    told = lurewatch("load", partition)
    assert (told.exit_code, UNFIT in told.stderr) == (1, True)
    summary = finished(partition)
    assert not source_runs.green(summary)
    assert "1 documents are not in the index: xxx" in summary["reason"]
    with pytest.raises(AirflowFailException, match="1 documents are not in the index: xxx"):
        tasks.load_partition(tasks.assess_partition(partition))


@pytest.mark.parametrize(
    ("state", "loads", "green"),
    [
        ("ok", True, True), ("empty", True, True), ("partial", True, True),
        ("changed", True, False), ("blocked", True, False), ("failed", False, False),
    ],
)  # fmt: skip
def test_one_rule_says_what_loads_and_another_what_is_green(sealed: Seal, state: State, loads: bool, green: bool) -> None:
    """What loads under `run` loads under Airflow and by hand, and what does not load is not pending for ever."""
    partition = sealed("run-1", [("a", ADVERT)], state)
    assert ("1 pending" in lurewatch("index", "verify").stdout) is loads
    assert source_runs.green(finished(partition)) is green
    assert json.loads(lurewatch("index", "verify", "--json").stdout)["records"] == loads
    assert lurewatch("index", "verify").exit_code == 0
    assert (lurewatch("load", partition).exit_code == 0) is loads
    if loads:
        tasks.load_partition(tasks.assess_partition(partition))
    if green:
        assert tasks.check_run(partition) == state
    else:
        with pytest.raises(AirflowFailException, match=f"board: {state}: the site is {state}"):
            tasks.check_run(partition)


def test_airflow_asks_a_site_again_only_when_that_may_help(
    sealed: Seal, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failed or busy crawl is tried again; a blocked or changed one is handed on, and an expired passport ends at once."""
    state: State
    fetch = pipeline.fetch
    for state in ("blocked", "changed", "failed"):
        partition = sealed(state, [("a", ADVERT)], state)
        monkeypatch.setattr(pipeline, "fetch", lambda *_, at=partition: (at, read_report(at)))
        if state == "failed":
            with pytest.raises(tasks.RunNotGreen, match="board: failed: the site is failed"):
                tasks.fetch_source("board")
        else:
            assert tasks.fetch_source("board") == partition

    def busy(*_: object) -> None:
        raise RunBusy("process 7 crawls board")

    monkeypatch.setattr(pipeline, "fetch", busy)
    with pytest.raises(RunBusy):
        tasks.fetch_source("board")
    seed = workplace / "seeds" / "sources" / "board.yml"
    seed.write_text(seed.read_text(encoding="utf-8").replace("2099-12-31", "2026-11-26"), encoding="utf-8")
    seed.write_text(seed.read_text(encoding="utf-8").replace("2026-11-2", "2020-11-2"), encoding="utf-8")
    monkeypatch.setattr(pipeline, "fetch", fetch)
    with pytest.raises(AirflowFailException, match="does not run: the access passport ran out"):
        tasks.fetch_source("board")


def notes() -> dict[str, str]:
    """Return the report's digest of each run the ledger noted."""
    engine = open_database(load_settings().database)
    with engine.connect() as connection:
        return {name: note.noted.sha256 for name, note in partition_notes(connection).items()}


def test_the_ledger_notes_a_run_before_it_is_assessed_and_never_otherwise(sealed: Seal) -> None:
    """Whichever stage has the desk's database first; what was changed since is refused by each way into the index."""
    partition = sealed("run-1", [("a", ADVERT)])
    tasks.assess_partition(partition)
    noted = notes()
    report = Path(partition.removeprefix("file://"), REPORT)
    assert noted == {"board/run-1": hashlib.sha256(report.read_bytes()).hexdigest()}
    report.write_bytes(report.read_bytes().replace(b'"user_agent":""', b'"user_agent":"curl"'))
    with pytest.raises(AirflowFailException, match="differs from the report that entry 1 of the ledger noted"):
        tasks.assess_partition(partition)
    for words in (["load", partition], ["load", "--pending"]):
        said = lurewatch(*words)
        assert (said.exit_code, "differs from the report that entry 1" in said.output) == (1, True), said.output
    assert finished(partition)["state"] == "failed"
    assert notes() == noted


def test_a_crawl_is_noted_as_it_is_sealed_where_the_worker_may_reach_the_desk(
    sealed: Seal, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser's worker may not: its run is noted by the next stage."""
    partitions = [sealed(f"run-{number}", [("a", ADVERT)]) for number in (1, 2)]
    settings, (source,) = load_in_force(), read_sources(workplace / "seeds")[0]
    for partition, confirmed in zip(partitions, (None, ()), strict=True):

        def crawled(*_: object, partition: str = partition, key: Ed25519PrivateKey, **__: object) -> tuple[str, Report]:
            (Path(partition.removeprefix("file://")) / SIGNATURE).write_bytes(sign(report_bytes(partition), key))
            return partition, read_report(partition)

        monkeypatch.setattr(pipeline, "crawl", crawled)
        pipeline.fetch(source, settings, None, confirmed)
    assert list(notes()) == ["board/run-1"]
