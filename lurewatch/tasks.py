"""The functions of Airflow's tasks: read the settings, call one stage, and raise when the work is not complete.

Every function takes and returns small values (addresses, counts), may be run twice, and gives the same answer. What Airflow
may try again raises RunNotGreen or the stage's own error; what only a person can correct raises AirflowFailException, so that
a site that refused us is not asked again.

Each task is a process of its own, so a function imports what it alone needs: a fetch needs no digest and no index.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from structlog.contextvars import bound_contextvars

from crawlers.evidence.partition import read_report, source_and_run
from desk.cases.accepted_seeds import AcceptedSeeds
from enrichment.errors import ModelError, SeedsError
from foundation.crawl_errors import PartitionDamaged, PassportRefused, RunUntrusted, SourceError
from index.admission import goes_on
from lurewatch.app import pipeline
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.crawl_inputs import rests_because, watched_items
from lurewatch.app.in_force import load_in_force, read_named
from lurewatch.settings import SettingsError

if TYPE_CHECKING:
    from desk.outbox import DeliveryReport

LOG = logging.getLogger("lurewatch.tasks")


class RunNotGreen(Exception):
    """Work that did not end well and may at the next try; the message names the state and the reason, and stands in the log."""


@contextmanager
def _no_retry_for_a_person() -> Iterator[None]:
    """Turn what only a person can mend into AirflowFailException: the task is red at once, with the fix in its log."""
    try:
        yield
    except (
        PermanentError,
        SettingsError,
        SourceError,
        PassportRefused,
        PartitionDamaged,
        RunUntrusted,
        ModelError,
        SeedsError,
    ) as exc:
        raise AirflowFailException(str(exc)) from exc


@contextmanager
def _run_in_log(partition: str) -> Iterator[None]:
    """Put source and run of a partition into each line of the task's log, which Airflow keeps as JSON lines."""
    source, run_id = source_and_run(partition)
    with bound_contextvars(source=source, run_id=run_id):
        yield


@_no_retry_for_a_person()
def read_watched(name: str) -> dict[str, Any]:
    """Return what the desk's database says about a run: the ids of confirmed items, asked for daily, and the accepted seeds."""
    settings = load_in_force()
    pipeline.find_source(settings, name)  # says at once what is wrong with its file
    return {"confirmed": list(watched_items(settings)), "accepted": msgspec.to_builtins(settings.acceptance)}


@_no_retry_for_a_person()
def fetch_source(name: str, desk: dict[str, Any] | None = None, *, although_blocked: bool = False) -> str:
    """Crawl a source; return its partition. ``desk`` is what ``watched`` gave, where the desk's database may not be read.

    Skipped (AirflowSkipException) while the source rests because its site refused it, unless a person wants it all the same.

    Raises AirflowFailException when its file is faulty or the access passport does not let it run; RunNotGreen when the run
    failed.
    """
    settings = load_in_force()
    if (accepted := (desk := dict(desk or {})).pop("accepted", None)) and settings.repository:
        settings = read_named(settings, msgspec.convert(accepted, AcceptedSeeds))  # by the ledger, which this worker may not read
    source = pipeline.find_source(settings, name)
    if not although_blocked and (why := rests_because(settings, source)):
        raise AirflowSkipException(why)
    with bound_contextvars(source=name):
        partition, report = pipeline.fetch(source, settings, **desk)
    if not goes_on(report):
        raise RunNotGreen(f"{name}: {report.state}: {report.reason}; {report}")
    return partition


@_no_retry_for_a_person()
def assess_partition(partition: str) -> dict[str, str]:
    """Assess a partition; return its address and that of the assessments.

    Raises AirflowFailException when the lexicon is faulty, or what judges is not what was accepted.
    """
    settings = load_in_force()
    with _run_in_log(partition):
        return {"partition": partition, "assessed": pipeline.assess(partition, settings)}


