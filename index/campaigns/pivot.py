"""From any written form of a contact to everything that used it, on any app: adverts, weeks, campaigns, what stands beside it."""

from collections import Counter

import msgspec

from index.base import Query, Record, RecordStore
from index.campaigns.dossier import Counted, contacts, count_values
from index.query.plan import contact_key
from index.query.values import contact
from index.terms.record_terms import contact_keys
from index.timeline import Week, weekly


class Pivot(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one contact."""

    value: str
    """As the index keeps it: ``some_handle``, ``+84500000123``, ``line:some_handle`` when one app was asked for."""
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
    value = contact(typed)
    wanted = contact_key(value)
    matching = store.scan(Query(contact=(value,), count_facets=False))
    records = sorted(matching, key=lambda item: (item.first_seen, item.id), reverse=True)
    theirs = {
        f"{entry.type}:{entry.value}"
        for record in records for entry in record.assessment.contacts if wanted in contact_keys(entry.type, entry.value)
    }  # fmt: skip
    every = contacts(records)
    campaigns = Counter(record.campaign for record in records if record.campaign)
    return Pivot(
        value=value, forms=tuple(pair for pair in every if pair[0] in theirs),
        beside=tuple(pair for pair in every if pair[0] not in theirs), records=tuple(records),
        flagged=sum(record.assessment.flagged for record in records), campaigns=tuple(campaigns.most_common()),
        languages=count_values(records, "language"), platforms=count_values(records, "platform"),
        sources=count_values(records, "source"), weeks=weekly(record.first_seen for record in records),
    )  # fmt: skip
