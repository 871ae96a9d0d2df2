"""How each forum software marks a thread, as ``forum_software.yml`` has it."""

import re

import msgspec

from foundation.yaml_limits import read_table


class Software(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """CSS of one software's thread page; each selector is asked inside a post, except ``post``, ``title`` and ``topics``."""

    name: str
    marks: tuple[str, ...]
    """Words of the page's source; any of them identifies the software."""
    post: tuple[str, ...]
    """Ways to find the posts; the first that finds one with a content is taken."""
    content: str
    author: str
    date: str
    title: str
    topics: str
    """Links to threads on an index page."""
    numbers_in_thread: bool = False
    """Whether it numbers the posts of each thread from one, so that a number names no post of the site."""


class SoftwareTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file ``forum_software.yml``."""

    quotes: str
    software: tuple[Software, ...]


_TABLE = read_table(__file__, "forum_software.yml", SoftwareTable)
QUOTES, SOFTWARE = _TABLE.quotes, _TABLE.software
POST_ID = re.compile(r"(?:^|[-_])(?:p|post|pid|msg|reply|topic)?[-_]?(\d+)$")
