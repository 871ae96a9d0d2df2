"""Aligns copied texts token by token, and finds the tokens that nearly all share.

Words, numbers, handles and addresses are tokens; scripts without spaces between words go letter by letter.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from crawlers.text.chinese import simplified_pairs

CONSTANT = 0.8
"""Share of the texts that must have a token for it to be constant."""
_SHORTEST_RUN = 3
"""Letters of an unspaced script between two slots that count as constant: fewer agree by chance."""
_EXACT = 400
"""Tokens up to which every token may begin a match."""
_EDGE = 4
"""Tokens at the edge of constant text that may still belong to the slot beside it."""
_BARE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uaa60-\uaa7f\U00020000-\U0003ffff"
_SITS = (
    "\u0e31\u0e33-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb3-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u17dd\u3099\u309a"
)
_WORD = rf"(?:(?![{_BARE}])[^\W_]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u200c\u200d])"
_LETTER = re.compile(f"[{_BARE}]")
_TOKEN = re.compile(
    rf"[{_BARE}](?:[\u17d2\u1039][{_BARE}]|[{_SITS}])*"  # a letter of an unspaced script with what sits on it
    rf"|[@+$€₫]?{_WORD}+(?:[._:/@'’,+-]+{_WORD}+)*"  # a word, a number, an address, a handle
    r"|[^\w\s]|_"
)
_ACCENTS = re.compile("[\u0300-\u036f]")


class Token(NamedTuple):
    """One token; texts agree where their keys do."""

    key: str
    start: int
    end: int
    bare: bool
    """A letter of an unspaced script."""


def tokens_of(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        key = _ACCENTS.sub("", unicodedata.normalize("NFKD", match[0])).casefold().translate(simplified_pairs())
        yield Token(key, match.start(), match.end(), _LETTER.match(match[0]) is not None)


def typical(tokens: Sequence[Sequence[Token]]) -> int:
    """Return which text has most of what half of them have, and least besides."""
    frequent = Counter(key for item in tokens for key in {token.key for token in item})
    common = {key for key, count in frequent.items() if 2 * count >= len(tokens)}
    worth = [sum(1 if token.key in common else -1 for token in item) for item in tokens]
    return worth.index(max(worth))


def laid_over(base: Sequence[Token], other: Sequence[Token]) -> dict[int, int]:
    """Return which token of ``other`` each token of ``base`` lies over, where they are the same; both in order."""
    left, right = [token.key for token in base], [token.key for token in other]
    if left == right:
        return {at: at for at in range(len(left))}
    # Common tokens of a long text do not begin a match, or one letter six thousand times over would take minutes.
    matcher = SequenceMatcher(None, left, right, autojunk=len(right) > _EXACT)
    return {a + step: b + step for a, b, size in matcher.get_matching_blocks() for step in range(size)}


def constant_runs(base: Sequence[Token], over: Sequence[dict[int, int]]) -> list[list[int]]:
    """Return the tokens of ``base`` that nearly all texts share, in unbroken runs.

    Runs too short to mean anything between two slots are left out.
    """
    needed = math.ceil(CONSTANT * len(over))
    runs: list[list[int]] = []
    for at in (at for at in range(len(base)) if sum(at in lies for lies in over) >= needed):
        if runs and runs[-1][-1] == at - 1 and not _are_parted(at, over):
            runs[-1].append(at)
        else:
            runs.append([at])
    trimmed = [_trim_run(base, run, over) for run in runs]
    return [
        run
        for run in trimmed
        if not all(base[at].bare for at in run) or len(run) >= _SHORTEST_RUN or 0 in run or len(base) - 1 in run
    ]


def _trim_run(base: Sequence[Token], run: list[int], over: Sequence[dict[int, int]]) -> list[int]:
    """Return a run without what belongs to the slots beside it: letters at its edge that most values end or begin with."""
    reach = range(1, min(_EDGE, len(run)))
    first = max((at for at in reach if _are_parted(run[at], over, any_text=True) or _stray(base, run[at - 1], over)), default=0)
    rest = run[first:]
    reach = range(1, min(_EDGE, len(rest)))
    last = max((at for at in reach if _are_parted(rest[-at], over, any_text=True) or _stray(base, rest[-at], over)), default=0)
    return rest[: len(rest) - last]


def _stray(base: Sequence[Token], at: int, over: Sequence[dict[int, int]]) -> bool:
    """Whether a letter of an unspaced script is not even there in every text."""
    return base[at].bare and not all(at in lies for lies in over)


def _are_parted(at: int, over: Sequence[dict[int, int]], *, any_text: bool = False) -> bool:
    """Whether enough texts, or any, have something between a token and the one before it in the base."""
    both = [lies[at] - lies[at - 1] for lies in over if at in lies and at - 1 in lies]
    return sum(step > 1 for step in both) > (0 if any_text else (1 - CONSTANT) * len(both))


def write_run(text: str, tokens: Sequence[Token], run: Sequence[int]) -> str:
    """Return a run as written, with the spaces round it."""
    low = tokens[run[0] - 1].end if run[0] else 0
    high = tokens[run[-1] + 1].start if run[-1] + 1 < len(tokens) else len(text)
    return text[low:high]
