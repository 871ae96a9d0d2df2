"""Loads what every crawl loads, as its settings name it, into the process that warm children are forked from."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import aiohttp
import uvloop
from scrapy.settings import BaseSettings, Settings

from crawlers.child import settings_of
from crawlers.fetch.scrapy_settings import CrawlOptions
from crawlers.sources.source import load_source

SOURCE = Path(__file__).resolve().parents[2] / "seeds" / "sources" / "sample_classifieds.yml"
CLASS = re.compile(r"((?:crawlers|scrapy)(?:\.\w+)+)\.[A-Z]\w+")
NEVER_LOADED = ("DOWNLOAD_HANDLERS_BASE", "FEED_EXPORTERS_BASE", "FEED_STORAGES_BASE", "REMOTE_CONTROL")
__all__ = ["aiohttp", "uvloop"]  # loaded by name, too


def find_modules(value: Any) -> Iterator[str]:
    """Yield the modules of the classes that a setting names, as a value or a key."""
    if isinstance(value, (dict, BaseSettings)):
        for name, inner in value.items():
            yield from find_modules(name)
            yield from find_modules(inner)
    elif isinstance(value, str) and (named := CLASS.fullmatch(value)):
        yield named[1]


for setting, value in Settings(settings_of(load_source(SOURCE), CrawlOptions(user_agent="tests"), 1)).items():
    if setting not in NEVER_LOADED:
        for module in find_modules(value):
            import_module(module)
