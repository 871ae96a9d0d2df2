"""Translation as the settings name it: the service for the desk, and titles of the queue translated ahead."""

from collections.abc import Callable, Iterator, Sequence

import msgspec
from sqlalchemy import Engine, select

from desk.cases.comments import escalated_items
from desk.cases.visible_store import visible
from desk.database import writing
from desk.tables import users
from desk.translation.kept_translations import forget_all
from desk.translation.provider import JsonService, LibreTranslate, TranslationError
from desk.translation.translator import Translator
from index.base import Query, Record, Store
from lurewatch.app.app_errors import PermanentError, TransientError
from lurewatch.settings import Settings

BATCH = 50
"""Items whose titles are translated at a time; what is made is kept after each."""
NOT_SET_UP = "no translation is set up; name a service that you host in LUREWATCH_TRANSLATION_URL (docs/translation.md)"


class TranslatedAhead(msgspec.Struct, frozen=True, kw_only=True):
    """What was translated ahead."""

    titles: int
    looked_at: int
    languages: tuple[str, ...]
    without: tuple[str, ...]
    """Pairs of languages the service does not translate."""


def provider_of(settings: Settings) -> LibreTranslate | None:
    """Return the service the settings name, None where they name none."""
    if not settings.translation_url:
        return None
    service = JsonService(settings.translation_url, seconds=settings.translation_seconds, user_agent=settings.user_agent)
    return LibreTranslate(service, settings.translation_key)


def translator_of(settings: Settings, engine: Engine) -> Translator | None:
    """Return what translates for the desk, None where nothing is set up."""
    provider = provider_of(settings)
    return None if provider is None else Translator(engine=engine, provider=provider)


def translate_ahead(
    settings: Settings, engine: Engine, store: Store, *, most: int, languages: Sequence[str] = (), forget: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> TranslatedAhead:  # fmt: skip
    """Translate the titles of the first ``most`` undecided items of the queue into the languages people read.

    ``languages`` are taken instead of those; ``forget`` deletes every kept translation first. Raises PermanentError when no
    service is set up, TransientError when it fails: what was made until then is kept.
    """
    translator = translator_of(settings, engine)
    if translator is None:
        raise PermanentError(NOT_SET_UP)
    if forget:
        with writing(engine) as connection:
            forget_all(connection)
    with engine.connect() as connection:  # what a possible victim wrote is sent to no service
        store = visible(store, escalated_items(connection))
    wanted = tuple(languages) or _languages_read(engine)
    titles, seen, without = 0, 0, frozenset[str]()
    for batch in _queue(store, most):
        for target in wanted:
            try:
                made, unknown = translator.translate_titles(batch, target)
            except TranslationError as exc:
                raise TransientError(f"{exc}; {titles} titles were translated and are kept, the next call carries on") from exc
            titles, without = titles + made, without | unknown
        seen += len(batch)
        progress(seen)
    return TranslatedAhead(titles=titles, looked_at=seen, languages=wanted, without=tuple(sorted(without)))


def _languages_read(engine: Engine) -> tuple[str, ...]:
    with engine.connect() as connection:
        rows = connection.execute(select(users.c.language).where(users.c.disabled_at.is_(None)).distinct())
        return tuple(sorted(rows.scalars())) or ("en",)


def _queue(store: Store, most: int) -> Iterator[list[Record]]:
    query = Query(raised=True, undecided=True, sort="priority", size=BATCH, count_facets=False)
    left = most
    while left > 0:
        page = store.search(msgspec.structs.replace(query, size=min(BATCH, left)))
        if not page.hits:
            return
        yield [hit.record for hit in page.hits]
        left -= len(page.hits)
        if page.cursor is None:
            return
        query = msgspec.structs.replace(query, after=page.cursor)
