"""Where a text quotes: stretches between quotation marks long enough to be somebody else's sentence."""

import re

_QUOTED = re.compile(
    r"“[^“”\n]{6,240}”|«[^«»\n]{6,240}»|「[^「」\n]{4,120}」|『[^『』\n]{4,120}』|《[^《》\n]{4,120}》|„[^„“”\n]{6,240}[“”]|\"[^\"\n]{6,240}\""
)
_MARKS = '“«「『《„"'


def quoted(raw: str) -> list[tuple[int, int]]:
    """Return the spans between quotation marks, of a few words and more (a single quoted word is mostly a name)."""
    return [match.span() for match in _QUOTED.finditer(raw)] if any(map(raw.__contains__, _MARKS)) else []
