"""All that judges texts, by one digest: code, lexicon, places, model, and what is kept compiled of them."""

import hashlib
import unicodedata
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec

from enrichment.errors import SeedsError
from enrichment.lexicon.rule_files import lexicon_digest
from enrichment.model import SHIPPED, model_digest
from foundation.whole_files import replace_file

ENRICHMENT = SHIPPED.parent
NOTE = "parsed.json"
"""In the folder of the copies: what files that count as they stand were parsed to when this code first read them."""


class Judging(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that judges, each part by its digest."""

    code: str
    """Version, and digest of the code that judges."""
    lexicon: str
    places: str
    model: str

    @property
    def digest(self) -> str:
        """One digest of all, 12 hex digits."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:12]

    def describe_changes(self, before: dict[str, str]) -> str:
        """Return which parts are not those of ``before``; empty where all are."""
        parts = msgspec.structs.asdict(self)
        changed = [name for name, value in parts.items() if before.get(name) != value]
        return ", ".join(f"{name} {before.get(name, 'none')[:18]} -> {parts[name][:18]}" for name in changed)


def expected_digest(judging: Judging, judged_by: dict[str, str] | None, folder: Path) -> str | None:
    """Return the digest that lexicon and places are parsed to, as accepted with this code: None where it was not accepted.

    Where nothing was accepted, as ``note_parsed`` noted it in the folder of the copies; empty where it did not yet.
    """
    if judged_by is not None:
        return judged_by.get("parsed") if judged_by.get("code") == judging.code else None
    try:
        return msgspec.json.decode((folder / NOTE).read_bytes(), type=dict[str, str]).get(judging.digest, "")
    except (OSError, msgspec.DecodeError):
        return ""


def note_parsed(judging: Judging, parsed: str, folder: Path) -> None:
    """Note what lexicon and places were parsed to; nothing where this process may not write."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / NOTE, msgspec.json.encode({judging.digest: parsed}))


def read_judging(seeds: Path) -> Judging:
    """Return the digests of what judges with some seeds; raise SeedsError, ModelError where a file is not there."""
    try:
        lexicon, places = lexicon_digest(seeds / "lures"), hashlib.sha256((seeds / "places.yml").read_bytes()).hexdigest()
    except OSError as exc:
        raise SeedsError(f"{exc.filename}: cannot be read ({exc.strerror}); put it back") from exc
    return Judging(code=f"{version('lurewatch')} {_code_digest()}", lexicon=lexicon, places=places, model=model_digest())


@cache
def _code_digest() -> str:
    """Return a digest of the code that judges, its lists of words and the Unicode it reads by, 12 hex digits."""
    digest = hashlib.sha256(unicodedata.unidata_version.encode())
    for file in sorted([*ENRICHMENT.rglob("*.py"), *ENRICHMENT.rglob("*.yml")]):
        digest.update(str(file.relative_to(ENRICHMENT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]
