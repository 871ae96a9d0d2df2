"""Which runs the index takes. Apart from the loading itself: a task asks before it needs an index."""

from crawlers.evidence.partition import Report


def goes_on(report: Report) -> bool:
    """Whether a run's postings belong in the index: those of every run but a failed one.

    A blocked, changed or partial run saw too little, not something wrong, and a deletion or a short-lived advert stands in one
    partition only.
    """
    return report.state != "failed" and report.reconciles
