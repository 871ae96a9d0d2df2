"""What two people answer for in the files of ``seeds/``, as it is in force: receivers, places where a crawl begins, retention."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from crawlers.errors import SourceError
from crawlers.sources.source import Source
from desk.cases import accepted_settings
from desk.cases.accepted_settings import AcceptanceError, Key, PendingSetting, Standing
from desk.database import open_database, revision
from desk.people.accounts import User
from desk.platforms import Platforms, load_platforms
from lurewatch.app.seeds.source_files import all_sources, sources_in_force
from lurewatch.app.typed_errors import typed_errors
from lurewatch.settings import Settings


def written_values(settings: Settings, known: Iterable[Key] = ()) -> dict[Key, str]:
    """Return what the files say: of enabled sources and receivers, and of those that were seen before."""
    sources, seen = sources_in_force(settings).sources, set(known)
    values = {key: value for source in sources for key, value in accepted_settings.values_of(source).items()
              if source.enabled or key in seen}  # fmt: skip
    try:
        receivers = load_platforms(settings.seeds).platforms
    except SourceError:  # whoever sends lists names the fault; a source is edited all the same
        return values
    for name, platform in receivers.items():
        values |= {key: value for key, value in accepted_settings.values_of_platform(name, platform).items()
                   if platform.enabled or key in seen}  # fmt: skip
    return values


def observe_files(settings: Settings, engine: Engine) -> None:
    """Note what is new in the files: first sights, and changes that nobody made at the desk."""
    with engine.connect() as connection:
        known = accepted_settings.standings(connection)
    accepted_settings.observe(engine, written_values(settings, known), datetime.now(UTC))


def pending_settings(settings: Settings, *, note: bool = False) -> list[PendingSetting]:
    """Return what the files say and two people have not accepted yet; nothing where there is no desk.

    With ``note`` what is new in the files is noted, as ``observe_files`` does.
    """
    if (known := _known(settings)) is None:
        return []
    engine = open_database(settings.database)
    try:
        if note:
            observe_files(settings, engine)
        with engine.connect() as connection:
            return accepted_settings.pending(connection, written_values(settings, known), datetime.now(UTC))
    finally:
        engine.dispose()


def pending_at(settings: Settings, place: str) -> list[PendingSetting]:
    """Return what waits at ``NAME`` of a source or at ``platform:KEY``; raise AcceptanceError when nothing does."""
    wanted = place if ":" in place else f"source:{place}"
    if found := [setting for setting in pending_settings(settings) if setting.place == wanted]:
        return found
    raise AcceptanceError(f"nothing waits for a second person at {place}; `lurewatch sources check` lists what does")


def sign(settings: Settings, engine: Engine, wanted: list[PendingSetting], *, by: User, reason: str) -> list[str]:
    """Sign what a person saw waiting; return in words what became of each value. Raises AcceptanceError."""
    observe_files(settings, engine)
    values = written_values(settings, [(setting.place, setting.field) for setting in wanted])
    return accepted_settings.sign(engine, wanted, values, by=by, reason=reason, now=datetime.now(UTC))


def receivers_in_force(
    settings: Settings, engine: Engine, faults: dict[str, str] | None = None
) -> tuple[list[Source], Platforms]:
    """Return sources and receivers with nothing in force but what two people accepted; whoever is not accepted is named.

    Raises SourceError with file and line for a bad seed; with ``faults`` a source's is noted there by its name.
    """
    observe_files(settings, engine)
    in_force = sources_in_force(settings)
    if faults is None:
        written: Sequence[Source] = all_sources(settings)
    else:
        written = in_force.sources
        faults |= {fault.source: "; ".join(fault.problems) for fault in in_force.faults if not fault.version}
    with engine.connect() as connection:
        known = accepted_settings.standings(connection)
        waiting = {(setting.place, setting.field): setting.words for setting in
                   accepted_settings.pending(connection, written_values(settings, known), datetime.now(UTC))}  # fmt: skip
    sources = [accepted_settings.source_in_force(source, known) for source in written]
    platforms = load_platforms(settings.seeds, sources, faults)
    receivers, unaccepted = dict(platforms.platforms), {}
    for name in [each for each in load_platforms(settings.seeds).platforms if receivers[each].enabled]:
        values = accepted_settings.values_of_platform(name, receivers[name])
        (key,) = values
        value = accepted_settings.value_in_force(known, values, key)
        changes = accepted_settings.decoded(value) if value else {"contact": ""}
        receivers[name] = receivers[name].model_copy(update=changes)
        if value is None:
            unaccepted[name] = waiting.get(key, f"{name}: nobody has accepted its address")
    routed = {source.name for source in sources if source.operator.takedown}
    unrouted = {
        source.name: waiting[f"source:{source.name}", "recipient"] for source in written
        if source.name not in routed and (f"source:{source.name}", "recipient") in waiting
    }  # fmt: skip
    return sources, platforms.model_copy(update={"platforms": receivers, "unaccepted": unaccepted, "unrouted": unrouted})


def source_to_crawl(settings: Settings, source: Source) -> Source:
    """Return a source as it may be crawled: where it begins and how long it is kept as two people accepted it.

    As it is written where there is no desk yet. Raises TransientError while the desk's database is away.
    """
    with typed_errors():
        known = _known(settings)
    return source if known is None else accepted_settings.source_in_force(source, known)


def beginning(source: Source) -> dict[str, Any]:
    """Return where a source begins and how long it is kept, for a worker that may not read the desk's database."""
    crawl = source.crawl
    return {"site": source.operator.url, "start": list(crawl.start), "sitemap": crawl.sitemap, "days": source.retention_days}


def beginning_at(source: Source, begin: Mapping[str, Any]) -> Source:
    """Return a source that begins where ``beginning`` said."""
    crawl = source.crawl.model_copy(update={"start": tuple(begin["start"]), "sitemap": begin["sitemap"]})
    operator = source.operator.model_copy(update={"url": begin["site"]})
    return source.model_copy(update={"crawl": crawl, "operator": operator, "retention_days": begin["days"]})


def _known(settings: Settings) -> dict[Key, Standing] | None:
    """Return where every value stands; None when there is no desk yet. Raises DatabaseError."""
    here, newest = revision(settings.database)
    if here != newest:
        return None
    engine = open_database(settings.database)
    try:
        with engine.connect() as connection:
            return accepted_settings.standings(connection)
    finally:
        engine.dispose()
