"""Every place that contains words of adverts: how it erases them, and how it is searched before an erasure is certified.

A new place is an entry of ``places``; ``docs/privacy.md`` lists them, and what lies outside.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cache, partial

import fsspec
import msgspec
from sqlalchemy import Engine

from crawlers.crawl_run import began
from crawlers.evidence.partition import REPORT, source_and_run
from crawlers.frontier import sqlite_state, state_erasure
from desk.custody import row_erasure
from foundation.crawl_errors import RunBusy
from foundation.traces import LEAST, Traces, passages
from index.base import Query, Record, Store
from index.open import open_copies
from lurewatch.settings import Settings

ANY_REVISION = 2**62


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """What is being erased, and everything it is erased from."""

    settings: Settings
    engine: Engine
    store: Store
    now: datetime
    items: frozenset[str]
    """Ids of what goes."""
    cutoff: Callable[[str], datetime | None]
    """Return the moment before which what nobody keeps of a source goes; None where nothing of it may go now."""
    urls: Mapping[str, tuple[str, ...]]
    """Source -> addresses of what goes and of its pictures; of every source of which something goes."""
    needles: Mapping[str, frozenset[str]]
    """Id -> itself, address and passages."""
    traces: Traces
    """All of these."""
    others: Callable[[], frozenset[str]]
    """The traces that a kept advert contains too: they do not count."""

    def only(self, items: frozenset[str]) -> "Erasure":
        """Return the same for some of its items."""
        traces = Traces(frozenset[str]().union(*(self.needles[item] for item in items)))
        return msgspec.structs.replace(
            self, items=items, traces=traces, others=cache(partial(_others_words, self.store, traces, items))
        )

    def report_traces(self, found: Iterable[str], where: str) -> Iterator[str]:
        """Yield one sentence when traces were found that belong to no kept advert; it repeats none of them."""
        found = frozenset(found)
        if found and (own := found - self.others()):
            yield f"{where} ({len(own)} of its ids, addresses or passages)"


class TextPlace(msgspec.Struct, frozen=True, kw_only=True):
    """One place: ``erase`` deletes there and may be called again, ``search`` names what of it is there still."""

    name: str
    erase: Callable[[Erasure], None]
    search: Callable[[Erasure], Iterable[str]]
    source: str = ""
    """The only source whose words it has; empty: all sources."""


def erasure_of(
    settings: Settings, engine: Engine, store: Store, *, now: datetime, sources: Iterable[str], items: frozenset[str],
    cutoff: Callable[[str], datetime | None],
) -> Erasure:  # fmt: skip
    """Return what erases ``items`` of ``sources``; their words are taken from the index, which is the last to lose them."""
    records = list(store.get_many(items).values())
    urls: dict[str, list[str]] = {name: [] for name in sources}
    for record in records:
        urls.setdefault(record.posting.source, []).extend(_addresses(record))
    needles = {item: frozenset(_told_apart([item])) for item in items} | {record.id: _needles(record) for record in records}
    traces = Traces(frozenset[str]().union(*needles.values()))
    return Erasure(
        settings=settings, engine=engine, store=store, now=now, items=items, cutoff=cutoff, needles=needles, traces=traces,
        urls={name: tuple(values) for name, values in urls.items()}, others=cache(partial(_others_words, store, traces, items)),
    )  # fmt: skip


def places(settings: Settings) -> list[TextPlace]:
    """Return all places but the index itself, in the order in which they are erased; raise StateError if one cannot be asked."""
    state = state_erasure.sources_with_state(settings.state, settings.crawl_state)
    return [
        *(
            TextPlace(
                name=f"crawl state of {name}", source=name, erase=_erase_crawl_state(name), search=_search_crawl_state(name)
            )
            for name in state
        ),
        TextPlace(name="run folders without a report", erase=_erase_leftovers, search=lambda _: ()),
        TextPlace(name="mails and lists of the desk", erase=_erase_desk, search=_search_desk),
        TextPlace(name="older versions of the index", erase=_erase_copies, search=_search_copies),
        TextPlace(name="other files of the state folder", erase=lambda _: None, search=_search_files),
    ]


INDEX = TextPlace(
    name="index", erase=lambda erasure: erasure.store.scrub(), search=lambda erasure: _search_store(erasure, erasure.store)
)


def _needles(record: Record) -> frozenset[str]:
    texts = {(record.posting.title, record.posting.text), *((seen.title, seen.text) for seen in record.revisions)}
    words = {passage for title, text in texts for part in (title or "", text) for passage in passages(part)}
    return frozenset(words.union(_told_apart([record.id, *_addresses(record)])))


def _addresses(record: Record) -> list[str]:
    return [record.posting.url, *(media.url for media in record.posting.media if media.url)]


def _told_apart(values: Iterable[str]) -> list[str]:
    """Return the words that are long enough to search for."""
    return [value for value in values if len(value) >= LEAST]


def _others_words(store: Store, traces: Traces, items: frozenset[str]) -> frozenset[str]:
    results: set[str] = set()
    for record in store.scan(Query(count_facets=False)):
        if record.id not in items:
            results |= traces.found_in([msgspec.json.encode(record)])
    return frozenset(results)


def _erase_crawl_state(source: str) -> Callable[[Erasure], None]:
    def erase(erasure: Erasure) -> None:
        settings, cutoff = erasure.settings, erasure.cutoff(source)
        if cutoff is None:
            return
        try:
            state_erasure.erase(
                settings.state, settings.crawl_state, source, before=cutoff, ids=erasure.items,
                urls=erasure.urls.get(source, ()), traces=erasure.traces,
            )  # fmt: skip
        except RunBusy:
            if source in erasure.urls:  # else nothing of it goes now, and its run forgets what is old when it ends
                raise

    return erase


def _search_crawl_state(source: str) -> Callable[[Erasure], Iterator[str]]:
    def search(erasure: Erasure) -> Iterator[str]:
        settings = erasure.settings
        if source in erasure.urls:
            found = state_erasure.remains(settings.state, settings.crawl_state, source, erasure.traces)
            yield from erasure.report_traces(found, "its tables, files or log")

    return search


def _erase_leftovers(erasure: Erasure) -> None:
    """Remove what a run that was killed while it was sealed left under ``runs``, once it is as old as what goes."""
    fs, root = fsspec.url_to_fs(erasure.settings.runs)
    sealed = {path.rsplit("/", 1)[0] for path in fs.glob(f"{root}/*/*/{REPORT}")}
    for folder in fs.glob(f"{root}/*/*"):
        source, run_id = source_and_run(folder)
        cutoff = erasure.cutoff(source)
        with suppress(ValueError):  # no folder of a run
            if cutoff and folder not in sealed and began(run_id) < cutoff:
                fs.rm(folder, recursive=True)


def _erase_desk(erasure: Erasure) -> None:
    row_erasure.erase(erasure.engine, erasure.items, erasure.traces, now=erasure.now)


def _search_desk(erasure: Erasure) -> Iterator[str]:
    for where, found in row_erasure.remains(erasure.engine, erasure.items, erasure.traces).items():
        yield from erasure.report_traces(found, where)


def _copies(settings: Settings) -> Iterator[Store]:
    return open_copies(
        settings.store, api_key=settings.store_api_key, ca=settings.store_ca, index=settings.store_index,
        rebuilding=settings.state / "index.rebuilding",
    )  # fmt: skip


def _erase_copies(erasure: Erasure) -> None:
    for copy in _copies(erasure.settings):
        copy.delete(dict.fromkeys(erasure.items, ANY_REVISION))
        copy.scrub()


def _search_copies(erasure: Erasure) -> Iterator[str]:
    for copy in _copies(erasure.settings):
        yield from _search_store(erasure, copy)


def _search_store(erasure: Erasure, store: Store) -> Iterator[str]:
    yield from erasure.report_traces(store.get_many(erasure.items), "records")
    yield from erasure.report_traces(store.remains(erasure.traces), "its files")


def _search_files(erasure: Erasure) -> Iterator[str]:
    """Look through every other file of the state folder: what a later release writes there is found, too."""
    settings = erasure.settings
    crawls = {path.parent for path in settings.state.glob(f"*/{sqlite_state.FILE}")}
    rebuilding = str(settings.state / "index.rebuilding")
    for path in sorted(settings.state.rglob("*")):
        if path.is_file() and not crawls.intersection(path.parents) and not str(path).startswith(rebuilding):
            yield from erasure.report_traces(erasure.traces.found_in_file(path), str(path))
