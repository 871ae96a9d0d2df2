"""Brings the seeds that a release ships to an operator: into a plain folder, or onto the branch ``release`` of a repository.

In a folder what the operator did stays: a file that was edited keeps the edit, one that was deleted stays away, one that was
added is not touched; ``FOLDER/.shipped.json`` remembers the digests of what was shipped last. In a repository people merge the
branch: nothing here commits to theirs but the first commit of a new one.
"""

import hashlib
import json
import shutil
from pathlib import Path

from enrichment.errors import SeedsError
from foundation.whole_files import replace_file
from lurewatch.app.app_errors import PermanentError, typed_errors
from lurewatch.app.seeds.seed_commits import git, is_repository
from lurewatch.settings import SHIPPED_SEEDS

RECORD = ".shipped.json"
BRANCH = "refs/heads/release"
COPIES = ".accepted"
"""Folder of the accepted commits, where the seeds' folder is the one that all services share; no commit holds it."""
RELEASE = ("-c", "user.name=LureWatch release", "-c", "user.email=release@lurewatch.example")


@typed_errors()
def prepare_seeds(seeds: Path, version: str) -> str:
    """Make the repository at ``seeds``, or bring this release onto its branch; return a sentence about what to do next.

    Files that stood there stay, beside the release's first commit. Raises PermanentError where the folder cannot be written.
    """
    try:
        seeds.mkdir(parents=True, exist_ok=True)
        if not is_repository(seeds):
            bring(SHIPPED_SEEDS, seeds)
            (seeds / RECORD).unlink()
            shutil.rmtree(seeds / COPIES, ignore_errors=True)  # releases before 0.3 kept single files there
            git(seeds, "init", "--quiet", "--initial-branch=main")
            exclude = seeds / ".git" / "info" / "exclude"
            exclude.parent.mkdir(exist_ok=True)
            exclude.write_text(f"/{COPIES}/\n", encoding="utf-8")
            _commit_release(seeds, version)
            git(seeds, "update-ref", "refs/heads/main", BRANCH)
            git(seeds, "reset", "--quiet")
            edited = len(git(seeds, "status", "--porcelain").splitlines())
            return (
                f"{seeds}: a repository with the seeds of {version}, {edited} files otherwise than shipped; see docs/sources.md"
            )
    except OSError as exc:
        raise PermanentError(f"{exc.filename or seeds}: {exc.strerror}; name a folder that can be written") from exc
    if not _commit_release(seeds, version):
        return f"{seeds}: the branch release holds the seeds of {version} already"
    return f"{seeds}: the branch release holds the seeds of {version} now; look, `git merge -S release`, have it accepted"


def _commit_release(seeds: Path, version: str) -> bool:
    """Put the release's files onto the branch; tell whether that changed it. The work tree is not touched."""
    index = seeds / ".git" / "release-index"
    index.unlink(missing_ok=True)
    try:
        git(seeds, "-c", "core.autocrlf=false", "add", "--all", "--force", ".", index=index, at=SHIPPED_SEEDS)
        tree = git(seeds, "write-tree", index=index).decode().strip()
    finally:
        index.unlink(missing_ok=True)
    try:
        parent = git(seeds, "rev-parse", "--verify", "--quiet", BRANCH).decode().strip()
    except SeedsError:
        parent = ""
    if parent and git(seeds, "rev-parse", f"{parent}^{{tree}}").decode().strip() == tree:
        return False
    words = ("commit-tree", tree, *(("-p", parent) if parent else ()))
    made = git(seeds, *RELEASE, *words, given=f"Ship the seeds of LureWatch {version}\n".encode()).decode().strip()
    git(seeds, "update-ref", BRANCH, made)
    return True


def bring(shipped: Path, folder: Path) -> tuple[list[str], list[str]]:
    """Return (files written or removed, files kept because the operator edited them), as paths below ``folder``."""
    record = folder / RECORD
    before: dict[str, str] = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    now = {str(path.relative_to(shipped)): _digest(path) for path in sorted(shipped.rglob("*")) if path.is_file()}
    changed, kept = [], []
    for name in sorted(before.keys() | now.keys()):
        target = folder / name
        here = _digest(target) if target.is_file() else None
        if here == now.get(name):
            continue
        if here != before.get(name):
            if name in now and now[name] != before.get(name):
                kept.append(name)
        elif name in now and (here is not None or name not in before):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(shipped / name, target)
            changed.append(name)
        elif here is not None:
            target.unlink()
            changed.append(name)
    replace_file(record, json.dumps(now, indent=0))
    return changed, kept


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
