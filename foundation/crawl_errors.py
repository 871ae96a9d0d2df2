"""Errors of stage 1. Each class says what the caller can do; ``CrawlError`` is the base of all."""

from typing import Any


class CrawlError(Exception):
    """Base of all errors raised on purpose by stage 1."""


class SourceError(CrawlError):
    """A seed file is wrong; the message reads ``file:line: what is wrong; fix``."""


class PassportRefused(CrawlError):
    """The access passport does not let a source run; ``reason`` says why and what to write."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source} does not run: {reason}")
        self.reason = reason


class PageChanged(CrawlError):
    """A page lacks a field its parser requires."""

    def __init__(self, url: str, field: str) -> None:
        super().__init__(f"{url}: no {field} found; save the page as a case and mend its parser")
        self.url = url
        self.field = field


class PageTooCostly(CrawlError):
    """Reading a page would cost more, or did, than any honest page: it is set aside, and the others are read."""


class NoPreview(PageChanged):
    """A public channel shows no preview: it does not exist, was renamed, or its owner closed it."""


class Blocked(CrawlError):
    """The site refuses us; ``reason`` is one of the names in ``crawlers/fetch/middlewares/blocks.py``.

    ``response`` is the answer that refused us; None for requests that were not sent after it. ``detail``: text for people.
    """

    def __init__(self, url: str, reason: str, response: Any = None, detail: str = "") -> None:
        super().__init__(f"{url}: blocked ({reason})")
        self.url = url
        self.reason = reason
        self.response = response
        self.detail = detail


class AddressRefused(CrawlError):
    """The guard refused to connect to an address."""


class PartitionError(CrawlError):
    """A run partition is missing, not sealed, or its content does not match its report."""


class PartitionDamaged(PartitionError):
    """A file of a sealed partition is missing, cannot be read, or is not as it was sealed; the message names it and the fix."""


class RunUntrusted(PartitionError):
    """No key that counts signed a run: whoever can write runs may have made it."""


class StateError(CrawlError):
    """The local state of a source cannot be used (not writable, damaged, SQLite too old); the message says how to correct it."""


class RunBusy(CrawlError):
    """Another process is crawling this source now; wait for it or end it."""


class RunStopped(CrawlError):
    """A run could not go on (disk full, its process died again and again); its work is kept and the next crawl carries on."""


class LeaseLost(RunStopped):
    """Another worker has taken the run over, because this one did not renew its lease; nothing of this one is written."""
