"""Each module we import is a base dependency's or named with the extra that brings it."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from lurewatch.cli import contents
from lurewatch.cli.one_line_errors import EXTRAS, advice
from tests.test_tree import ROOT, tracked

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OWN = {"foundation", "crawlers", "enrichment", "index", "desk", "lurewatch", "dags"}


def distributions(requirements: list[str]) -> set[str]:
    """Return the names without versions, as metadata writes them."""
    names = (re.match(r"[\w.-]+", line) for line in requirements)
    return {re.sub(r"[-_.]+", "-", name[0]).lower() for name in names if name}


def imported() -> set[str]:
    """Return the top-level names of other people's modules that the packages import, lazily too."""
    names: set[str] = set()
    for path in tracked(*(f"{package}/*.py" for package in OWN)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    return names - OWN - set(sys.stdlib_module_names)


def test_each_imported_module_is_a_base_dependency_or_named_with_its_extra() -> None:
    base, owners = distributions(PROJECT["dependencies"]) | {"pydantic-core"}, packages_distributions()
    named = {module for modules in EXTRAS.values() for module in modules}
    of_base = {module for module in imported() if {re.sub(r"[-_.]+", "-", name).lower() for name in owners[module]} & base}
    assert imported() - of_base - named == set()
    assert named & of_base == set()


def test_the_extras_named_are_those_of_the_package() -> None:
    assert {*EXTRAS} == {*PROJECT["optional-dependencies"]} - {"dev"}


def test_a_missing_module_is_one_line_that_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise ModuleNotFoundError("No module named 'uvicorn'", name="uvicorn.config")

    monkeypatch.setattr(contents, "cli", fail)
    with pytest.raises(SystemExit) as ended:
        contents.main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == "lurewatch: this needs uvicorn, which is not installed: pip install 'lurewatch[desk]'\n"


def test_a_module_of_ours_that_is_missing_is_a_fault_and_stays_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ModuleNotFoundError("No module named 'lurewatch.cli.gone'", name="lurewatch.cli.gone")

    monkeypatch.setattr(contents, "cli", fail)
    with pytest.raises(ModuleNotFoundError):
        contents.main()
    assert advice(ModuleNotFoundError("no name")) is None
