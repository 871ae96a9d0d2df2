"""Which venues are sources already: those of the seed files, whether enabled or not."""

from collections.abc import Iterable

from crawlers.sources.setting_types import site
from crawlers.sources.source import Source
from index.terms.venues import Venue, venue_of


class KnownVenues:
    """The channels and sites of the source files."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._names: set[str] = set()
        self._sites: set[str] = set()
        for source in sources:
            for url in (*source.crawl.start, source.operator.url):
                venue = venue_of(url)
                if venue is None:
                    continue
                self._names.add(venue.name)
                if venue.kind == "site" and ":" not in venue.value:
                    self._sites.add(site(url))

    def __contains__(self, name: object) -> bool:
        """Whether a venue's name is that of a source, or of another host of a source's site."""
        kind, _, value = str(name).partition(":")
        return name in self._names or (kind == "site" and ":" not in value and site(f"https://{value}/") in self._sites)


def known_as(sources: Iterable[Source], venue: Venue) -> str:
    """Return the name of the source file that has a venue; "" when none has."""
    return next((source.name for source in sources if venue.name in KnownVenues((source,))), "")
