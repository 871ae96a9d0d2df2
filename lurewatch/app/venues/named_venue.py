"""Finds the venue that a person names, and all postings that point to it."""

from collections.abc import Iterable

from sqlalchemy import Engine

from crawlers.sources.source import Source
from desk.cases.case_decisions import decided_cases
from index.base import RecordStore
from index.terms.venues import Venue, venue_of
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.venues.known_venues import known_as
from lurewatch.app.venues.mentions import SourceLead, lead_to


def find_venue(written: str) -> Venue:
    """Return the venue a person names; raise PermanentError for what is none."""
    venue = venue_of(written.strip())
    if venue is None:
        raise PermanentError(
            f"{written[:80]!r} names no venue; write it as `lurewatch sources suggest` shows it (telegram:NAME, site:HOST), "
            "@NAME or its address"
        )
    return venue


def lead_of(engine: Engine, store: RecordStore, venue: Venue) -> SourceLead:
    """Return who points to a venue, by the decisions of the desk; raise StoreUnavailable."""
    with engine.connect() as connection:
        cases = {case.item_id: case for case in decided_cases(connection)}
    return lead_to(store, cases, venue)


def refuse_source(sources: Iterable[Source], venue: Venue) -> None:
    """Raise PermanentError when a source file has the venue already."""
    if known := known_as(sources, venue):
        raise PermanentError(f"{venue.name} is the source {known} already; `lurewatch sources list` shows it")
