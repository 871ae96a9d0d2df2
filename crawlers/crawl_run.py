"""One crawl of one source: a child process fills the frontier, then what it holds is sealed into a run partition.

The next call continues a run that was killed, with the same run id. An unfinished run is never sealed: a full disk, or a process
that dies again and again, raises RunStopped and leaves the run for the next call.
"""

import contextlib
import errno
import secrets
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
import zstandard
from pysqlite3 import dbapi2 as sqlite

from crawlers.evidence import warc
from crawlers.evidence.kept_pages import parser_version
from crawlers.evidence.partition import (
    CAPTURES,
    POSTINGS,
    REJECTS,
    REPORT,
    Cause,
    Report,
    address_of,
    is_sealed,
    put_file,
    read_report,
)
from crawlers.evidence.run_signature import SIGNATURE, sign
from crawlers.fetch import host_rates
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.frontier.frontier_store import WAITED, Frontier, Run
from crawlers.frontier.list_coverage import coverage
from crawlers.frontier.state_database import SharedState
from crawlers.frontier.visits import FIRST, LISTED_GONE, CrawlJob, Step
from crawlers.items import Posting
from crawlers.pictures.run_pictures import PictureTally, read_pictures
from crawlers.process import ProcessEnd, last_line, lock_folder, require, supervise
from crawlers.sources import causes, expectations
from crawlers.sources.source import TRIAL_REQUESTS, Source, Trial, admit
from foundation.crawl_errors import PageTooCostly, RunStopped
from foundation.url_template import is_counted

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Progress = Callable[[dict[str, Any]], None]
LIVES = 4
"""So many processes in a row may die without fetching a page; then the run is given up."""
GRACE = 2.0
"""Seconds between the limit, at which the child stops by itself, and its end by force."""
LONG_WAITS = 0.25
"""The operator is told when a run spends at least this share of its time waiting for other sources of its hosts."""
LOG, LOG_BYTES = "crawl.log", 4 * 2**20
_MOMENT = "%Y%m%dT%H%M%SZ"


def crawl(
    source: Source,
    *,
    runs: str,
    state: Path,
    options: CrawlOptions,
    limit_seconds: int = 1800,
    progress: Progress | None = None,
    trial: Trial | None = None,
    watched: Iterable[str] = (),
    versions: Mapping[str, str] | None = None,
    key: "Ed25519PrivateKey | None" = None,
) -> tuple[str, Report]:
    """Crawl ``source`` into a partition under ``runs``; return the sealed partition's address and its report.

    Raises PassportRefused, before anything is written or fetched, when the source has no valid access passport; ``trial`` names
    the command that may go without one (ValueError when it would fetch more than TRIAL_REQUESTS). ``watched``: ids of postings
    that are revisited daily when no list shows them (``frontier/revisits.py``). ``versions`` is handed on to the report, which
    ``key`` signs; a trial's run is thrown away and needs none. Raises
    RunBusy when another process crawls the source, StateError when the state folder cannot be used and RunStopped when the run
    cannot go on now (disk full); the next call carries on.
    """
    require("scrapy")
    admit(source, trial)
    if trial and source.access.requests_per_run > TRIAL_REQUESTS:
        raise ValueError(f"{trial} without a passport: requests_per_run {source.access.requests_per_run} > {TRIAL_REQUESTS}")
    folder = state / source.name
    rates = options.host_rates or options.crawl_state or str(state / host_rates.FILE)
    options = msgspec.structs.replace(options, host_rates=rates)
    with _explain_write_faults(folder), lock_folder(folder) as lock, _hold_lease(options, source) as shared:
        frontier = Frontier.open_at(folder, identity=source.identity, shared=shared)
        try:
            if (address := _left_sealed(frontier, source, runs)) is not None:
                return address, read_report(address)
            run = frontier.begin(_new_id(), datetime.now(UTC), _first_steps(source))
            if frontier.count_waiting():
                frontier.close()
                job = CrawlJob(
                    source=source.model_dump_json(by_alias=True),
                    options=options,
                    folder=str(folder),
                    shared=shared,
                    watched=tuple(watched),
                    seconds=limit_seconds,
                )
                _walk(source, job, lock, progress or _silent)
                frontier = Frontier.open_at(folder, check=False, identity=source.identity, shared=shared)
            run = frontier.run() or run
            address = address_of(runs, source.name, run.run_id)
            read_pictures(frontier, source)
            report = _seal(frontier, run, source, address, options.user_agent, dict(versions or {}), key)
            frontier.finish(forget_before=datetime.now(UTC) - timedelta(days=source.retention_days))
            return address, report
        finally:
            frontier.close()


