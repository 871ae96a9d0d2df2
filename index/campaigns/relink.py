"""Links campaigns in the store: after each load, only what the new records touch is linked again.

Everything that shares a band or a contact with the new records, and with those in turn, is gathered from the store and linked
as one set. ``enrichment.campaigns.linkage.link`` being a function of the set, the result is that of linking everything at once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta

import msgspec
from msgspec.structs import replace

from enrichment.campaigns.linkage import Campaign, LinkItem, Rules, contact_value, item, link, link_copy
from enrichment.campaigns.posters import are_near, poster_hashes, poster_tokens
from enrichment.text.fingerprint import Hashes
from index.base import CampaignRecord, Query, Record, RecordStore, Store, StoreError
from index.campaigns.network_update import place
from index.fields import platform
from index.terms.record_terms import raw_text

_FRONT = 1000
"""Records whose neighbours are asked for at once."""
_ROUNDS = 8
GROWTH = timedelta(days=7)


class LinkReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of linking."""

    looked_at: int
    """Records that were gathered and linked."""
    campaigns: int
    """Campaigns among them now."""
    changed: int
    """Records whose campaign, or its growth, is another than before."""


def link_new(store: Store, ids: Iterable[str], *, progress: Callable[[int], None] | None = None) -> LinkReport:
    """Link the records ``ids`` (those of a load) with all that is stored; write what changed.

    ``progress`` is told the number of records gathered. Raises StoreUnavailable.
    """
    ids = set(ids)
    wanted = set(ids)
    for _ in range(_ROUNDS):
        rules = store.rules()
        items = Items()
        records = _gather_offers(store, wanted, rules, items, progress)
        campaigns = link(map(items, records.values()), rules=rules)
        changed, again = _write_links(store, records, campaigns) or (0, set())
        if not again and store.rules() == rules:  # somebody may have decided meanwhile
            place(store, ids)
            return LinkReport(looked_at=len(records), campaigns=len(campaigns), changed=changed)
        wanted |= again
    raise StoreError(f"another writer changed the same records {_ROUNDS} times over; link again when it is done")


def link_all(store: Store) -> LinkReport:
    """Link everything that is stored, as after a rebuild."""
    return link_new(store, [record.id for record in store.scan(Query(count_facets=False))])


def as_item(record: Record) -> LinkItem:
    """Return the link item of a record."""
    images = poster_hashes(record.posting)
    return item(record.assessment, raw_text(record), first_seen=record.first_seen, images=images)


