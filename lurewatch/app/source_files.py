"""Reading source files without parsing what did not change since it was last read: a file of values stands in the cache folder.

Tasks and the Dag processor are new processes each time. Parsing 500 files takes seconds, reading their values a tenth of that.
"""

from pathlib import Path

import msgspec

from crawlers.errors import SourceError
from crawlers.sources.source import Source, load_source, load_sources
from enrichment.lexicon import cache
from lurewatch.settings import Settings

FILE = "sources-1.json"
"""Name in the cache folder. The number counts up when the values of a file come to be written in another form."""


def all_sources(settings: Settings) -> list[Source]:
    """Return all sources by name; raise SourceError listing every problem of every file."""
    parsed = _parsed()
    before = dict(parsed)
    sources = load_sources(settings.seeds, parsed)
    if parsed.keys() != before.keys():
        newest = dict(list(parsed.items())[-2 * len(sources) :])  # what edits left behind goes
        cache.keep(FILE, msgspec.json.encode({key: content.decode() for key, content in newest.items()}))
    return sources


def source_named(settings: Settings, name: str) -> Source | None:
    """Return one source, reading no other file; None when there is no file of that name. Raises SourceError for a faulty file."""
    path = settings.seeds / "sources" / f"{name}.yml"
    if Path(name).name != name or not path.is_file():
        if not path.parent.is_dir():
            raise SourceError(f"{path.parent}: no such folder; set LUREWATCH_SEEDS to the folder that holds sources/")
        return None
    return load_source(path, _parsed())


def _parsed() -> dict[str, bytes]:
    """Return the values of files read before, by the SHA-256 of their text; none where the cache is away or damaged."""
    try:
        kept = msgspec.json.decode(cache.lookup(FILE) or b"{}", type=dict[str, str])
    except msgspec.MsgspecError:
        return {}
    return {key: content.encode() for key, content in kept.items()}
