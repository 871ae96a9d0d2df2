"""Why a use case did not end well, told apart by what helps: a person, or another try.

Imported by everything in ``lurewatch.app``, so it imports nothing: an install without the desk runs what needs none.
"""


class AppError(Exception):
    """Base of the errors of ``lurewatch.app``; the message names the setting, file or service and what to do."""


class PermanentError(AppError):
    """Only a person can mend it: a setting, a seed file, an account. Another try would end the same."""


class TransientError(AppError):
    """A service is away or taken: the same call may succeed at the next try, and nothing is done twice."""
