"""docs/sources.md names every key of a source file and no option that does not exist."""

import re
from collections.abc import Iterator
from pathlib import Path

from click import Group
from pydantic import BaseModel

from crawlers.sources.source import Source
from lurewatch.cli.stages.demo_command import sites as sample
from lurewatch.cli.tune.seeds_command import command as seeds
from lurewatch.cli.tune.sources_command import command as sources

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")


def keys(model: type[BaseModel]) -> Iterator[str]:
    """Yield every key that may stand in the file."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from keys(kind)


def test_every_key_is_explained() -> None:
    """In the table, in code type."""
    explained = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", PAGE))))
    assert {key for key in keys(Source) if key != "name"} - explained == set()


def test_every_option_exists() -> None:
    """And every subcommand of `lurewatch sources` is in the table."""
    assert isinstance(sources, Group)
    assert isinstance(seeds, Group)
    named = (*sources.commands.values(), *seeds.commands.values(), sample)
    there = {option for one in named for given in one.params for option in given.opts}
    assert set(re.findall(r"--[a-z][a-z-]+", PAGE)) <= there
    assert {f"lurewatch sources {name}" for name in sources.commands} <= set(re.findall(r"lurewatch sources [a-z]+", PAGE))
