"""The types of stage 3: Record, Query, ResultPage, and the Store protocol of both stores.

One conformance suite (tests/index/test_store_conformance.py) runs against every implementation: the same query gives the
same ids in the same order.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from crawlers.items import Posting
from enrichment.assessment import Assessment
from enrichment.campaigns.linkage import Campaign, Rules
from enrichment.campaigns.network import Network
from enrichment.harm import gravity, priority
from foundation.traces import Traces

Sort = Literal["score", "rank", "priority", "harm", "newest", "growth", "relevance"]
Outcome = Literal["inserted", "revised", "unchanged"]
CaseState = Literal["open", "confirmed", "dismissed"]


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a posting; the text is kept, so that an edit can be shown."""

    revision: int
    change: Literal["first_seen", "edited", "deleted", "reappeared"]
    at: datetime
    run_id: str
    text_sha256: str
    title: str | None
    text: str


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Posting + Assessment + history: one searchable document, addressed by the posting's id."""

    id: str
    posting: Posting
    assessment: Assessment
    revision: int = 1
    """Grows with each change; an older one never replaces a newer one."""
    revisions: tuple[Revision, ...] = ()
    first_seen: datetime
    last_seen: datetime
    run_id: str
    partition: str
    """Address of the run partition that carries the newest revision's evidence."""
    case: CaseState = "open"
    """What people decided about it, as the desk last wrote; the desk's database is authoritative."""
    campaign: str | None = None
    growth: int = 0
    """Members its campaign gained in the seven days before the campaign was last seen; what ``sort="growth"`` sorts by."""
    network: Network = Network()
    """Network points from its neighbours; beside the score, never part of it."""

    @property
    def rank(self) -> float:
        """Score and network points together: what ``sort="rank"`` sorts by."""
        return self.assessment.score + self.network.points

    @property
    def priority(self) -> float:
        """Rank in bands, within each the graver harm first: what ``sort="priority"`` sorts by."""
        return priority(self.rank, self.assessment.harm.level)

    @property
    def gravity(self) -> float:
        """Harm, within each level the score: what ``sort="harm"`` sorts by."""
        return gravity(self.assessment.score, self.assessment.harm.level)


class CampaignRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as the store keeps it: what linking found, and what its records say besides."""

    campaign: Campaign
    platforms: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    growth: int = 0
    """Members first seen in the seven days before the newest was."""


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A search for both stores; ``index.query.parse.parse`` makes one from what a person types."""

    words: tuple[str, ...] = ()
    """All must occur."""
    phrases: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    filters: dict[str, tuple[str, ...]] = {}
    """Facet name -> accepted values (any of them)."""
    exclude_filters: dict[str, tuple[str, ...]] = {}
    contact: tuple[str, ...] = ()
    """Normalised contact values."""
    score_min: float | None = None
    score_max: float | None = None
    since: datetime | None = None
    """First seen at or after."""
    until: datetime | None = None
    campaign: str | None = None
    undecided: bool = False
    """Only those whose case is open."""
    raised: bool = False
    """Only what is flagged or has network points: what the queue holds."""
    sort: Sort = "score"
    size: int = 20
    after: str | None = None
    """Cursor of the previous page (``ResultPage.cursor``)."""
    fuzzy: bool = False
    """Allow one missing, added, wrong or swapped letter in any word (two in words of eight letters and more)."""
    typos: tuple[str, ...] = ()
    """Words that must occur, each give or take such an error."""
    prefixes: tuple[str, ...] = ()
    """Beginnings of words that must occur."""
    count_facets: bool = True
    """False saves the counting where it is not shown (second pages, exports)."""


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A found record and where the query's words stand in it (code point spans of ``title + "\\n" + text``)."""

    record: Record
    highlights: tuple[tuple[int, int], ...] = ()


class ResultPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of results; ``total`` is exact and counts all matches, not only those shown."""

    hits: tuple[Hit, ...]
    total: int
    facets: dict[str, tuple[tuple[str, int], ...]] = {}
    facets_over: int = 0
    """How many matches the facets count: ``total``, or on SQLite, for words and times, the newest five thousand of more."""
    cursor: str | None = None
    """Value of ``Query.after`` for the next page; ``None`` on the last."""


class FlagChange(msgspec.Struct, frozen=True):
    """An advert whose flag another judgement gave or took."""

    id: str
    title: str
    before: float
    """Its score as it was."""
    after: float
    flagged: bool
    """As it is now."""

    @classmethod
    def since(cls, flagged: bool, score: float, now: "Record") -> "tuple[FlagChange, ...]":
        """Return the change since an advert was ``flagged`` or not, with that ``score``; none where its flag is as it was."""
        judged, name = now.assessment, now.posting.title or " ".join(now.posting.text.split())[:80]
        return () if judged.flagged == flagged else (cls(now.id, name, score, judged.score, judged.flagged),)


class WriteReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a write; ``inserted + revised + unchanged + len(dead)`` equals the documents given."""

    inserted: int = 0
    revised: int = 0
    unchanged: int = 0
    dead: tuple[tuple[str, str], ...] = ()
    """Documents the store refused: (id, reason)."""
    kept: tuple[str, ...] = ()
    """Ids whose stored revision is the same or newer."""
    flags: tuple[FlagChange, ...] = ()
    """Flags that rose or fell with a load."""

    def plus(self, other: "WriteReport") -> "WriteReport":
        """Return both writes as one."""
        return WriteReport(
            inserted=self.inserted + other.inserted,
            revised=self.revised + other.revised,
            unchanged=self.unchanged + other.unchanged,
            dead=self.dead + other.dead,
            kept=self.kept + other.kept,
            flags=self.flags + other.flags,
        )


