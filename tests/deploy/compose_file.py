"""docker-compose.yml as Compose reads it: anchors merged, variables put in, short forms written out."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_VARIABLE = re.compile(r"\$(?:(\$)|\{(\w+)(?:(:-|:\?)([^}]*))?\})")


@dataclass(frozen=True)
class Service:
    """One service, with what Compose would hand to the engine."""

    name: str
    image: str
    user: str
    command: list[str] | None
    entrypoint: list[str] | None
    environment: dict[str, str]
    mounts: list[tuple[str, str, bool]]
    """(named volume, path in the container, read only)."""
    files: list[tuple[Path, str]]
    """(file or folder on this machine, path in the container): secrets, and folders of the project."""
    depends_on: dict[str, str]
    healthcheck: list[str]
    capabilities: list[str]
    seccomp: Path | None
    """The profile; None is the engine's default."""
    one_shot: bool
    shm_bytes: int
    networks: list[str]
    read_only: bool
    tmpfs: list[tuple[str, str]]
    """(path, options) of folders in memory."""
    memory_bytes: int
    pids: int
    profiles: list[str]
    raw: dict[str, Any] = field(default_factory=dict)


def substituted(value: Any, variables: dict[str, str]) -> Any:
    """Return a value with ``${NAME}``, ``${NAME:-default}``, ``${NAME:?message}`` and ``$$`` resolved, as Compose does."""
    if isinstance(value, dict):
        return {key: substituted(one, variables) for key, one in value.items()}
    if isinstance(value, list):
        return [substituted(one, variables) for one in value]
    if not isinstance(value, str):
        return value

    def replace(match: re.Match[str]) -> str:
        if match[1]:
            return "$"
        if given := variables.get(match[2]):
            return given
        if match[3] == ":?":
            raise ValueError(f"{match[2]}: {match[4]}")
        return match[4] or ""

    return _VARIABLE.sub(replace, value)


def variables_of(file: Path) -> dict[str, str]:
    """Return the variables of an ``.env`` file."""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def bytes_of(size: str) -> int:
    """Return a size as Compose writes it: ``512m``, ``2g``."""
    return int(size[:-1]) << {"m": 20, "g": 30}[size[-1]]


def read_compose(project: Path) -> dict[str, Any]:
    """Return a project's docker-compose.yml with its variables put in."""
    loaded = YAML(typ="safe").load(project / "docker-compose.yml")
    compose: dict[str, Any] = substituted(loaded, variables_of(project / ".env"))
    return compose


def read_services(project: Path) -> dict[str, Service]:
    """Return the services of a project's docker-compose.yml."""
    compose = read_compose(project)
    return {name: _service(name, raw, compose, project) for name, raw in compose["services"].items()}


def _service(name: str, raw: dict[str, Any], compose: dict[str, Any], project: Path) -> Service:
    files = [(project / compose["secrets"][one]["file"], f"/run/secrets/{one}") for one in raw.get("secrets", [])]
    mounts = []
    for written in raw.get("volumes", []):
        volume, path, *mode = written.split(":")
        if volume.startswith("./") and mode == ["ro"]:
            files.append((project / volume, path))
            continue
        if volume not in compose["volumes"]:
            raise ValueError(f"{name}: volume {volume} is not declared")
        mounts.append((volume, path, mode == ["ro"]))
    profiles = [one.partition("=")[2] for one in raw.get("security_opt", []) if one.startswith("seccomp=")]
    test = raw.get("healthcheck", {}).get("test", [])
    check = ["/bin/sh", "-c", test[1]] if test[:1] == ["CMD-SHELL"] else test[1:]
    return Service(
        name=name, image=raw["image"], user=raw["user"], command=raw.get("command"), entrypoint=raw.get("entrypoint"),
        environment={key: str(value) for key, value in raw.get("environment", {}).items()}, mounts=mounts, files=files,
        depends_on={one: how["condition"] for one, how in raw.get("depends_on", {}).items()}, healthcheck=check,
        capabilities=raw.get("cap_add", []), seccomp=project / profiles[0] if profiles else None,
        one_shot=raw["restart"] == "no", shm_bytes=bytes_of(raw.get("shm_size", "64m")), networks=raw.get("networks", []),
        read_only=raw["read_only"], tmpfs=[(path, options) for path, _, options in (one.partition(":") for one in raw["tmpfs"])],
        memory_bytes=bytes_of(raw["mem_limit"]), pids=raw["pids_limit"], profiles=raw.get("profiles", []), raw=raw,
    )  # fmt: skip
