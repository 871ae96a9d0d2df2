"""The lexicon in force: ``lures/`` and ``places.yml`` or, while one of them is faulty, the versions accepted last.

They are one set, because rules depend on each other: one faulty file keeps all edits from taking effect. Every fault is
reported.
"""

import hashlib
import logging
import shutil
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp

import msgspec

from enrichment.errors import SeedsError
from enrichment.lexicon.digest import lexicon_digest
from lurewatch.app.seeds.accepted_files import READ_ONLY, accepted_folder, keep_accepted
from lurewatch.app.seeds.sources_in_force import accept_sources
from lurewatch.settings import Settings

LOG = logging.getLogger("lurewatch.app.lures.lexicon_in_force")


class LexiconInForce(msgspec.Struct, frozen=True, kw_only=True):
    """The seeds that judge texts now."""

    seeds: Path
    """Folder with the ``lures/`` and ``places.yml`` to read."""
    problems: tuple[str, ...] = ()
    """Why the files of the seeds folder are not in force, each ``file:line: what is wrong; fix``; nothing while they are."""


def lexicon_in_force(settings: Settings) -> LexiconInForce:
    """Return what is in force; raise SeedsError where the files are faulty and none were accepted before."""
    key, accepted = lexicon_key(settings.seeds), accepted_lexicon(settings)
    if accepted is not None and accepted.name == key:
        return LexiconInForce(seeds=settings.seeds)
    problems = _problems(settings.seeds, key)
    if problems and accepted is None:
        raise SeedsError("\n".join(problems))
    return LexiconInForce(seeds=accepted if problems and accepted else settings.seeds, problems=problems)


def accept_lexicon(settings: Settings) -> LexiconInForce:
    """Keep valid files as the version to fall back on; return what is in force. Raises SeedsError as above."""
    key, in_force = lexicon_key(settings.seeds), lexicon_in_force(settings)
    if not in_force.problems:
        keep_lexicon(settings, key)
    return in_force


def lexicon_version(settings: Settings) -> str:
    """Return the SHA-256 of the lure files that were accepted last, hex, else of the present ones; empty where there are none."""
    try:
        return lexicon_digest((accepted_lexicon(settings) or settings.seeds) / "lures")
    except OSError:
        return ""


def accepted_lexicon(settings: Settings) -> Path | None:
    """Return the folder with ``lures/`` and ``places.yml`` as accepted last; None where none were."""
    try:
        folder = _folder(settings) / (_folder(settings) / "current").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return folder if folder.is_dir() else None


def lexicon_key(seeds: Path) -> str:
    """Return a name for the content of the files, as this release reads them; empty where they cannot be read."""
    content = lexicon_content(seeds)
    return hashlib.sha256(f"{version('lurewatch')}\0{content}".encode()).hexdigest()[:32] if content else ""


def lexicon_content(seeds: Path) -> str:
    """Return the digest of ``lures/`` and ``places.yml``, the same on every machine; empty where they cannot be read."""
    try:
        parts = (lexicon_digest(seeds / "lures").encode(), (seeds / "places.yml").read_bytes())
    except OSError:
        return ""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:32]


def keep_lexicon(settings: Settings, key: str) -> None:
    """Keep the files, which were found valid when their key was ``key``; nothing where this process may not write."""
    accepted = accepted_lexicon(settings)
    if not key or (accepted is not None and accepted.name == key):
        return
    try:
        _keep(settings.seeds, _folder(settings), key)
    except OSError as exc:
        log = LOG.info if exc.errno in READ_ONLY else LOG.warning
        log("the lexicon is not kept (%s): while a file of it is faulty, an older one would be in force", exc)


def _folder(settings: Settings) -> Path:
    return accepted_folder(settings) / "lexicon"


@lru_cache(maxsize=4)
def _problems(seeds: Path, key: str) -> tuple[str, ...]:  # noqa: ARG001  ``key`` is the content the answer is about
    """Return every fault of the files."""
    from enrichment.facts.places import Gazetteer
    from enrichment.lexicon.lexicon import lexicon

    problems: list[str] = []
    for read in (lambda: lexicon(seeds / "lures"), lambda: Gazetteer(seeds / "places.yml")):
        try:
            read()
        except (SeedsError, OSError) as exc:
            problems += str(exc).splitlines()
    return tuple(problems)


def _keep(seeds: Path, folder: Path, key: str) -> None:
    """Copy the files to ``folder/key`` and make that the current ones; the ones before stay for who reads them now."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(dir=folder, prefix=".draft-"))
    try:
        shutil.copyfile(seeds / "places.yml", draft / "places.yml")
        for file in (*(seeds / "lures").glob("*.yml"), *(seeds / "lures").glob("*/*.yml")):
            target = draft / file.relative_to(seeds)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        if lexicon_key(draft) != key:
            return  # somebody is editing them: the next call keeps what stands then
        draft.chmod(0o755)
        if not (folder / key).is_dir():
            draft.rename(folder / key)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    current = folder / "current"
    before = current.read_text(encoding="utf-8").strip() if current.is_file() else key
    keep_accepted(current, key.encode())
    for other in folder.iterdir():
        if other.is_dir() and other.name not in (key, before) and not other.name.startswith("."):
            shutil.rmtree(other, ignore_errors=True)


def accept_seeds(settings: Settings) -> None:
    """Accept each valid source file, and the lexicon if it is valid; log what is faulty. Raises SourceError without a folder.

    Called every five minutes: what an operator wrote and nobody ran yet is accepted, too.
    """
    for fault in accept_sources(settings).faults:
        LOG.warning("%s; %s", "; ".join(fault.problems), fault.consequence)
    try:
        problems = accept_lexicon(settings).problems
    except SeedsError as exc:
        problems = tuple(str(exc).splitlines())
    for problem in problems:
        LOG.warning("%s; the lexicon accepted last stays in force, if there is one", problem)
