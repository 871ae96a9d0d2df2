"""Every field a search can name, said once: facets, parser, completion, help, both stores and the index's schema derive from it.

To add one, add a line to ``FIELDS``. An index written before is refused with the command that brings it up to date.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Literal, NamedTuple, get_args
from urllib.parse import urlsplit

from enrichment.assessment import ContactType, HarmLevel, StanceLabel, Tag
from index.base import Record

_SITE = re.compile(r"https?://[a-z0-9._-]+(?=[/?#])")
"""The part of nearly every address that says its host; there are few, so they are parsed once."""


def platform(url: str) -> str:
    """Return the host a posting stands on, without ``www.``."""
    site = _SITE.match(url)
    return _host(site[0] if site else url)


@lru_cache(maxsize=10_000)
def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # brackets that hold no IPv6 address: a page may link anything
        return ""
    return host.removeprefix("www.")


class Field(NamedTuple):
    """One field of a record that is searched and counted by its values."""

    name: str
    """Its name in counts and in the index."""
    values: Callable[[Record], Iterable[str | None]]
    """The record's values; empty ones and repeats are left out."""
    typed: tuple[str, ...] = ()
    """What a person types before the colon, the shown one first; none means ``name``."""
    known: tuple[str, ...] = ()
    """All values there are; none means any."""
    keeps_case: bool = False
    names: Literal["", "languages", "territories"] = ""
    """The names of the CLDR that its values, codes, may be typed by."""
    many: bool = False
    """Too many values to be counted in one column with the others (Elasticsearch counts the commonest of it)."""
    revision: int = 1
    """Raise it when ``values`` reads a record otherwise: indexes written before are then refused until they are migrated."""

    @property
    def typed_names(self) -> tuple[str, ...]:
        """What a person may type before the colon."""
        return self.typed or (self.name,)


FIELDS = (
    Field("tag", lambda record: (record.assessment.tag,), known=get_args(Tag)),
    Field("harm", lambda record: (record.assessment.harm.level,), known=get_args(HarmLevel)),
    Field("language", lambda record: (record.assessment.language.code,), typed=("lang", "language"), names="languages"),
    Field("source", lambda record: (record.posting.source,)),
    Field("voice", lambda record: (record.assessment.stance,), typed=("stance", "voice"), known=get_args(StanceLabel)),
    Field("place", lambda record: (place.name for place in record.assessment.places), keeps_case=True),
    Field("country", lambda record: (place.country for place in record.assessment.places), names="territories"),
    Field(
        "contact_type",
        lambda record: (contact.type for contact in record.assessment.contacts),
        typed=("app", "contact_type"),
        known=get_args(ContactType),
    ),
    Field("platform", lambda record: (platform(record.posting.url),), many=True),
    Field("flagged", lambda record: ("true" if record.assessment.flagged else "false",), known=("true", "false")),
)
"""The table. Its order is that of the counts."""
NAMES = tuple(field.name for field in FIELDS)
BY_WORD = {word: field for field in FIELDS for word in field.typed_names}
"""What a person types before the colon -> the field."""
SCHEMA = " ".join(f"{field.name}:{field.revision}" for field in FIELDS)
"""What an index must have been written with to be searched now."""
BEFORE_SCHEMAS = "tag:1 harm:1 language:1 source:1 voice:1 place:1 country:1 contact_type:1 platform:1 flagged:1"
"""What an index that names no schema was written with."""


def facets(record: Record) -> dict[str, tuple[str, ...]]:
    """Return the record's value or values for each field, in the order of the table; sorted, none twice."""
    return {field.name: tuple(sorted(set(filter(None, field.values(record))))) for field in FIELDS}


def schema_hash(schema: str = SCHEMA) -> str:
    """Return the hash of a schema, twelve hexadecimal digits."""
    return hashlib.sha256(schema.encode()).hexdigest()[:12]


def schema_problem(where: str, written: str | None) -> str | None:
    """Return why an index written with another schema cannot be searched, and the command that mends it; None when it can."""
    before = BEFORE_SCHEMAS if written is None else written
    if before == SCHEMA:
        return None
    old, new = set(before.split()), set(SCHEMA.split())
    changed = ", ".join(sorted({entry.partition(":")[0] for entry in old ^ new})) or "the order of the fields"
    return (
        f"{where}: written with other search fields ({changed}; schema {schema_hash(before)}, now {schema_hash()}); "
        "run `lurewatch index migrate`"
    )
