"""Errors of the desk that callers distinguish, and how their messages name things; importing them loads no other module."""

from collections.abc import Sequence


class DeskRefusal(Exception):
    """Something cannot be done as asked; the message says what to change, and nothing was changed."""


class CannotBuild(DeskRefusal):
    """No list can be built; the message names the setting or file and the fix."""


class ListError(DeskRefusal):
    """A list cannot be approved or sent as asked; the message says what to do."""


def name_some(names: Sequence[str]) -> str:
    """Return names for a message: the first of them, and a sign where there are more."""
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
