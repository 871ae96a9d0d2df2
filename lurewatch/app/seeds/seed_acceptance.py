"""A commit of the seeds is put in force: one allowed person signed it, another accepts it after seeing what it does."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from sqlalchemy import Engine

from crawlers.sources.source import read_sources, refusal
from desk.cases.accepted_seeds import SeedChange, accepted_seeds, find_signer, note_accepted
from desk.database import writing
from desk.people.accounts import User
from desk.platforms import add_own_receivers, load_platforms
from desk.refusals import DeskRefusal
from enrichment.assess import parsed_digest
from enrichment.errors import SeedsError
from enrichment.facts.places import Gazetteer
from enrichment.lexicon.concept_matrix import example_faults
from enrichment.lexicon.lexicon import lexicon
from enrichment.lexicon.lexicon_check import faults
from foundation.crawl_errors import CrawlError
from foundation.messages import _
from lurewatch.app.app_errors import PermanentError, typed_errors
from lurewatch.app.in_force import InForce, read_in_force, replace_seeds
from lurewatch.app.seeds.judging import read_judging
from lurewatch.app.seeds.seed_commits import (
    SIGNERS,
    Files,
    SeedCommit,
    check_objects,
    content_digest,
    follows,
    git,
    is_repository,
    list_commits,
    read_commit,
    read_folder,
    write_files,
)
from lurewatch.app.seeds.seed_effects import find_changed, find_effects
from lurewatch.settings import Settings

DIFF = 200_000
"""Characters of a diff that are shown."""


@typed_errors()
def waiting_change(settings: Settings, engine: Engine, *, texts: int | None = None) -> SeedChange | None:
    """Return the newest signed commit that is not in force, else the newest of all, with what it does; None where none waits.

    ``texts`` kept texts are judged anew, all for None. Raises PermanentError where the seeds are no repository.
    """
    before = read_in_force(settings)
    seeds = _repository_of(before)
    commits = list_commits(seeds, _read_signers(seeds, before), before.commit)
    if not commits:
        return None
    commit = next((each for each in commits if each.signer), commits[0])
    files = read_commit(seeds, commit.id)
    refusals, other = _refusals(seeds, engine, before, commit, files), []
    reduces = [f"what judges is not what was accepted: {judge}"] if (judge := before.describe_other_judge()) else []
    with TemporaryDirectory(prefix="lurewatch-seeds-") as made:
        write_files(folder := Path(made), files)
        if problems := find_tree_problems(folder, before):
            refusals += problems
        else:
            effects = find_effects(before, replace_seeds(before, folder), before.runs, texts=texts)
            reduces, other = [*reduces, *effects.reduces], effects.other
    return SeedChange(
        commit=commit.id, content=content_digest(files), author=commit.author, at=commit.at, subject=commit.subject,
        signed_by=commit.signer, refusal="\n".join(refusals), reduces=tuple(reduces),
        other=(*_describe_signers(before, files), *other), diff=_diff(seeds, before, commit.id, files),
    )  # fmt: skip


@typed_errors()
def accept_change(settings: Settings, engine: Engine, seen: SeedChange, *, by: User, reason: str) -> None:
    """Put a commit in force as the second person; ``seen`` is what was shown to them. Raises DeskRefusal."""
    if seen.refusal:
        raise DeskRefusal(seen.refusal)
    before = read_in_force(settings)
    seeds = _repository_of(before)
    check_objects(seeds)
    files, commits = read_commit(seeds, seen.commit), list_commits(seeds, _read_signers(seeds, before), before.commit)
    commit = next((each for each in commits if each.id == seen.commit and each.signer), None)
    if commit is None or content_digest(files) != seen.content:
        raise DeskRefusal(_("the commit is not the one you saw; look at it again"))
    with TemporaryDirectory(prefix="lurewatch-seeds-") as made:
        write_files(folder := Path(made), files)
        read, places = lexicon(folder / "lures", use_cache=False), Gazetteer(folder / "places.yml", use_cache=False)
        judged_by = msgspec.structs.asdict(read_judging(folder)) | {"parsed": parsed_digest(read, places)}
    with writing(engine) as connection:
        now = accepted_seeds(connection)
        if (now.commit if now else "") != before.commit:
            raise DeskRefusal(_("another commit was accepted meanwhile; look again"))
        note_accepted(
            connection, commit=commit.id, content=seen.content, signer=find_signer(connection, commit.signer), by=by,
            reason=reason, effects=seen.effects, judged_by=judged_by, now=datetime.now(UTC),
        )  # fmt: skip
    read_in_force(settings)  # lays the copy out


def find_tree_problems(folder: Path, before: InForce) -> list[str]:
    """Return every fault that `sources check` and `lures check` find; rules are proved in the languages that changed."""
    sources, problems = read_sources(folder)
    today = datetime.now(UTC).date()
    problems += [
        f"{each.name}.yml: enabled, but may not run: {why}" for each in sources if each.enabled and (why := refusal(each, today))
    ]
    try:
        add_own_receivers(folder, load_platforms(folder), sources)
        Gazetteer(folder / "places.yml", use_cache=False)
        read = lexicon(folder / "lures", use_cache=False)
    except (CrawlError, SeedsError, OSError) as exc:
        return [line.replace(f"{folder}/", "") for line in [*problems, *str(exc).splitlines()]]
    old, new = read_folder(before.seeds / "lures"), read_folder(folder / "lures")
    changed = {name.partition("/")[0] for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    if changed:
        everywhere = any(name.endswith(".yml") for name in changed)
        entries = tuple(entry for entry in read.entries if everywhere or entry.language in changed)
        problems += [*example_faults(read), *(faults(msgspec.structs.replace(read, entries=entries)) if entries else ())]
    return [line.replace(f"{folder}/", "") for line in problems]


def _repository_of(before: InForce) -> Path:
    if before.repository is None or not is_repository(before.repository):
        raise PermanentError(f"{before.repository or before.seeds} is no git repository of its own: {before.sentence}")
    return before.repository


def _read_signers(seeds: Path, before: InForce) -> bytes:
    """Return who may sign, as the commit in force says; before the first one, as the newest commit itself does."""
    if before.commit:
        path = before.seeds / SIGNERS
        return path.read_bytes() if path.is_file() else b""
    try:
        return git(seeds, "cat-file", "blob", f"HEAD:{SIGNERS}")
    except SeedsError:
        return b""


def _refusals(seeds: Path, engine: Engine, before: InForce, commit: SeedCommit, files: Files) -> list[str]:
    """Return why a commit cannot be accepted by anybody; empty where nothing speaks against it."""
    if SIGNERS not in files:
        return [f"it holds no file {SIGNERS}: with it nobody could change the seeds again (docs/sources.md)"]
    if not commit.signer:
        return [f"no key that {SIGNERS} of the seeds in force allows has signed it: `git commit -S`"]
    if before.commit and not follows(seeds, before.commit, commit.id):
        return ["it does not follow the commit in force: undoing is a commit of its own"]
    try:
        with engine.connect() as connection:
            find_signer(connection, commit.signer)
    except DeskRefusal as exc:
        return [str(exc)]
    return []


def _describe_signers(before: InForce, files: Files) -> list[str]:
    signers = files.get(SIGNERS, b"")
    if before.commit and _read_signers(before.seeds, before) == signers:
        return []
    names = sorted({line.split()[0].decode("utf-8", "replace") for line in signers.splitlines() if line.strip()})
    return [f"from then on these may sign: {', '.join(names)}"]


def _diff(seeds: Path, before: InForce, commit: str, files: Files) -> str:
    if before.commit:
        words = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", before.commit, commit)
        said = git(seeds, *words).decode("utf-8", "replace")
    else:
        said = "\n".join(sorted(find_changed(read_folder(before.seeds), files)))
    return said if len(said) <= DIFF else f"{said[:DIFF]}\n… {len(said) - DIFF} characters more: git diff"
