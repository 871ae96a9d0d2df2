"""Signs the report of a run as it is sealed, and says whose key signed one: SSHSIG, which stock ``ssh-keygen -Y verify`` reads.

The report holds the digests of the other files, so its signature vouches for the whole run. The worker's key lies outside
``runs``: who can write runs alone forges none. ``ssh-keygen`` itself judges signatures and the validity of keys.
"""

import hashlib
import os
import platform
import subprocess
from base64 import b64decode, encodebytes
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from struct import pack
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from crawlers.evidence.partition import REPORT, NotedReport, file_bytes
from foundation.crawl_errors import PartitionDamaged, RunUntrusted, StateError
from foundation.whole_files import create_file, replace_file

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # 45 ms, which only a crawl needs

SIGNATURE = f"{REPORT}.sig"
KEY, SIGNERS = "run_key", "run_signers"
"""A worker's own key in its state folder, and the list of the keys that count (``man ssh-keygen``, ALLOWED SIGNERS)."""
RUN_NAMESPACE = "lurewatch-run"
SECONDS = 30


def read_key(path: Path | None, state: Path) -> "Ed25519PrivateKey":
    """Return the key at ``path``, else the state folder's own, made at first use; that one is put on the folder's own list, which
    counts where the seeds are plain files without a list. Raises StateError."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_ssh_private_key

    own = path is None
    path = path or state / KEY
    try:
        if own and not path.exists():
            state.mkdir(parents=True, exist_ok=True)
            made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
            with suppress(FileExistsError):  # another process was quicker
                create_file(path, made, 0o600)
        key = load_ssh_private_key(path.read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("not an Ed25519 key")
        if own:
            listed = (state / SIGNERS).read_bytes() if (state / SIGNERS).exists() else b""
            if (public := _public_line(key)) not in listed:
                replace_file(state / SIGNERS, listed + f"{platform.node() or 'worker'} ".encode() + public + b"\n")
        return key
    except (OSError, ValueError, TypeError) as exc:  # TypeError: it has a passphrase
        why = exc.strerror if isinstance(exc, OSError) else exc
        raise StateError(
            f"{path}: the key that signs runs cannot be used ({why}); name a readable Ed25519 key without passphrase in "
            "LUREWATCH_RUN_KEY, made by `ssh-keygen -t ed25519 -N '' -f FILE`"
        ) from exc


def sign(content: bytes, key: "Ed25519PrivateKey", namespace: str = RUN_NAMESPACE) -> bytes:
    """Return the armoured signature of ``content`` (OpenSSH, PROTOCOL.sshsig)."""
    about = _fields(namespace.encode(), b"", b"sha512")
    signed = key.sign(b"SSHSIG" + about + _fields(hashlib.sha512(content).digest()))
    public = b64decode(_public_line(key).split()[1])
    blob = b"SSHSIG" + pack(">I", 1) + _fields(public) + about + _fields(_fields(b"ssh-ed25519", signed))
    return b"-----BEGIN SSH SIGNATURE-----\n" + encodebytes(blob) + b"-----END SSH SIGNATURE-----\n"


def signer_of(address: str, report: bytes, signers: bytes, noted: NotedReport | None = None) -> str:
    """Return the name on the list ``signers`` whose key signed the bytes of a run's report; "" for a run from before signing:
    where there is no list yet, and where the ledger noted exactly this report before there was one.

    A key must have been valid when the ledger ``noted`` the run, which nobody chooses who forges one; else now. Raises
    RunUntrusted for every other run.
    """
    try:
        signature = file_bytes(address, SIGNATURE) if signers else b""
    except PartitionDamaged:
        signature = b""
    if not signature:
        if not (noted.signed_by if noted else signers):
            return ""
        lost = "its signature is missing" if signers else f"it was signed, and the list {SIGNERS} is gone"
        raise RunUntrusted(f"{address}/{SIGNATURE}: {lost}; nothing of it is used: restore it from a backup or crawl again")
    try:
        return _find_signer(report, signature, signers, (noted.at if noted else None) or datetime.now(UTC))
    except ValueError as exc:
        raise RunUntrusted(
            f"{address}/{SIGNATURE}: no key that {SIGNERS} allowed then signed this report ({exc}); nothing of it is used: "
            f"restore it from a backup, or have the worker's key put on {SIGNERS} (docs/evidence.md)"
        ) from exc


def _find_signer(content: bytes, signature: bytes, signers: bytes, at: datetime) -> str:
    with TemporaryDirectory() as folder:
        for name, data in (("s", signature), ("k", signers)):
            Path(folder, name).write_bytes(data)
        given = ("-s", f"{folder}/s", "-f", f"{folder}/k", f"-Overify-time={at.astimezone(UTC):%Y%m%d%H%M%S}")
        found = _run_keygen("find-principals", *given).decode("utf-8", "replace").splitlines()
        name = found[0].partition(",")[0]
        _run_keygen("verify", *given, "-I", name, "-n", RUN_NAMESPACE, given=content)
        return name


def _run_keygen(*words: str, given: bytes = b"") -> bytes:
    """Return what ssh-keygen prints; raise ValueError with its words when it refuses, StateError when it is not there."""
    environ = os.environ | {"TZ": "UTC", "LC_ALL": "C"}
    try:
        command = ["ssh-keygen", "-Y", *words]
        done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS, check=False, env=environ)
    except (OSError, subprocess.SubprocessError) as exc:
        raise StateError(f"ssh-keygen cannot be asked ({exc}); install openssh-client") from exc
    if done.returncode:
        raise ValueError((done.stderr or done.stdout).decode("utf-8", "replace").strip().replace("\n", "; "))
    return done.stdout


def _public_line(key: "Ed25519PrivateKey") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)


def _fields(*parts: bytes) -> bytes:
    return b"".join(pack(">I", len(part)) + part for part in parts)