@_no_retry_for_a_person()
def load_partition(addresses: dict[str, str]) -> dict[str, int]:
    """Load a partition and link its postings; return the counts.

    Runs of the source that were sealed and never loaded go first; texts of it that another version could not judge are tried
    again. AirflowFailException when the index refused a document or a text could not be judged: the others are loaded.
    """
    from lurewatch.app.rescore import load_waiting, rescore_unjudged
    from lurewatch.app.resources import index_opened

    settings = load_in_force()
    with _run_in_log(addresses["partition"]), index_opened(settings) as store:
        source, _ = source_and_run(addresses["partition"])
        for _ in load_waiting(settings, store, source, but=addresses["partition"]):
            pass
        pipeline.note(settings, addresses["partition"])  # it may have been changed since it was assessed
        outcome = pipeline.put(addresses["partition"], addresses["assessed"], store)
        rescore_unjudged(settings, store, source)
    if refused := pipeline.describe_refused(outcome):
        raise AirflowFailException(f"{addresses['partition']}: {refused}")
    return pipeline.counts(outcome)


def check_run(partition: str) -> str:
    """Return the state of a run whose postings are loaded; AirflowFailException when an operator must look at its source."""
    report = read_report(partition)
    if report.state not in pipeline.GREEN:
        raise AirflowFailException(f"{report.source}: {report.state}: {report.reason}")
    return report.state


@_no_retry_for_a_person()
def choose_runs(source: str, run: str, newest: int) -> list[str]:
    """Return the partitions to take again. AirflowFailException for a source or run that is not there."""
    from lurewatch.app.rescore import runs_to_rescore

    return runs_to_rescore(load_in_force(), source, run, newest)


@_no_retry_for_a_person()
def judge_again(partition: str) -> dict[str, int]:
    """Assess, load and link a partition anew; return the counts. AirflowFailException when the index refused a document."""
    from lurewatch.app.rescore import rescore_partition

    with _run_in_log(partition):
        outcome = rescore_partition(load_in_force(), partition)
    if refused := pipeline.describe_refused(outcome):
        raise AirflowFailException(f"{partition}: {refused}")
    return pipeline.counts(outcome)


@_no_retry_for_a_person()
def send_digest() -> dict[str, int]:
    """Build this week's digest and send what has not been sent; return the counts.

    Raises RunNotGreen while a message waits, TransientError while a service is away; AirflowFailException for a missing setting
    and for an address the mail server refused for good.
    """
    from lurewatch.app.mails import digest_mail

    return _report_delivery("digest", digest_mail.send(load_in_force()), "LUREWATCH_DIGEST_RECIPIENTS or the subscription")


@_no_retry_for_a_person()
def send_subscribed() -> dict[str, int]:
    """Send the daily mails and alerts that are due; return the counts. Raises as ``send_digest`` does."""
    from lurewatch.app.mails import digest_mail

    settings = load_in_force()
    if not settings.smtp:
        raise AirflowSkipException("no mail server is set up; set LUREWATCH_SMTP")
    return _report_delivery("subscriptions", digest_mail.send_own(settings), "the subscription")


def _report_delivery(what: str, outcome: "DeliveryReport", correct: str) -> dict[str, int]:
    counts = f"{what}: {outcome.sent} sent, {outcome.waiting} to try again, {outcome.failed} refused for good"
    if outcome.waiting:
        raise RunNotGreen(counts)
    if outcome.failed:
        raise AirflowFailException(f"{counts}; correct {correct}, the audit log names each address")
    return {"sent": outcome.sent} | ({"sent_once_more": outcome.repeated} if outcome.repeated else {})


@_no_retry_for_a_person()
def recheck_reported() -> dict[str, int]:
    """Ask whether reported adverts still stand, those that are due; return the counts. Skipped while none is due.

    Raises TransientError while the database or the index is away.
    """
    from lurewatch.app.takedown_lists import recheck

    done = recheck(load_in_force())
    if not done.asked and not done.later and not done.reappeared:
        raise AirflowSkipException("no reported advert is due")
    return {"asked": done.asked, "changed": done.changed, "later": done.later, "reappeared": done.reappeared}


@_no_retry_for_a_person()
def translate_titles() -> dict[str, int]:
    """Translate titles of the queue ahead; return the counts. Skipped (AirflowSkipException) while no service is set up.

    Raises TransientError while the service fails.
    """
    from lurewatch.app.resources import desk_and_index_opened
    from lurewatch.app.translate import NOT_SET_UP, translate_ahead

    settings = load_in_force()
    if not settings.translation_url:
        raise AirflowSkipException(NOT_SET_UP)
    with desk_and_index_opened(settings) as (engine, store):
        done = translate_ahead(settings, engine, store, most=500)
    return {"titles": done.titles, "looked_at": done.looked_at}


