"""Interfaces by which the desk's pages show the seeds, accept a commit and show suggested sources; ``lurewatch serve`` implements
them.

No page edits a file. Every method may raise DeskRefusal, whose message names the fault, where it stands and what to do.
"""

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from crawlers.sources.source import Source
from desk.cases.accepted_seeds import AcceptedSeeds, SeedChange
from desk.people.accounts import User


class FileStep(msgspec.Struct, frozen=True, kw_only=True):
    """A commit that changed a file."""

    commit: str
    author: str
    at: str
    """ISO 8601."""
    subject: str


class SourceFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of ``seeds/sources``."""

    name: str
    text: str
    source: Source | None = None
    """What it loads as; None when it is faulty."""
    fault: str = ""
    """Every fault with its line and fix; empty when there is none."""
    refusal: str = ""
    """Why its access passport lets no run begin; empty when it does."""
    history: tuple[FileStep, ...] = ()


class RuleLine(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of the lexicon as written."""

    id: str
    status: str
    """``experimental``, ``shadow``, ``active`` or ``retired``."""
    wording: str
    gloss: str
    indicator: str
    strength: str
    place: str
    """``language/family.yml:line``."""


class RuleFile(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of one language for one family of indicators."""

    language: str
    family: str
    rules: tuple[RuleLine, ...] = ()
    fault: str = ""
    history: tuple[FileStep, ...] = ()


class RuleHit(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that occurs in a tried text."""

    id: str
    status: str
    words: str
    """The words of the text."""
    value: float
    """The weight of the hit, 0 to 1; 0 in shadow."""


class RuleTrial(msgspec.Struct, frozen=True, kw_only=True):
    """The current judgement of a text; it is not stored."""

    score: float
    """0 to 100."""
    flagged: bool
    tag: str
    language: str
    reasons: tuple[tuple[str, float], ...] = ()
    """(indicator or feature, its points), the heaviest first."""
    hits: tuple[RuleHit, ...] = ()


class SeedViews(Protocol):
    """Shows the seeds in force and what waits, and accepts that."""

    def sentence(self) -> str:
        """Return what is in force, and what a change needs."""

    def list_accepted(self) -> Sequence[AcceptedSeeds]:
        """Return the commits that were accepted, the one in force first."""

    def waiting(self) -> SeedChange | None:
        """Return the newest signed commit that is not in force, with what it does; None where there is none, or no repository."""

    def accept(self, commit: str, *, content: str, by: User, reason: str) -> None:
        """Put a commit in force as the second person; ``content`` is that of the one they saw."""

    def history(self, name: str) -> Sequence[FileStep]:
        """Return the commits that changed a file of the seeds, the newest first, up to the one in force."""

    def faulty(self) -> Sequence[str]:
        """Return the names of the faulty source files."""

    def read_source(self, name: str) -> SourceFile | None:
        """Return a source file; None when there is none of that name."""

    def rule_files(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Return (language, families with rules), both by name."""

    def read_rules(self, language: str, family: str) -> RuleFile | None:
        """Return the rules of a file; None when there is no such file."""

    def try_text(self, text: str) -> RuleTrial:
        """Judge a text with the present lexicon."""


class SuggestionLine(msgspec.Struct, frozen=True, kw_only=True):
    """One venue that lures lead to."""

    venue: str
    """``kind:value``: the NAME of ``lurewatch sources suggest``."""
    what: str
    """What it is, as far as is known."""
    facts: tuple[str, ...] = ()
    """Facts for and against it, one sentence each."""
    lures: tuple[tuple[str, str], ...] = ()
    """(item id, words) of the lures that say most."""
    ruling: str = ""
    """The ruling in force, as a sentence; empty when there is none."""
    hidden: str = ""
    """Why it is not suggested, as text; empty when it is."""


VenueStep = Literal["undo", "refuse", "block"]


class SuggestionDesk(Protocol):
    """Finds suggested sources and stores rulings; every method may raise DeskRefusal and StoreUnavailable."""

    def list_venues(self, *, every: bool) -> Sequence[SuggestionLine]:
        """Return what is suggested, the strongest first; with ``every`` also what is not."""

    def rule(self, step: VenueStep, venue: str, *, by: User, reason: str) -> None:
        """Refuse a venue until new lures lead there, block it for good, or take that back."""
