"""Probes a suggested venue once: its kind, the share of flagged posts, and venues with the same contacts or texts."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from crawlers.items import Posting
from desk.cases.source_rulings import ProbeNote, note_probe
from enrichment.assess import PostingText
from enrichment.assessment import Assessment
from lurewatch.app.resources import desk_and_index_opened
from lurewatch.app.seeds.sources_in_force import all_sources
from lurewatch.app.venues import probe as probing
from lurewatch.app.venues.named_venue import find_venue, lead_of, refuse_source
from lurewatch.app.venues.relatives import Relative, Sample, relatives
from lurewatch.models.judges import champion
from lurewatch.settings import Settings


class ProbeReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one probe."""

    venue: str
    outcome: probing.ProbeOutcome
    words: str
    requests: int
    """Pages asked for; robots.txt comes besides, and what the site redirects to."""
    posts: int = 0
    """Postings on the page that was seen."""
    flagged: int = 0
    """Those of them that are flagged: few of many speak against the venue."""
    relatives: tuple[Relative, ...] = ()
    """Names that share contacts or texts with what was seen."""
    yaml: str = ""
    """The source file it leads to."""


def inspect(settings: Settings, written: str) -> ProbeReport:
    """Look at a venue once and note in the audit log what it is.

    Raises PermanentError for a name that is none or is a source already; TransientError while index or database is away.
    """
    venue = find_venue(written)
    with desk_and_index_opened(settings) as (engine, store):
        lead = lead_of(engine, store, venue)
        refuse_source(all_sources(settings), venue)
        now = datetime.now(UTC)
        look = probing.probe(settings, lead.venue, now.date())
        judged = _judge_postings(settings, look.postings)
        samples = [Sample(posting=post, assessment=verdict, at=post.posted_at or now) for post, verdict in judged]
        flagged = sum(verdict.flagged for _, verdict in judged)
        note_probe(
            engine,
            venue.name,
            ProbeNote(at=now, outcome=look.outcome, words=look.words, requests=look.requests, posts=len(judged), flagged=flagged),
        )
        return ProbeReport(
            venue=venue.name, outcome=look.outcome, words=look.words, requests=look.requests, posts=len(judged), flagged=flagged,
            relatives=relatives(store, venue, samples), yaml=look.yaml,
        )  # fmt: skip


def _judge_postings(settings: Settings, postings: Sequence[Posting]) -> list[tuple[Posting, Assessment]]:
    if not postings:
        return []
    texts = [PostingText(post.id, post.title, post.text, links=post.contacts) for post in postings]
    return list(zip(postings, champion(settings).assess_all(texts), strict=True))
