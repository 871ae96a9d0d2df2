"""Interfaces by which the desk's pages show, try and change source files, lure rules and suggested sources; ``lurewatch
serve`` implements them.

Every method of an editor raises DeskRefusal, whose message names the fault, where it stands and what to do.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from crawlers.sources.source import Source
from desk.people.accounts import User
from desk.platforms import Platform

RuleStatus = Literal["experimental", "shadow", "active", "retired"]


class SiteLook(msgspec.Struct, frozen=True, kw_only=True):
    """A look at a site that a page asked for; it is carried out beside the pages, or by the schedule."""

    key: str
    """What is looked at: a venue or a source, and for what."""
    by: str
    begun: datetime
    running: bool = True
    waits: bool = False
    """Whether no process has begun it; it was asked for at ``begun``."""
    lines: tuple[str, ...] = ()
    """What it found, a sentence each."""
    failure: str = ""
    """Why it found nothing, with the fix."""


class SourceFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of ``seeds/sources``."""

    name: str
    text: str
    version: str
    """SHA-256 of the file, hex."""
    source: Source | None = None
    """What it loads as; None when it is faulty."""
    fault: str = ""
    """Every fault with its line and fix; empty when there is none."""
    in_force: str = ""
    """What is in force instead of a faulty file, as text."""
    waiting: tuple[str, ...] = ()
    """Its values that two people have not accepted yet, as a sentence."""
    seen: str = ""
    """SHA-256 of those values, hex; an acceptance must name the values it saw."""
    refusal: str = ""
    """Why its access passport lets no run begin; empty when it does."""


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """A field of one advert that a changed file reads differently; an empty value was not read."""

    url: str
    field: str
    before: str
    after: str


class SourceReplay(msgspec.Struct, frozen=True, kw_only=True):
    """What a changed file reads on the pages of the newest run, beside what that run read."""

    run: str
    """Run id; empty when there is nothing to read, and ``note`` says why."""
    note: str = ""
    pages: int = 0
    adverts_before: int = 0
    adverts_after: int = 0
    filled: tuple[tuple[str, float, float], ...] = ()
    """(field, share of adverts that had it, share that have it now)."""
    changes: tuple[FieldChange, ...] = ()


class SourceEditor(Protocol):
    """Reads, tries and changes source files."""

    def faulty(self) -> Sequence[tuple[str, str]]:
        """Return (name, what is in force instead) of each faulty file."""

    def read(self, name: str) -> SourceFile | None:
        """Return a file; None when there is none of that name."""

    def try_text(self, name: str, text: str) -> SourceReplay:
        """Check a changed text and read kept pages with it; asks no site and changes nothing."""

    def switch(self, name: str, *, enabled: bool, version: str, by: User, reason: str) -> None:
        """Switch a source on or off; ``version`` is that of the file the person saw."""

    def save(self, name: str, text: str, *, version: str, by: User, reason: str) -> None:
        """Put a changed text in place of the file the person saw."""

    def accept(self, name: str, *, seen: str, by: User, reason: str) -> None:
        """Sign the values of a file that wait for a second person, as ``seen``."""

    def try_site(self, name: str, *, by: User) -> None:
        """Ask for a cut-down run of a file as it stands, as `lurewatch sources try` does; nothing is kept."""

    def look(self, name: str) -> SiteLook | None:
        """Return how the last such run of a source stands."""


class RuleLine(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of the lexicon as written."""

    id: str
    status: RuleStatus
    wording: str
    gloss: str
    indicator: str
    strength: str
    place: str
    """``language/family.yml:line``."""
    waiting: str = ""
    """A status that one person has signed, and who; empty when none waits."""


class RuleFile(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of one language for one family of indicators."""

    language: str
    family: str
    version: str
    """SHA-256 of the file, hex."""
    rules: tuple[RuleLine, ...] = ()
    fault: str = ""


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


class RuleEditor(Protocol):
    """Reads, tries and switches lure rules."""

    def files(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Return (language, families with rules), both by name."""

    def read(self, language: str, family: str) -> RuleFile | None:
        """Return the rules of a file; None when there is no such file."""

    def try_text(self, text: str) -> RuleTrial:
        """Judge a text with the present lexicon."""

    def switch(self, language: str, family: str, rule: str, *, status: RuleStatus, version: str, by: User, reason: str) -> None:
        """Sign another status of a rule; the second person's signature changes the file, whose ``version`` is the one seen."""


class ReceiverProposal(msgspec.Struct, frozen=True, kw_only=True):
    """Where a platform's lists are to go, as one person signed it."""

    contact: str
    enabled: bool
    by: str
    at: datetime
    reason: str
    tested_by: tuple[str, ...] = ()
    """Who sent themselves the trial mail of this very proposal."""


class ReceiverStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step in the history of a platform's route."""

    at: datetime
    by: str
    """Empty: found in the file."""
    kind: str
    """``proposed``, ``accepted``, ``found``, ``dropped``, ``first``, ``tested``."""
    value: str
    reason: str


class ReceiverFile(msgspec.Struct, frozen=True, kw_only=True):
    """A platform as its file describes it, what waits for a second person, and what was done before."""

    platform: Platform
    place: str
    """Name of the file under ``seeds``."""
    version: str
    """SHA-256 of that file, hex."""
    proposal: ReceiverProposal | None = None
    history: tuple[ReceiverStep, ...] = ()
    """The newest first."""


class ReceiverEditor(Protocol):
    """Reads, tries and switches the receivers of takedown lists."""

    mails: bool
    """Whether this process reaches a mail server, and a trial mail is asked for before a receiver is switched on."""

    def read(self, key: str) -> ReceiverFile | None:
        """Return a platform; None when no file describes one of that name."""

    def sign(self, key: str, *, contact: str, enabled: bool, version: str, by: User, reason: str) -> bool:
        """Sign where lists go; tell whether it was the second signature, which changes the file whose ``version`` was seen."""

    def send_trial(self, key: str, *, by: User) -> None:
        """Send the mail of the waiting proposal to the person who asks, with an invented advert, to no platform."""


class SuggestionLine(msgspec.Struct, frozen=True, kw_only=True):
    """One venue that lures lead to."""

    venue: str
    """``kind:value``: the NAME of ``lurewatch sources suggest``."""
    points: float
    """0 to 100."""
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


VenueStep = Literal["look", "accept", "undo", "refuse", "block"]


class SuggestionDesk(Protocol):
    """Finds suggested sources and stores rulings; every method may raise DeskRefusal and StoreUnavailable."""

    def list_venues(self, *, every: bool) -> Sequence[SuggestionLine]:
        """Return what is suggested, the strongest first; with ``every`` also what is not."""

    def rule(self, step: VenueStep, venue: str, *, by: User, reason: str) -> None:
        """Refuse a venue until new lures lead there, block it for good, or take that back; ask for one look at it: what it is and
        how many of its posts are flagged; ask that it be made a source: its file written, disabled and without a passport."""

    def looks(self) -> Sequence[SiteLook]:
        """Return the looks at venues that were asked for, the newest first."""
