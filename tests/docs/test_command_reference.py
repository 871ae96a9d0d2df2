"""The command reference names each command with its options, as Markdown that shows what the help shows."""

from docs.site.command_reference import reference
from lurewatch.cli.contents import COMMANDS


def test_each_command_has_a_heading_and_a_usage_line() -> None:
    """In the order in which people meet them."""
    page = reference()
    places = [page.index(f"\n## lurewatch {name}\n") for name in COMMANDS]
    assert places == sorted(places)
    assert all(f"Usage: `lurewatch {name}" in page for name in COMMANDS)


def test_options_are_listed_and_markup_is_escaped() -> None:
    """A default in brackets is text, not a link; help that keeps its lines is a block."""
    page = reference()
    assert "| `--jobs INTEGER RANGE` |" in page
    assert "\\[default: 4; x>=1]" in page
    assert "\b" not in page
