"""Run partitions and search indexes for what is erased."""

from tests.index.conftest import elastic_index, partition  # noqa: F401 - fixtures
