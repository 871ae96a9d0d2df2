"""Costs and results of each source by week: from its run reports, the index and the desk's decisions."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from crawlers.crawl_errors import PartitionError
from crawlers.evidence.partition import Report, partitions, read_report
from crawlers.sources.causes import new_postings
from crawlers.sources.source import Source
from desk.cases.case_decisions import decided_cases
from desk.digest.edition import iso_week
from index.base import CaseState, Query, Store
from lurewatch.app.resources import desk_and_index_opened
from lurewatch.app.seeds.sources_in_force import all_sources
from lurewatch.settings import Settings

BYTES, BROWSER_MS = "cost/bytes", "cost/browser_ms"
"""Counters of a run's report; runs of releases before 0.3 have none."""
Key = tuple[str, str]
"""Source and ISO week."""


class LedgerRow(msgspec.Struct, kw_only=True):
    """One source in one ISO week (UTC): what its runs cost, and what was found by them."""

    source: str
    week: str
    """As in ``2026-W48``."""
    runs: int = 0
    requests: int = 0
    bytes: int = 0
    """Bodies received, decompressed; of rendered pages everything the browser received."""
    browser_seconds: float = 0.0
    new_adverts: int = 0
    flagged: int = 0
    """Items first seen in the week that are flagged and nobody has decided."""
    confirmed: int = 0
    """Items first seen in the week that a person has confirmed, whenever that was."""
    new_campaigns: int = 0
    """Campaigns whose first item came from here in the week."""

    @property
    def confirmed_per_1000(self) -> float | None:
        """Confirmed lures per 1,000 requests; None without requests."""
        return 1000 * self.confirmed / self.requests if self.requests else None


def ledger(settings: Settings, now: datetime, weeks: int) -> list[LedgerRow]:
    """Return a row for each source and each of the last ``weeks`` ISO weeks in which it ran or brought something.

    Ordered by source, then week. Raises PermanentError for a faulty source file or setting, TransientError while index or
    database is away.
    """
    monday = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())
    since = monday - timedelta(weeks=weeks - 1)
    with desk_and_index_opened(settings) as (engine, store):
        sources = all_sources(settings)
        with engine.connect() as connection:
            states = {case.item_id: case.state for case in decided_cases(connection)}
        rows = _costs(sources, settings.runs, since)
        _yields(store, states, since, rows)
    return sorted(rows.values(), key=lambda row: (row.source, row.week))


def _costs(sources: Iterable[Source], runs: str, since: datetime) -> dict[Key, LedgerRow]:
    rows: dict[Key, LedgerRow] = _Rows()
    for source in sources:
        for address in partitions(runs, source.name):
            if address.rsplit("/", 1)[-1] < f"{since:%Y%m%dT%H%M%SZ}":
                continue
            try:
                report = read_report(address)
            except PartitionError:
                continue  # `lurewatch sources health` names it
            _add(rows[source.name, iso_week(report.started_at)], report)
    return rows


def _add(row: LedgerRow, report: Report) -> None:
    row.runs += 1
    row.requests += report.requests
    row.bytes += report.counters.get(BYTES, 0)
    row.browser_seconds += report.counters.get(BROWSER_MS, 0) / 1000
    row.new_adverts += new_postings(report)


def _yields(store: Store, states: Mapping[str, CaseState], since: datetime, rows: dict[Key, LedgerRow]) -> None:
    """Add what was found to the rows; an item counts where and when it was first seen."""
    confirmed = [item for item, state in states.items() if state == "confirmed"]
    for record in store.get_many(confirmed).values():
        if record.first_seen >= since:
            rows[record.posting.source, iso_week(record.first_seen)].confirmed += 1
    for record in store.scan(Query(filters={"flagged": ("true",)}, undecided=True, since=since, count_facets=False)):
        if states.get(record.id, "open") == "open":  # the index may not have been told yet
            rows[record.posting.source, iso_week(record.first_seen)].flagged += 1
    campaigns = [entry.campaign for entry in store.campaigns()]
    begun = [campaign.members[0] for campaign in campaigns if campaign.first_seen and campaign.first_seen >= since]
    for record in store.get_many(begun).values():
        rows[record.posting.source, iso_week(record.first_seen)].new_campaigns += 1


class _Rows(dict[Key, LedgerRow]):
    """Rows by source and week; one that is missing begins empty."""

    def __missing__(self, key: Key) -> LedgerRow:
        self[key] = row = LedgerRow(source=key[0], week=key[1])
        return row
