"""The wheel works alone: installed in an empty environment, outside any checkout, with the extras a job needs and no more."""

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.few_sites import keep_sites
from tests.services.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).parent / "uv"
ADVERT = "Typing job in a compound abroad, free flight, passport is kept by the company. @sample_hr"
pytestmark = pytest.mark.slow

Run = Callable[..., subprocess.CompletedProcess[str]]


def uv(*words: str | Path) -> None:
    """Run uv from its cache, and with the network only where the cache lacks something."""
    for mode in ("--offline", "--no-progress"):
        done = subprocess.run([UV, mode, *words], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
    pytest.fail(done.stderr)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as a release does."""
    folder = tmp_path_factory.mktemp("wheel")
    uv("build", "--wheel", "--quiet", "--out-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def install(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """Return a function that adds the wheel, with an extra, to one fresh environment, and gives back how to run its command."""
    folder = tmp_path_factory.mktemp("environment")
    work = tmp_path_factory.mktemp("work")
    uv("venv", "--quiet", "--python", sys.executable, folder)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("LUREWATCH_", "PYTHON", "VIRTUAL_ENV"))}

    def add(extra: str) -> Run:
        uv("pip", "install", "--quiet", "--python", folder, "--constraint", ROOT / "requirements" / "all.txt", f"{wheel}{extra}")

        def run(*words: str, cwd: Path = work) -> subprocess.CompletedProcess[str]:
            command = [folder / "bin" / "lurewatch", *words]
            return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)

        return run

    return add


def test_the_wheel_alone_lists_and_assesses(install: Callable[[str], Run], tmp_path: Path) -> None:
    """Without a seeds folder those of the release are read; what is missing is named with the extra that brings it."""
    run = install("")
    sources = run("sources", "list")
    assert sources.returncode == 0, sources.stderr
    assert "sample_board" in sources.stdout
    advert = tmp_path / "advert.jsonl"
    advert.write_text(json.dumps({"id": "1", "title": None, "text": ADVERT}), encoding="utf-8")
    assessed = run("assess", str(advert))
    assert assessed.returncode == 0, assessed.stderr
    for words, extra in ((("demo", "--once"), "crawl"), (("run", "sample_feed"), "crawl"), (("digest", "preview"), "desk")):
        lacking = run(*words, cwd=tmp_path)
        assert lacking.returncode == 1, lacking.stdout
        assert f"pip install 'lurewatch[{extra}]'" in lacking.stderr
        assert "Traceback" not in lacking.stderr
    moved = run("eval", "train")
    assert (moved.returncode, "`python -m evaluation` now, in a folder of the source code" in moved.stderr) == (2, True)


def test_init_makes_files_of_ones_own_and_commands_then_use_them(install: Callable[[str], Run], tmp_path: Path) -> None:
    """A second time nothing that was edited is overwritten."""
    run = install("")
    made = run("sources", "init", str(tmp_path))
    assert made.returncode == 0, made.stderr
    assert "lurewatch demo --once" in made.stdout
    place = tmp_path / "seeds" / "places.yml"
    place.write_text("not yaml: [", encoding="utf-8")
    assert "places.yml" in run("assess", str(place), cwd=tmp_path).stderr
    again = run("sources", "init", str(tmp_path))
    assert again.returncode == 0, again.stderr
    assert place.read_text(encoding="utf-8") == "not yaml: ["


def test_what_the_image_runs_needs_nothing_that_trains(install: Callable[[str], Run], tmp_path: Path) -> None:
    """Without scikit-learn."""
    run = install("[crawl,desk]")
    for words in (("retention", "--help"), ("serve", "--help"), ("digest", "--help"), ("takedown", "--help"), ("run", "--help")):
        assert run(*words, cwd=tmp_path).returncode == 0, words


SERVE = """
import subprocess, sys, time, urllib.request
from pathlib import Path
desk = subprocess.Popen([Path(sys.executable).with_name("lurewatch"), "serve", "--bind", f"127.0.0.1:{sys.argv[1]}"])
try:
    while desk.poll() is None:
        try:
            page = urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/login").read().decode()
            break
        except OSError:
            time.sleep(0.1)
    assert desk.poll() is None and "users add" in page
    import lurewatch.app.index_rebuild, index.elastic.client
finally:
    desk.terminate()
    desk.wait()
"""
IMPORT_ALL = """
import importlib, pkgutil, crawlers
for module in pkgutil.walk_packages(crawlers.__path__, "crawlers."):
    importlib.import_module(module.name)
"""
PROOFS = {
    "desk": SERVE,
    "crawl": IMPORT_ALL,
    "train": "import evaluation.learner, evaluation.training, scipy, sklearn",
    "airflow": "import lurewatch.tasks, airflow.sdk, structlog, redis",
    "dev": "import pytest, hypothesis, mypy, httpx",
}
"""What each extra of pyproject.toml is for, as a program that needs it."""


def test_each_extra_has_a_proof() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert PROOFS.keys() == declared.keys()


@pytest.mark.parametrize("extra", PROOFS)
def test_an_extra_alone_does_its_job_in_an_environment_of_its_own(extra: str, wheel: Path, tmp_path: Path) -> None:
    """Two seconds each where uv's cache has the packages, which are linked. What is not in the wheel is the source's."""
    python = tmp_path / "environment" / "bin" / "python"
    uv("venv", "--quiet", "--python", sys.executable, python.parents[1])
    uv("pip", "install", "--quiet", "--python", python, "--constraint", ROOT / "requirements" / "all.txt", f"{wheel}[{extra}]")
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "evaluation").symlink_to(ROOT / "evaluation")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("LUREWATCH_", "PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [python, "-c", PROOFS[extra], str(free_port())], cwd=tmp_path, text=True, check=False,
        env=environ | {"PYTHONPATH": str(tmp_path / "source"), "AIRFLOW_HOME": str(tmp_path / "airflow")}, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]


def test_every_seed_is_in_the_wheel(wheel: Path) -> None:
    """Sample sites, sources and lures, byte by byte."""
    with zipfile.ZipFile(wheel) as packed:
        carried = {name.partition("seeds/")[2]: packed.read(name) for name in packed.namelist() if "seeds/" in name}
    here = {str(path.relative_to(ROOT / "seeds")): path.read_bytes() for path in (ROOT / "seeds").rglob("*") if path.is_file()}
    assert {name for name in here if carried.get(name) != here[name]} == set()


def test_the_demo_runs_from_the_wheel(install: Callable[[str], Run], tmp_path: Path) -> None:
    """In the folder that its own command made, with a site that is read as it is and one that a browser draws."""
    run = install("[crawl,desk]")
    assert run("sources", "init", str(tmp_path)).returncode == 0
    keep_sites(tmp_path / "seeds", "feed", "js-board")
    done = run("demo", "--once", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "public listings found" in done.stderr
    report = json.loads(run("sources", "health", "--json", cwd=tmp_path).stdout.splitlines()[0])
    assert report
