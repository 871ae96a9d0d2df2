"""The values in force of the settings that need two signatures: receivers, starts, retention, lexicon."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Engine, func, select

from crawlers.sources.source import Source
from desk.cases import signed_settings
from desk.cases.signed_settings import LEXICON, Key, PendingSetting, Standing
from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User, count_signers
from desk.platforms import Platform, Platforms, add_own_receivers, load_platforms
from desk.refusals import DeskRefusal
from desk.tables import setting_signatures, users
from enrichment.lexicon.digest import lexicon_digest
from foundation.crawl_errors import SourceError
from foundation.messages import _
from lurewatch.app.app_errors import typed_errors
from lurewatch.app.resources import desk_if_made
from lurewatch.app.seeds.accepted_files import accepted_folder
from lurewatch.app.seeds.sources_in_force import sources_in_force
from lurewatch.settings import Settings

Value = TypeVar("Value")


class WrittenSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Sources and receivers as the files have them now."""

    sources: tuple[Source, ...]
    receivers: Mapping[str, Platform]
    """Receivers of ``platforms.yml``; none while that file is faulty."""
    lexicon: str = ""
    """Digest of what texts are judged by; empty where it cannot be read."""

    def values(self, known: Iterable[Key] = ()) -> dict[Key, str]:
        """Return what they say: enabled sources and receivers, and those that were seen before."""
        seen = set(known)
        values = {key: value for source in self.sources for key, value in signed_settings.values_of(source).items()
                  if source.enabled or key in seen}  # fmt: skip
        for name, platform in self.receivers.items():
            values |= {key: value for key, value in signed_settings.values_of_platform(name, platform).items()
                       if platform.enabled or key in seen}  # fmt: skip
        return values | lexicon_values(self.lexicon if LEXICON in seen else "")


def written_settings(settings: Settings) -> WrittenSettings:
    """Read the files."""
    try:
        receivers = load_platforms(settings.seeds).platforms
    except SourceError:  # a source is edited all the same
        receivers = {}
    lexicon = lexicon_content(settings.seeds)
    return WrittenSettings(sources=sources_in_force(settings).sources, receivers=receivers, lexicon=lexicon)


def lexicon_values(content: str) -> dict[Key, str]:
    """Return what the lure files say of themselves; nothing for an empty digest."""
    return {LEXICON: audit.canonical(content)} if content else {}


def lexicon_content(seeds: Path) -> str:
    """Return the digest of ``lures/`` and ``places.yml``, the same on every machine; empty where they cannot be read."""
    try:
        parts = (lexicon_digest(seeds / "lures").encode(), (seeds / "places.yml").read_bytes())
    except OSError:
        return ""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:32]


def lexicon_accepted(settings: Settings, content: str) -> str | None:
    """Return the digest of the lexicon that is in force, noting ``content``, the digest of the files as they are now.

    The first lexicon that the desk sees once two people work there is in force; a later one when two people have signed it.
    None where fewer than two people could sign: then the files themselves are. Raises TransientError while the database is away.
    """
    with typed_errors(), desk_if_made(settings) as engine:
        if engine is None or not content or (LEXICON not in _read_standings(engine) and not _is_shared(engine)):
            return None
        signed_settings.observe(engine, values := lexicon_values(content), datetime.now(UTC))
        value = signed_settings.value_in_force(_read_standings(engine), values, LEXICON)
    return None if value is None else str(json.loads(value))


def accept_lexicon_change(settings: Settings, engine: Engine, *, by: User, reason: str, now: datetime) -> None:
    """Note that the files as they are now are in force, after the second signature on a rule has changed one of them."""
    with writing(engine) as connection:
        known = signed_settings.standings(connection)
        for key, value in lexicon_values(lexicon_content(settings.seeds)).items():
            if key in known:
                signed_settings.accept_value(connection, key, value, known[key].accepted, by=by, reason=reason, now=now)


