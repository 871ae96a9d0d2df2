"""The house has a budget: no more code, modules, tests, words or commands than pyproject.toml allows."""

import ast
import importlib
import tomllib
from collections.abc import Iterator

import click
import pytest

from lurewatch.cli.contents import COMMANDS
from tests.test_names import tree_of
from tests.test_tree import ROOT, STAGES, lines, tracked

BUDGET: dict[str, int] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["lurewatch"]["budget"]


def count_code(path: str) -> int:
    """Return how many lines of a file are neither blank nor docstring nor comment."""
    prose = {
        number
        for node in ast.walk(tree_of(ROOT / path))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    numbered = enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1)
    return sum(1 for number, line in numbered if number not in prose and line.strip() and not line.lstrip().startswith("#"))


def list_commands(command: click.Command) -> Iterator[click.Command]:
    """Yield a command, or those below it when it is a group."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            yield from list_commands(each)
    else:
        yield command


def measure() -> dict[str, int]:
    """Return the figures of the house that the budget bounds."""
    modules = [path for stage in STAGES for path in tracked(f"{stage}/*.py")]
    rooms = ((name, f"lurewatch.cli.{room}.{name}_command") for name, room in COMMANDS.items())
    commands = [each for _, module in rooms for each in list_commands(importlib.import_module(module).command)]
    return {
        "code_lines": sum(count_code(str(path.relative_to(ROOT))) for path in modules),
        "production_lines": sum(map(lines, modules)),
        "modules": sum(path.name != "__init__.py" for path in modules),
        "test_lines": sum(map(lines, tracked("tests/*.py"))),
        "doc_words": sum(len(path.read_text(encoding="utf-8").split()) for path in tracked("docs/*.md")),
        "commands": len(commands),
    }


@pytest.fixture(scope="module")
def figures() -> dict[str, int]:
    """Return the figures, taken once."""
    return measure()


@pytest.mark.parametrize("name", BUDGET)
def test_the_house_stays_within_its_budget(name: str, figures: dict[str, int]) -> None:
    """Over it somebody has to say what goes."""
    assert figures[name] <= BUDGET[name]
