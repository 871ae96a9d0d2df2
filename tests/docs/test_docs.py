"""The docs are true: commands and options they show exist, every command is shown, every link leads somewhere."""

import re
import shlex
from pathlib import Path

import click
import pytest

from lurewatch.cli.contents import COMMANDS, MOVED, cli

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def commands_in(page: Path) -> list[str]:
    """Return every `lurewatch …` command line of a page: inline code and lines of code blocks."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    found = [match[1] for line in [*lines, *inline] if (match := re.search(r"(?:^|[|;&\s/])lurewatch ([a-z].*)", f" {line}"))]
    return [re.split(r"\s+#|\s+(?:[|;>]|&&)\s", line)[0] for line in found]


def problem(line: str) -> str | None:
    """Return what is wrong with a shown command line, or None."""
    words = shlex.split(line.replace("…", "").replace("...", ""))
    command: click.Command = cli
    if words[0] in MOVED:
        return f"{words[0]} is {MOVED[words[0]]} now"
    for position, word in enumerate(words):
        if not isinstance(command, click.Group):
            break
        found = command.get_command(click.Context(command), word)
        if found is None:
            options = word.startswith(("-", "[")) or word.isupper()
            return None if options or "|" in line else f"no command {' '.join(words[: position + 1])!r}"
        command = found
    known = {option for parameter in command.params for option in [*parameter.opts, *parameter.secondary_opts]} | {"--help", "-h"}
    unknown = [word.split("=")[0] for word in words if re.match(r"--[a-z]|-[a-z]$", word) and word.split("=")[0] not in known]
    return f"{line!r}: no option {unknown}" if unknown else None


def test_commands_shown_exist() -> None:
    """Command, sub-command and every option; the change log also names what was called otherwise then."""
    shown = [(page, line) for page in PAGES for line in commands_in(page)]
    known = [(page, line) for page, line in shown if page.name != "CHANGELOG.md" or line.split()[0] not in MOVED]
    assert known and [f"{page}: {wrong}" for page, line in known if (wrong := problem(line))] == []


def test_links_lead_somewhere() -> None:
    """Links inside the checkout; others are not fetched, and what a diff adds is of another page."""
    broken = []
    for page in PAGES:
        text = re.sub(r"^```diff\n.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        targets = re.findall(r"\]\((?!https?:|mailto:)([^)#\s]+)", text)
        broken += [f"{page}: {target}" for target in targets if not (page.parent / target).exists()]
    assert PAGES and broken == []


def test_every_command_is_shown_in_some_page() -> None:
    """A command nobody is told of does not exist for its users."""
    shown = {line.split()[0] for page in PAGES for line in commands_in(page)}
    assert set(COMMANDS) - shown == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches(name: str) -> None:
    """Each command, sub-command and option has a help text."""
    found = cli.get_command(click.Context(cli), name)
    assert found is not None

    def lacking(command: click.Command, path: str) -> list[str]:
        missing = [] if (command.help or "").strip() else [path]
        missing += [f"{path} {p.opts[0]}" for p in command.params if isinstance(p, click.Option) and not p.help]
        if isinstance(command, click.Group):
            for sub in command.list_commands(click.Context(command)):
                child = command.get_command(click.Context(command), sub)
                assert child is not None
                missing += lacking(child, f"{path} {sub}")
        return missing

    assert lacking(found, name) == []
