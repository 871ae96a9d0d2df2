"""Which commit of the seeds is in force: who signed it, who accepted it, and what was shown to them; in the audit log alone."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from desk.custody import audit
from desk.people.accounts import User, all_users, dependence
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from foundation.messages import _

ACCEPTED = "seeds_accepted"


class AcceptedSeeds(msgspec.Struct, frozen=True, kw_only=True):
    """A commit that two people stand behind."""

    commit: str
    content: str
    """SHA-256 of its files, hex."""
    signed_by: str
    accepted_by: str
    at: datetime
    reason: str
    effects: tuple[str, ...]
    """What the accepter was shown that it does, in words."""
    judged_by: dict[str, str]
    """Digest of each part that judges, ``code``, ``lexicon``, ``places``, ``model``; and of lexicon and places as ``parsed``."""


class SeedChange(msgspec.Struct, frozen=True, kw_only=True):
    """A commit beside the seeds in force: what it changes and what that does."""

    commit: str
    content: str
    """SHA-256 of its files, hex: an acceptance names what was seen."""
    author: str
    at: str
    subject: str
    signed_by: str = ""
    """E-mail address of the signer; empty: no key did that the seeds in force allow."""
    refusal: str = ""
    """Why it cannot be accepted; empty when a second person may."""
    reduces: tuple[str, ...] = ()
    """What finds, keeps or tells less, and where lists go from then on, a sentence each."""
    other: tuple[str, ...] = ()
    """What else changes, a sentence each."""
    diff: str = ""

    @property
    def effects(self) -> tuple[str, ...]:
        """All sentences, what reduces first."""
        return (*self.reduces, *self.other)


def accepted_seeds(connection: Connection) -> AcceptedSeeds | None:
    """Return the commit that is in force; None before the first one was accepted."""
    return next(accepted_before(connection, newest=1), None)


def accepted_before(connection: Connection, newest: int) -> Iterator[AcceptedSeeds]:
    """Yield the newest commits that were accepted, the one in force first."""
    for entry in audit.entries(connection, ACCEPTED, newest=newest):
        yield msgspec.convert(
            entry.values | {"commit": entry.subject, "accepted_by": entry.actor, "at": entry.moment}, AcceptedSeeds
        )


def find_signer(connection: Connection, principal: str) -> User:
    """Return the account of who signed a commit, by the e-mail address of the key; raise DeskRefusal where there is none."""
    found = [user for user in all_users(connection) if user.email.casefold() == principal.casefold() and not user.disabled]
    if len(found) != 1 or not found[0].may(Right.SEEDS):
        raise DeskRefusal(
            _("%(principal)s signed it, and no active account with that address may change the seeds", principal=principal)
        )
    return found[0]


def admit_accepter(connection: Connection, signer: User, by: User, reason: str) -> None:
    """Raise DeskRefusal unless a person may accept what ``signer`` signed: with the right, a reason, and as a second person."""
    if not by.may(Right.SEEDS):
        raise DeskRefusal(_("the role %(role)s accepts no seeds; ask an operator or a lead", role=by.role))
    if not reason.strip():
        raise DeskRefusal(_("say why in a sentence"))
    if why := dependence(connection, signer, by):
        raise DeskRefusal(_("%(why)s; a second person has to accept it", why=why))


def note_accepted(
    connection: Connection, *, commit: str, content: str, signer: User, by: User, reason: str, effects: Sequence[str],
    judged_by: dict[str, str], now: datetime,
) -> None:  # fmt: skip
    """Note in the log, inside the caller's write transaction, that a commit is in force from now on."""
    admit_accepter(connection, signer, by, reason)
    detail: dict[str, object] = {
        "content": content, "signed_by": signer.name, "reason": reason.strip(), "effects": list(effects), "judged_by": judged_by,
    }  # fmt: skip
    audit.append(connection, at=now, actor=by.name, action=ACCEPTED, subject=commit, detail=detail)
