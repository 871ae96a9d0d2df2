"""An error that a stage raises on purpose is permanent or transient to a caller; any other stays what it is."""

import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from desk.database import DatabaseUnavailable, connection_errors, engine_of
from desk.mail import MailError, MailSettingsError
from desk.refusals import DeskRefusal
from foundation.crawl_errors import RunBusy, SourceError
from foundation.messages import _
from lurewatch.app.app_errors import AppError, PermanentError, TransientError, as_app_error, typed_errors


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (SourceError("board.yml:1: no title"), PermanentError), (MailSettingsError("no address"), PermanentError),
        (DatabaseUnavailable("away"), TransientError), (MailError("busy"), TransientError),
        (RunBusy("another crawls"), TransientError), (DeskRefusal(_("say why in a sentence")), PermanentError),
    ],
)  # fmt: skip
def test_what_helps_decides_the_kind_and_the_message_stays(error: Exception, kind: type[AppError]) -> None:
    """A person, or another try."""
    with pytest.raises(kind) as raised, typed_errors():
        raise error
    assert str(raised.value) == str(error) and type(raised.value.args[0]) is type(error.args[0])


def test_a_full_disk_is_told_as_one(tmp_path: Path) -> None:
    """Whoever read `put its backup back` overwrote what was there."""
    full = OperationalError("", {}, Exception("database or disk is full"))
    engine = engine_of(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    with pytest.raises(DatabaseUnavailable, match="disk is full; make room on its disk"), connection_errors(engine, engine.url):
        raise full
    assert "make room on its disk" in str(as_app_error(full))


def test_an_error_of_the_evidence_is_told_where_evidence_can_be_packed() -> None:
    """Its module needs an extra of the package, so it is looked up, never imported for that."""
    from desk.custody.kept_records import EvidenceError

    assert isinstance(as_app_error(EvidenceError("no capture")), PermanentError)
    assert "desk.custody.kept_records" in sys.modules


def test_what_nobody_raises_on_purpose_stays_a_fault() -> None:
    """With its traceback."""
    with pytest.raises(KeyError), typed_errors():
        raise KeyError("gone")
    assert as_app_error(ValueError("x")) is None
