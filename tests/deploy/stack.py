"""docker-compose.yml started without Docker: each service a process in namespaces of its own, on a network of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.deploy.compose_file import Service, read_compose, read_services
from tests.deploy.images_here import HERE, ROOT, Bind, Image, docker_profile, ours, theirs
from tests.deploy.limits import Limits, limited, remove
from tests.deploy.networks import Networks, has_network
from tests.services.guardian import MARK

OPERATOR = 1234
"""The user who ran ``make secrets``: nobody a container runs as."""
OURS = 10001
"""The account of our image."""
SITE_ADDRESS, SITE_NAME = "192.31.196.10", "jobs.example.org"
"""A public address by the guard's rules, of a network (AS112) that serves no web site; here one does."""
POLICY = """
from datetime import timedelta

def task_policy(task):
    task.retry_delay, task.max_retry_delay, task.retries = timedelta(seconds=5), timedelta(seconds=15), 4 * task.retries
"""
"""A task that failed is tried again soon and so, in the time its retries took, more often: ``airflow_local_settings.py``."""
HASTE = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "30",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "5",
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "10",
    # Files are read anew when a test asks for it (stack_questions.read_dags_anew).
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "3600",
    "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
    "PYTHONPATH": "/run/policy",
}
"""What Airflow's parts find changed: the clocks of the file go faster, and nobody works for nothing."""


