"""Commands answer at once: what a command needs is imported when it runs, and the first judgement is quick."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lurewatch.cli.contents import COMMANDS

HELP = """
import resource, sys
import click
imported = resource.getrusage(resource.RUSAGE_SELF).ru_utime
from lurewatch.cli.contents import cli

def show(command, words, context):
    made = command.make_context(words[-1], [], parent=context, resilient_parsing=True)
    command.get_help(made)
    for name in getattr(command, "commands", {}):
        show(command.commands[name], [*words, name], made)

root = cli.make_context("lurewatch", ["x"], resilient_parsing=True)
show(cli.get_command(root, sys.argv[1]), [sys.argv[1]], root)
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, imported)
"""
FIRST = """
import time
from pathlib import Path
from enrichment.assess import Assessor, PostingText
import lurewatch.app.pipeline
imported = time.process_time()
assessor = Assessor(Path("seeds"))
list(assessor.assess_all([PostingText("1", None, "Typists wanted, flight paid, we keep your passport")]))
print(time.process_time(), imported)
"""
MOST = 0.5
"""Seconds of processor time of a `--help`, or four times importing click."""


def measure(code: str, *words: str, cwd: Path | None = None, **variables: str) -> tuple[float, float]:
    """Return the two figures that a process prints."""
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, cwd=cwd, env=os.environ | variables, capture_output=True, text=True, check=True)
    used, imported = map(float, done.stdout.split())
    return used, imported


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_and_of_all_below_it_takes_little_time(name: str) -> None:
    """All helps of a command in one process, so that each takes less."""
    used, click = measure(HELP, name)
    assert used <= max(MOST, 4 * click)


def test_the_first_judgement_takes_four_times_its_imports_at_most(compiled_phrases: Path) -> None:
    """With what is compiled from the lexicon once, as a task of the schedule finds it."""
    root = Path(__file__).resolve().parents[3]
    used, imported = measure(FIRST, cwd=root, LUREWATCH_CACHE=str(compiled_phrases))
    assert used - imported <= 4 * imported