def _first_steps(source: Source) -> list[Step]:
    """Return the steps a run begins with: the start addresses and the sitemap."""
    role = FIRST[source.crawl.spider]
    steps = [Step(url=source.crawl.start_at(url, 1), role=role, counted=is_counted(url)) for url in source.crawl.start]
    if source.crawl.sitemap:
        steps.append(Step(url=source.crawl.sitemap, role="sitemap"))
    return steps


def _left_sealed(frontier: Frontier, source: Source, runs: str) -> str | None:
    """Return the address of a run that was sealed before its process was killed, and clear its frontier."""
    run = frontier.run()
    if run is None or not is_sealed(address := address_of(runs, source.name, run.run_id)):
        return None
    frontier.finish(forget_before=datetime.now(UTC) - timedelta(days=source.retention_days))
    return address


@contextlib.contextmanager
def _hold_lease(options: CrawlOptions, source: Source) -> Iterator[SharedState | None]:
    """Hold the source's lease where workers share their state; None where the folder's lock is enough."""
    if not options.crawl_state:
        yield None
        return
    require("psycopg")
    from crawlers.frontier.postgres_connection import hold_lease

    with hold_lease(options.crawl_state, source.name) as shared:
        yield shared


def _walk(source: Source, job: CrawlJob, lock: int, progress: Progress) -> None:
    """Run the child until the frontier is empty, a limit is reached, or it dies too often."""
    deadline = time.monotonic() + job.seconds
    deaths, pages = 0, -1
    with _log(Path(job.folder)) as log:
        while deaths < LIVES:
            left = max(1, round(deadline - time.monotonic()))
            line = msgspec.json.encode(msgspec.structs.replace(job, seconds=left))
            ended = supervise("crawlers.child", line, seconds=left + GRACE, lock=lock, log=log, progress=progress)
            if ended.timed_out:
                _note_end(job, "the time limit")
                return
            if ended.code == 0:
                return
            if why := ended.told.get("stopped"):
                raise RunStopped(f"{source.name}: {why}; {ended.told.get('pages', 0)} pages are kept, run it again to carry on")
            if ended.code > 0:
                folder = Path(job.folder)
                why = last_line((folder / LOG).read_text(encoding="utf-8", errors="replace"), "no log")
                raise RunStopped(f"{source.name}: the crawl failed ({why}); see {folder / LOG}")
            done = _pages_done(job, ended)
            deaths, pages = (0, done) if done > pages else (deaths + 1, pages)
            progress({**ended.told, "pages": done})
    _note_end(job, f"a process that died {LIVES} times in a row (signal {-ended.code})")


