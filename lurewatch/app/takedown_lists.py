"""Use cases of takedown lists: build them, send approved ones, ask whether what was reported still stands."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Engine

from desk.cases import approvals
from desk.custody import audit
from desk.database import open_database, writing
from desk.list_maker import ListPlan, Notifier, WithheldItem
from desk.mail import MailInterrupted, transport
from desk.outbox import DeliveryReport
from desk.people import accounts
from desk.people.accounts import EMAIL, User
from desk.people.roles import Right
from desk.platforms import Platforms, routes_of
from desk.refusals import ListError
from desk.takedown import list_drafts as builder
from desk.takedown import repository
from desk.takedown import send as sender
from desk.takedown.list_drafts import BuildReport
from foundation.messages import _, sentence_of
from index.base import Store
from lurewatch.app.app_errors import PermanentError, page_errors, typed_errors
from lurewatch.app.in_force import InForce, ensure_in_force
from lurewatch.app.resources import desk_and_index_opened
from lurewatch.app.translate import translator_of
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from desk.rechecks.recheck_round import RecheckReport

SERVICE = "dag:takedown_lists"
"""Account under which the schedule builds lists; no person's name holds a colon."""
SENDER = "dag:takedown_send"
"""Account under which sending takes notices back."""


class SendResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of sending one list."""

    list_id: int
    recipient: str = ""
    """Where it went."""
    outcome: DeliveryReport = DeliveryReport()
    refusal: str = ""
    """Why it may not leave, with the fix; empty when it was handed to the outbox."""
    interruption: str = ""
    """What the mail server did instead of taking it; it is tried again."""


@typed_errors()
def build(
    settings: InForce, engine: Engine, store: Store, by: User | str, only: frozenset[str] = frozenset(),
    max_age: timedelta = builder.MAX_AGE,
) -> tuple[list[BuildReport], tuple[WithheldItem, ...]]:  # fmt: skip
    """Build the lists that have news; return the result by platform, and the confirmed items no platform takes.

    ``by`` is the person at the desk who builds, or the name of a service (``SERVICE``).
    Raises PermanentError naming the missing setting or seed file; TransientError while the database or the index is away.
    """
    return builder.build(
        engine, store, settings.receivers, routes=routes_of(settings.sources), notifier=notifier_of(settings),
        now=datetime.now(UTC), by=by, only=only, max_age=max_age, translator=translator_of(settings, engine),
    )  # fmt: skip


@typed_errors()
def take_back(settings: Settings, by: User | str) -> tuple[list[BuildReport], tuple[WithheldItem, ...]]:
    """Build the lists that take back notices nobody stands behind any more; they leave by themselves, at the next sending.

    Also return the notices of platforms that are not enabled. Raises PermanentError for a missing setting.
    """
    engine, notifier = open_database(settings.database, settings.state), notifier_of(settings)
    platforms, _faults = ensure_in_force(settings).right_receivers
    return builder.take_back(engine, platforms, notifier=notifier, now=datetime.now(UTC), by=by)


@typed_errors()
def waiting(settings: Settings) -> list[int]:
    """Return the lists that still have to leave, oldest first."""
    return sender.waiting(open_database(settings.database, settings.state))


def send(settings: Settings, list_ids: Sequence[int]) -> Iterator[SendResult]:
    """Send approved lists one by one, and yield the result of each; a list that may not leave does not stop the others.

    A faulty source file stops only the lists of that source. Raises PermanentError when a setting or seeds/platforms.yml is
    wrong; TransientError while the mail server or the database is away. Lists yielded before stay sent.
    """
    if not EMAIL.fullmatch(settings.mail_from):
        raise PermanentError("no sender; set LUREWATCH_MAIL_FROM")
    with typed_errors():
        engine, mail = open_database(settings.database, settings.state), transport(settings.smtp)
        platforms, faults = ensure_in_force(settings).right_receivers
    for list_id in list_ids:
        with typed_errors():
            try:
                outcome = sender.send(
                    engine, mail, platforms, list_id, notifier=notifier_of(settings), clock=lambda: datetime.now(UTC),
                )  # fmt: skip
            except ListError as exc:
                sending = SendResult(list_id=list_id, refusal=_fault_reason(engine, list_id, faults) or sentence_of(exc))
            except MailInterrupted as exc:
                waiting = DeliveryReport(waiting=1)
                to = _recipient(engine, list_id)
                sending = SendResult(list_id=list_id, outcome=waiting, recipient=to, interruption=str(exc))
            else:
                sending = SendResult(list_id=list_id, outcome=outcome, recipient=_recipient(engine, list_id))
        yield sending


@typed_errors()
def ask_again(settings: Settings) -> list[str]:
    """Ask again about retractions that a platform did not answer, where it is time; return a sentence about each letter.

    Raises PermanentError for a missing sender, TransientError while the mail server is away: the letter waits.
    """
    if not EMAIL.fullmatch(settings.mail_from):
        raise PermanentError("no sender; set LUREWATCH_MAIL_FROM")
    engine = open_database(settings.database, settings.state)
    with engine.connect() as connection:
        if not repository.open_retractions(connection):
            return []
    platforms, _faults = ensure_in_force(settings).right_receivers
    asked = sender.ask_again(
        engine, transport(settings.smtp), platforms, notifier=notifier_of(settings),
        clock=lambda: datetime.now(UTC),
    )  # fmt: skip
    return [
        f"list {found.takedown_list.id}: no answer to the retraction, and nobody is asked again: {sentence_of(report)}"
        if isinstance(report, ListError)
        else f"list {found.takedown_list.id}: no answer to the retraction; {'asked again' if report.sent else 'the letter waits'}"
        if not report.failed
        else f"list {found.takedown_list.id}: no answer to the retraction, and the mail server refused to ask again; call them"
        for found, report in asked
    ]


@typed_errors()
def recheck(settings: Settings) -> "RecheckReport":
    """Ask for every reported advert that is due; raise TransientError while the database or the index is away."""
    from desk.rechecks.recheck_round import ask_sites  # loads the parsers of pages, which takes a second
    from lurewatch.app.crawl_inputs import crawl_options

    with desk_and_index_opened(settings) as (engine, store):
        sources = [source for source in ensure_in_force(settings).files.sources if source.enabled]
        return ask_sites(engine, store, sources, crawl_options(settings))


def _fault_reason(engine: Engine, list_id: int, faults: dict[str, str]) -> str:
    """Return what is wrong with the source file that describes the receiver of a list; empty when nothing is."""
    with engine.connect() as connection, suppress(ListError):
        return faults.get(repository.one_list(connection, list_id).platform, "")
    return ""


def _recipient(engine: Engine, list_id: int) -> str:
    with engine.connect() as connection:
        return approvals.recipient_of(connection, repository.one_list(connection, list_id))


@typed_errors()
def without_approver(settings: Settings) -> list[int]:
    """Return the built lists nobody at the desk may approve: no active person with that right who is a second person for them."""
    with open_database(settings.database, settings.state).connect() as connection:
        entitled = [user for user in accounts.all_users(connection) if user.may(Right.APPROVE)]
        unapproved = [each for each in repository.all_lists(connection, states=["built"]) if each.second_person]
        return [each.id for each in unapproved if all(approvals.conflict(connection, each, user) for user in entitled)]


def notifier_of(settings: Settings) -> Notifier:
    """Return who answers for notices."""
    return Notifier(name=settings.organisation, email=settings.contact_email, sender=settings.mail_from)


@typed_errors()
def platforms_of(settings: Settings) -> Platforms:
    """Return the receivers in force; raise PermanentError with file and line for a bad seed."""
    return ensure_in_force(settings).receivers


class DeskLists:
    """What ``desk.list_maker.ListMaker`` asks for, from the settings of the installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.notifier = notifier_of(settings)
        self.sends = bool(settings.smtp and settings.mail_from)

    def plan(self, platform: str) -> ListPlan:
        """Return what building would do now; for no platform ("") only what no platform takes."""
        with page_errors(), desk_and_index_opened(self._settings) as (engine, store):
            in_force = ensure_in_force(self._settings)
            return builder.plan(
                engine, store, in_force.receivers, platform, routes=routes_of(in_force.sources),
                notifier=notifier_of(self._settings), now=datetime.now(UTC),
            )  # fmt: skip

    def build(self, platform: str, *, by: User) -> int | None:
        """Build the lists of a platform as a person; return the number of the newest, None when there is nothing to tell."""
        with page_errors(), desk_and_index_opened(self._settings) as (engine, store):
            reports, _ = build(ensure_in_force(self._settings), engine, store, by, frozenset((platform,)))
        if fault := next((report.fault for report in reports if report.fault), ""):
            raise ListError(fault)
        return max((report.list_id for report in reports if report.list_id is not None), default=None)

    def send(self, list_id: int, *, by: User) -> str:
        """Send an approved list as a person who may approve; return a sentence about what the mail server did."""
        if not by.may(Right.APPROVE):
            raise ListError(_("the role %(role)s sends nothing; ask a lead", role=by.role))
        if not self.sends:
            raise ListError(
                _("this desk has no mail server (LUREWATCH_SMTP, LUREWATCH_MAIL_FROM); the list leaves with the next hourly run")
            )
        with page_errors():
            with writing(open_database(self._settings.database, self._settings.state)) as connection:
                now = datetime.now(UTC)
                audit.append(connection, at=now, actor=by.name, action="list_send_asked", subject=f"list:{list_id}")
            (result,) = send(self._settings, [list_id])
        if result.refusal:
            raise ListError(result.refusal)
        if result.outcome.failed:
            raise ListError(
                _(
                    "the mail server refused list %(id)s for good; correct the contact in seeds/platforms.yml, then approve it"
                    " again",
                    id=list_id,
                )
            )
        if result.outcome.waiting:
            why = result.interruption or _("the mail server did not take it now")
            return _("List %(id)s waits: %(why)s. It is tried again with the next hourly run.", id=list_id, why=why)
        return _("List %(id)s was sent to %(recipient)s.", id=list_id, recipient=result.recipient)
