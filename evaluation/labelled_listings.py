"""Labelled listings: JSON lines with id, lang, label (1 = a lure), class, title, text and, where known, evasion and campaign."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from lurewatch.app.app_errors import PermanentError

POSITIVE = ("scam_compound", "organ_trade", "surrogacy_or_egg", "marriage_broker", "money_scam")
NO_OFFER = ("warning", "news", "testimony", "other")
"""Classes in which nobody offers anything: a warning, a report, a story, a question, a notice."""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """One labelled text."""

    id: str
    lang: str
    label: int
    kind: str = msgspec.field(name="class")
    title: str | None = None
    text: str
    evasion: str = "none"
    campaign: str | None = None
    source: str = ""
    """Where a real text comes from (``evaluation.real_texts``); empty for authored texts."""
    weight: float = 1.0
    """How many texts it counts as in training."""
    file: str = ""
    """Name of the file it was read from, without its ending."""

    @property
    def raw(self) -> str:
        """What offsets count."""
        return f"{self.title or ''}\n{self.text}"

    @property
    def reports(self) -> int:
        """1 when nobody offers anything in it."""
        return int(self.kind in NO_OFFER)

    @property
    def stance_known(self) -> bool:
        """False where the class leaves open whether anything is offered: a real text of no class of ours may well be an offer,
        of a loan, a prize or a top-up."""
        return not self.source or self.kind != "other"

    @property
    def language(self) -> str:
        """The language without script or region (``zh-Hant``, ``en/tl``)."""
        return self.lang.replace("/", "-").partition("-")[0]

    @property
    def group(self) -> str:
        """What must stay on one side of a split: the campaign, or the text itself."""
        return self.campaign or self.id

    @property
    def origin(self) -> str:
        """Whose wording it has: that of its source, or of the writer of its file."""
        return self.source or self.file


class ListingError(PermanentError):
    """A labelled file cannot be read; the message names file, line and fix."""


def listings(path: Path) -> list[Listing]:
    """Read one file; raise ListingError naming the line."""
    return list(_lines(path))


def _lines(path: Path) -> Iterator[Listing]:
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        if line.strip():
            try:
                yield replace(msgspec.json.decode(line, type=Listing), file=path.stem)
            except msgspec.DecodeError as exc:
                raise ListingError(f"{path}:{number}: {exc}; a line has id, lang, label, class, title and text") from exc


def folds(items: Sequence[Listing], count: int) -> list[int]:
    """Return the fold of each listing: groups stay whole, the same on every machine."""
    return [_fold(item.group, count) for item in items]


def folds_of_sources(items: Sequence[Listing], count: int) -> list[int]:
    """Return the fold of each listing: the sources of real texts stay whole, of authored ones the groups."""
    return [_fold(item.source or item.group, count) for item in items]


def _fold(name: str, count: int) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % count