def _seal(
    frontier: Frontier, run: Run, source: Source, address: str, user_agent: str, versions: dict[str, str],
    key: "Ed25519PrivateKey | None",
) -> Report:  # fmt: skip
    """Write the partition, its report last; return the report. Raises LeaseLost when another worker has the run by then."""

    def put(name: str, chunks: Iterable[bytes]) -> str:
        return put_file(address, name, frontier.guard_lease(chunks))

    filled: list[Posting] = []
    if source.crawl.spider == "board":
        frontier.retract(
            expectations.find_same_pages(map(msgspec.json.Decoder(Posting).decode, frontier.lines())), expectations.SAME_PAGE
        )
    tallies, rejected, outcomes = frontier.tallies(), frontier.rejects(), frontier.outcomes()
    pictures = PictureTally(frontier, run.run_id, datetime.now(UTC).isoformat())
    waiting = frontier.count_waiting_pages()
    ended = run.ended if waiting or not frontier.count_waiting() else ""  # pictures alone are no pages missed
    digests = {
        CAPTURES: put(CAPTURES, _evidence(frontier, run, source, user_agent, address)),
        POSTINGS: put(POSTINGS, _pack_lines(_read_along(pictures.join(frontier.lines()), filled))),
        REJECTS: put(REJECTS, _pack_lines(frontier.reject_lines())),
    }
    fill_rate = expectations.fill_rates(filled, (*expectations.FIELDS, *source.expect.min.fill_rate))
    report = Report(
        source=source.name,
        run_id=run.run_id,
        state="ok",
        started_at=run.started_at,
        finished_at=datetime.now(UTC),
        fetched=tallies.pop("seen", 0),
        parsed=len(filled),
        rejected=rejected,
        duplicate=tallies.pop("duplicate", 0),
        pages=frontier.evidence_count(),
        requests=run.requests,
        robots_denied=outcomes.get("robots", 0) + outcomes.get("robots/unreachable", 0),
        counters=tallies | {f"page/{name}": n for name, n in outcomes.items()} | pictures.counters,
        fill_rate=fill_rate,
        causes=tuple(_order_causes(frontier.causes(), ended, waiting)),
        coverage=coverage(frontier),
        digests=digests,
        user_agent=user_agent,
        versions={**versions, "parser": parser_version()},
        resumed=run.resumed,
    )
    run_verdict = expectations.run_verdict(
        source.expect,
        # What no list showed says nothing of the lists: it does not count for the bounds.
        standing=sum(not posting.deleted for posting in filled) - tallies.get("revisit/standing", 0),
        older=tallies.get("known/older", 0),
        unseen=_left_out(report),
        listed_gone=tallies.get(LISTED_GONE, 0),
        fill_rate=fill_rate,
        outcomes={name: n for name, n in outcomes.items() if not name.startswith("image/")},
        rejected=rejected,
        blocked=run.blocked or (expectations.SAME_PAGE if rejected.get(expectations.SAME_PAGE, 0) > len(filled) / 3 else ""),
        ended=ended,
        waiting=waiting,
        reconciles=report.reconciles,
    )
    warnings = run_verdict.warnings + pictures.warnings() + _long_waits(report) + _addresses(report)
    report = msgspec.structs.replace(report, state=run_verdict.state, reason=run_verdict.reason, warnings=warnings)
    content = msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"
    if key:
        put(SIGNATURE, [sign(content, key)])
    put(REPORT, [content])
    return report


def _order_causes(noted: Iterable[Cause], ended: str, waiting: int) -> Iterator[Cause]:
    """Yield the causes of a run, the gravest first: the wall, the limit that ended it (``waiting`` steps not taken), the rest."""
    rest = list(noted)
    yield from (cause for cause in rest if cause.outcome.startswith("block/"))
    if ended:
        yield Cause(outcome=f"ended/{ended}", count=waiting)
    yield from (cause for cause in rest if not cause.outcome.startswith("block/"))


def _left_out(report: Report) -> str:
    """Return a sentence about what the lists, feeds and sitemaps of a run had and the run left out; "" for nothing."""
    entries = sum(report.counters.get(f"drop/{name}", 0) for name in ("feed_items", "sitemap_entries"))
    said = f"{entries} entries of a feed or sitemap are more than one file may have" if entries else ""
    steps = (causes.describe_cause(cause) for cause in report.causes if cause.outcome.startswith(causes.STEP))
    return "; ".join(filter(None, (report.coverage.reason, said, *steps)))


def _long_waits(report: Report) -> tuple[str, ...]:
    """Return a sentence, with the fix, when a run spent much time waiting for other sources of its hosts."""
    waited, whole = report.counters.get(WAITED, 0), (report.finished_at - report.started_at).total_seconds()
    if waited <= LONG_WAITS * whole:
        return ()
    return (f"{waited} of {whole:.0f} s were spent waiting for other sources of the same host: let them run at other hours",)


