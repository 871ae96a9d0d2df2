"""Lists the venues that lures in the index lead to, ranked, with rulings and probes.

It uses no network and writes nothing.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from desk.cases.case_decisions import decided_cases
from desk.cases.source_rulings import ProbeNote, SourceRuling, probes, rulings
from index.base import RecordStore
from index.terms.venue_pointers import VenueKind
from lurewatch.app.resources import desk_and_index_opened
from lurewatch.app.seeds.sources_in_force import all_sources
from lurewatch.app.venues.mentions import KnownVenues, SourceLead, VenueMention, leads
from lurewatch.app.venues.probe import closed_words
from lurewatch.app.venues.ranking import TRUSTED, LeadCounts, Rank, rank
from lurewatch.app.venues.relatives import COMPARED, Relative, relatives, sample_of_record
from lurewatch.settings import Settings

NO_SOURCE = ("closed", "gone")
"""Outcomes of a probe after which a venue is not suggested again until a newer lure leads there."""


FEW = 0.1
"""Share of flagged posts on a probed page under which it is taken for an honest place that lures name."""
READ = 5
"""Postings from which that share says something."""


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A venue that lures lead to, with everything known about it."""

    venue: str
    """``kind:value``: the NAME of the commands."""
    kind: VenueKind
    address: str
    what: str
    """What it is, as far as its pointers or the last probe tell."""
    rank: Rank
    relatives: tuple[Relative, ...] = ()
    """Names it may have had before, or has beside it."""
    probe: ProbeNote | None = None
    ruling: SourceRuling | None = None
    """What was ruled before; with ``hidden`` empty, lures have come since."""
    hidden: str = ""
    """Why it is not on the list, as text; empty when it is."""


def suggestions(settings: Settings, *, every: bool = False) -> list[Suggestion]:
    """Return what is suggested, the strongest first; with ``every`` also what is not, with the reason.

    Raises PermanentError for a faulty source file or setting; TransientError while index or database is away.
    """
    with desk_and_index_opened(settings) as (engine, store):
        known = KnownVenues(all_sources(settings))
        with engine.connect() as connection:
            cases = {case.item_id: case for case in decided_cases(connection)}
            standing, looks = rulings(connection), probes(connection)
        results = []
        for lead in leads(store, cases, known):
            name = lead.venue.name
            suggestion = _suggestion(lead, standing.get(name), looks.get(name))
            if every or not suggestion.hidden:
                results.append(msgspec.structs.replace(suggestion, relatives=_relatives(store, lead, standing)))
    return sorted(results, key=lambda suggestion: (bool(suggestion.hidden), -suggestion.rank.points, suggestion.venue))


def is_fresh(lead: SourceLead, ruling: SourceRuling) -> bool:
    """Whether lures lead to a venue that did not when it was refused, or were not confirmed then."""
    confirmed, flagged = lead.items("confirmed"), lead.items("flagged")
    return bool(confirmed - ruling.confirmed or flagged - ruling.flagged - ruling.confirmed)


def _suggestion(lead: SourceLead, ruling: SourceRuling | None, look: ProbeNote | None) -> Suggestion:
    result = rank(lead)
    return Suggestion(
        venue=lead.venue.name, kind=lead.venue.kind, address=lead.venue.address, what=_describe_lead(lead, look), rank=result,
        probe=look, ruling=ruling, hidden=_hidden_reason(lead, result, ruling, look),
    )  # fmt: skip


def _describe_lead(lead: SourceLead, look: ProbeNote | None) -> str:
    if look is not None:
        return look.words
    if lead.venue.kind in ("group", "login"):
        return closed_words(lead.venue)
    if lead.venue.kind == "site":
        return "a site, not probed yet"
    sure = any(mention.sure_channel for mention in lead.mentions)
    return "a channel, not probed yet" if sure else "a channel, a group or somebody's account: probe it"


def _hidden_reason(lead: SourceLead, result: Rank, ruling: SourceRuling | None, look: ProbeNote | None) -> str:
    if ruling and (ruling.verdict != "refused" or not is_fresh(lead, ruling)):
        since = ", and no new lure leads there" if ruling.verdict == "refused" else ""
        return f"{ruling.sentence}{since}"
    if not result.is_suggested:
        return "too little leads there" if result.trust >= TRUSTED else "mostly ordinary adverts lead there"
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


def _relatives(store: RecordStore, lead: SourceLead, standing: Mapping[str, SourceRuling]) -> tuple[Relative, ...]:
    """Return the relatives of a Telegram name by what it posted, as forwards show, and by the lures that name it."""
    if lead.venue.kind != "telegram":
        return ()
    lures = sorted(
        (mention for mention in lead.mentions if mention.standing in ("confirmed", "flagged")),
        key=lambda mention: (mention.manner != "forwarded", mention.item),
    )
    records = store.get_many(mention.item for mention in lures[:COMPARED])
    return tuple(
        msgspec.structs.replace(relative, ruled=ruling.sentence) if (ruling := standing.get(relative.venue)) else relative
        for relative in relatives(store, lead.venue, map(sample_of_record, records.values()))
    )


_SAID = {"forwarded": "forwarded from it", "linked": "links to it", "mentioned": "names it"}


def describe_facts(suggestion: Suggestion) -> Iterator[str]:
    """Yield the counts, the shared contacts and the relatives of a venue, a sentence each."""
    yield _count_all(suggestion.rank.counts)
    if suggestion.rank.contacts:
        yield "shared contacts: " + ", ".join(f"{contact} ({count})" for contact, count in suggestion.rank.contacts)
    yield from (relative.sentence for relative in suggestion.relatives)


def describe_lure(mention: VenueMention) -> str:
    """Return how a lure leads to its venue."""
    return f"{mention.standing}, {_SAID[mention.manner]}, {mention.source}: {mention.title}"


def count_noun(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _count_all(counts: LeadCounts) -> str:
    lures = f"{count_noun(counts.confirmed + counts.flagged, 'different lure')} ({counts.confirmed} confirmed)"
    against = f"{counts.ordinary} ordinary and {counts.dismissed} dismissed adverts"
    return f"{lures} in {count_noun(counts.sources, 'source')} lead there, {against}; {counts.quoting} that warn or report"
