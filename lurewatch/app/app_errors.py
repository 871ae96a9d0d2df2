"""Errors of use cases, distinguished by what helps: a person, or another try.

It imports nothing, so that an install without the desk can import it.
"""


class AppError(Exception):
    """Base of the errors of ``lurewatch.app``; the message names the setting, file or service and what to do."""


class PermanentError(AppError):
    """Only a person can correct it: a setting, a seed file, an account. Another try does not help."""


class TransientError(AppError):
    """A service is away or busy: the same call may succeed later, and nothing is done twice."""
