"""Memory and process limits of a service, by control groups, as a container engine sets them."""

import os
from dataclasses import dataclass
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Limits:
    """The control groups of one service; none where this machine does not let us make them."""

    groups: tuple[Path, ...]

    def entered(self, words: list[str]) -> list[str]:
        """Return a command that joins the groups and then becomes ``words``."""
        if not self.groups:
            return words
        joins = "".join(f"echo $$ > {group}/cgroup.procs; " for group in self.groups)
        return ["sh", "-ec", f'{joins}exec "$@"', "sh", *words]

    def peak_bytes(self) -> int | None:
        """Return the most memory the service has used, its page cache included; None without a group."""
        for group in self.groups:
            for name in ("memory.max_usage_in_bytes", "memory.peak"):
                if (group / name).exists():
                    return int((group / name).read_text())
        return None


def limited(service: str, memory_bytes: int, pids: int) -> Limits:
    """Return fresh groups with the limits in force (version 1 or 2 of the kernel's interface)."""
    name = f"lurewatch-{os.getpid()}-{service}"
    kinds = [CGROUPS / "memory", CGROUPS / "pids"] if (CGROUPS / "memory").is_dir() else [CGROUPS]
    groups: list[Path] = []
    try:
        for kind in kinds:
            group = kind / name
            group.mkdir(exist_ok=True)
            groups.append(group)
            for file, value in (("memory.limit_in_bytes", memory_bytes), ("memory.max", memory_bytes), ("pids.max", pids)):
                if (group / file).exists():
                    (group / file).write_text(str(value))
    except OSError:
        remove(Limits(tuple(groups)))
        return Limits(())
    return Limits(tuple(groups))


def remove(limits: Limits) -> None:
    """Take the groups away; one that still holds a dying process stays until the machine ends."""
    for group in limits.groups:
        try:
            group.rmdir()
        except OSError:
            continue
