"""The revisions of an advert as what each changed: words taken out and put in, beside those that stayed."""

import re
from collections.abc import Sequence
from datetime import datetime
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

import msgspec

from desk.highlighting import Piece, pieces
from index.base import Revision

TOKENS = 1500
"""Words of a text up to which it is compared word by word; longer ones are compared line by line."""
LINES = 1500
"""Lines up to which a text is compared at all; of a longer one everything stands as new."""
COMPARED = 6
"""Newest revisions that are compared; older ones stand whole."""
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_SPACELESS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """Words that stayed, were taken out or put in."""

    kind: Literal["same", "out", "new"]
    pieces: list[Piece]


class RevisionChange(msgspec.Struct, frozen=True, kw_only=True):
    """One revision: what happened, when, and its text against the one before."""

    kind: str
    at: datetime
    stretches: tuple[Stretch, ...]


def changes_of(revisions: Sequence[Revision]) -> tuple[RevisionChange, ...]:
    """Return the revisions, newest first, each against the one before it; nothing when there is only one."""
    if len(revisions) < 2:
        return ()
    first = revisions[0]
    whole = (Stretch(kind="same", pieces=pieces(_text(first))),)
    changes = [RevisionChange(kind=first.change, at=first.at, stretches=whole)]
    for place, (before, after) in enumerate(pairwise(revisions), 1):
        compared = place >= len(revisions) - COMPARED
        stretches = _compare(_text(before), _text(after)) if compared else (Stretch(kind="same", pieces=pieces(_text(after))),)
        changes.append(RevisionChange(kind=after.change, at=after.at, stretches=stretches))
    return tuple(reversed(changes))


def _text(revision: Revision) -> str:
    return f"{revision.title or ''}\n{revision.text}"


def _compare(before: str, after: str) -> tuple[Stretch, ...]:
    one, two = _tokens(before), _tokens(after)
    if max(len(one), len(two)) > TOKENS:
        one, two = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if max(len(one), len(two)) > LINES:
        one, two = [before], [after]
    results: list[Stretch] = []
    for tag, start, end, start_two, end_two in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if tag == "equal":
            results.append(Stretch(kind="same", pieces=pieces("".join(one[start:end]))))
            continue
        if end > start:
            results.append(Stretch(kind="out", pieces=pieces("".join(one[start:end]))))
        if end_two > start_two:
            results.append(Stretch(kind="new", pieces=pieces("".join(two[start_two:end_two]))))
    return tuple(results)


def _tokens(text: str) -> list[str]:
    """Return the words and what stands between them; a script without spaces is cut into characters."""
    return [part for word in _WORD.findall(text) for part in (word if _SPACELESS.search(word) else [word])]
