"""Decides what the index takes: which runs, and nothing that leads to people at risk.

A testimony or a text of a seeker keeps its words for the analyst, but the index gets no author, contact, picture or campaign
of it. A flagged text counts as an advert, whatever its stance.
"""

from msgspec.structs import replace

from crawlers.evidence.partition import Report
from crawlers.items import Posting
from enrichment.assessment import Assessment


def goes_on(report: Report) -> bool:
    """Whether a run's postings belong in the index: those of every run but a failed one.

    A blocked, changed or partial run saw too little, but nothing wrong, and a deletion or a short-lived advert may be in one
    partition only.
    """
    return report.state != "failed" and report.reconciles


AT_RISK = frozenset({"testimony", "seeker"})


def without_people(posting: Posting, assessment: Assessment) -> tuple[Posting, Assessment]:
    """Return posting and assessment as they may be indexed."""
    if assessment.flagged or assessment.stance not in AT_RISK:
        return posting, assessment
    return (
        replace(posting, author=None, contacts=(), media=(), forwarded_from=None),
        replace(assessment, contacts=(), campaign_key=None),
    )