class Items:
    """What linking needs to know of records, worked out once for each revision of one."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[int, LinkItem]] = {}

    def __call__(self, record: Record) -> LinkItem:
        """Return the item of a record."""
        kept = self._made.get(record.id)
        if kept is None or kept[0] != record.revision:
            kept = self._made[record.id] = record.revision, as_item(record)
        return kept[1]


def _gather_offers(
    store: Store, ids: Iterable[str], rules: Rules, items: Items, progress: Callable[[int], None] | None
) -> dict[str, Record]:
    """Return the offers among ``ids`` and all they can be linked with, directly or through others."""
    circles = _circles(rules)
    records = store.get_many(ids)
    # Members of a campaign that loses one must be looked at again, though nothing may link them to it any more.
    for name in {record.campaign for record in records.values() if record.campaign}:
        stored = store.campaign(name)
        records |= store.get_many(stored.campaign.members if stored else ())
    records |= _mates(store, records, circles)
    names: set[str] = set()
    known: dict[str, Hashes] = {}
    front = [record for record in records.values() if items(record).offer]
    while front:
        part, front = front[:_FRONT], front[_FRONT:]
        contacts = {contact for record in part for contact in _contacts(record, rules)} - names
        names |= contacts
        results = store.find_alike((), contacts)
        results |= _copies(store, part, known, items)
        results |= _posters(store, [items(record) for record in part if record.assessment.flagged], items)
        new = {name: record for name, record in results.items() if name not in records and items(record).offer}
        new |= {name: record for name, record in _mates(store, new, circles).items() if name not in records}
        records |= new
        front += [record for record in new.values() if items(record).offer]
        if progress:
            progress(len(records))
    return records


def _circles(rules: Rules) -> dict[str, frozenset[str]]:
    """Return, for each item that people merged or locked, all items it belongs with."""
    results: dict[str, frozenset[str]] = {}
    for group in (*rules.together, *rules.locked):
        whole = group.union(*(results[value] for value in group if value in results))
        results |= dict.fromkeys(whole, whole)
    return results


def _mates(store: RecordStore, records: dict[str, Record], circles: dict[str, frozenset[str]]) -> dict[str, Record]:
    """Return what people put together with any of the records."""
    return store.get_many({mate for name in records for mate in circles.get(name, ())} - records.keys()) if circles else {}


def _copies(store: RecordStore, part: list[Record], known: dict[str, Hashes], items: Items) -> dict[str, Record]:
    """Return the records whose text is a copy of one in ``part``. A shared band alone leads nowhere: texts of one language share
    so many by chance that most of the store would hang together."""
    mates: dict[str, list[LinkItem]] = defaultdict(list)
    # Of two copies one is flagged: what is not asks for flagged ones only, which are few.
    leading: set[str] = set()
    for link_item in map(items, part):
        leading.update(link_item.bands if link_item.flagged else ())
        for band in link_item.bands:
            mates[band].append(link_item)
    records: dict[str, Record] = {}
    near_ones = store.find_alike(leading, ()) | store.find_alike(mates.keys() - leading, (), flagged_only=True)
    for name, record in near_ones.items():
        flagged = record.assessment.flagged
        shared = record.assessment.fingerprint.bands
        near = {mate.id: mate for band in shared for mate in mates.get(band, ()) if flagged or mate.flagged}
        near.pop(name, None)
        if near and any(link_copy(items(record), mate, known) for mate in near.values()):
            records[name] = record
    return records


def _posters(store: RecordStore, flagged: list[LinkItem], items: Items) -> dict[str, Record]:
    """Return the flagged records that show a poster of one of ``flagged``; a shared band alone leads nowhere."""
    hashes = {image for link_item in flagged for image in link_item.images}
    near_ones = store.find_alike((), poster_tokens(hashes)) if hashes else {}
    return {
        name: record for name, record in near_ones.items() if record.assessment.flagged and are_near(items(record).images, hashes)
    }


def _contacts(record: Record, rules: Rules) -> set[str]:
    """Return the contacts of a record that link, whatever app they are of."""
    names = set()
    for contact in record.assessment.contacts:
        value = contact_value(f"{contact.type}:{contact.value}")
        if value is not None and value not in rules.hubs:
            names.add(f":{contact.value}")
    return names


def _write_links(store: Store, records: dict[str, Record], campaigns: tuple[Campaign, ...]) -> tuple[int, set[str]] | None:
    """Write campaigns and their ids on the records; return how many changed and which another writer was quicker with."""
    kept = {campaign.id: as_record(campaign, records) for campaign in campaigns}
    of = {member: campaign for campaign in campaigns for member in campaign.members}
    changed = []
    for name, record in records.items():
        campaign = of.get(name)
        mine = campaign.id if campaign else None
        growth = kept[campaign.id].growth if campaign else 0
        if (record.campaign, record.growth) != (mine, growth):
            changed.append(replace(record, campaign=mine, growth=growth, revision=record.revision + 1))
    before = {record.campaign for record in records.values() if record.campaign}
    if not changed and before == kept.keys():
        same = all(store.campaign(name) == campaign_record for name, campaign_record in kept.items())
        if same:
            return None
    outcome = store.put(changed)
    if not outcome.kept:
        store.put_campaigns(kept.values(), gone=before - kept.keys())
    return len(changed), set(outcome.kept)


def as_record(campaign: Campaign, records: dict[str, Record]) -> CampaignRecord:
    """Return a campaign with what its records say besides."""
    members = [records[name] for name in campaign.members]
    newest = max(record.first_seen for record in members)
    platforms: dict[str, int] = defaultdict(int)
    for record in members:
        platforms[platform(record.posting.url)] += 1
    return CampaignRecord(
        campaign=campaign,
        growth=sum(record.first_seen > newest - GROWTH for record in members) if len(members) > 1 else 0,
        platforms=tuple(sorted(filter(None, platforms), key=lambda name: (-platforms[name], name))),
        sources=tuple(sorted({record.posting.source for record in members})),
    )
