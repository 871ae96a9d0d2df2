"""Why a use case did not end well, told apart by what helps: a person, or another try."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from crawlers.errors import CrawlError, RunBusy, RunStopped
from desk.auth.accounts import AccountError
from desk.campaign_edits import RulingError
from desk.cases import CaseError
from desk.database import DatabaseError, DatabaseUnavailable
from desk.erasure import ErasureError
from desk.mail import MailError, MailSettingsError
from desk.outbox import OutboxBusy
from desk.takedown.build import CannotBuild
from desk.takedown.repository import ListError
from enrichment.errors import ModelError, SeedsError
from index.base import StoreError, StoreUnavailable
from lurewatch.evaluation.listings import ListingError
from lurewatch.evaluation.measures import DataError
from lurewatch.models.promotion import PromotionRefused
from lurewatch.models.registry import RegistryError


class AppError(Exception):
    """Base of the errors of ``lurewatch.app``; the message names the setting, file or service and what to do."""


class PermanentError(AppError):
    """Only a person can mend it: a setting, a seed file, an account. Another try would end the same."""


class TransientError(AppError):
    """A service is away or taken: the same call may succeed at the next try, and nothing is done twice."""


_TRANSIENT = (DatabaseUnavailable, StoreUnavailable, RunBusy, RunStopped, OutboxBusy)
_PERMANENT = (
    MailSettingsError, DatabaseError, StoreError, CrawlError, SeedsError, CannotBuild, ListError, CaseError, AccountError,
    DataError, ErasureError, ListingError, PromotionRefused, RegistryError, RulingError, ModelError,
)  # fmt: skip


@contextmanager
def typed_errors() -> Iterator[None]:
    """Turn the errors of the stages into PermanentError or TransientError, with the same message."""
    try:
        yield
    except _TRANSIENT as exc:
        raise TransientError(str(exc)) from exc
    except _PERMANENT as exc:
        raise PermanentError(str(exc)) from exc
    except MailError as exc:
        raise TransientError(str(exc)) from exc
    except OperationalError as exc:
        raise TransientError(f"the desk's database went away ({exc.orig}); start it, then try again") from exc