def _addresses(report: Report) -> tuple[str, ...]:
    """Return a sentence when pages or adverts name addresses that other pages have too, and how they were stored."""
    disowned, shared = report.counters.get("address/disowned", 0), report.counters.get("address/shared", 0)
    said = (
        f"{disowned} pages name another page as their own address (rel=canonical): each advert keeps the one it was fetched from"
        if disowned
        else "",
        f"{shared} adverts share their address with others of their page: a mark was added to tell them apart" if shared else "",
    )
    return tuple(filter(None, said))


def _evidence(frontier: Frontier, run: Run, source: Source, user_agent: str, address: str) -> Iterator[bytes]:
    """Yield the partition's WARC: a warcinfo record, then the records of the run; the same bytes whoever seals the run."""
    about = warc.fields_block(
        [
            ("software", f"LureWatch/{version('lurewatch')}"),
            ("format", "WARC file version 1.1"),
            ("conformsTo", "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
            ("robots", source.access.robots),
            ("http-header-user-agent", user_agent),
            ("isPartOf", f"{source.name}/{run.run_id}"),
            ("description", source.title),
            ("operator", source.operator.name),
        ]
    )
    fields = [("WARC-Filename", CAPTURES), ("Content-Type", "application/warc-fields")]
    yield warc.record("warcinfo", f"<urn:uuid:{uuid5(NAMESPACE_URL, address)}>", warc.instant(run.started_at), fields, about)
    yield from frontier.evidence()


def _pack_lines(lines: Iterator[bytes]) -> Iterator[bytes]:
    packer = zstandard.ZstdCompressor(level=3, write_checksum=True).compressobj()
    for line in lines:
        yield packer.compress(line + b"\n")
    yield packer.flush()


def _read_along(lines: Iterator[bytes], into: list[Posting]) -> Iterator[bytes]:
    decoder = msgspec.json.Decoder(Posting)
    for line in lines:
        into.append(decoder.decode(line))
        yield line


_WRITE_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO, errno.ENOTDIR, errno.EEXIST)
"""The last two where a setting names a file as the folder of runs."""


@contextlib.contextmanager
def _explain_write_faults(folder: Path) -> Iterator[None]:
    """Turn a failed write into words that name the cause and the fix."""
    try:
        yield
    except sqlite.OperationalError as exc:
        raise RunStopped(f"{folder.name}: {exc} ({folder}); what is done is kept, make room and run it again") from exc
    except ConnectionError as exc:
        raise RunStopped(f"{folder.name}: {exc}; what is done is kept, run it again when the database answers") from exc
    except OSError as exc:
        if exc.errno not in _WRITE_FAULTS:
            raise
        where = exc.filename or folder
        raise RunStopped(f"{folder.name}: {exc.strerror} ({where}); what is done is kept, mend it and run it again") from exc


@contextlib.contextmanager
def _log(folder: Path) -> Iterator[IO[bytes]]:
    path = folder / LOG
    mode = "wb" if path.exists() and path.stat().st_size > LOG_BYTES else "ab"
    with path.open(mode) as file:
        yield file


def _pages_done(job: CrawlJob, ended: ProcessEnd) -> int:
    """Return how many pages are done, and mark the run as resumed; a page that its process died of reading is set aside."""
    frontier = Frontier.open_at(Path(job.folder), shared=job.shared)
    try:
        if ended.code not in (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGHUP):
            cause = f"its process died of it ({signal.Signals(-ended.code).name})"
            frontier.set_aside(ended.told.get("reading"), PageTooCostly(cause), datetime.now(UTC))
        frontier.resume()
        return frontier.count_done()
    finally:
        frontier.close()


def _note_end(job: CrawlJob, why: str) -> None:
    frontier = Frontier.open_at(Path(job.folder), shared=job.shared)
    frontier.end(ended=why)
    frontier.close()


def _new_id() -> str:
    return f"{datetime.now(UTC):{_MOMENT}}-{secrets.token_hex(2)}"


def began(run_id: str) -> datetime:
    """Return when a run began; raise ValueError for a text that is no run id."""
    return datetime.strptime(run_id.partition("-")[0], _MOMENT).replace(tzinfo=UTC)


def _silent(told: dict[str, Any]) -> None:
    """Ignore progress."""
