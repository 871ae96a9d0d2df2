"""The errors of the stages as those of ``lurewatch.app``: permanent where a person must act, transient where a retry helps."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from crawlers.crawl_errors import CrawlError, RunBusy, RunStopped
from desk.cases.campaign_rulings import RulingError
from desk.cases.case_decisions import CaseError
from desk.cases.signed_settings import AcceptanceError
from desk.cases.source_rulings import SourceRulingError
from desk.database import DatabaseError, DatabaseUnavailable
from desk.mail import MailError, MailSettingsError
from desk.outbox import OutboxBusy
from desk.people.accounts import AccountError
from desk.refusals import CannotBuild, ErasureError, ListError
from enrichment.errors import ModelError, SeedsError
from index.base import StoreError, StoreUnavailable
from lurewatch.app.app_errors import PermanentError, TransientError
from lurewatch.models.labelled_listings import ListingError
from lurewatch.models.measures import DataError
from lurewatch.models.model_registry import RegistryError
from lurewatch.models.promotion import PromotionRefused

_TRANSIENT = (DatabaseUnavailable, StoreUnavailable, RunBusy, RunStopped, OutboxBusy)
_PERMANENT = (
    MailSettingsError, DatabaseError, StoreError, CrawlError, SeedsError, CannotBuild, ListError, CaseError, AccountError,
    DataError, ErasureError, ListingError, PromotionRefused, RegistryError, RulingError, ModelError,
    SourceRulingError, AcceptanceError,
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
