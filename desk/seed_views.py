"""Interfaces by which the desk's pages show the seeds, accept a commit and show suggested sources, which ``lurewatch serve``
implements; and the suggestions of seeds that people write.

No page edits a file. Every method may raise DeskRefusal, whose message names the fault, where it stands and what to do.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol, get_args
from urllib.parse import urlsplit

import msgspec
import yaml
from sqlalchemy import Connection, Engine, insert, select, update

from crawlers.sources.source import Source
from desk.cases.accepted_seeds import AcceptedSeeds, SeedChange
from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from desk.tables import seed_proposals, users
from foundation.messages import _


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

    def run_signers(self) -> bytes:
        """Return the keys that may sign runs."""

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


ProposalKind = Literal["site", "phrase", "receiver"]
LONGEST = 400
"""Characters of what is proposed."""


class SeedProposal(msgspec.Struct, frozen=True, kw_only=True):
    """One proposal that waits."""

    id: int
    kind: ProposalKind
    value: str
    """An address to look at, words that were missed, or where a platform takes notices."""
    language: str
    """Of a phrase: the code of its language; else empty."""
    reason: str
    by: str
    at: datetime


def propose(
    engine: Engine, kind: ProposalKind, value: str, *, language: str = "", by: User, reason: str, now: datetime
) -> None:  # fmt: skip
    """Keep a proposal; raise DeskRefusal for one that is empty, too long, no web address (of a site) or without a language."""
    value, reason = " ".join(value.split()), " ".join(reason.split())
    if not (by.may(Right.DECIDE) or by.may(Right.SEEDS)):
        raise DeskRefusal(_("the role %(role)s proposes nothing; ask an analyst", role=by.role))
    if not 0 < len(value) <= LONGEST:
        raise DeskRefusal(_("write what you propose, in %(most)s characters at most", most=LONGEST))
    if not reason:
        raise DeskRefusal(_("say why in a sentence"))
    parts = urlsplit(value)
    if kind == "site" and not (parts.scheme in ("http", "https") and parts.hostname):
        raise DeskRefusal(_("give the whole address of the site, as https://site.example/jobs"))
    if kind == "phrase" and not language:
        raise DeskRefusal(_("choose the language of the phrase"))
    row = {
        "kind": kind, "value": value, "language": language if kind == "phrase" else "", "reason": reason, "by_id": by.id,
        "at": now,
    }  # fmt: skip
    with writing(engine) as connection:
        number = connection.execute(insert(seed_proposals).values(**row).returning(seed_proposals.c.id)).scalar_one()
        audit.append(
            connection, at=now, actor=by.name, action="seed_proposed", subject=f"proposal:{number}", detail={"kind": kind}
        )


def close_proposal(engine: Engine, number: int, *, by: User, now: datetime) -> None:
    """Take a proposal off the list, carried out or not; raise DeskRefusal where none of that number waits."""
    if not by.may(Right.SEEDS):
        raise DeskRefusal(_("the role %(role)s closes no proposals; ask an operator or a lead", role=by.role))
    waits = (seed_proposals.c.id == number) & seed_proposals.c.closed_at.is_(None)
    with writing(engine) as connection:
        if not connection.execute(update(seed_proposals).where(waits).values(closed_at=now)).rowcount:
            raise DeskRefusal(_("no proposal %(number)s waits; look at the list again", number=number))
        audit.append(connection, at=now, actor=by.name, action="seed_proposal_closed", subject=f"proposal:{number}")


def waiting_proposals(connection: Connection, *kinds: ProposalKind) -> list[SeedProposal]:
    """Return the proposals that wait, of some kinds or of all, the oldest first."""
    table = seed_proposals.c
    wanted = table.closed_at.is_(None) & table.kind.in_(kinds or get_args(ProposalKind))
    columns = (table.id, table.kind, table.value, table.language, table.reason, users.c.name.label("by"), table.at)
    rows = connection.execute(select(*columns).join(users, users.c.id == table.by_id).where(wanted).order_by(table.id))
    return [SeedProposal(**row._mapping) for row in rows]


def write_out(proposal: SeedProposal) -> str:
    """Return a proposal as its file would have it; what only a person knows is left to fill in."""
    said = f"proposed by {proposal.by} on {proposal.at:%Y-%m-%d}: {proposal.reason}"
    if proposal.kind == "site":
        return f"# {said}\nlurewatch sources new {proposal.value}"
    if proposal.kind == "phrase":
        rule = {"status": "experimental", "phrase": proposal.value, "indicator": "", "strength": "weak"}
        added = {"added": f"{proposal.at:%Y-%m-%d}"}
        return _as_yaml(f"seeds/lures/{proposal.language}/FAMILY.yml: {said}", [rule | added])
    words = proposal.value.split()
    contact = next((word for word in words if "@" in word), "")
    hosts = [
        host for word in words if "@" not in word and "." in word and (host := urlsplit(f"//{word.rpartition('//')[2]}").hostname)
    ]
    platform = {"title": proposal.value, "enabled": False, "hosts": hosts, "item": [], "formats": ["csv"], "contact": contact}
    return _as_yaml(f"seeds/platforms.yml, below platforms: {said}", {"NAME": platform})


def _as_yaml(head: str, content: object) -> str:
    return f"# {head}\n{yaml.safe_dump(content, allow_unicode=True, sort_keys=False)}".rstrip("\n")
