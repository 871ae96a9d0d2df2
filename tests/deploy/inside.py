"""First process of a stand-in for a container: ``inside.py SPECIFICATION``, run by root in namespaces of its own.

Builds a root folder that holds the machine's programs and what the specification mounts, and nothing else; then becomes the
service's command as the service's user, without capabilities, under its seccomp profile. Standard library only.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

LAYERED = ("/usr", "/etc")
"""Folders of the machine that a container sees, and may have more in; what is put in stays in the container."""
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")


def run(*command: str) -> None:
    """Run a command of the system; end with its words when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")


def bind(source: str, target: Path, *, read_only: bool) -> None:
    """Mount a file or folder at a place that is made for it."""
    if Path(source).is_dir():
        target.mkdir(parents=True, exist_ok=True)
    elif not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    run("mount", "--bind", source, str(target))
    if read_only:
        run("mount", "-o", "remount,bind,ro,nosuid", str(target))


def build(root: Path, spec: dict[str, Any]) -> None:
    """Mount everything below ``root``."""
    root.mkdir(parents=True, exist_ok=True)
    run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(root))
    for number, folder in enumerate(LAYERED):
        upper, work, merged = root / f".upper{number}", root / f".work{number}", root / folder.lstrip("/")
        for made in (upper, work, merged):
            made.mkdir()
        run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={folder},upperdir={upper},workdir={work}", str(merged))
    for folder in ("/bin", "/sbin", "/lib", "/lib64"):
        if Path(folder).is_symlink():
            (root / folder.lstrip("/")).symlink_to(Path(folder).readlink())
        elif Path(folder).is_dir():
            bind(folder, root / folder.lstrip("/"), read_only=True)
    mount_system_folders(root, spec["shm_bytes"])
    mount_memory(root, spec["tmpfs"])  # before what may lie below one of them: a checkout in the temporary folder does
    for source, target, read_only in spec["binds"]:
        bind(source, root / target.lstrip("/"), read_only=read_only)
    for path, owner, mode in spec["folders"]:
        made = root / path.lstrip("/")
        made.mkdir(parents=True, exist_ok=True)
        os.chown(made, *map(int, owner.split(":")))
        made.chmod(int(mode, 8))
    for folder in [*LAYERED, "/"] if spec["read_only"] else []:
        run("mount", "-o", "remount,ro", str(root / folder.lstrip("/")))


def mount_system_folders(root: Path, shm_bytes: int) -> None:
    """Make the temporary folders, the devices, the shared memory and /proc."""
    for folder in ("tmp", "var/tmp", "dev/shm", "run", "proc", "sys"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder).chmod(0o755 if folder in ("run", "proc", "sys") else 0o1777)
    (root / "var" / "run").symlink_to("../run")
    for device in DEVICES:
        bind(f"/dev/{device}", root / "dev" / device, read_only=False)
    for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        (root / "dev" / name).symlink_to(f"/proc/self/fd{target}")
    run("mount", "-t", "tmpfs", "-o", f"mode=1777,size={shm_bytes}", "tmpfs", str(root / "dev" / "shm"))
    run("mount", "-t", "proc", "proc", str(root / "proc"))


def mount_memory(root: Path, folders: list[tuple[str, str]]) -> None:
    """Mount the folders in memory that the service is given, with Docker's own options and its own."""
    for path, options in folders:
        made = root / path.lstrip("/")
        made.mkdir(parents=True, exist_ok=True)
        run("mount", "-t", "tmpfs", "-o", ",".join(["nosuid,nodev,noexec", options or "mode=1777"]), "tmpfs", str(made))


def become(spec: dict[str, Any]) -> None:
    """Take the root, the network and the user; run the command."""
    run("hostname", spec["environment"]["HOSTNAME"])
    run("ip", "link", "set", "lo", "up")
    for device, address in spec["interfaces"]:
        run("ip", "address", "add", f"{address}/24", "dev", device)
        run("ip", "link", "set", device, "up")
    for address, device in spec["more_addresses"]:
        run("ip", "address", "add", f"{address}/32", "dev", device)
    for address, device in spec["routes"]:
        run("ip", "route", "add", f"{address}/32", "dev", device)
    root = Path(spec["root"])
    build(root, spec)
    os.chdir(root)
    run("pivot_root", ".", ".")
    run("umount", "-l", ".")
    os.chdir(spec["folder"])
    os.umask(0o022)
    os.execve("/usr/bin/env", ["env", *spec["argv"]], spec["environment"])


if __name__ == "__main__":
    sys.stdin.readline()  # the network is ready
    become(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
