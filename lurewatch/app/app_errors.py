"""Errors of use cases, distinguished by what helps: a person, or another try.

It imports no part of the desk, so that an install without the desk can import it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from foundation.messages import sentence_of


class AppError(Exception):
    """Base of the errors of ``lurewatch.app``; the message names the setting, file or service and what to do."""


class PermanentError(AppError):
    """Only a person can correct it: a setting, a seed file, an account. Another try does not help."""


class TransientError(AppError):
    """A service is away or busy: the same call may succeed later, and nothing is done twice."""


@contextmanager
def typed_errors() -> Iterator[None]:
    """Turn the errors of the stages into PermanentError or TransientError, with the same message."""
    try:
        yield
    except AppError:
        raise
    except Exception as exc:
        if (error := as_app_error(exc)) is None:
            raise
        raise error from exc


@contextmanager
def page_errors() -> Iterator[None]:
    """Turn the errors of use cases into those that the desk's pages answer."""
    from desk.refusals import DeskRefusal
    from index.base import StoreUnavailable

    try:
        yield
    except AppError as exc:
        if isinstance(exc, TransientError) and isinstance(exc.__cause__, StoreUnavailable):
            raise exc.__cause__ from exc
        raise DeskRefusal(sentence_of(exc)) from exc


def as_app_error(exc: Exception) -> AppError | None:
    """Return what an error of a stage is to a caller; None for one that no stage raises on purpose."""
    if isinstance(exc, AppError):
        return exc
    from sqlalchemy.exc import OperationalError

    from desk.database import DatabaseError, DatabaseUnavailable, is_full
    from desk.mail import MailError, MailSettingsError
    from desk.outbox import OutboxBusy
    from desk.refusals import DeskRefusal
    from enrichment.errors import ModelError, SeedsError
    from foundation.crawl_errors import CrawlError, RunBusy, RunStopped
    from index.base import StoreError, StoreUnavailable

    transient = (DatabaseUnavailable, StoreUnavailable, RunBusy, RunStopped, OutboxBusy)
    permanent = (MailSettingsError, DatabaseError, StoreError, CrawlError, SeedsError, DeskRefusal, ModelError)
    if isinstance(exc, OperationalError):
        fix = "make room on its disk" if is_full(exc) else "start it"
        return TransientError(f"the desk's database does not answer ({exc.orig}); {fix}, then try again")
    if isinstance(exc, permanent) and not isinstance(exc, transient):
        return PermanentError(sentence_of(exc))
    return TransientError(sentence_of(exc)) if isinstance(exc, (*transient, MailError)) else None
