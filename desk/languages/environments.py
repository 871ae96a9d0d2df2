"""Sets up Jinja2 alike for pages, mails, notices and summaries: undefined names are errors, and no template comes from data."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension


def make_environment(*folders: Path, escape: bool = True, extensions: Sequence[type[Extension]] = ()) -> Environment:
    """Return an environment of the templates in some folders, the first first; ``escape`` is False for plain text alone."""
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=escape,  # noqa: S701 - False only for plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=list(extensions),
    )
