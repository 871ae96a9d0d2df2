"""An operator's rulings on a suggestion: accept it as a disabled source, refuse, block, undo.

Accepting crawls nothing: the file it writes is disabled and its access passport empty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection

from crawlers.discovery.guided_fetch import FetchedPage, PageRequest
from crawlers.sources.source import TRIAL_REQUESTS, Trial
from crawlers.sources.source_edit import draft_source
from desk.cases import source_rulings
from desk.cases.source_rulings import SourceRuling, SourceVerdict, rulings
from desk.database import open_database, writing
from desk.people.accounts import User
from desk.people.roles import Right
from desk.seed_editors import SiteLook, SuggestionLine, VenueStep
from foundation.messages import _
from foundation.whole_files import create_file
from lurewatch.app.app_errors import PermanentError, page_errors, typed_errors
from lurewatch.app.resources import desk_and_index_opened
from lurewatch.app.seeds.source_trials import look_at, try_on_site
from lurewatch.app.seeds.sources_in_force import all_sources
from lurewatch.app.venues.look_queue import AskedLook, ask_for_look, list_looks, look_beside_pages
from lurewatch.app.venues.mentions import SourceLead, find_venue, lead_of, refuse_source
from lurewatch.app.venues.probe import ProbeReport, address_of, closed_words, inspect
from lurewatch.app.venues.suggest import Suggestion, count_noun, describe_facts, describe_lure, suggestions
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from crawlers.discovery.proposal import Proposal


class SourceAcceptance(msgspec.Struct, frozen=True, kw_only=True):
    """A venue that became a source file."""

    ruling: SourceRuling
    path: str
    yaml: str
    requests: int


def accept(
    settings: Settings,
    written: str,
    *,
    by: User,
    reason: str,
    name: str | None = None,
    before: Callable[[PageRequest], None] | None = None,
) -> SourceAcceptance:
    """Look at a venue as ``sources new`` does and write its source file, disabled and without a passport; note who and why.

    Raises PermanentError when no lure leads there, it cannot be read publicly, it is a source, or a file has its name.
    """
    venue = find_venue(written)
    if why := settings.read_only_seeds:
        raise PermanentError(why)
    if venue.kind in ("group", "login"):
        raise PermanentError(closed_words(venue))
    with desk_and_index_opened(settings) as (engine, store):
        lead = lead_of(engine, store, venue)
        if not lead.items("confirmed") | lead.items("flagged"):
            raise PermanentError(f"no lure in the index leads to {venue.name}; `lurewatch sources new` adds any site")
        refuse_source(all_sources(settings), venue)
        with engine.connect() as connection:
            source_rulings.admit(connection, venue.name, by=by, reason=reason)
        url, now = address_of(lead.venue), datetime.now(UTC)
        most = 1 if venue.kind == "telegram" else TRIAL_REQUESTS
        pages = look_at(settings, url, most=most, trial=Trial.SOURCES_SUGGEST, before=before)
        proposal = _proposal(url, pages, name, now)
        path = settings.seeds / "sources" / f"{proposal.name}.yml"
        with writing(engine) as connection:
            ruling = _rule(connection, "accepted", lead, by=by, now=now, reason=reason, source=proposal.name)
            _write(path, proposal)
    return SourceAcceptance(ruling=ruling, path=str(path), yaml=proposal.yaml, requests=len(pages))


def turn_down(settings: Settings, verdict: SourceVerdict, written: str, *, by: User, reason: str) -> SourceRuling:
    """Refuse a venue until new lures lead there, or block it for good; raise PermanentError when that may not be."""
    venue = find_venue(written)
    with desk_and_index_opened(settings) as (engine, store):
        lead = lead_of(engine, store, venue)
        with writing(engine) as connection:
            return _rule(connection, verdict, lead, by=by, now=datetime.now(UTC), reason=reason)


def _rule(
    connection: Connection, verdict: SourceVerdict, lead: SourceLead, *, by: User, now: datetime, reason: str, source: str = ""
) -> SourceRuling:
    """Write a ruling with the lures that lead to the venue."""
    confirmed, flagged = lead.items("confirmed"), lead.items("flagged")
    return source_rulings.rule(
        connection, verdict, lead.venue.name, by=by, now=now, reason=reason, source=source, confirmed=confirmed, flagged=flagged
    )


@typed_errors()
def undo(settings: Settings, written: str, *, by: User, reason: str) -> SourceRuling:
    """Take back what was ruled about a venue and return it; a file that an acceptance wrote stays."""
    engine = open_database(settings.database, settings.state)
    return source_rulings.undo(engine, find_venue(written).name, by=by, now=datetime.now(UTC), reason=reason)


@typed_errors()
def standing_rulings(settings: Settings) -> list[SourceRuling]:
    """Return the rulings in force, the oldest first."""
    with open_database(settings.database, settings.state).connect() as connection:
        return sorted(rulings(connection).values(), key=lambda ruling: ruling.seq)


def _proposal(url: str, pages: list[FetchedPage], name: str | None, now: datetime) -> Proposal:
    from crawlers.discovery.discover import NoPostings
    from crawlers.discovery.proposal import propose

    try:
        proposal = propose(url, pages, name=name, today=now.date())
    except (NoPostings, ValueError) as exc:
        raise PermanentError(f"{exc}; nothing was accepted") from exc
    draft_source(proposal.name, proposal.yaml)
    return proposal


def _write(path: Path, proposal: Proposal) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        create_file(path, proposal.yaml)
    except FileExistsError as exc:
        raise PermanentError(f"{path} is there already and is not overwritten; give another name with --name") from exc


class SuggestionList:
    """What ``desk.seed_editors.SuggestionDesk`` asks for, from the settings of the installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def list_venues(self, *, every: bool) -> Sequence[SuggestionLine]:
        """Return what is suggested, the strongest first; with ``every`` also what is not."""
        with page_errors():
            return [_line(suggestion) for suggestion in suggestions(self._settings, every=every)]

    def rule(self, step: VenueStep, venue: str, *, by: User, reason: str) -> None:
        """Refuse a venue, block it, or take that back; ask for one look at it, or that it be made a source."""
        with page_errors():
            name = find_venue(venue).name
            if step == "undo":
                undo(self._settings, name, by=by, reason=reason)
            elif step == "look":
                if not by.may(Right.SOURCES):
                    raise PermanentError(_("the role %(role)s looks at no sources; ask an operator or a lead", role=by.role))
                self._ask("probe", name, "source_look_asked", by)
            elif step == "accept":
                with open_database(self._settings.database, self._settings.state).connect() as connection:
                    source_rulings.admit(connection, name, by=by, reason=reason)
                self._ask("accept", name, "source_accept_asked", by, reason)
            else:
                turn_down(self._settings, "refused" if step == "refuse" else "blocked", venue, by=by, reason=reason)

    def looks(self) -> Sequence[SiteLook]:
        """Return the looks at venues that were asked for, the newest first."""
        return list_looks(open_database(self._settings.database, self._settings.state), ("probe", "accept"))

    def _ask(self, kind: str, venue: str, action: str, by: User, reason: str = "") -> None:
        """Ask for a look; a desk that reaches sites carries it out beside its pages."""
        engine = open_database(self._settings.database, self._settings.state)
        ask_for_look(engine, kind, venue, by=by, action=action, reason=reason)
        if self._settings.desk_looks:
            look_beside_pages(engine, partial(carry_out_look, self._settings))


