"""A week of mails, built once."""

import pytest

from desk.digest.edition import Edition
from tests.desk.digest.weeks import dense

_KEPT: list[Edition] = []
"""The dense week, built once for all tests: it takes some seconds."""


@pytest.fixture
def dense_week(desk_db, store, staff, record, now) -> Edition:
    """Return the mail of a week of 1,293 new, 1,000 confirmed, 40 taken-back items and 46 boards that were not read whole."""
    if not _KEPT:
        _KEPT.append(dense(desk_db, store, staff, record, now))
    return _KEPT[0]