class Stack:
    """The services of the compose file; ``site`` is a folder served to the crawler as a public web site."""

    def __init__(self, folder: Path, site: Path) -> None:
        self.folder, self.site = folder, site
        self.project = folder / "project"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.limits: dict[str, Limits] = {}
        self.restarts: Counter[str] = Counter()
        self.one_at_a_time = threading.Lock()
        self.prepared_project()
        self.services = read_services(self.project)
        for name in ("scratch", "logs", "volumes", "specs", "roots"):
            (folder / name).mkdir()
        self.images: dict[str, Image] = {}
        for image in {service.image for service in self.services.values()}:
            self.images[image] = ours(folder / "scratch") if image.startswith("lurewatch:") else theirs(image, folder / "scratch")
        self.policy = folder / "scratch" / "airflow_local_settings.py"
        self.policy.write_text(POLICY)
        self.profile = folder / "scratch" / "docker-default.json"
        shutil.copy(docker_profile(), self.profile)
        members = {name: service.networks for name, service in self.services.items()} | {"site": ["outside"]}
        self.networks = Networks(read_compose(self.project)["networks"], members)
        wait_until(lambda: has_network(self.networks.switch), 60, "a network")
        self.networks.make_bridges()

    def prepared_project(self) -> None:
        """Do what docs/deploy.md tells the operator to: a clone, ``.env``, ``make secrets``."""
        self.project.mkdir(parents=True)
        shutil.copy(ROOT / "docker-compose.yml", self.project)
        shutil.copytree(ROOT / "deploy", self.project / "deploy")
        shutil.copy(ROOT / ".env.example", self.project / ".env")
        command = [sys.executable, "-m", "deploy.stack.secret_files", "secrets"]
        subprocess.run(command, cwd=self.project, check=True, stdout=subprocess.DEVNULL)
        for path in (self.project / "secrets", *(self.project / "secrets").iterdir()):
            os.chown(path, OPERATOR, OPERATOR)

    def up(self, names: Iterable[str] | None = None) -> None:
        """Start services, and before each what it depends on; return when all run, or have ended if they are one-shot."""
        every = [name for name, service in self.services.items() if not service.profiles]
        wanted = list(every if names is None else names)
        for name in wanted:
            wanted += [one for one in self.services[name].depends_on if one not in wanted]
        wanted = [name for name in wanted if name not in self.processes]
        reached = {name: threading.Event() for name in wanted}
        failures: list[str] = []
        threads = [threading.Thread(target=self._follow, args=(self.services[name], reached, failures)) for name in wanted]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise RuntimeError("\n".join(failures))

    def _follow(self, service: Service, reached: dict[str, threading.Event], failures: list[str]) -> None:
        """Start a service once what it depends on is ready, and say when it is ready itself."""
        try:
            for name in service.depends_on:
                if name in reached:
                    reached[name].wait()
            if failures:
                return
            self.start(service.name)
            if service.one_shot:
                self.ended(service.name)
            elif any(service.name in other.depends_on for other in self.services.values()):
                wait_until(lambda: self.healthy(service.name), 600, service.name, self, pause=1)
        except (RuntimeError, TimeoutError, OSError, subprocess.SubprocessError) as exc:
            failures.append(f"{service.name}: {exc}\n{self.log(service.name)[-3000:]}")
        finally:
            reached[service.name].set()

    def ended(self, name: str) -> None:
        """Wait for a one-shot service; raise RuntimeError when it did not end well."""
        if code := self.processes[name].wait(600):
            raise RuntimeError(f"ended with {code}")

    def healthy(self, name: str) -> bool:
        """Whether a service's own health check passes."""
        return self.exec(name, *self.services[name].healthcheck).returncode == 0

    def log(self, name: str) -> str:
        """Return what a service has printed."""
        path = self.folder / "logs" / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def start(self, name: str, *command: str) -> None:
        """Start one service, with another command if one is given."""
        service = self.services[name]
        image = self.images[service.image]
        if service.entrypoint:
            words = [*service.entrypoint, *(command or service.command or [])]
        else:
            words = [*image.entrypoint, *(command or service.command or image.command)]
        binds = [*image.binds, *((str(file), target, True) for file, target in service.files)]
        binds += [(str(self._volume(volume, path, image)), path, ro) for volume, path, ro in service.mounts]
        self._run(name, words, service.user, self.environment(name), image.folder, binds, image=image, service=service)

    def run(self, name: str, *command: str) -> tuple[int, str]:
        """Run a service to its end and return its code and what it printed: ``docker compose run --rm``."""
        before = len(self.log(name))
        self.start(name, *command)
        code = self.processes.pop(name).wait(600)
        return code, self.log(name)[before:]

    def put_into(self, volume: str, name: str, folder: Path) -> None:
        """Copy a folder into a named volume, for the account of our image."""
        target = self.folder / "volumes" / volume / name
        with suppress(shutil.Error):  # what another test took out of the folder meanwhile; all else is copied
            shutil.copytree(folder, target)
        for path in (target, *target.rglob("*")):
            os.chown(path, OURS, OURS)

    def serve_site(self) -> None:
        """Serve the site's folder at its public address."""
        words = ["python3", "-m", "http.server", "80", "--bind", SITE_ADDRESS, "--directory", "/site"]
        image = self.images[self.services["desk"].image]
        self._run(
            "site", words, "0:0", image.environment | {"HOSTNAME": "site", MARK: os.environ[MARK]}, "/",
            [*image.binds, (str(self.site), "/site", True)],
            image=image, service=None,
        )  # fmt: skip

    def environment(self, name: str) -> dict[str, str]:
        """Return what a process of the service finds in its environment."""
        service = self.services[name]
        given = self.images[service.image].environment | {"HOSTNAME": name}
        if not service.user.startswith("10001"):
            given["HOME"] = "/"
        haste = HASTE if "AIRFLOW_HOME" in service.environment else {}
        return given | service.environment | haste | {MARK: os.environ[MARK]}

    def _volume(self, volume: str, path: str, image: Image) -> Path:
        """Return a named volume's folder; a fresh one has the owner and mode of the image's folder, else root's."""
        folder = self.folder / "volumes" / volume
        with self.one_at_a_time:
            if not folder.exists():
                folder.mkdir()
                for owned, user, mode in image.owned:
                    if owned == path:
                        os.chown(folder, *map(int, user.split(":")))
                        folder.chmod(int(mode, 8))
        return folder

    def _run(
        self, name: str, words: list[str], user: str, environment: dict[str, str], folder: str, binds: list[Bind], *,
        image: Image, service: Service | None,
    ) -> None:  # fmt: skip
        attached = self.networks.interfaces[name]
        outside = [(SITE_ADDRESS, attached[-1].device)] if self.networks.leads_outside(name) else []
        binds = [(sys.base_prefix, sys.base_prefix, True), *binds, *self._system_files(name, image)]
        spec = {
            "root": str(self.folder / "roots" / name), "interfaces": [(each.device, each.address) for each in attached],
            "more_addresses": [] if service else outside, "routes": outside if service else [],
            "binds": binds, "folder": folder, "environment": environment,
            "tmpfs": service.tmpfs if service else [], "read_only": service.read_only if service else False,
            "folders": [owned for owned in image.owned if owned[0] not in {target for _, target, _ in binds}],
            "argv": self._as_user(user, service) + words, "shm_bytes": service.shm_bytes if service else 64 << 20,
        }  # fmt: skip
        written = self.folder / "specs" / f"{name}.json"
        written.write_text(json.dumps(spec), encoding="utf-8")
        log = (self.folder / "logs" / f"{name}.log").open("ab")
        namespaces = ("--mount", "--uts", "--ipc", "--net", "--pid", "--fork")
        if service and name not in self.limits:
            self.limits[name] = limited(name, service.memory_bytes, service.pids)
        words = ["unshare", *namespaces, sys.executable, "-S", str(HERE / "inside.py"), str(written)]
        process = subprocess.Popen(
            self.limits[name].entered(words) if service else words, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        log.close()
        self.processes[name] = process
        wait_until(lambda: has_network(process), 60, name)
        self.networks.attach(name, process)
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.close()
        wait_until(lambda: process.poll() is not None or b"inside.py" not in command_line(process), 60, name)

    def _as_user(self, user: str, service: Service | None) -> list[str]:
        uid, gid = user.split(":")
        kept = "".join(f",+{one.lower()}" for one in (service.capabilities if service else ["net_bind_service"]))
        rights = ["--clear-groups", "--inh-caps=-all", f"--bounding-set=-all{kept}", "--no-new-privs"]
        confined = [f"{sys.base_prefix}/bin/python3", "-S", "/run/seccomp.py", "/run/seccomp.json"]
        return ["setpriv", f"--reuid={uid}", f"--regid={gid}", *rights, "--", *confined]

    def _system_files(self, name: str, image: Image) -> list[Bind]:
        """Return mounts of the names and accounts a container knows, and of what puts it under its seccomp profile."""
        folder = self.folder / "scratch" / "system"
        folder.mkdir(exist_ok=True)
        known = [f"{address} {host}" for host, address in self.networks.known_to(name).items()]
        if self.networks.leads_outside(name):
            known.append(f"{SITE_ADDRESS} {SITE_NAME}")
        texts = {
            "hosts": "\n".join(["127.0.0.1 localhost", *known]),
            "passwd": "\n".join(["root:x:0:0::/root:/bin/sh", image.account]), "group": "root:x:0:", "resolv.conf": "",
        }  # fmt: skip
        binds: list[Bind] = []
        for file, text in texts.items():
            path = folder / f"{name}.{file}"
            path.write_text(f"{text}\n")
            binds.append((str(path), f"/etc/{file}", True))
        service = self.services.get(name)
        profile = service.seccomp if service and service.seccomp else self.profile
        binds.append((str(self.policy), f"/run/policy/{self.policy.name}", True))
        return [*binds, (str(HERE / "seccomp.py"), "/run/seccomp.py", True), (str(profile), "/run/seccomp.json", True)]

    def exec(self, name: str, *command: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a command in a running service, as its user: ``docker compose exec``."""
        service = self.services[name]
        child = child_of(self.processes[name])
        if child is None or b"inside.py" in command_line(self.processes[name]):
            return subprocess.CompletedProcess(command, 125, "", f"{name} does not run")
        enter = ["nsenter", "-t", child, "--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd"]
        clean = ["env", "-i", *(f"{key}={value}" for key, value in self.environment(name).items())]
        words = [*enter, *clean, *self._as_user(service.user, service), *command]
        words = self.limits[name].entered(words)
        return subprocess.run(words, input=given, capture_output=True, text=True, check=False, timeout=600)

    def stop(self, name: str) -> None:
        """Kill a service, with everything it started; it stays ended."""
        kill(self.processes.pop(name))

    def kill(self, name: str) -> None:
        """Kill a service's first process with signal 9, and with it all in its container; nothing else is done."""
        if child := child_of(self.processes[name]):
            os.kill(int(child), signal.SIGKILL)

    @contextmanager
    def kept_running(self) -> Iterator[None]:
        """Start lasting services again that end meanwhile, as ``restart: unless-stopped`` has the engine do; count it."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.2):
                for name, process in list(self.processes.items()):
                    if name in self.services and not self.services[name].one_shot and process.poll() is not None:
                        self.start(name)
                        self.restarts[name] += 1

        with ThreadPoolExecutor(1) as thread:
            watcher = thread.submit(watch)
            try:
                yield
            finally:
                over.set()
                watcher.result()

    def down(self) -> None:
        """End everything."""
        for process in [*self.processes.values(), self.networks.switch]:
            kill(process)
        for limits in self.limits.values():
            remove(limits)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a service's first process, and with it all in its namespace, then ``unshare``, which only waits for it.

    ``unshare --kill-child`` is not enough: the kernel forgets that wish when the child changes its user.
    """
    if child := child_of(process):
        os.kill(int(child), signal.SIGKILL)
    process.kill()
    process.wait()


def child_of(process: subprocess.Popen[bytes]) -> str | None:
    """Return the process id of a service's first process, the child of ``unshare``; None when it has ended."""
    try:
        return next(iter(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()), None)
    except OSError:
        return None


def command_line(process: subprocess.Popen[bytes]) -> bytes:
    """Return the words of a service's first process; those of ``inside.py`` until its root is built."""
    try:
        return Path(f"/proc/{child_of(process)}/cmdline").read_bytes()
    except OSError:
        return b"inside.py"


def wait_until(ready: Callable[[], bool], seconds: float, what: str, stack: Stack | None = None, *, pause: float = 0.2) -> None:
    """Return once ``ready()``, asked every ``pause`` seconds, is true; raise when time runs out or the service ended."""
    until = time.monotonic() + seconds
    while not ready():
        if stack is not None and stack.processes[what].poll() is not None:
            raise RuntimeError("ended before it was ready")
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: not ready after {seconds:.0f} s")
        time.sleep(pause)
