"""People at risk are not indexed: what a survivor, a relative or an applicant wrote leads to nobody.

A text that speaks as testimony or as a seeker keeps its words, so that an analyst sees what happened there, but neither its
author nor any contact, picture or campaign of theirs reaches the index. A flagged text is an advert, whatever voice it borrows.
"""

from msgspec.structs import replace

from crawlers.items import Posting
from enrichment.assessment import Assessment

AT_RISK = frozenset({"testimony", "seeker"})


def without_people(posting: Posting, assessment: Assessment) -> tuple[Posting, Assessment]:
    """Return both as they may be indexed."""
    if assessment.flagged or assessment.stance not in AT_RISK:
        return posting, assessment
    return (
        replace(posting, author=None, contacts=(), media=(), forwarded_from=None),
        replace(assessment, contacts=(), campaign_key=None),
    )
