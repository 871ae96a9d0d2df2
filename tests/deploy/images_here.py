"""The images of docker-compose.yml as folders, variables and commands on this machine; facts about them are in images.yml."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.deploy.go_programs import ALERTMANAGER, VERSITYGW, go_program
from tests.services import elasticsearch, postgres

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
INSTALLED = ("airflow", "alembic", "billiard", "botocore", "celery", "flask_appbuilder", "kombu", "redis", "sqlalchemy")
Bind = tuple[str, str, bool]
"""(source on this machine, path in the container, read only)."""


@dataclass(frozen=True)
class Image:
    """What a container gets from its image."""

    entrypoint: list[str]
    command: list[str]
    environment: dict[str, str]
    folder: str
    account: str = ""
    """Its line of /etc/passwd."""
    binds: list[Bind] = field(default_factory=list)
    owned: list[tuple[str, str, str]] = field(default_factory=list)
    """(folder, user:group, mode): what a fresh named volume takes over."""


def facts() -> dict[str, dict[str, Any]]:
    """Return image -> what images.yml says of it."""
    loaded: dict[str, dict[str, Any]] = YAML(typ="safe").load(HERE / "images.yml")
    return loaded


def ours(scratch: Path) -> Image:
    """Return the image that the Dockerfile builds: its files in place, this environment's packages for those it installs."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    tree = scratch / "tree"
    for line in re.findall(r"^COPY (.+)$", text, re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            at = tree / target / (Path(source).name if target.endswith("/") else "")
            at.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                # Other tests write byte code meanwhile, each file under a name of a moment.
                shutil.copytree(ROOT / source, at, ignore=shutil.ignore_patterns("*.pyc.*"))
            else:
                shutil.copy(ROOT / source, at)
    given = dict(pair.split("=", 1) for line in re.findall(r"^ENV (.+)$", text, re.MULTILINE) for pair in shlex.split(line))
    (folder,) = re.findall(r"^WORKDIR (.+)$", text, re.MULTILINE)
    (uid, home, name) = re.findall(r"useradd --uid (\d+) --create-home --home-dir (\S+) (\w+)", text)[0]
    compile_byte_code(tree, re.findall(r"python -m compileall -q ([^&]+)", text)[0].split())
    environment_folder = Path(sys.prefix)
    scripts = str(environment_folder / "bin")
    # The packages are installed for the checkout's path, so the image's files stand there, too.
    binds: list[Bind] = [(str(tree), folder, True), (str(tree), str(ROOT), True), (sys.prefix, sys.prefix, True)]
    (tree / environment_folder.relative_to(ROOT)).mkdir(parents=True, exist_ok=True)
    return Image(
        entrypoint=json.loads(re.findall(r"^ENTRYPOINT (.+)$", text, re.MULTILINE)[0]),
        command=json.loads(re.findall(r"^CMD (.+)$", text, re.MULTILINE)[0]),
        environment={"PATH": f"{scripts}:{SYSTEM_PATH}", "HOME": home, "LANG": "C.UTF-8", **given}, folder=folder,
        account=f"{name}:x:{uid}:{uid}::{home}:/bin/sh", binds=binds,
        owned=[(home, f"{uid}:{uid}", "755"), ("/data", f"{uid}:{uid}", "755")],
    )  # fmt: skip


def compile_byte_code(tree: Path, packages: list[str]) -> None:
    """Compile what the Dockerfile compiles, and what its `pip install` does of the packages that Airflow's parts load.

    Nobody in a container may write byte code: each process would compile all it imports. What this machine has compiled is kept.
    """
    installed = [Path(sysconfig.get_path("purelib"), package) for package in INSTALLED]
    subprocess.run([sys.executable, "-m", "compileall", "-q", *packages, *installed], cwd=tree, check=True)


def theirs(name: str, scratch: Path) -> Image:
    """Return another project's image: the program of this machine behind a script that does what images.yml says."""
    name = name.partition("@")[0]
    fact = facts()[name]
    stand_in = HERE / "images" / fact["stand_in"]
    entrypoint = list(fact["entrypoint"])
    in_path = entrypoint[-1] if entrypoint[-1].startswith("/") else f"/usr/local/bin/{entrypoint[-1]}"
    binds, path = [(str(stand_in), in_path, True)], SYSTEM_PATH
    environment: dict[str, str] = {"LANG": "C.UTF-8"}
    if name.startswith("postgres"):
        path = f"{postgres.binaries()}:{path}"
    elif name.startswith("valkey"):
        for program in ("server", "cli"):
            here = shutil.which(f"valkey-{program}") or shutil.which(f"redis-{program}")
            binds.append((here or "", f"/usr/local/bin/valkey-{program}", True))
    elif name.startswith("versity"):
        binds.append((str(go_program(VERSITYGW)), "/usr/local/bin/versitygw", True))
    elif name.startswith("prom/prometheus"):
        binds = [(shutil.which("prometheus") or "", in_path, True)]
    elif name.startswith("prom/"):
        binds = [(str(go_program(ALERTMANAGER)), in_path, True)]
    elif name.startswith(("axllent", "grafana")):
        path = f"{Path(sys.prefix) / 'bin'}:{path}"
        binds.append((sys.prefix, sys.prefix, True))
    else:
        home, java = elasticsearch.installed()
        binds += elasticsearch_folders(home, scratch)
        path = f"/usr/share/elasticsearch/bin:{path}"
        environment |= {"ES_JAVA_HOME": str(java), "CLI_JAVA_OPTS": elasticsearch.SHORT_COMMAND}
        if not java.is_relative_to("/usr"):
            binds.append((str(java), str(java), True))
    return Image(
        entrypoint=entrypoint, command=list(fact["command"]), environment={"PATH": path, "HOME": "/", **environment},
        folder=fact["folder"], account=fact.get("account", ""), binds=binds,
        owned=[(folder, rights["user"], rights["mode"]) for folder, rights in fact["owned"].items()],
    )  # fmt: skip


def elasticsearch_folders(home: Path, scratch: Path) -> list[Bind]:
    """Return the mounts that make /usr/share/elasticsearch; the node of the tests lacks two of its scripts."""
    made = scratch / "elasticsearch"
    shutil.copytree(home / "bin", made / "bin", ignore=shutil.ignore_patterns("*.bat", "*.exe", "*.jar"))
    shutil.copytree(home / "config", made / "config")
    (made / "config" / "elasticsearch.yml").write_text(
        "cluster.name: docker-cluster\nnetwork.host: 0.0.0.0\n"
        # A test machine's disk may be nearly full; the watermark would make every index read-only.
        "cluster.routing.allocation.disk.threshold_enabled: false\n"
    )
    (made / "config" / "jvm.options.d").mkdir(exist_ok=True)
    (made / "config" / "jvm.options.d" / "short.options").write_text("\n".join(elasticsearch.SHORT_LIVED))
    options = made / "config" / "jvm.options"
    options.write_text(options.read_text().replace("file=gc.log", "file=/usr/share/elasticsearch/logs/gc.log"))
    security = "modules/x-pack-core,modules/x-pack-security,lib/tools/security-cli"
    tools = {"keystore": "lib/tools/keystore-cli", "certutil": security}
    for tool, libraries in tools.items():
        script = made / "bin" / f"elasticsearch-{tool}"
        script.write_text(f'#!/bin/bash\nCLI_NAME={tool}\nCLI_LIBS={libraries}\nsource "$(dirname "$0")"/elasticsearch-cli\n')
        script.chmod(0o755)
    for name in ("data", "logs"):
        (made / name).mkdir()
    for path in (made / "config", *(made / "config").rglob("*")):
        path.chmod(0o775 if path.is_dir() else 0o664)
    for name in ("lib", "modules", "plugins"):
        (made / name).mkdir()
    inner: list[Bind] = [(str(home / name), f"/usr/share/elasticsearch/{name}", True) for name in ("lib", "modules", "plugins")]
    return [(str(made), "/usr/share/elasticsearch", False), *inner]


def docker_profile() -> Path:
    """Return Docker's default seccomp profile, from its Go module."""
    module = "github.com/moby/profiles/seccomp@v0.3.0"
    answer = subprocess.run(["go", "mod", "download", "-json", module], capture_output=True, check=True, cwd="/")
    return Path(json.loads(answer.stdout)["Dir"]) / "default.json"
