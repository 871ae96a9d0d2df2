"""What people at the desk propose for the seeds: a site to look at, a phrase that was missed, a receiver of notices.

It waits as a list that `lurewatch sources new` and `lurewatch lures draft` print; no page writes a file.
"""

from datetime import datetime
from typing import Literal, get_args
from urllib.parse import urlsplit

import msgspec
import yaml
from sqlalchemy import Connection, Engine, insert, select, update

from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from desk.tables import seed_proposals, users
from foundation.messages import _

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
        "kind": kind,
        "value": value,
        "language": language if kind == "phrase" else "",
        "reason": reason,
        "by_id": by.id,
        "at": now,
    }
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
