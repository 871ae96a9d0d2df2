"""Fixed pieces that stand in every match of a pattern: what the engines look for before anything is verified.

As in RE2's prefilter: alternatives are multiplied out while they stay few, and gaps part the pattern into stretches. A match
holds one piece of every stretch; the stretch whose shortest piece is longest is the rarest and says where to look.
"""

import re
from itertools import product
from typing import NamedTuple

MOST = 24
"""Pieces a stretch may stand for; more are not multiplied out (96 take a quarter more memory and find nothing sooner)."""
ENOUGH = 8
"""Bytes from which a longer piece is no rarer: fewer pieces are better then."""
_TOKEN = re.compile(rb"\(\?:|\)\??|\||\[\^ ?\.\]\{0,\d+\}|\\?.\??", re.DOTALL)

Choice = tuple[bytes, ...]


class RequiredLiterals(NamedTuple):
    """What must stand in a text for a pattern to match."""

    choices: tuple[Choice, ...]
    """Every match contains one of each, in this order."""
    rarest: int
    """Which of them is the rarest."""
    whole: bool
    """They are all the pattern can match."""
    before: int
    """Bytes of a match that may stand before its rarest piece."""
    after: int
    """Bytes from the start of its rarest piece to the end of a match, at most."""
    crossing: bool
    """A match may reach from one sentence into the next."""


class _Part(NamedTuple):
    """A part of a pattern: all it can be, when that is few; its stretches with the bytes before each; its longest match."""

    exact: Choice | None
    stretches: list[tuple[int, Choice]]
    longest: int


def required_literals(expression: bytes) -> RequiredLiterals | None:
    """Return the pieces of a translated pattern (``enrichment.lexicon.pattern``), or None when nothing in it is fixed."""
    part, _ = _choices([match.group() for match in _TOKEN.finditer(expression)], 0)
    if not part.stretches:
        return None
    rarest = max(range(len(part.stretches)), key=lambda number: _rarity(part.stretches[number][1]))
    choices = tuple(choice for _, choice in part.stretches)
    crossing = b"." in expression.replace(b"[^.]", b"").replace(b"[^ .]", b"")
    return RequiredLiterals(choices, rarest, choices[0] is part.exact, part.stretches[rarest][0], part.longest, crossing)


def _choices(tokens: list[bytes], at: int) -> tuple[_Part, int]:
    options = []
    while True:
        option, at = _sequence(tokens, at)
        options.append(option)
        if at == len(tokens) or tokens[at] != b"|":
            break
        at += 1
    if len(options) == 1:
        return options[0], at
    longest = max(option.longest for option in options)
    exact: Choice | None = ()
    needed: Choice | None = ()
    for option in options:
        exact = None if exact is None or option.exact is None else exact + option.exact
        best = max((choice for _, choice in option.stretches), key=_rarity, default=None)
        needed = None if needed is None or best is None else needed + best
    exact = None if exact is None or len(exact) > MOST else tuple(dict.fromkeys(exact))
    if exact is not None and _is_fixed(exact):
        return _Part(exact, [(0, exact)], longest), at
    return _Part(exact, [] if needed is None else [(longest, tuple(dict.fromkeys(needed)))], longest), at


def _read_part(tokens: list[bytes], at: int) -> tuple[_Part, int]:
    """Return what one group, gap or letter comes to, and the place behind it."""
    token = tokens[at]
    if token == b"(?:":
        part, at = _choices(tokens, at + 1)
        if tokens[at] == b")?":
            part = _Part(None if part.exact is None else (*part.exact, b""), [], part.longest)
        return part, at + 1
    if token.startswith(b"[^"):
        return _Part(None, [], int(token[token.index(b",") + 1 : -1])), at + 1
    letter = token.removeprefix(b"\\")[:1]
    maybe = len(token) > 1 and token.endswith(b"?") and token != b"\\?"
    return _Part((letter, b"") if maybe else (letter,), [], 1), at + 1


def _sequence(tokens: list[bytes], at: int) -> tuple[_Part, int]:
    stretches: list[tuple[int, Choice]] = []
    run: Choice = (b"",)
    began = longest = 0
    whole = True
    while at < len(tokens) and tokens[at] not in (b"|", b")", b")?"):
        part, at = _read_part(tokens, at)
        if part.exact is not None and len(run) * len(part.exact) <= MOST:
            run = tuple(dict.fromkeys(a + b for a, b in product(run, part.exact)))
        else:
            whole = False
            if _is_fixed(run):
                stretches.append((began, run))
            if part.exact is None:
                stretches += [(longest + before, choice) for before, choice in part.stretches]
            began = longest + (part.longest if part.exact is None else 0)
            run = (b"",) if part.exact is None else part.exact
        longest += part.longest
    if _is_fixed(run):
        stretches.append((began, run))
    return _Part(run if whole else None, stretches, longest), at


def _is_fixed(choice: Choice) -> bool:
    return all(piece.strip() for piece in choice)


def _rarity(choice: Choice) -> tuple[int, int]:
    return min(ENOUGH, *map(len, choice), ENOUGH), -len(choice)
