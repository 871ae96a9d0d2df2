"""Chinese characters, traditional and simplified, as OpenCC's tables pair them (Apache-2.0; only its data files are read)."""

from functools import cache
from pathlib import Path


@cache
def simplified_pairs() -> dict[int, int]:
    """Return traditional to simplified code points: only the pairs of one to one character, so that spans hold."""
    return {ord(old): ord(new[0]) for old, new in _table("TSCharacters.txt") if len(old) == 1 and len(new[0]) == 1}


@cache
def only_simplified() -> frozenset[int]:
    """Return the simplified code points that texts in traditional characters do not use."""
    return frozenset(ord(old) for old, new in _table("STCharacters.txt") if len(old) == 1 and old not in new)


def to_traditional(simplified: str) -> str:
    """Return the traditional character that a simplified one most often stands for."""
    return _traditional().get(simplified, simplified)


@cache
def _traditional() -> dict[str, str]:
    return {old: new[0] for old, new in _table("STCharacters.txt")}


def _table(name: str) -> list[tuple[str, list[str]]]:
    import opencc  # once per process, and not by who never meets Chinese

    lines = (Path(opencc.__file__).parent / "dictionary" / name).read_text(encoding="utf-8").splitlines()
    return [(old, new.split(" ")) for old, _, new in (line.partition("\t") for line in lines) if new]
