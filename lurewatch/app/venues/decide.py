"""An operator's rulings on a suggestion: refuse, block, undo. A source is made of it by `lurewatch sources new`."""

from collections.abc import Sequence
from datetime import UTC, datetime

from desk.cases import source_rulings
from desk.cases.source_rulings import SourceRuling, SourceVerdict, rulings
from desk.database import open_database, writing
from desk.people.accounts import User
from desk.seed_views import SuggestionLine, VenueStep
from lurewatch.app.app_errors import page_errors, typed_errors
from lurewatch.app.resources import desk_and_index_opened
from lurewatch.app.venues.mentions import find_venue, lead_of
from lurewatch.app.venues.probe import ProbeReport
from lurewatch.app.venues.suggest import Suggestion, count_noun, describe_counts, describe_lure, suggestions
from lurewatch.settings import Settings


def turn_down(settings: Settings, verdict: SourceVerdict, written: str, *, by: User, reason: str) -> SourceRuling:
    """Refuse a venue until new lures lead there, or block it for good; raise PermanentError when that may not be."""
    venue, now = find_venue(written), datetime.now(UTC)
    with desk_and_index_opened(settings) as (engine, store):
        lead = lead_of(engine, store, venue)
        confirmed, flagged = lead.items("confirmed"), lead.items("flagged")
        with writing(engine) as connection:
            return source_rulings.rule(
                connection, verdict, lead.venue.name, by=by, now=now, reason=reason, confirmed=confirmed, flagged=flagged
            )


@typed_errors()
def undo(settings: Settings, written: str, *, by: User, reason: str) -> SourceRuling:
    """Take back what was ruled about a venue and return it."""
    engine = open_database(settings.database, settings.state)
    return source_rulings.undo(engine, find_venue(written).name, by=by, now=datetime.now(UTC), reason=reason)


@typed_errors()
def standing_rulings(settings: Settings) -> list[SourceRuling]:
    """Return the rulings in force, the oldest first."""
    with open_database(settings.database, settings.state).connect() as connection:
        return sorted(rulings(connection).values(), key=lambda ruling: ruling.seq)


class SuggestionList:
    """What ``desk.seed_views.SuggestionDesk`` asks for, from the settings of the installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def list_venues(self, *, every: bool) -> Sequence[SuggestionLine]:
        """Return what is suggested, the strongest first; with ``every`` also what is not."""
        with page_errors():
            return [_line(suggestion) for suggestion in suggestions(self._settings, every=every)]

    def rule(self, step: VenueStep, venue: str, *, by: User, reason: str) -> None:
        """Refuse a venue, block it, or take that back."""
        with page_errors():
            if step == "undo":
                undo(self._settings, venue, by=by, reason=reason)
            else:
                turn_down(self._settings, "refused" if step == "refuse" else "blocked", venue, by=by, reason=reason)


def describe_probe(report: ProbeReport) -> list[str]:
    """Return what a look at a venue showed, a sentence each."""
    lines = [f"{report.venue}: {report.outcome} - {report.words} ({count_noun(report.requests, 'page')} asked for)"]
    if report.posts:
        lines.append(f"{report.flagged} of the {report.posts} postings on that page are flagged")
    return lines


def _line(suggestion: Suggestion) -> SuggestionLine:
    return SuggestionLine(
        venue=suggestion.venue,
        what=suggestion.what,
        facts=(describe_counts(suggestion.counts),),
        lures=tuple((mention.item, describe_lure(mention)) for mention in suggestion.reasons),
        ruling=suggestion.ruling.sentence if suggestion.ruling else "",
        hidden=suggestion.hidden,
    )
