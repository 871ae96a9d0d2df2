"""Everything about one campaign, and about one contact on any app: adverts, weeks, links, shared text."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

import msgspec

from enrichment.campaigns.linkage import Campaign, Link
from enrichment.campaigns.templates import CampaignText, Template, copies, templates, text_of
from index.base import CampaignRecord, Query, Record, RecordStore, Store
from index.campaigns.relink import as_record
from index.fields import FIELDS
from index.query.plan import contact_key
from index.query.values import contacts as typed_contacts
from index.query.values import drop_app
from index.terms.record_terms import contact_keys, raw_text

WEEK = timedelta(days=7)


class Week(NamedTuple):
    """One week, Monday to Sunday, UTC."""

    monday: date
    adverts: int


def weekly(moments: Iterable[datetime]) -> tuple[Week, ...]:
    """Return every week from the first moment to the last with how many fall into it, empty weeks included."""
    counts = Counter(_monday(moment) for moment in moments)
    if not counts:
        return ()
    first, last = min(counts), max(counts)
    return tuple(Week(at, counts[at]) for at in (first + number * WEEK for number in range((last - first).days // 7 + 1)))


def _monday(moment: datetime) -> date:
    day = moment.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


QUIET = timedelta(days=14)
"""A campaign without a new advert for so long is quiet and is listed after all others."""
Order = Literal["growth", "size", "newest"]
Counted = tuple[tuple[str, int], ...]
"""Values with how many members have each, most first."""


class LinkReason(msgspec.Struct, frozen=True, kw_only=True):
    """One reason why members belong together, and its links."""

    why: str
    kind: str
    links: tuple[Link, ...]


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign in full."""

    campaign: Campaign
    growth: int
    """Members first seen in the seven days before the newest was."""
    members: tuple[Record, ...]
    """First seen first."""
    reasons: tuple[LinkReason, ...]
    """Those of most links first."""
    languages: Counted
    platforms: Counted
    sources: Counted
    contacts: Counted
    """``type:value``, shared ones only."""
    weeks: tuple[Week, ...]
    templates: tuple[Template, ...]
    more_texts: int = 0
    """Texts with copies that no template was made of."""


def dossier(store: Store, campaign_id: str, *, shown: int | None = None) -> Dossier | None:
    """Return a campaign's dossier, or None when the store knows none of that id.

    ``shown`` is of how many texts templates are made, those of most copies first; all when None.
    """
    kept = store.campaign(campaign_id)
    if kept is not None:
        stored = store.get_many(kept.campaign.members)
        members = [stored[name] for name in kept.campaign.members if name in stored]
    else:  # linked by an older release, which wrote its id on the records alone
        members = sorted(
            store.scan(Query(campaign=campaign_id, count_facets=False)), key=lambda record: (record.first_seen, record.id)
        )
    if not members:
        return None
    campaign = kept.campaign if kept else Campaign(id=campaign_id, members=tuple(member.id for member in members), links=())
    laid_out, more_texts = _laid_out(tuple(text_of(member.assessment, raw_text(member)) for member in members), shown)
    return Dossier(
        campaign=campaign, growth=(kept or as_record(campaign, {member.id: member for member in members})).growth,
        members=tuple(members),
        reasons=_reasons(campaign.links), languages=count_values(members, "language"),
        platforms=count_values(members, "platform"), sources=count_values(members, "source"),
        contacts=tuple(pair for pair in contacts(members) if pair[1] > 1),
        weeks=weekly(member.first_seen for member in members),
        templates=laid_out, more_texts=more_texts,
    )  # fmt: skip


@lru_cache(maxsize=32)
def _laid_out(texts: tuple[CampaignText, ...], shown: int | None) -> tuple[tuple[Template, ...], int]:
    """Return the templates of the texts with most copies, and how many other texts have copies; a campaign is looked at again."""
    groups = copies(texts)
    return templates(groups[:shown]), len(groups) - len(groups[:shown])


def rank_campaigns(kept: Iterable[CampaignRecord], order: Order, now: datetime) -> list[CampaignRecord]:
    """Return campaigns, the fastest growing, largest, or that of the newest advert first."""

    def rank(campaign_record: CampaignRecord) -> tuple[float, ...]:
        size, newest = (
            len(campaign_record.campaign.members),
            campaign_record.campaign.last_seen.timestamp() if campaign_record.campaign.last_seen else 0.0,
        )
        quiet = newest < (now - QUIET).timestamp()
        return {"growth": (quiet, -campaign_record.growth, -size), "size": (-size, -newest), "newest": (-newest, -size)}[order]

    return sorted(kept, key=lambda campaign_record: (*rank(campaign_record), campaign_record.campaign.id))


