"""The wheel works alone: installed in an empty environment, outside any checkout, with the extras a job needs and no more."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.few_sites import keep_sites

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
    """Models are listed, judged and promoted without scikit-learn; learning says what it needs."""
    run = install("[crawl,desk]")
    models = run("models", "list", cwd=tmp_path)
    assert models.returncode == 0, models.stderr
    for words in (("retention", "--help"), ("serve", "--help"), ("digest", "--help"), ("takedown", "--help"), ("run", "--help")):
        assert run(*words, cwd=tmp_path).returncode == 0, words


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
