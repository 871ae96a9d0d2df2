"""The longest allowed values: one table for the fields of all forms and addresses, and the options of all commands.

The desk's pages enforce it in ``desk.web.guard``, the command line in ``lurewatch.cli.contents``. Longer values of earlier
releases are shown cut (``cut``).
"""

from collections.abc import Iterable

from foundation.messages import _

DEFAULT = 512
"""Characters of a field that is not named below."""
CHARACTERS = {
    "text": 256 << 10,  # a source file; a text that is tried has a smaller limit of its own
    "ids": 128,
    "note": 2000,
    "wording": 2600,  # of a drafted rule: forty words of sixty characters
    "catches": 2600,
    "spares": 2600,
    "disclose": 2000,
    "why": 2000,
    "override": 2000,
    "q": 4000,
    "typed": 4000,
    "back": 4000,
    "skip": 4000,
    "password": 1024,
}
ARGUMENT = 4096
"""Characters of an argument or option of a command that is not named above: the longest path a file has."""
SHOWN = 20_000
"""Characters of one value on a page."""


class FieldTooLong(ValueError):
    """A value is longer than its field may be; the message says which and how long it may be."""


def check_lengths(fields: Iterable[tuple[str, str]], default: int = DEFAULT) -> None:
    """Raise FieldTooLong for the first of (name, value) that is longer than the table allows."""
    for name, value in fields:
        most = CHARACTERS.get(name, default)
        length = len(value) - value.count("\r\n")  # a browser sends a line break as two characters
        if length > most:
            raise FieldTooLong(_(
                "%(name)s has %(length)s characters; at most %(most)s are taken", name=name, length=f"{length:,}",
                most=f"{most:,}",
            ))  # fmt: skip


def cut(text: str, most: int = SHOWN) -> str:
    """Return a text cut to what a page shows of one value."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"