def _read_standings(engine: Engine) -> dict[Key, Standing]:
    """Return where every value stands."""
    with engine.connect() as connection:
        return signed_settings.standings(connection)


def _is_shared(engine: Engine) -> bool:
    """Tell whether two people work at the desk who could sign."""
    with engine.connect() as connection:
        return count_signers(connection) > 1


def observe_files(
    settings: Settings, engine: Engine, written: WrittenSettings | None = None, now: datetime | None = None
) -> None:
    """Note what is new in the files: first sights, and changes that nobody made at the desk."""
    known = _read_standings(engine)
    written = written or written_settings(settings)
    keys = {*known, LEXICON} if _is_shared(engine) else set(known)
    signed_settings.observe(engine, written.values(keys), now or datetime.now(UTC))


def pending_settings(settings: Settings, *, note: bool = False) -> list[PendingSetting]:
    """Return what the files say and two people have not accepted yet; nothing where there is no desk.

    With ``note`` what is new in the files is noted, as ``observe_files`` does.
    """
    with desk_if_made(settings) as engine:
        if engine is None:
            return []
        known = _read_standings(engine)
        written = written_settings(settings)
        if note:
            observe_files(settings, engine, written)
        with engine.connect() as connection:
            return signed_settings.pending(connection, written.values(known), datetime.now(UTC))


def pending_at(settings: Settings, place: str) -> list[PendingSetting]:
    """Return what waits at ``NAME`` of a source or at ``platform:KEY``; raise DeskRefusal when nothing does."""
    wanted = place if ":" in place else f"source:{place}"
    if found := [setting for setting in pending_settings(settings) if setting.place == wanted]:
        return found
    raise DeskRefusal(f"nothing waits for a second person at {place}; `lurewatch sources check` lists what does")


def sign(settings: Settings, engine: Engine, wanted: list[PendingSetting], *, by: User, reason: str) -> list[str]:
    """Sign the waiting values that a person saw; return a sentence for each. Raises DeskRefusal."""
    observe_files(settings, engine)
    values = written_settings(settings).values((setting.place, setting.field) for setting in wanted)
    return signed_settings.sign(engine, wanted, values, by=by, reason=reason, now=datetime.now(UTC))


def receivers_in_force(
    settings: Settings, engine: Engine, faults: dict[str, str] | None = None
) -> tuple[list[Source], Platforms]:
    """Return sources and receivers with only the values that two people accepted; those not accepted are named.

    Raises SourceError with file and line for a bad seed; with ``faults`` a source's is noted there by its name.
    """
    in_force, receivers = sources_in_force(settings), load_platforms(settings.seeds)
    wrong = {fault.source: fault.problems for fault in in_force.faults if not fault.version}
    if wrong and faults is None:
        raise SourceError("\n".join(problem for problems in wrong.values() for problem in problems))
    if faults is not None:
        faults |= {name: "; ".join(problems) for name, problems in wrong.items()}
    lexicon = lexicon_content(settings.seeds)
    written = WrittenSettings(sources=in_force.sources, receivers=receivers.platforms, lexicon=lexicon)
    observe_files(settings, engine, written)
    with engine.connect() as connection:
        known = signed_settings.standings(connection)
        waiting = {(setting.place, setting.field): setting.sentence for setting in
                   signed_settings.pending(connection, written.values(known), datetime.now(UTC))}  # fmt: skip
    sources = [signed_settings.source_in_force(source, known) for source in written.sources]
    platforms = add_own_receivers(settings.seeds, receivers, sources, faults)
    routed = {source.name for source in sources if source.operator.takedown}
    unrouted = {
        source.name: waiting[f"source:{source.name}", "recipient"] for source in written.sources
        if source.name not in routed and (f"source:{source.name}", "recipient") in waiting
    }  # fmt: skip
    return sources, _accepted_addresses(platforms, written, known, waiting).model_copy(update={"unrouted": unrouted})


