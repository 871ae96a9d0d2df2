"""All that judges texts, by one digest: code, lexicon, places, model, and what is kept compiled of them."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec

from enrichment.errors import SeedsError
from enrichment.lexicon.digest import lexicon_digest
from enrichment.model import SHIPPED, model_digest

ENRICHMENT = SHIPPED.parent


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


def read_judging(seeds: Path) -> Judging:
    """Return the digests of what judges with some seeds; raise SeedsError, ModelError where a file is not there."""
    try:
        lexicon, places = lexicon_digest(seeds / "lures"), hashlib.sha256((seeds / "places.yml").read_bytes()).hexdigest()
    except OSError as exc:
        raise SeedsError(f"{exc.filename}: cannot be read ({exc.strerror}); put it back") from exc
    return Judging(code=f"{version('lurewatch')} {_code_digest()}", lexicon=lexicon, places=places, model=model_digest())


@cache
def _code_digest() -> str:
    """Return a digest of the code that judges, 12 hex digits."""
    digest = hashlib.sha256()
    for file in sorted(ENRICHMENT.rglob("*.py")):
        digest.update(str(file.relative_to(ENRICHMENT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]
