"""Fixed pieces that stand in every match of a pattern: what the engines look for before anything is verified.

As in RE2's prefilter: alternatives are multiplied out while they stay few, and gaps part the pattern into stretches. A match
holds one piece of every stretch; the stretch whose shortest piece is longest is the rarest and says where to look.
"""

import re
from itertools import chain, product
from typing import NamedTuple

MOST = 24
"""Pieces a stretch may stand for; more are not multiplied out (96 take a quarter more memory and find nothing sooner)."""
ENOUGH = 8
"""Bytes from which a longer piece is no rarer: fewer pieces are better then."""
_TOKEN = re.compile(rb"\(\?:|\)\??|\||\[\^ ?\.\]\{0,\d+\}|\\?.\??", re.DOTALL)

Choice = tuple[bytes, ...]


class RequiredLiterals(NamedTuple):
    """What must stand in a text for one wording of a pattern to match."""

    expression: bytes
    """The wording itself."""
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


def required_literals(expression: bytes) -> tuple[RequiredLiterals, ...] | None:
    """Return the pieces of each wording of a translated pattern (``enrichment.lexicon.pattern``), those that are fixed as one
    wording; None when nothing in one is fixed."""
    results = []
    fixed: list[Choice] = []
    for wording in _split_wordings([match.group() for match in _TOKEN.finditer(expression)]):
        part, _ = _choices(wording, 0)
        if not part.stretches:
            return None
        choices = tuple(choice for _, choice in part.stretches)
        rarest = max(range(len(choices)), key=lambda number: _rarity(choices[number]))
        written = b"".join(wording)
        crossing = b"." in written.replace(b"[^.]", b"").replace(b"[^ .]", b"")
        if choices[0] is part.exact and not crossing:
            fixed.append(choices[0])
        else:
            before = part.stretches[rarest][0]
            results.append(RequiredLiterals(written, choices, rarest, choices[0] is part.exact, before, part.longest, crossing))
    if fixed:
        pieces = tuple(dict.fromkeys(chain.from_iterable(fixed)))
        results.append(RequiredLiterals(b"", (pieces,), 0, True, 0, max(map(len, pieces)), False))
    return tuple(results)


def _split_wordings(tokens: list[bytes]) -> list[list[bytes]]:
    """Return the choices of a pattern that is one group, and of those that are groups again; otherwise the pattern."""
    choices: list[list[bytes]] = [[]]
    depth = 0
    for place, token in enumerate(tokens):
        if depth == 1 and token == b"|":
            choices.append([])
            continue
        depth += (token == b"(?:") - token.startswith(b")")
        if depth == 0 and (place < len(tokens) - 1 or token != b")"):
            return [tokens]
        choices[-1].append(token)
    choices[0], choices[-1] = choices[0][1:], choices[-1][:-1] if len(choices) > 1 else choices[-1][1:-1]
    return [wording for choice in choices for wording in _split_wordings(choice)]


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
