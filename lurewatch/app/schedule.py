"""What the schedule runs; quick to import, as the Dag processor reads it all day."""

from crawlers.sources.source import Source as Source
from crawlers.sources.source import load_sources
from lurewatch.settings import load_settings


def scheduled_sources() -> list[Source]:
    """Return the enabled sources by name. Raises SettingsError and SourceError, which Airflow shows as an import error."""
    return [source for source in load_sources(load_settings().seeds) if source.enabled]
