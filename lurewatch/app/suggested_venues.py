"""Use cases of suggested venues: list them, look at one once, rule on one. `lurewatch sources new` makes a source of it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from crawlers.items import Posting
from desk.cases import source_rulings
from desk.cases.source_rulings import ProbeNote, SourceRuling, SourceVerdict, note_probe, rulings
from desk.database import open_database, writing
from desk.people.accounts import User
from desk.seed_views import SuggestionLine, VenueStep
from desk.venues.mentions import find_venue, lead_of, refuse_source
from desk.venues.probe import ProbeReport, probe
from desk.venues.suggest import Suggestion, describe_counts, describe_lure, list_suggestions
from enrichment.assess import PostingText
from enrichment.assessment import Assessment
from lurewatch.app.app_errors import page_errors, typed_errors
from lurewatch.app.crawl_inputs import crawl_options
from lurewatch.app.in_force import ensure_in_force
from lurewatch.app.pipeline import judge_in_force
from lurewatch.app.resources import desk_and_index_opened
from lurewatch.settings import Settings


def suggestions(settings: Settings, *, every: bool = False) -> list[Suggestion]:
    """Return what is suggested, the strongest first; with ``every`` also what is not, with the reason.

    Raises PermanentError for a faulty source file or setting; TransientError while index or database is away.
    """
    with desk_and_index_opened(settings) as (engine, store):
        return list_suggestions(engine, store, ensure_in_force(settings).sources, every=every)


@typed_errors()
def inspect(settings: Settings, written: str) -> ProbeReport:
    """Look at a venue once and note in the audit log what it is.

    Raises PermanentError for a name that is none or is a source already; TransientError while index or database is away.
    """
    venue = find_venue(written)
    with desk_and_index_opened(settings) as (engine, store):
        lead = lead_of(engine, store, venue)
        refuse_source(ensure_in_force(settings).sources, venue)
        now = datetime.now(UTC)
        look = probe(crawl_options(settings), lead.venue, now.date())
        judged = _judge_postings(settings, look.postings)
        flagged = sum(verdict.flagged for verdict in judged)
        note_probe(
            engine,
            venue.name,
            ProbeNote(at=now, outcome=look.outcome, words=look.words, requests=look.requests, posts=len(judged), flagged=flagged),
        )
        return ProbeReport(
            venue=venue.name, outcome=look.outcome, words=look.words, requests=look.requests, posts=len(judged), flagged=flagged,
            yaml=look.yaml,
        )  # fmt: skip


def _judge_postings(settings: Settings, postings: Sequence[Posting]) -> list[Assessment]:
    if not postings:
        return []
    texts = [PostingText(post.id, post.title, post.text, links=post.contacts) for post in postings]
    return list(judge_in_force(settings).assess_all(texts))


@typed_errors()
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


def _line(suggestion: Suggestion) -> SuggestionLine:
    return SuggestionLine(
        venue=suggestion.venue,
        what=suggestion.what,
        facts=(describe_counts(suggestion.counts),),
        lures=tuple((mention.item, describe_lure(mention)) for mention in suggestion.reasons),
        ruling=suggestion.ruling.sentence if suggestion.ruling else "",
        hidden=suggestion.hidden,
    )
