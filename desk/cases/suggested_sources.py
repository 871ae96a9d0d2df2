"""Suggested sources as the desk's page shows them; ``lurewatch serve`` hands in what finds them and keeps the rulings."""

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from desk.people.accounts import User


class SuggestionLine(msgspec.Struct, frozen=True, kw_only=True):
    """One venue that lures lead to."""

    venue: str
    """``kind:value``: the NAME of ``lurewatch sources suggest``."""
    points: float
    """0 to 100."""
    what: str
    """What it is, as far as is known."""
    facts: tuple[str, ...] = ()
    """What speaks for and against it, a sentence each."""
    lures: tuple[tuple[str, str], ...] = ()
    """(item id, words) of the lures that say most."""
    ruling: str = ""
    """The ruling in force, in words; empty when there is none."""
    hidden: str = ""
    """Why it is not suggested, in words; empty when it is."""


class SuggestionDesk(Protocol):
    """Finds what is suggested and keeps what people rule; every method raises SourceRulingError and StoreUnavailable."""

    def list_venues(self, *, every: bool) -> Sequence[SuggestionLine]:
        """Return what is suggested, the strongest first; with ``every`` also what is not."""

    def turn_down(self, verdict: Literal["refused", "blocked"], venue: str, *, by: User, reason: str) -> None:
        """Refuse a venue until new lures lead there, or block it for good."""

    def undo(self, venue: str, *, by: User, reason: str) -> None:
        """Take back the ruling in force."""
