"""What the schedule runs; quick to import, as the Dag processor reads it all day."""

from crawlers.sources.source import Source as Source
from lurewatch.app.source_files import all_sources, source_named
from lurewatch.settings import load_settings


def scheduled_sources(name: str | None = None) -> list[Source]:
    """Return the enabled sources by name; with ``name`` that one alone, read without the others, when it is enabled.

    Raises SettingsError and SourceError, which Airflow shows as an import error.
    """
    settings = load_settings()
    sources = all_sources(settings) if name is None else filter(None, [source_named(settings, name)])
    return [source for source in sources if source.enabled]
