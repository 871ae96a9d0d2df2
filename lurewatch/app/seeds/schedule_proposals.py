"""Proposes how often each source should run, from its costs and results; an operator accepts a proposal."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path

import msgspec
from cronsim import CronSim

from crawlers.evidence.whole_files import replace_file
from crawlers.sources.source import Source, refusal
from crawlers.sources.source_edit import checked_edit
from lurewatch.app.app_errors import PermanentError, typed_errors
from lurewatch.app.cost_ledger import LedgerRow
from lurewatch.settings import Settings

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
def accept(settings: Settings, proposal: ScheduleProposal) -> Path:
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
