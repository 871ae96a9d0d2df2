"""The content of a whole list; each format makes its file of it."""

from datetime import datetime

import msgspec

from desk.platforms import Platform
from desk.takedown.notice import Notifier
from desk.takedown.repository import ListEntry

VERSION = "1.3"


class FirstTold(msgspec.Struct, frozen=True, kw_only=True):
    """The list that told of an item first since it was last taken back: with it a notice keeps one id over updates, and a new
    one after it was taken back."""

    number: int
    built_at: datetime


class SentencePair(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence of an item and its translation."""

    original: str
    words: str


class Exhibit(msgspec.Struct, frozen=True, kw_only=True):
    """What a readable notice shows beside its words."""

    picture: bytes | None = None
    """A JPEG."""
    engine: str = ""
    """What translated."""
    sentences: tuple[SentencePair, ...] = ()


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
    told: dict[str, FirstTold] = {}
    """Item -> the list that told of it first, for what is updated or taken back."""
    exhibits: dict[str, Exhibit] = {}
    part: tuple[int, int] = (1, 1)
    """Which part of how many, where a file would be too large for a mail."""

    @property
    def takes_back(self) -> bool:
        """Whether it takes notices back, and says nothing of what they said."""
        return all(entry.change == "withdrawn" for entry in self.entries)

    @property
    def name(self) -> str:
        """The list in a few words that accuse nobody."""
        return f"List {self.number} for {self.platform.title}"

    def first_told(self, entry: ListEntry) -> FirstTold:
        """Return the list that told of an entry's item first; this one for what is new."""
        return self.told.get(entry.item_id) or FirstTold(number=self.number, built_at=self.built_at)
