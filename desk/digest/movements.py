"""What happened to each campaign since the last digest: new, growing, moved to new ground, back, or gone quiet."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from datetime import datetime, timedelta

from desk.cases import Case
from desk.digest.edition import Movement
from desk.masking import headline
from desk.saved_search_runs import LATE
from index.base import Record
from index.campaigns.dossier import QUIET

BACK = timedelta(days=28)
"""A campaign without a new member for QUIET has gone quiet; one that returns after BACK is back."""


def movements(
    flagged: list[Record], standing: Mapping[str, Case], told: Iterable[tuple[str, str]], *,
    last: datetime | None, since: datetime, until: datetime,
) -> list[Movement]:  # fmt: skip
    """Return what happened to campaigns of at least two adverts that nobody dismissed, the gravest first.

    ``told`` are the adverts of earlier digests, the newest of which was built at ``last``.
    """
    arrived = _arrived(flagged, told, last, since, until)
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in flagged:
        if record.campaign and standing[record.id].state != "dismissed":
            groups[record.campaign].append(record)
    found = [_movement(key, members, arrived, since, until) for key, members in groups.items() if len(members) > 1]
    order = {"new": 0, "growing": 1, "moved": 0, "back": 0, "quiet": 3}
    kept = [one for one in found if one is not None]
    return sorted(kept, key=lambda one: (order[one.change], -one.added, -one.members, one.campaign))


def _arrived(
    flagged: list[Record], told: Iterable[tuple[str, str]], last: datetime | None, since: datetime, until: datetime
) -> set[str]:
    """Return the adverts that are new: first seen since, or up to LATE before the last digest, which did not tell them.

    Those were fetched before it and reached the index after it.
    """
    known, late = {item for item, _ in told}, last - LATE if last else since
    return {
        one.id for one in flagged if since < one.first_seen <= until or (late < one.first_seen <= since and one.id not in known)
    }


def _movement(key: str, members: list[Record], arrived: Container[str], since: datetime, until: datetime) -> Movement | None:
    before = [one for one in members if one.first_seen <= since and one.id not in arrived]
    added = [one for one in members if one.id in arrived]
    grounds = [{f"{kind} {value}" for one in part for kind, value in _grounds(one)} for part in (before, added)]
    new_ground = tuple(sorted(grounds[1] - grounds[0])) if before else ()
    newest_before = max((one.first_seen for one in before), default=None)
    if not added:
        quiet = newest_before is not None and until - QUIET - (until - since) < newest_before <= until - QUIET
        change = "quiet" if quiet else ""
    elif newest_before is None:
        change = "new"
    elif min(one.first_seen for one in added) - newest_before >= BACK:
        change = "back"
    else:
        change = "moved" if new_ground else "growing"
    if not change:
        return None
    lead = max(members, key=lambda one: (one.assessment.score, one.id))
    return Movement(
        campaign=key,
        name=headline(lead),
        change=change,
        members=len(members),
        added=len(added),
        languages=tuple(sorted({one.assessment.language.code for one in members})),
        sources=tuple(sorted({one.posting.source for one in members})),
        new_ground=new_ground,
        first_seen=min(one.first_seen for one in members),
        last_seen=max(one.last_seen for one in members),
        lead=lead.id,
    )


def _grounds(record: Record) -> Iterable[tuple[str, str]]:
    yield "source", record.posting.source
    yield "language", record.assessment.language.code
