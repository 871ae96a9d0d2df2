"""The content of a whole list; each format makes its file of it."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from desk.list_maker import Notifier
from desk.platforms import Platform
from desk.takedown.repository import ListEntry

VERSION = "1.5"


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
    """What a notice shows beside its words."""

    picture: bytes | None = None
    """A JPEG."""
    engine: str = ""
    """What translated."""
    language: str = ""
    """Into which language."""
    sentences: tuple[SentencePair, ...] = ()

    @property
    def translated_lines(self) -> str:
        """The translated sentences for people, each below its original, after what translated them."""
        pairs = (f"{each.original}\n= {each.words}" for each in self.sentences)
        return "\n".join([f"By a machine: {self.engine}", *pairs]) if self.sentences else ""

    def pair_quotes(self, grounds: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, str, str]]:
        """Yield each quote with the translation of its sentence and its meaning, then the other sentences without a meaning."""
        used = set()
        for ground in grounds:
            quote = ground["quote"]
            found = next((each for each in self.sentences if quote and (quote in each.original or each.original in quote)), None)
            used.add(found)
            yield quote, found.words if found else "", ground["meaning"]
        yield from ((each.original, each.words, "") for each in self.sentences if each not in used)

    @property
    def fields(self) -> dict[str, Any]:
        """What is shown, for machines: nothing where there is nothing."""
        fields: dict[str, Any] = {}
        if self.sentences:
            pairs = [msgspec.structs.asdict(each) for each in self.sentences]
            fields["translation"] = {"engine": self.engine, "language": self.language, "sentences": pairs}
        if self.picture:
            digest, data = hashlib.sha256(self.picture).hexdigest(), base64.b64encode(self.picture).decode()
            fields["screenshot"] = {"content_type": "image/jpeg", "sha256": digest, "data": data}
        return fields


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
    """Item -> what is shown beside its notice; a notice stands without."""
    seeds: str = ""
    """Accepted commit of the seeds that named the receiver; empty: files as they stood."""
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

    def exhibit(self, entry: ListEntry) -> Exhibit:
        """Return what is shown beside a notice; nothing beside one that is taken back."""
        return self.exhibits.get(entry.item_id) or Exhibit()

    def first_told(self, entry: ListEntry) -> FirstTold:
        """Return the list that told of an entry's item first; this one for what is new."""
        return self.told.get(entry.item_id) or FirstTold(number=self.number, built_at=self.built_at)
