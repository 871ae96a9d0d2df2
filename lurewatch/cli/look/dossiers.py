"""A campaign's dossier for people at a terminal, and as one JSON line."""

from typing import Any

import msgspec
from rich.console import Console
from rich.text import Text

from desk.highlighting import plain_line
from enrichment.campaigns.templates import Slot, Template
from index.campaigns.dossier import Dossier, sparkline

_VALUES = 6
"""Values of a slot printed; the JSON line has all."""


def as_line(dossier: Dossier) -> dict[str, Any]:
    """Return a dossier as JSON holds it: members by id, slots as objects between strings."""
    line: dict[str, Any] = msgspec.to_builtins(dossier)
    line["members"] = list(dossier.campaign.members)
    line["weeks"] = [{"monday": week.monday.isoformat(), "adverts": week.adverts} for week in dossier.weeks]
    return line


def print_to(console: Console, dossier: Dossier) -> None:
    """Print a dossier; what pages said is shown without control characters."""
    campaign = dossier.campaign
    console.print(Text(f"{campaign.id}: {len(dossier.members)} adverts, +{dossier.growth} in the newest week", "bold"))
    seen = f"{dossier.members[0].first_seen:%Y-%m-%d} to {dossier.members[-1].first_seen:%Y-%m-%d}"
    rows = [("seen", seen), ("weeks", f"{sparkline(dossier.weeks)}  most: {max(week.adverts for week in dossier.weeks)}")]
    pairs = [("languages", dossier.languages), ("platforms", dossier.platforms), ("sources", dossier.sources)]
    pairs.append(("contacts", dossier.contacts))
    rows += [(name, ", ".join(f"{plain_line(value)} {count}" for value, count in counted)) for name, counted in pairs if counted]
    for name, value in rows:
        console.print(Text(f"{name:<10} ", "dim").append(value, "not dim"))
    console.print()
    for reason in dossier.reasons:
        console.print(Text(f"{plain_line(reason.why)}: {len(reason.links)} links"))
    for template in dossier.templates:
        console.print()
        console.print(Text(f"{len(template.members)} copies, {template.shared:.0%} the same", "bold"))
        console.print(_draw_template(template))
    console.print()
    for member in dossier.members:
        title = plain_line(member.posting.title or member.posting.text)[:90]
        console.print(
            Text(f"{member.first_seen:%Y-%m-%d} {member.assessment.score:>3.0f} {member.id} ", "dim").append(title, "not dim")
        )


def _draw_template(template: Template) -> Text:
    text = Text()
    for part in template.parts:
        if isinstance(part, Slot):
            entries = [plain_line(value) for value, _ in part.values[:_VALUES]] + (["(left out)"] if part.empty else [])
            more = f" | {len(part.values) - _VALUES} more" if len(part.values) > _VALUES else ""
            text.append(f" ⟨{part.kind}: {' | '.join(entries)}{more}⟩ ", "cyan")
        else:
            text.append(plain_line(part))
    return text
