"""Labels that spread over shared contacts: weak, marked as such, and never a decision.

As in "The Traffickers' Pitch" (arXiv 2605.25416), adverts are labelled by the network they belong to. A text takes part when it
is undecided, shares a contact or all its words with several confirmed lures, and says enough to learn from: a call that names
nothing but a contact would teach the score that every call is a lure.
"""

from collections.abc import Iterable, Iterator

import msgspec

from enrichment.campaigns.network import TERSE
from evaluation.labelled_listings import Listing
from index.base import Record

CONFIRMED = 2
"""Confirmed lures a reason must rest on: one may be an error."""
STRONG = 25.0
"""Points of that reason: its tie is mostly a crew's."""
WEIGHT = 0.3
"""What a weak label counts in training, where an authored text counts 1 and a decision more (``models.labels``)."""


class WeakLabel(Listing, frozen=True, kw_only=True):
    """A listing whose label is by its network; ``python -m evaluation train`` reads it with its weight."""

    weak: bool = True
    why: str = ""
    """What the label rests on, as text."""


def weak_labels(records: Iterable[Record]) -> Iterator[WeakLabel]:
    """Yield a label for each record that its network marks as a lure."""
    for record in records:
        reason = next((reason for reason in record.network.reasons if reason.kind in ("contact", "words")), None)
        if record.case != "open" or reason is None or reason.confirmed < CONFIRMED or reason.points < STRONG:
            continue
        judged, posting = record.assessment, record.posting
        if len(posting.text.encode("utf-8", "surrogatepass")) < TERSE:
            continue
        yield WeakLabel(
            id=record.id,
            lang=judged.language.code,
            label=1,
            kind=judged.tag if judged.tag not in ("unstated", "none") else "unknown",
            title=posting.title,
            text=posting.text,
            campaign=record.campaign,
            source=posting.source,
            weight=WEIGHT,
            why=reason.why,
        )


def line(label: WeakLabel) -> str:
    """Return a label as a line of a labelled file."""
    return msgspec.json.encode(label).decode()
