"""Changes of each campaign since the last digest: new, growing, in a new source or language, back, or quiet."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from datetime import datetime, timedelta

from desk.cases.case_decisions import Case
from desk.cases.saved_searches import LATE
from desk.digest.edition import Movement
from desk.masks import headline
from index.base import Record
from index.campaigns.dossier import QUIET

BACK = timedelta(days=28)
"""A campaign without a new member for QUIET has gone quiet; one that returns after BACK is back."""


def movements(
    flagged: list[Record], standing: Mapping[str, Case], entries: Iterable[tuple[str, str]], *,
    last: datetime | None, since: datetime, until: datetime,
) -> list[Movement]:  # fmt: skip
    """Return the changes of campaigns with at least two adverts that were not dismissed, the gravest first.

    ``told`` are the adverts of earlier digests, the newest of which was built at ``last``.
    """
    arrived = _arrived_adverts(flagged, entries, last, since, until)
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in flagged:
        if record.campaign and standing[record.id].state != "dismissed":
            groups[record.campaign].append(record)
    results = [_movement(key, members, arrived, since, until) for key, members in groups.items() if len(members) > 1]
    order = {"new": 0, "growing": 1, "moved": 0, "back": 0, "quiet": 3}
    kept = [movement for movement in results if movement is not None]
    return sorted(kept, key=lambda movement: (order[movement.change], -movement.added, -movement.members, movement.campaign))


def _arrived_adverts(
    flagged: list[Record], entries: Iterable[tuple[str, str]], last: datetime | None, since: datetime, until: datetime
) -> set[str]:
    """Return the adverts that are new: first seen since, or up to LATE before the last digest, which did not tell them.

    Those were fetched before it and reached the index after it.
    """
    known, late = {item for item, _ in entries}, last - LATE if last else since
    return {
        record.id
        for record in flagged
        if since < record.first_seen <= until or (late < record.first_seen <= since and record.id not in known)
    }


def _movement(key: str, members: list[Record], arrived: Container[str], since: datetime, until: datetime) -> Movement | None:
    before = [member for member in members if member.first_seen <= since and member.id not in arrived]
    added = [member for member in members if member.id in arrived]
    new_ground = tuple(sorted(_grounds(added) - _grounds(before))) if before else ()
    change = _change(before, added, since, until, moved=bool(new_ground))
    if not change:
        return None
    lead = max(members, key=lambda record: (record.assessment.score, record.id))
    return Movement(
        campaign=key,
        name=headline(lead),
        change=change,
        members=len(members),
        added=len(added),
        languages=tuple(sorted({member.assessment.language.code for member in members})),
        sources=tuple(sorted({member.posting.source for member in members})),
        new_ground=new_ground,
        first_seen=min(member.first_seen for member in members),
        last_seen=max(member.last_seen for member in members),
        lead=lead.id,
    )


def _change(before: list[Record], added: list[Record], since: datetime, until: datetime, *, moved: bool) -> str:
    """Return in a word what happened to a campaign; nothing when nothing did."""
    newest_before = max((record.first_seen for record in before), default=None)
    if not added:
        quiet = newest_before is not None and until - QUIET - (until - since) < newest_before <= until - QUIET
        return "quiet" if quiet else ""
    if newest_before is None:
        return "new"
    if min(record.first_seen for record in added) - newest_before >= BACK:
        return "back"
    return "moved" if moved else "growing"


def _grounds(records: Iterable[Record]) -> set[str]:
    """Return the sources and languages of adverts."""
    pairs = ((f"source {record.posting.source}", f"language {record.assessment.language.code}") for record in records)
    return {ground for pair in pairs for ground in pair}
