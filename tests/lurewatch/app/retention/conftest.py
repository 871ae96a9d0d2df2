"""Run partitions for what is erased."""

from tests.index.conftest import partition  # noqa: F401 - a fixture
