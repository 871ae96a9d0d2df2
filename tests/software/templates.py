"""Sites of software that prints HTML, as Jinja templates: ``pages/NAME.html`` holds all pages of one, each behind its address."""

import json
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from tests.software.adverts import Advert, pages_of, slug

FOLDER = Path(__file__).with_name("pages")
PAGE = re.compile(r"<!-- page (\S+?)(?: as (\S+))? -->")
"""Stands before a page, with its address, or says that the same page stands at another address too."""


def posts_of(advert: Advert) -> list[tuple[int, str, str]]:
    """Return (number, author, text) of the posts of a thread: the advert, and somebody who asks."""
    return [
        (advert.number, f"sample_user{advert.number}", advert.text),
        (advert.number + 5000, "sample_asker", f"Is the place in {advert.place} still free, and who pays for the bus?"),
    ]


def print_pages(name: str, items: list[Advert]) -> dict[str, str]:
    """Return the pages of a site by address, as its software prints them for these adverts."""
    site: dict[str, str] = {}
    _, *found = PAGE.split(_template(name).render(items=items))
    for address, other, text in zip(found[::3], found[1::3], found[2::3], strict=True):
        site[address] = site[other] if other else text
    return site


@cache
def _template(name: str) -> Template:
    """Return a template; what its lines are indented by and their ends are no part of the pages."""
    environment = Environment(undefined=StrictUndefined, autoescape=False)
    environment.globals.update(json=json, pages_of=pages_of, posts_of=posts_of, slug=slug)
    text = (FOLDER / f"{name}.html").read_text(encoding="utf-8")
    return environment.from_string("".join(line.strip() for line in text.splitlines()))
