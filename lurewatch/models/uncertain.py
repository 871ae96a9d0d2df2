"""The active queue: uncertain items of a week, for two people to decide on, whose answers teach a challenger most.

As in uncertainty sampling (Lewis and Gale 1994, "A Sequential Algorithm for Training Text Classifiers"), items nearest to the
threshold come first; but one advert sent to a hundred groups, or one language that the score knows little of, would fill a week.
So a campaign stands in it once, and languages take turns.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import zip_longest

from enrichment.scoring import FLAGGED
from index.base import Record

WEEKLY = 50
"""Items of a week."""


def week_queue(records: Iterable[Record], *, now: datetime, most: int = WEEKLY) -> list[Record]:
    """Return at most ``most`` of the undecided ``records`` first seen before this week began, so that the list of a week gains
    nothing while people work on it: languages in turn, of each the nearest to the threshold first."""
    monday = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    languages: dict[str, list[Record]] = defaultdict(list)
    campaigns: set[str] = set()
    known = [record for record in records if record.first_seen < monday and record.case == "open"]
    for record in sorted(known, key=lambda record: (abs(record.assessment.score - FLAGGED), record.id)):
        if record.campaign is None or record.campaign not in campaigns:
            languages[record.assessment.language.code].append(record)
            campaigns |= {record.campaign} if record.campaign else set()
    turns = zip_longest(*(languages[code] for code in sorted(languages)))
    return [record for turn in turns for record in turn if record is not None][:most]
