"""Run a program under a Docker seccomp profile: ``python seccomp.py PROFILE PROGRAM [ARGUMENT ...]``.

The profile is resolved as Docker does for a container without capabilities and handed to libseccomp, the library Docker's own
runtime uses.
"""

import ctypes
import errno
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
COMPARISONS = {f"SCMP_CMP_{name}": number for number, name in enumerate(("", "NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ"))}
ALLOW = 0x7FFF0000
NO_NEW_PRIVS = 38


class Comparison(ctypes.Structure):
    """libseccomp's ``struct scmp_arg_cmp``."""

    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("one", ctypes.c_uint64), ("two", ctypes.c_uint64))


def rules(profile: dict[str, Any], machine: str) -> list[dict[str, Any]]:
    """Return the rules that hold for a container without capabilities on this machine and a kernel of these years."""
    arch = ARCHITECTURES[machine]
    kept = []
    for rule in profile["syscalls"]:
        included, excluded = rule.get("includes") or {}, rule.get("excludes") or {}
        if included.get("caps") or arch not in (included.get("arches") or [arch]) or arch in (excluded.get("arches") or []):
            continue
        kept.append(rule)
    return kept


def load(profile: dict[str, Any]) -> None:
    """Put this process, and all it becomes, under the profile."""
    library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_rule_add_array.argtypes = (
        ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.POINTER(Comparison),
    )  # fmt: skip
    library.seccomp_load.argtypes = (ctypes.c_void_p,)
    refuse = 0x00050000
    default = refuse | profile.get("defaultErrnoRet", errno.EPERM)
    context = library.seccomp_init(ctypes.c_uint32(default))
    for rule in rules(profile, platform.machine()):
        action = ALLOW if rule["action"] == "SCMP_ACT_ALLOW" else refuse | rule.get("errnoRet", errno.EPERM)
        if action == default:
            continue
        compared = [
            Comparison(one["index"], COMPARISONS[one["op"]], one["value"], one.get("valueTwo", 0))
            for one in rule.get("args") or []
        ]
        arguments = (Comparison * len(compared))(*compared)
        for name in rule["names"]:
            number = library.seccomp_syscall_resolve_name(name.encode())
            if number < 0:  # of another architecture, or newer than this library
                continue
            if failed := library.seccomp_rule_add_array(context, action, number, len(compared), arguments):
                raise OSError(-failed, f"seccomp rule for {name}: {os.strerror(-failed)}")
    ctypes.CDLL(None).prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    if failed := library.seccomp_load(context):
        raise OSError(-failed, f"seccomp profile not loaded: {os.strerror(-failed)}")


if __name__ == "__main__":
    load(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    os.execvp(sys.argv[2], sys.argv[2:])
