"""Errors of the desk that callers distinguish; importing them loads no other module."""


class CannotBuild(Exception):
    """No list can be built; the message names the setting or file and the fix."""


class ListError(Exception):
    """A list cannot be approved or sent as asked; the message says what to do."""


class ErasureError(Exception):
    """A hold or an erasure cannot be made as asked; the message says what to do."""
