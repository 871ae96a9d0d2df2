"""Loads what can be recovered of damaged runs, with the help of the ledger's notes."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from crawlers.evidence.partition import NotedReport, source_and_run
from crawlers.evidence.salvage import Salvage, salvage
from desk.custody.sealed_partitions import partition_notes
from index.base import Store, WriteReport
from index.load import load
from lurewatch.app.in_force import ensure_in_force
from lurewatch.app.pipeline import countries_of
from lurewatch.app.resources import desk_if_made
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from enrichment.assess import Assessor


class SavedRun(msgspec.Struct, frozen=True, kw_only=True):
    """What was loaded of a damaged run; the run stays pending until its files are restored."""

    saved: Salvage
    outcome: WriteReport

    def __str__(self) -> str:
        """Return it as a sentence."""
        count, derived = len(self.saved.postings), self.saved.derived
        again = f", {derived} of them read again from the kept pages" if derived else ""
        return f"{count} of {self.saved.report.parsed} postings are saved{again}; {self.saved.lost} are lost"


def noted_reports(settings: Settings) -> dict[str, NotedReport]:
    """Return what the ledger noted, by ``<source>/<run id>``; nothing where the desk has no database yet, or one to migrate."""
    with desk_if_made(settings) as engine:
        if engine is None:
            return {}
        with engine.connect() as connection:
            return {name: note.noted for name, note in partition_notes(connection).items()}


def load_saved(
    partition: str,
    settings: Settings,
    store: Store,
    assessor: "Assessor",
    noted: Mapping[str, NotedReport],
    link: Callable[[Store, list[str]], object] = lambda *_: None,
) -> SavedRun:
    """Assess and load the recovered part of a damaged partition, then ``link`` it. Raises PartitionError when its run is
    unknown."""
    from enrichment.assess import PostingText

    name, run_id = source_and_run(partition)
    saved = salvage(partition, noted.get(f"{name}/{run_id}"), ensure_in_force(settings).source_if_right(name))
    countries = countries_of(saved.report.source, settings)
    texts = (PostingText(each.id, each.title, each.text, countries, each.contacts) for each in saved.postings)
    outcome = load(partition, {judged.id: judged for judged in assessor.assess_all(texts)}, store, saved=saved)
    link(store, [posting.id for posting in saved.postings])
    return SavedRun(saved=saved, outcome=outcome)
