"""Rules and words that were drafted at the desk: kept with their signatures in its database, beside the files.

A draft that one person signed is in shadow: the desk counts what it would hit, and it weighs nothing. The second person's
signature puts it in force: whatever judges reads the files with it, from a copy that it makes for itself. No service needs to
write the seeds folder.
"""

import json
import shutil
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import yaml
from sqlalchemy import Connection

from desk.cases.signed_settings import Key, Standing, standings
from desk.custody.audit import canonical
from desk.seed_editors import RuleDraft
from enrichment.lexicon.concept_files import WORDS
from enrichment.lexicon.rule_files import new_id
from lurewatch.app.app_errors import typed_errors
from lurewatch.app.lures.lexicon_in_force import lexicon_key
from lurewatch.app.resources import desk_if_made
from lurewatch.settings import Settings

_PLACE = "draft:"
IN_FORCE, WITHDRAWN = "in force", "withdrawn"


def name_of(draft: RuleDraft) -> str:
    """Return the id of a draft: that of its rule, or one made from its words."""
    id = new_id(draft.language, draft.target, draft.wording)
    return id if draft.kind == "rule" else f"words-{id}"


def key_of(name: str) -> Key:
    """Return what the signatures of a draft stand under."""
    return f"{_PLACE}{name}", "rule"


def value_of(draft: RuleDraft, status: str) -> str:
    """Return what is signed: the whole draft, and what it is to be."""
    return canonical({"draft": msgspec.to_builtins(draft), "status": status})


def read_value(value: str) -> tuple[RuleDraft, str]:
    """Return a draft and what it is to be, from what was signed."""
    parts = json.loads(value)
    return msgspec.convert(parts["draft"], RuleDraft), parts["status"]


def list_drafts(connection: Connection) -> dict[str, Standing]:
    """Return the standing of each draft that waits or was in force, by its id."""
    return {
        place.removeprefix(_PLACE): standing
        for (place, field), standing in standings(connection).items()
        if field == "rule" and (standing.accepted or standing.waiting)
    }


def drafts_in_force(connection: Connection) -> tuple[RuleDraft, ...]:
    """Return the drafts that two people put in force, by id."""
    accepted = [read_value(one.accepted) for _, one in sorted(list_drafts(connection).items()) if one.accepted]
    return tuple(draft for draft, status in accepted if status == IN_FORCE)


@typed_errors()
def seeds_with_drafts(settings: Settings, seeds: Path) -> Path:
    """Return a folder with the seeds in ``seeds`` and the drafts in force; ``seeds`` itself where there are none.

    Raises TransientError while the desk's database is away: without it nobody knows what is in force.
    """
    with desk_if_made(settings) as engine:
        if engine is None:
            return seeds
        with engine.connect() as connection:
            drafts = drafts_in_force(connection)
    return Path(_compose(seeds, lexicon_key(seeds), drafts).name) if drafts else seeds


@lru_cache(maxsize=8)
def _compose(seeds: Path, key: str, drafts: tuple[RuleDraft, ...]) -> TemporaryDirectory[str]:  # noqa: ARG001  the content
    """Return a copy of the seeds that judge, with drafts; it stands until this process ends."""
    made = TemporaryDirectory(prefix="lurewatch-drafts-")
    shutil.copytree(seeds / "lures", Path(made.name) / "lures")
    shutil.copy(seeds / "places.yml", made.name)
    for draft in drafts:
        write_draft(Path(made.name) / "lures", draft)
    return made


def write_draft(lures: Path, draft: RuleDraft) -> None:
    """Write a draft into the files of its language below ``lures``."""
    folder = lures / draft.language
    if draft.kind == "rule":
        file = folder / f"{draft.family}.yml"
        before = file.read_text(encoding="utf-8").rstrip("\n") if file.is_file() else "rules:"
        file.write_text(f"{before}\n\n{_indent(rule_text(draft))}", encoding="utf-8")
        return
    file = folder / WORDS
    words = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
    words[draft.target] = [*words.get(draft.target, ()), *draft.wordings]
    file.write_text(yaml.safe_dump(words, allow_unicode=True), encoding="utf-8")


def rule_text(draft: RuleDraft) -> str:
    """Return a rule as its file would have it, so that it can be moved there."""
    wording = "pattern" if any(sign in draft.wording for sign in "*~()|[]?") else "phrase"
    rule = {
        "id": name_of(draft), "status": "experimental", wording: draft.wording, "indicator": draft.target, "strength": "medium",
        "added": draft.added, "catches": list(draft.catches), "spares": list(draft.spares),
    }  # fmt: skip
    return yaml.safe_dump([{name: value for name, value in rule.items() if value}], allow_unicode=True, sort_keys=False)


def _indent(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())
