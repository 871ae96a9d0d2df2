"""Selects the adverts of a list by patterns an operator writes: ``*`` stands for any text, ``re:`` begins a regular
expression. RE2 matches both in time linear in the address."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import re2

LONGEST = 300
"""Characters of a pattern."""
MEMORY = 1 << 20
"""Bytes that a compiled pattern may take."""
EXPRESSION = "re:"


class PatternRefused(ValueError):
    """A pattern that cannot be used; its text says why and what to write."""


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> Any:
    """Return the pattern ready to match; raise PatternRefused."""
    if not pattern or len(pattern) > LONGEST:
        raise PatternRefused(f"a pattern has 1 to {LONGEST} characters; shorten it")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    if not pattern.startswith(EXPRESSION):
        if not pattern.startswith(("/", "*", "http://", "https://")):
            raise PatternRefused(f"{pattern!r} begins with neither /, * nor http; write */{pattern} or re:{pattern}")
        escaped = ".*".join(re2.escape(part) for part in pattern.split("*"))
        return re2.compile(f"^{escaped}$", options)
    try:
        return re2.compile(pattern.removeprefix(EXPRESSION), options)
    except re2.error as exc:
        why = exc.args[0].decode() if exc.args and isinstance(exc.args[0], bytes) else str(exc)
        raise PatternRefused(
            f"{pattern!r} is not a regular expression that RE2 takes ({why}); it has no look-around and no back references"
        ) from exc


def matches(pattern: str, url: str) -> bool:
    """Return whether an address matches: a pattern that begins with ``/`` its path and query, any other the whole of it."""
    regex = compile_pattern(pattern)
    if pattern.startswith("/"):
        parts = urlsplit(url)
        return bool(regex.search((parts.path or "/") + (f"?{parts.query}" if parts.query else "")))
    return bool(regex.search(url))


def is_allowed(url: str, include: Iterable[str], exclude: Iterable[str]) -> bool:
    """Return whether an address matches one of ``include``, when there is any, and none of ``exclude``."""
    include = tuple(include)
    return (not include or any(matches(pattern, url) for pattern in include)) and not any(
        matches(pattern, url) for pattern in exclude
    )