class RecordStore(Protocol):
    """The records. Writes are idempotent: the same records twice change nothing."""

    def put(self, records: Iterable[Record]) -> WriteReport:
        """Write records; an older revision never replaces a newer one.

        Raises StoreUnavailable when nothing may be assumed written.
        """

    def get(self, record_id: str) -> Record | None:
        """Return one record, or None."""

    def get_many(self, ids: Iterable[str]) -> dict[str, Record]:
        """Return those of ``ids`` that are stored."""

    def search(self, query: Query) -> ResultPage:
        """Return one page of results in a stable order: of equals the newest first, within a second by a hash of the id."""

    def scan(self, query: Query) -> Iterator[Record]:
        """Yield every match, for export and re-assessment; order by id."""

    def matching(self, query: Query, ids: Iterable[str]) -> frozenset[str]:
        """Return those of ``ids`` that match; no record is read."""

    def find_alike(self, bands: Iterable[str], contacts: Iterable[str], *, flagged_only: bool = False) -> dict[str, Record]:
        """Return records sharing any MinHash band or contact (``type:value``; ``:value`` is of any type): candidates of a
        campaign."""

    def ids(self, source: str) -> Iterator[str]:
        """Yield the ids of all records of a source."""

    def count(self) -> int:
        """Return the number of records."""

    def delete(self, revisions: Mapping[str, int]) -> frozenset[str]:
        """Remove records by id and revision: a record that changed since stays. Return the ids removed now."""

    def scrub(self) -> None:
        """Remove deleted data from the disk; raise StoreUnavailable while another process still reads it. It may take long."""

    def remains(self, traces: Traces) -> frozenset[str]:
        """Return the traces found in the store's own files, read as bytes; files of a server are not read."""


class LoadLedger(Protocol):
    """The loaded partitions, and the number of the last decision that the records have."""

    def loaded_partitions(self) -> frozenset[str]:
        """Return the addresses of the loaded partitions; all others wait."""

    def load_times(self) -> dict[str, datetime]:
        """Return when each partition was loaded, by address; one that was loaded again, when it was last."""

    def outcomes(self) -> dict[str, WriteReport]:
        """Return the outcome of each partition's load, by address, with its dead letters."""

    def mark_loaded(self, partition: str, outcome: WriteReport) -> None:
        """Note that a partition is in the store, after its last document is."""

    def unmark_loaded(self, partition: str) -> None:
        """Forget a partition that is gone."""

    def cases_seen(self) -> int:
        """Return the number of the newest decision that the records have; 0 when they have none."""

    def put_cases_seen(self, decision: int) -> None:
        """Keep that number, after the records are written."""


class CampaignStore(Protocol):
    """The campaigns that linking made of the records."""

    def put_campaigns(self, campaigns: Iterable[CampaignRecord], gone: Iterable[str] = ()) -> None:
        """Write campaigns over those of the same id, and remove those in ``gone``."""

    def campaign(self, campaign_id: str) -> CampaignRecord | None:
        """Return one campaign, or None."""

    def campaigns(self) -> Iterator[CampaignRecord]:
        """Yield all campaigns in the order of their ids."""


class RuleStore(Protocol):
    """What people decided about campaigns."""

    def rules(self) -> Rules:
        """Return what people decided about campaigns."""

    def put_rules(self, rules: Rules) -> None:
        """Keep what people decided about campaigns; the next linking obeys it."""


class Store(RecordStore, LoadLedger, CampaignStore, RuleStore, Protocol):
    """The protocol of both stores. A function that needs a part of it asks for that part."""

    def is_writable(self) -> bool:
        """Whether the store takes writes."""

    def problems(self) -> tuple[str, ...]:
        """Return what is wrong with the store's own files or indexes, as text; nothing when all is well."""

    def close(self) -> None:
        """Release files and connections."""


class StoreError(Exception):
    """Base of the store's errors."""


class StoreUnavailable(StoreError):
    """The store cannot be reached or written now; assume that nothing was written. Try again."""
