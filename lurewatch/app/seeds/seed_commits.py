"""Reads commits of the seeds' repository with git: who signed one, and what stands in it, byte by byte. Brings the seeds that a
release ships into a plain folder, or onto the branch ``release`` of a repository.

Whoever can write the repository can write its configuration, hooks and attributes: none of them is read. ``git verify-commit``'s
own machinery judges the signatures, by the keys in the file ``allowed_signers`` of the commit in force.

In a plain folder what the operator did stays; ``FOLDER/.shipped.json`` remembers the digests of what was shipped last. In a
repository people merge the branch: nothing here commits to theirs but the first commit of a new one.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from enrichment.errors import SeedsError
from foundation.messages import _
from foundation.whole_files import replace_file
from lurewatch.app.app_errors import PermanentError, typed_errors
from lurewatch.settings import SHIPPED_SEEDS

SIGNERS = "allowed_signers"
"""File of the seeds: e-mail address and public key of who may sign (``man ssh-keygen``, ALLOWED SIGNERS)."""
SECONDS, MOST_COMMITS = 60, 200
"""For one command of git, and commits that are looked through for the newest signed one."""
Files = Mapping[str, bytes]
"""Path below the seeds folder -> content."""


class SeedCommit(msgspec.Struct, frozen=True, kw_only=True):
    """A commit of the seeds."""

    id: str
    author: str
    at: str
    """ISO 8601."""
    subject: str
    signer: str = ""
    """E-mail address of the key that signed it; empty: no allowed key did."""


def is_repository(seeds: Path) -> bool:
    """Whether a seeds folder is the top of a git work tree of its own."""
    return (seeds / ".git").exists()


def git(
    seeds: Path, *words: str, signers: Path | None = None, given: bytes = b"", index: Path | None = None, at: Path | None = None
) -> bytes:
    """Return what a git command prints, with another ``index``, or work tree ``at``; raise SeedsError with its words."""
    options = {
        "safe.directory": "*", "core.fsmonitor": "false", "core.hooksPath": os.devnull, "core.attributesFile": os.devnull,
        "gpg.format": "ssh", "gpg.ssh.program": "ssh-keygen", "gpg.ssh.allowedSignersFile": str(signers or os.devnull),
        "gpg.ssh.revocationFile": "", "gpg.program": "false", "gpg.openpgp.program": "false", "gpg.x509.program": "false",
        "gpg.minTrustLevel": "undefined", "log.showSignature": "false", "core.quotePath": "false",
    }  # fmt: skip
    settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environ = kept | {
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": os.devnull,
        "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8", **({"GIT_INDEX_FILE": str(index.resolve())} if index else {}),
    }  # fmt: skip
    at = at or seeds
    command = ["git", "--no-pager", f"--git-dir={(seeds / '.git').resolve()}", f"--work-tree={at}", *settings, *words]
    try:
        done = subprocess.run(command, capture_output=True, input=given, env=environ, timeout=SECONDS, check=False, cwd=at)
    except (OSError, subprocess.SubprocessError) as exc:
        raise SeedsError(f"{seeds}: git cannot be asked ({exc}); install git and openssh-client") from exc
    if done.returncode:
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
        raise SeedsError(f"{seeds}: git {words[0]}: {said or done.returncode}")
    return done.stdout


def read_commit(seeds: Path, commit: str) -> dict[str, bytes]:
    """Return every file of a commit; raise SeedsError for one that is damaged, or holds what is no ordinary file.

    Every object is hashed again: git itself believes what lies under a name.
    """
    tree = git(seeds, "ls-tree", "-r", "-z", "--full-tree", commit).decode("utf-8", "surrogateescape")
    entries = [(*entry.partition("\t")[0].split(), entry.partition("\t")[2]) for entry in filter(None, tree.split("\0"))]
    if strange := [name for mode, _kind, _oid, name in entries if mode not in ("100644", "100755") or ".." in name.split("/")]:
        raise SeedsError(_("%(file)s is no ordinary file; seeds hold files alone", file=strange[0]))
    output = git(seeds, "cat-file", "--batch", given="".join(f"{oid}\n" for _m, _k, oid, _n in entries).encode())
    files, at = {}, 0
    for _mode, _kind, oid, name in entries:
        head = output[at : at + 200].partition(b"\n")[0]
        size = int(head.split()[2])
        content = output[at + len(head) + 1 : at + len(head) + 1 + size]
        at += len(head) + size + 2
        if hashlib.sha1(b"blob %d\0" % size + content, usedforsecurity=False).hexdigest() != oid:
            raise SeedsError(_("%(file)s is not what its commit says; fetch the repository anew", file=name))
        files[name] = content
    return files


def content_digest(files: Files) -> str:
    """Return the SHA-256 of files with their names, hex."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape") + content)
    return digest.hexdigest()


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, links followed; {} where it is not there."""
    names = [Path(root, name) for root, _folders, names in os.walk(folder) for name in names]
    return {str(path.relative_to(folder)): path.read_bytes() for path in names if path.is_file()}


def write_files(folder: Path, files: Files) -> None:
    """Write files below a folder, whole each."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, content)


def list_commits(seeds: Path, allowed: bytes, since: str = "") -> list[SeedCommit]:
    """Return the commits on the checked-out branch, the newest first, those up to ``since`` left out, with their signers."""
    shown = "%x1f".join(("%H", "%an", "%cI", "%s", "%G?", "%GS")) + "%x1e"
    chosen = ["HEAD", *([f"^{since}"] if since else [])]
    with TemporaryDirectory() as folder:
        signers = Path(folder) / SIGNERS
        signers.write_bytes(allowed)
        said = git(seeds, "log", "--first-parent", f"-{MOST_COMMITS}", f"--format={shown}", *chosen, signers=signers)
    lines = [line.strip("\n").split("\x1f") for line in said.decode("utf-8", "replace").split("\x1e") if line.strip()]
    return [
        SeedCommit(id=id, author=author, at=at, subject=subject, signer=signer if verdict == "G" else "")
        for id, author, at, subject, verdict, signer in lines
    ]


def follows(seeds: Path, earlier: str, later: str) -> bool:
    """Whether a commit is a descendant of another one: what was undone comes back by a commit of its own."""
    return not git(seeds, "rev-list", "--max-count=1", earlier, f"^{later}").strip()


def check_objects(seeds: Path) -> None:
    """Raise SeedsError where an object of the repository is not what its name says."""
    git(seeds, "fsck", "--full", "--no-dangling", "--no-progress")


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
