"""Costs and results of each source by week, and proposals how often it should run."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path

import msgspec
from cronsim import CronSim

from crawlers.evidence.partition import Report, partitions, read_report
from crawlers.sources.causes import new_postings
from crawlers.sources.source import Source, refusal
from crawlers.sources.source_edit import checked_edit
from desk.cases.case_decisions import decided_cases
from desk.digest.edition import iso_week
from foundation.crawl_errors import PartitionError
from foundation.whole_files import replace_file
from index.base import CaseState, Query, Store
from lurewatch.app.app_errors import PermanentError, typed_errors
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


WEEKS = 8
"""Weeks of the ledger that a proposal rests on."""
LEAST_RUNS, LEAST_REQUESTS = 8, 100
"""With fewer nothing is proposed."""
WORTH_MORE = 3
"""Confirmed lures within the weeks from which a source may run more often."""
SHARE_OF_TIME = 0.25
"""A run that takes all its requests with all its pauses may fill this share of the time between two runs."""
RUNS_A_WEEK = (1, 2, 3, 7, 14, 28, 56)
"""The rungs: a proposal is one rung up or down, never more."""


class ScheduleProposal(msgspec.Struct, frozen=True, kw_only=True):
    """Another schedule for one source."""

    source: str
    schedule: str
    """As it is."""
    proposed: str
    direction: str
    """``quicker`` or ``slower``."""
    reason: str


def proposals(sources: Iterable[Source], rows: Sequence[LedgerRow], now: datetime) -> list[ScheduleProposal]:
    """Return the proposals for enabled sources that run by a schedule, from the ledger's rows of ``WEEKS`` weeks.

    Nothing is called fruitless before the desk has confirmed a lure of any source in these weeks.
    """
    decided = any(row.confirmed for row in rows)
    results = []
    for source in sources:
        mine = [row for row in rows if row.source == source.name]
        runs, requests = sum(row.runs for row in mine), sum(row.requests for row in mine)
        if not source.enabled or source.cron is None or runs < LEAST_RUNS or requests < LEAST_REQUESTS:
            continue
        confirmed, waiting = sum(row.confirmed for row in mine), sum(row.flagged for row in mine)
        rung, words = _rung(source.cron, now), f"in {runs} runs and {requests:,} requests of {WEEKS} weeks"
        if confirmed >= WORTH_MORE and (rung + 1 <= _highest(source, now)):
            reason = f"{confirmed} confirmed lures {words} ({1000 * confirmed / requests:.1f} per 1,000 requests)"
            results.append(_proposal(source, "quicker", _cron(source.cron, rung + 1, now), reason))
        elif decided and not confirmed and not waiting and rung > 0:
            results.append(
                _proposal(source, "slower", _cron(source.cron, rung - 1, now), f"nothing flagged or confirmed {words}")
            )
    return results


@typed_errors()
def accept_schedule(settings: Settings, proposal: ScheduleProposal) -> Path:
    """Write the proposed schedule into the source's file and return its path; comments and all other lines stay.

    Raises PermanentError when the seeds folder is the shipped one, or the file would not load afterwards.
    """
    if why := settings.read_only_seeds:
        raise PermanentError(why)
    path = settings.seeds / "sources" / f"{proposal.source}.yml"
    text, _ = checked_edit(path, {"schedule": proposal.proposed})
    replace_file(path, text)
    return path


def _proposal(source: Source, direction: str, proposed: str, reason: str) -> ScheduleProposal:
    return ScheduleProposal(
        source=source.name, schedule=source.schedule, proposed=proposed, direction=direction, reason=reason
    )  # fmt: skip


def _rung(cron: str, now: datetime) -> int:
    """Return the rung nearest to how often a schedule comes round in four weeks."""
    until = now.astimezone(UTC) + timedelta(weeks=4)
    times = sum(1 for _ in takewhile(lambda due: due < until, CronSim(cron, now.astimezone(UTC)))) / 4
    return min(range(len(RUNS_A_WEEK)), key=lambda rung: abs(RUNS_A_WEEK[rung] - times) / RUNS_A_WEEK[rung])


def _highest(source: Source, now: datetime) -> int:
    """Return the highest rung the access passport bears; -1 when it lets no run begin."""
    if refusal(source, now.date()):
        return -1
    seconds = source.access.requests_per_run * source.access.delay_seconds
    week = timedelta(weeks=1).total_seconds()
    return max(rung for rung, runs in enumerate(RUNS_A_WEEK) if rung == 0 or seconds <= SHARE_OF_TIME * week / runs)


def _cron(cron: str, rung: int, now: datetime) -> str:
    """Return the schedule of a rung at the minute and hour at which the present one comes round next."""
    due = next(CronSim(cron, now.astimezone(UTC)))
    minute, hour = due.minute, due.hour
    hours = {14: 12, 28: 6, 56: 3}
    runs = RUNS_A_WEEK[rung]
    if runs in hours:
        return f"{minute} {','.join(str(at) for at in range(hour % hours[runs], 24, hours[runs]))} * * *"
    return f"{minute} {hour} * * {({1: '1', 2: '1,4', 3: '1,3,5', 7: '*'})[runs]}"
