"""What people proposed at the desk, printed as the seeds would have it; what only a person knows is left to fill in."""

from urllib.parse import urlsplit

import yaml

from desk.seed_proposals import ProposalKind, SeedProposal, waiting_proposals
from lurewatch.app.app_errors import typed_errors
from lurewatch.app.resources import desk_if_made
from lurewatch.settings import Settings


@typed_errors()
def proposed_seeds(settings: Settings, *kinds: ProposalKind) -> list[str]:
    """Return each waiting proposal of some kinds as its file would have it; nothing where there is no desk yet.

    Raises TransientError while the desk's database is away.
    """
    with desk_if_made(settings) as engine:
        if engine is None:
            return []
        with engine.connect() as connection:
            return [_write_out(each) for each in waiting_proposals(connection, *kinds)]


def _write_out(proposal: SeedProposal) -> str:
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
