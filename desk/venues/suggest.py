"""Lists the venues that lures in the index lead to, those named by most lures first, with rulings and probes.

It uses no network and writes nothing.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import Engine

from crawlers.sources.source import Source
from desk.cases.case_decisions import decided_cases
from desk.cases.source_rulings import ProbeNote, SourceRuling, probes, rulings
from desk.venues.mentions import KnownVenues, SourceLead, Standing, VenueMention, leads
from desk.venues.probe import ProbeReport, closed_words
from index.base import RecordStore
from index.terms.venue_pointers import VenueKind

NO_SOURCE = ("closed", "gone")
"""Outcomes of a probe after which a venue is not suggested again until a newer lure leads there."""


FEW = 0.1
"""Share of flagged posts on a probed page under which it is taken for an honest place that lures name."""
READ = 5
"""Postings from which that share says something."""


SHOWN = 5
"""Lures shown as reasons."""
_ORDER: tuple[Standing, ...] = ("confirmed", "dismissed", "flagged", "ordinary", "quoting")
"""Of copies with different standings, the one that counts: a person's decision before a computed one."""
_MANNERS = ("forwarded", "linked", "mentioned")


class LeadCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Different texts that point to a venue, by how they stand."""

    confirmed: int = 0
    flagged: int = 0
    ordinary: int = 0
    dismissed: int = 0
    quoting: int = 0
    """Warnings, news, testimonies and questions: they count on neither side."""
    sources: int = 0
    """Sources the lures stand in."""

    @property
    def is_suggested(self) -> bool:
        """Whether an operator should look at it: a confirmed lure or two flagged ones, and more of them than other adverts."""
        lures = 2 * self.confirmed + self.flagged
        return lures > 1 and lures > self.ordinary + self.dismissed


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A venue that lures lead to, with everything known about it."""

    venue: str
    """``kind:value``: the NAME of the commands."""
    kind: VenueKind
    address: str
    what: str
    """What it is, as far as its pointers or the last probe tell."""
    counts: LeadCounts
    reasons: tuple[VenueMention, ...] = ()
    """The lures that say most: confirmed before flagged, forwards before links before names, the newest first."""
    probe: ProbeNote | None = None
    ruling: SourceRuling | None = None
    """What was ruled before; with ``hidden`` empty, lures have come since."""
    hidden: str = ""
    """Why it is not on the list, as text; empty when it is."""


def list_suggestions(engine: Engine, store: RecordStore, sources: Iterable[Source], *, every: bool = False) -> list[Suggestion]:
    """Return what is suggested beside ``sources``, the strongest first; with ``every`` also what is not, with the reason."""
    known = KnownVenues(sources)
    with engine.connect() as connection:
        cases = {case.item_id: case for case in decided_cases(connection)}
        standing, looks = rulings(connection), probes(connection)
    found = [_suggestion(lead, standing.get(lead.venue.name), looks.get(lead.venue.name)) for lead in leads(store, cases, known)]
    listed = [each for each in found if every or not each.hidden]
    return sorted(listed, key=lambda each: (bool(each.hidden), -each.counts.confirmed, -each.counts.flagged, each.venue))


def is_fresh(lead: SourceLead, ruling: SourceRuling) -> bool:
    """Whether lures lead to a venue that did not when it was refused, or were not confirmed then."""
    confirmed, flagged = lead.items("confirmed"), lead.items("flagged")
    return bool(confirmed - ruling.confirmed or flagged - ruling.flagged - ruling.confirmed)


def _suggestion(lead: SourceLead, ruling: SourceRuling | None, look: ProbeNote | None) -> Suggestion:
    texts: dict[str, VenueMention] = {}
    for mention in sorted(lead.mentions, key=_most_telling):
        texts.setdefault(mention.text, mention)
    lures = [mention for mention in texts.values() if mention.standing in ("confirmed", "flagged")]
    standings = Counter(str(mention.standing) for mention in texts.values())
    counts = LeadCounts(**standings, sources=len({mention.source for mention in lures}))
    return Suggestion(
        venue=lead.venue.name, kind=lead.venue.kind, address=lead.venue.address, what=_describe_lead(lead, look), counts=counts,
        reasons=tuple(lures[:SHOWN]), probe=look, ruling=ruling, hidden=_hidden_reason(lead, counts, ruling, look),
    )  # fmt: skip


def _most_telling(mention: VenueMention) -> tuple[int, int, float, str]:
    return _ORDER.index(mention.standing), _MANNERS.index(mention.manner), -mention.first_seen.timestamp(), mention.item


def _describe_lead(lead: SourceLead, look: ProbeNote | None) -> str:
    if look is not None:
        return look.words
    if lead.venue.kind in ("group", "login"):
        return closed_words(lead.venue)
    if lead.venue.kind == "site":
        return "a site, not probed yet"
    sure = any(mention.sure_channel for mention in lead.mentions)
    return "a channel, not probed yet" if sure else "a channel, a group or somebody's account: probe it"


def _hidden_reason(lead: SourceLead, counts: LeadCounts, ruling: SourceRuling | None, look: ProbeNote | None) -> str:
    if ruling and (ruling.verdict != "refused" or not is_fresh(lead, ruling)):
        since = ", and no new lure leads there" if ruling.verdict == "refused" else ""
        return f"{ruling.sentence}{since}"
    if not counts.is_suggested:
        few = 2 * counts.confirmed + counts.flagged > counts.ordinary + counts.dismissed
        return "too little leads there" if few else "mostly ordinary adverts lead there"
    if look is None or (look.outcome != "account" and _since(lead, look.at)):
        return ""
    if look.outcome in ("account", *NO_SOURCE):  # whoever's account it is, it becomes no channel
        return f"probed on {look.at:%Y-%m-%d}: {look.words}"
    if look.posts >= READ and look.flagged < FEW * look.posts:
        return f"probed on {look.at:%Y-%m-%d}: {look.flagged} of {look.posts} posts on its page are flagged"
    return ""


def _since(lead: SourceLead, moment: datetime) -> bool:
    """Whether a lure that leads there was first seen after a moment."""
    return any(mention.first_seen > moment for mention in lead.mentions if mention.standing in ("confirmed", "flagged"))


_SAID = {"forwarded": "forwarded from it", "linked": "links to it", "mentioned": "names it"}


def describe_lure(mention: VenueMention) -> str:
    """Return how a lure leads to its venue."""
    return f"{mention.standing}, {_SAID[mention.manner]}, {mention.source}: {mention.title}"


def count_noun(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def describe_counts(counts: LeadCounts) -> str:
    """Return how many texts lead to a venue, by how they stand, as a sentence."""
    lures = f"{count_noun(counts.confirmed + counts.flagged, 'different lure')} ({counts.confirmed} confirmed)"
    against = f"{counts.ordinary} ordinary and {counts.dismissed} dismissed adverts"
    return f"{lures} in {count_noun(counts.sources, 'source')} lead there, {against}; {counts.quoting} that warn or report"


def describe_probe(report: ProbeReport) -> list[str]:
    """Return what a look at a venue showed, a sentence each."""
    lines = [f"{report.venue}: {report.outcome} - {report.words} ({count_noun(report.requests, 'page')} asked for)"]
    if report.posts:
        lines.append(f"{report.flagged} of the {report.posts} postings on that page are flagged")
    return lines
