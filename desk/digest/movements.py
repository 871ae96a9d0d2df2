"""Changes of each campaign since the last digest: new, growing, in a new source or language, back, or quiet."""

from collections import defaultdict
from collections.abc import Container, Iterable
from datetime import datetime, timedelta

from desk.digest.edition import Movement
from desk.digest.week_figures import KeptAdvert
from desk.people.saved_searches import LATE
from index.campaigns.dossier import QUIET

BACK = timedelta(days=28)
"""A campaign without a new member for QUIET has gone quiet; one that returns after BACK is back."""
CHANGES = ("new", "growing", "moved", "back", "quiet")


def movements(
    flagged: list[KeptAdvert], told: Container[str], *, last: datetime | None, since: datetime, until: datetime
) -> list[Movement]:
    """Return the changes of campaigns with at least two of these adverts, the gravest first; nobody named them yet.

    ``told`` are the adverts of earlier digests, the newest of which was built at ``last``.
    """
    arrived = _arrived_adverts(flagged, told, last, since, until)
    groups: dict[str, list[KeptAdvert]] = defaultdict(list)
    for one in flagged:
        if one.campaign:
            groups[one.campaign].append(one)
    results = [_movement(key, members, arrived, since, until) for key, members in groups.items() if len(members) > 1]
    order = {"new": 0, "growing": 1, "moved": 0, "back": 0, "quiet": 3}
    kept = [movement for movement in results if movement is not None]
    return sorted(kept, key=lambda movement: (order[movement.change], -movement.added, -movement.members, movement.campaign))


def _arrived_adverts(
    flagged: list[KeptAdvert], told: Container[str], last: datetime | None, since: datetime, until: datetime
) -> set[str]:
    """Return the adverts that are new: first seen since, or up to LATE before the last digest, which did not tell them.

    Those were fetched before it and reached the index after it.
    """
    late = last - LATE if last else since
    return {
        one.id for one in flagged if since < one.first_seen <= until or (late < one.first_seen <= since and one.id not in told)
    }


def _movement(key: str, members: list[KeptAdvert], arrived: Container[str], since: datetime, until: datetime) -> Movement | None:
    before = [member for member in members if member.first_seen <= since and member.id not in arrived]
    added = [member for member in members if member.id in arrived]
    new_ground = tuple(sorted(_grounds(added) - _grounds(before))) if before else ()
    change = _change(before, added, since, until, moved=bool(new_ground))
    if not change:
        return None
    lead = max(members, key=lambda one: (one.score, one.id))
    return Movement(
        campaign=key,
        name="",
        change=change,
        members=len(members),
        added=len(added),
        languages=tuple(sorted({member.language for member in members})),
        new_ground=new_ground,
        lead=lead.id,
    )


def _change(before: list[KeptAdvert], added: list[KeptAdvert], since: datetime, until: datetime, *, moved: bool) -> str:
    """Return in a word what happened to a campaign; nothing when nothing did."""
    newest_before = max((one.first_seen for one in before), default=None)
    if not added:
        quiet = newest_before is not None and until - QUIET - (until - since) < newest_before <= until - QUIET
        return "quiet" if quiet else ""
    if newest_before is None:
        return "new"
    if min(one.first_seen for one in added) - newest_before >= BACK:
        return "back"
    return "moved" if moved else "growing"


def _grounds(sightings: Iterable[KeptAdvert]) -> set[str]:
    """Return the sources and languages of adverts."""
    pairs = ((f"source {one.source}", f"language {one.language}") for one in sightings)
    return {ground for pair in pairs for ground in pair}
