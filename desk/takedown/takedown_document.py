"""The content of a whole list; each format makes its file of it."""

from datetime import datetime

import msgspec

from desk.platforms import Platform
from desk.takedown.notice import Notifier
from desk.takedown.repository import ListEntry

VERSION = "1.2"


class TakedownDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One list: what is new, updated or withdrawn since the list before."""

    key: str
    """Key of the platform in ``seeds/platforms.yml``."""
    platform: Platform
    number: int
    built_at: datetime
    previous_number: int | None
    previous_manifest: str | None
    """SHA-256 of the manifest of the list before: lists form a chain."""
    notifier: Notifier
    entries: tuple[ListEntry, ...]
    """Ordered by change, then item."""
    audit_head: str
    """Head of the audit log when the list was built: with it the receiver can have the log proven later."""
    standing: tuple[str, ...]
    """Notice ids in force after this list, sorted: lets a receiver who missed a list notice it."""