def count_values(records: Iterable[Record], facet: str) -> Counted:
    """Return the values of a facet among records."""
    field = next(field for field in FIELDS if field.name == facet)
    return _most_first(Counter(value for record in records for value in set(filter(None, field.values(record)))))


def contacts(records: Iterable[Record]) -> Counted:
    """Return the contacts among records as ``type:value``."""
    return _most_first(
        Counter(text for record in records for text in {f"{c.type}:{c.value}" for c in record.assessment.contacts})
    )


def _most_first(counts: Counter[str]) -> Counted:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _reasons(links: Sequence[Link]) -> tuple[LinkReason, ...]:
    """Return links with the same reason as one; copies differ in their share, so they are one reason too."""
    grouped: dict[tuple[str, str], list[Link]] = {}
    for edge in links:
        why = "nearly the same text" if edge.kind == "text" else edge.why
        grouped.setdefault((why, edge.kind), []).append(edge)
    link_reasons = [LinkReason(why=why, kind=kind, links=tuple(edges)) for (why, kind), edges in grouped.items()]
    return tuple(sorted(link_reasons, key=lambda link_reason: (-len(link_reason.links), link_reason.why)))


class Pivot(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known about one contact."""

    value: str
    """As the index keeps it: ``some_handle``, ``+84500000123``, ``line:some_handle`` when it is on the one app asked for."""
    values: tuple[str, ...]
    """Each, where several contacts were given."""
    forms: Counted
    """``type:value`` as found in adverts, with how many carry it."""
    beside: Counted
    """Other contacts in the same adverts."""
    records: tuple[Record, ...]
    """Newest first."""
    flagged: int
    campaigns: Counted
    """Campaign ids, with how many of the adverts are in each."""
    languages: Counted
    platforms: Counted
    sources: Counted
    weeks: tuple[Week, ...]


def pivot(store: RecordStore, typed: str) -> Pivot:
    """Return everything that used a contact, however it is written; nothing found is an empty pivot, not an error."""
    values = typed_contacts(typed)
    matching = list(store.scan(Query(contact=values, count_facets=False)))
    if not matching and (elsewhere := tuple(map(drop_app, values))) != values:
        values, matching = elsewhere, list(store.scan(Query(contact=elsewhere, count_facets=False)))
    records = sorted(matching, key=lambda item: (item.first_seen, item.id), reverse=True)
    wanted = {contact_key(value) for value in values}
    theirs = {
        f"{entry.type}:{entry.value}"
        for record in records for entry in record.assessment.contacts if wanted & set(contact_keys(entry.type, entry.value))
    }  # fmt: skip
    every = contacts(records)
    campaigns = Counter(record.campaign for record in records if record.campaign)
    return Pivot(
        value=", ".join(values), values=values, forms=tuple(pair for pair in every if pair[0] in theirs),
        beside=tuple(pair for pair in every if pair[0] not in theirs), records=tuple(records),
        flagged=sum(record.assessment.flagged for record in records), campaigns=tuple(campaigns.most_common()),
        languages=count_values(records, "language"), platforms=count_values(records, "platform"),
        sources=count_values(records, "source"), weeks=weekly(record.first_seen for record in records),
    )  # fmt: skip


class ContactTimes(msgspec.Struct, frozen=True, kw_only=True):
    """When and how often a contact was used, of its newest adverts."""

    value: str
    adverts: int
    """In all."""
    counted: int
    """The newest of them, which the rest is said of."""
    flagged: int
    first_seen: datetime
    last_seen: datetime
    weeks: tuple[Week, ...]


TIMED = 100
"""Newest adverts of a contact that its times are taken from."""


def contact_times(store: Store, typed: str) -> ContactTimes | None:
    """Return when a contact was used, however it is written; None when nobody used it."""
    page = store.search(Query(contact=typed_contacts(typed), sort="newest", size=TIMED, count_facets=False))
    records = [hit.record for hit in page.hits]
    if not records:
        return None
    return ContactTimes(
        value=typed, adverts=page.total, counted=len(records), flagged=sum(record.assessment.flagged for record in records),
        first_seen=min(record.first_seen for record in records), last_seen=max(record.last_seen for record in records),
        weeks=weekly(record.first_seen for record in records),
    )  # fmt: skip