@_no_retry_for_a_person()
def purge_expired() -> dict[str, int]:
    """Erase what is past its source's retention and certify it; return the counts.

    Raises AirflowFailException, with nothing erased, when the clock is not plausible, and after the others are erased when too
    much of a source would go at once.
    """
    from lurewatch.app.resources import desk_and_index_opened
    from lurewatch.app.retention.purge import halt_reason, purge

    settings = load_in_force()
    with desk_and_index_opened(settings) as (engine, store):
        done = purge(settings, engine, store, by="system", now=datetime.now(UTC))
    if done.refused:
        raise PermanentError(halt_reason(done.refused))
    return {"items": done.items, "partitions": done.partitions}


@_no_retry_for_a_person()
def build_takedowns() -> list[str]:
    """Build the takedown lists that have something to tell; return their platforms. They wait for a second person.

    The log names each confirmed item that is held back, with the reason: no list tells of it.
    Raises TransientError while a service is away; AirflowFailException for a missing setting, for an item that was confirmed
    by a rule that is not there, and when nobody at the desk may approve one of the lists: the others are built and kept.
    """
    from lurewatch.app import takedown_lists
    from lurewatch.app.resources import desk_and_index_opened

    settings = load_in_force()
    with desk_and_index_opened(settings) as (engine, store):
        built, unroutable = takedown_lists.build(settings, engine, store, takedown_lists.SERVICE)
    for item in (*unroutable, *(held for each in built for held in each.held)):
        LOG.warning("held back %s (%s): %s", item.item_id, item.field, item.reason)
    if faults := [each.fault for each in built if each.fault]:
        raise AirflowFailException("; ".join(faults))
    if unruled := sorted({f"{held.item_id}: {held.reason}" for each in built for held in each.held if held.field == "clause"}):
        raise AirflowFailException(f"confirmed items are on no list, for no rule tells of them: {'; '.join(unruled)}")
    if stuck := takedown_lists.without_approver(settings):
        raise AirflowFailException(
            f"takedown lists {', '.join(map(str, stuck))} are built, and no active person may approve them: whoever built a list"
            " or decided an item on it may not; add a lead with `lurewatch users add NAME --role lead --email ADDRESS`"
        )
    return [each.platform for each in built if each.list_id is not None]


@_no_retry_for_a_person()
def send_takedowns() -> dict[str, int]:
    """Take in what platforms answered, take back what nobody stands behind, send every approved list that has not left, ask
    again where nobody answered a retraction, and return the counts.

    No notice leaves without a second person's approval; nor does a retraction of more than one person may take back alone.
    A list that may not leave keeps no other in the house. Raises RunNotGreen while the mail server takes a list later,
    TransientError while a service is away; AirflowFailException for lists that only a person can set right, each with the fix.
    """
    from lurewatch.app import partner_door, takedown_lists

    settings = load_in_force()
    partner_door.take_answers_in(settings)  # before it is asked again about what they answered
    built, unsaid = takedown_lists.take_back(settings, takedown_lists.SENDER)
    waiting = takedown_lists.waiting(settings)
    done = list(takedown_lists.send(settings, waiting)) if waiting else []
    for words in takedown_lists.ask_again(settings):
        LOG.info("%s", words)
    stuck = [each.fault for each in built if each.fault] + [f"{each.item_id}: {each.reason}" for each in unsaid]
    stuck += [send_result.refusal for send_result in done if send_result.refusal]
    stuck += [
        f"the mail server refused list {send_result.list_id} for good; "
        f"correct its contact in seeds/platforms.yml and approve it again"
        for send_result in done
        if send_result.outcome.failed
    ]
    if stuck:
        raise AirflowFailException("; ".join(stuck))
    if later := [str(send_result.list_id) for send_result in done if send_result.outcome.waiting]:
        why = "; ".join(send_result.interruption for send_result in done if send_result.interruption)
        raise RunNotGreen(f"the mail server takes list {', '.join(later)} later{why and f' ({why})'}")
    return {"sent": sum(send_result.outcome.sent for send_result in done)}