def _accepted_addresses(
    platforms: Platforms, written: WrittenSettings, known: Mapping[Key, Standing], waiting: Mapping[Key, str]
) -> Platforms:
    """Return receivers with the addresses that two people accepted; one without any is named with what it waits for."""
    changed, unaccepted = dict(platforms.platforms), {}
    for name in [each for each, receiver in written.receivers.items() if receiver.enabled]:
        values = signed_settings.values_of_platform(name, changed[name])
        (key,) = values
        value = signed_settings.value_in_force(known, values, key)
        changed[name] = changed[name].model_copy(update=signed_settings.decode_value(value) if value else {"contact": ""})
        if value is None:
            unaccepted[name] = waiting.get(key, _("%(name)s: nobody has accepted its address", name=name))
    return platforms.model_copy(update={"platforms": changed, "unaccepted": unaccepted})


def receivers_reader(settings: Settings, engine: Engine) -> Callable[[], Platforms]:
    """Return what reads the receivers in force for the desk's pages; while a file is broken it gives those it read last.

    Raises SourceError where ``seeds/platforms.yml`` is broken from the beginning.
    """
    last = receivers_in_force(settings, engine, {})[1]

    def read() -> Platforms:
        nonlocal last
        with suppress(SourceError):
            last = receivers_in_force(settings, engine, {})[1]
        return last

    return _reads_once(read, lambda: (_files_state(settings), _people_state(engine)))


def sources_reader(settings: Settings) -> Callable[[], tuple[Source, ...]]:
    """Return what reads the sources in force for the desk's pages."""
    return _reads_once(lambda: sources_in_force(settings).sources, lambda: _files_state(settings))


def _reads_once(read: Callable[[], Value], state: Callable[[], object]) -> Callable[[], Value]:
    """Return what reads again only where something changed that the values depend on: pages ask for them each time."""
    kept: tuple[object, Value] | None = None

    def read_changed() -> Value:
        nonlocal kept
        now = state()  # before the values are read: a change meanwhile is seen the next time
        if kept is None or kept[0] != now:
            kept = now, read()
        return kept[1]

    return read_changed


def _files_state(settings: Settings) -> list[tuple[str, int, int, int, int]]:
    """Return what tells whether a file of the seeds, or an accepted version, was written since; its times cannot be set back."""
    states = []
    for top in (settings.seeds, accepted_folder(settings)):
        for root, _folders, names in os.walk(top):
            for name in names:
                with suppress(FileNotFoundError):
                    stat = Path(root, name).stat()
                    states.append((f"{root}/{name}", stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))
    return sorted(states)


def _people_state(engine: Engine) -> list[object]:
    """Return what tells whether somebody signed since, or may sign now."""
    signed = select(func.max(setting_signatures.c.id))
    people = select(users.c.id, users.c.role, users.c.disabled_at).order_by(users.c.id)
    with engine.connect() as connection:
        return [connection.execute(signed).scalar_one(), *map(tuple, connection.execute(people))]


def source_to_crawl(settings: Settings, source: Source) -> Source:
    """Return a source as it may be crawled: where it begins and how long it is kept as two people accepted it.

    As it is written where there is no desk yet. Raises TransientError while the desk's database is away.
    """
    with typed_errors(), desk_if_made(settings) as engine:
        known = None if engine is None else _read_standings(engine)
    return source if known is None else signed_settings.source_in_force(source, known)


def beginning(source: Source) -> dict[str, Any]:
    """Return where a source begins and how long it is kept, for a worker that may not read the desk's database."""
    crawl = source.crawl
    return {"site": source.operator.url, "start": list(crawl.start), "sitemap": crawl.sitemap, "days": source.retention_days}


def beginning_at(source: Source, begin: Mapping[str, Any]) -> Source:
    """Return a source that begins where ``beginning`` said."""
    crawl = source.crawl.model_copy(update={"start": tuple(begin["start"]), "sitemap": begin["sitemap"]})
    operator = source.operator.model_copy(update={"url": begin["site"]})
    return source.model_copy(update={"crawl": crawl, "operator": operator, "retention_days": begin["days"]})
