"""A working folder with seeds and sealed runs, as the tests of the command line have it."""

from tests.lurewatch.conftest import sealed, workplace

__all__ = ["sealed", "workplace"]