def carry_out_look(settings: Settings, look: AskedLook) -> Sequence[str]:
    """Carry out what somebody asked for at the desk, with the rights they have now."""
    if look.kind == "probe":
        return describe_probe(inspect(settings, look.subject))
    if look.kind == "accept":
        return _describe_acceptance(accept(settings, look.subject, by=look.by, reason=look.reason))
    return try_on_site(settings, look.subject)


def _describe_acceptance(done: SourceAcceptance) -> list[str]:
    name = done.ruling.source
    return [
        f"{done.ruling.venue} is the source {name}, disabled ({count_noun(done.requests, 'page')} asked for)",
        f"next, at Sources → {name}: read its terms, try it, fill in terms_checked and review_by, switch it on",
    ]


def describe_probe(report: ProbeReport) -> list[str]:
    """Return what a look at a venue showed, a sentence each."""
    lines = [f"{report.venue}: {report.outcome} - {report.words} ({count_noun(report.requests, 'page')} asked for)"]
    if report.posts:
        lines.append(f"{report.flagged} of the {report.posts} postings on that page are flagged")
    return lines + [relative.sentence for relative in report.relatives]


def _line(suggestion: Suggestion) -> SuggestionLine:
    return SuggestionLine(
        venue=suggestion.venue,
        points=suggestion.rank.points,
        what=suggestion.what,
        facts=tuple(describe_facts(suggestion)),
        lures=tuple((mention.item, describe_lure(mention)) for mention in suggestion.rank.reasons),
        ruling=suggestion.ruling.sentence if suggestion.ruling else "",
        hidden=suggestion.hidden,
    )
