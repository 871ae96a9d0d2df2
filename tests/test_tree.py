"""The tree stays one a newcomer would want to live in."""

import ast
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAGES = ("foundation", "crawlers", "enrichment", "index", "desk", "lurewatch", "dags")


def tracked(*patterns: str) -> list[Path]:
    """Return the files git knows, so that what lies about on a machine is no matter; all files where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).exists()]


def lines(path: Path) -> int:
    """Return the number of lines."""
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_python_file_is_over_500_lines() -> None:
    """Over that there is a second idea inside."""
    assert {str(path.relative_to(ROOT)): count for path in tracked("*.py") if (count := lines(path)) > 500} == {}


def test_the_median_module_is_under_165_lines() -> None:
    """Empty package files left out. Modules of one caller under 40 lines move to it, so the middle one is no small one."""
    sizes = [count for stage in STAGES for path in tracked(f"{stage}/*.py") if (count := lines(path))]
    assert statistics.median(sizes) < 165


def test_each_migration_of_the_desk_follows_another_one() -> None:
    """Two that follow the same one leave the database without a newest revision, and no desk opens."""
    texts = [path.read_text(encoding="utf-8") for path in tracked("desk/migrations/versions/[0-9]*.py")]
    numbers = [re.search(r'^revision = "(\d+)"', text, re.M) for text in texts]
    before = [re.search(r'^down_revision = "(\d+)"', text, re.M) for text in texts]
    made, followed = sorted(one[1] for one in numbers if one), sorted(one[1] for one in before if one)
    assert made[:-1] == followed


def test_package_files_stay_empty() -> None:
    """An eager package file is how circular imports begin; ``lurewatch.cli:main`` is the entry point of the command."""
    filled = {str(path.relative_to(ROOT)) for path in tracked("*__init__.py") if path.stat().st_size}
    assert filled == {"lurewatch/cli/__init__.py"}


def test_there_is_no_junk_drawer() -> None:
    """A helper lives beside its first user."""
    drawers = {"utils", "util", "common", "helpers", "helper", "core", "misc"}
    assert [path for path in tracked("*.py") if drawers & {path.stem, *path.relative_to(ROOT).parts[:-1]}] == []


def test_no_function_takes_more_than_ten_paths() -> None:
    """Cyclomatic complexity as ruff counts it; only tables of cases in tests are excepted, by name."""
    command = [sys.executable, "-m", "ruff", "check", "--select", "C901", "--output-format", "concise", "."]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    excepted = [
        path for path in tracked("*.py") if "noqa: C901 - " in path.read_text(encoding="utf-8") and path != Path(__file__)
    ]
    assert [path for path in excepted if "tests" not in path.parts] == []


PARTICIPLE = re.compile(
    r"_?(?:[A-Z][a-z]*ed|Told|Shown|Given|Held|Sought|Begun|Found|Made|Taken|Known|Seen|Kept|Sent|Built|Drawn|Lost|Left|Read)"
)
IN_RUN_REPORTS = {"Blocked"}
"""Errors whose names stand in sealed reports (``error/Blocked``)."""


def classes() -> dict[str, list[str]]:
    """Return the files that define each class of the stages and the benchmarks."""
    homes = defaultdict(list)
    for path in tracked(*(f"{stage}/*.py" for stage in (*STAGES, "benchmarks"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(str(path.relative_to(ROOT)))
    return homes


def test_a_class_is_named_by_a_noun() -> None:
    """A bare participle says what was done, not what it is."""
    assert {name: files for name, files in classes().items() if PARTICIPLE.fullmatch(name)}.keys() == IN_RUN_REPORTS


def test_a_class_name_has_one_home() -> None:
    """One meaning a name, so that a search finds it."""
    assert {name: files for name, files in classes().items() if len(files) > 1 and not name.startswith("_")} == {}


def test_each_module_of_the_text_stages_has_a_test_of_its_name() -> None:
    """In the same folder below ``tests/``; errors do nothing that could be tested."""
    modules = [path for room in ("enrichment", "crawlers/pages", "crawlers/text") for path in tracked(f"{room}/*.py")]
    wanted = [
        path.relative_to(ROOT).with_name(f"test_{path.name}") for path in modules if path.stem not in ("__init__", "errors")
    ]
    assert sorted(str(path) for path in wanted if not (ROOT / "tests" / path).exists()) == []
