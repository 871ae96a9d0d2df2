"""What the schedule runs; quick to import, as the Dag processor reads it all day."""

from crawlers.sources.source import Source as Source
from lurewatch.app.source_files import all_sources, source_named
from lurewatch.settings import load_settings

RENDER_QUEUE = "render"
"""Where pages are fetched that need a browser: its worker holds no key to database, index or mail (docs/deploy.md)."""


def queue_of(source: Source) -> str | None:
    """Return the Celery queue a source is fetched from; None is Airflow's default. Other executors take no notice of it."""
    return RENDER_QUEUE if source.crawl.render else None


def scheduled_sources(name: str | None = None) -> list[Source]:
    """Return the enabled sources by name; with ``name`` that one alone, read without the others, when it is enabled.

    Raises SettingsError and SourceError, which Airflow shows as an import error.
    """
    settings = load_settings()
    sources = all_sources(settings) if name is None else filter(None, [source_named(settings, name)])
    return [source for source in sources if source.enabled]
