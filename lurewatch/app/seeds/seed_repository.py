"""Makes the seeds' repository, and brings what a release ships onto its branch ``release``, which people merge.

The branch checked out is theirs: nothing here commits to it but the first commit of a new repository.
"""

import shutil
from pathlib import Path

from enrichment.errors import SeedsError
from lurewatch.app.app_errors import PermanentError, typed_errors
from lurewatch.app.seeds.seed_commits import git, is_repository
from lurewatch.app.seeds.shipped_seeds import RECORD, bring
from lurewatch.settings import SHIPPED_SEEDS

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
