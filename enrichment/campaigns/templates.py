"""Finds what a crew's copied texts have in common, and the slots in which they differ: "Hiring ⟨words⟩ in ⟨place⟩, contact
⟨contact⟩".

Texts that are copies of one another are laid over one of them token by token; what nearly all share is constant, what stands
between is a slot with its values. The idea of showing campaigns so is InfoShield's (Lee et al., ICDE 2021); the alignment
here is plain block matching by tokens that nearly all share, because a campaign's texts are few and nearly the same.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain
from typing import Literal, NamedTuple

import msgspec

from crawlers.text.chinese import simplified_pairs
from enrichment.assessment import Assessment
from enrichment.text.fingerprint import Hashes, likeness, shingles

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


Kind = Literal["contact", "pay", "place", "number", "words"]
ALIKE = 0.35
"""Jaccard index of shingles from which two texts of one campaign are laid over each other."""
ALIGNED = 40
"""Texts of one template laid over each other; of more, the first and the last so many halves."""
LEAST_SHARED = 0.3
"""Share of a template's characters that must be constant; below, the texts are no copies."""
_SKETCH = 64
"""Least shingles of a text by which its group is looked for: a bottom-k sketch (Cohen and Kaplan, 2007)."""
LONGEST = 6000
"""Characters of a text that are laid over others."""


class CampaignText(NamedTuple):
    """One advert of a campaign."""

    id: str
    text: str
    spans: tuple[tuple[int, int, Kind], ...] = ()
    """Where contacts, pay and places stand in ``text``."""


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """A place where the texts differ."""

    kind: Kind
    values: tuple[tuple[str, int], ...]
    """Distinct values as written and how many texts have each, commonest first."""
    empty: int = 0
    """Texts that have nothing there."""


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """Texts that are copies of one another."""

    members: tuple[str, ...]
    aligned: int
    """How many of them were laid over each other for the parts."""
    parts: tuple[str | Slot, ...]
    """Constant text and slots, as they follow one another."""
    shared: float
    """Share of the characters of a typical text that is constant."""


def text_of(judged: Assessment, raw: str) -> CampaignText:
    """Return the text of an assessed advert with what is known of its parts."""
    spans: list[tuple[int, int, Kind]] = [(contact.start, contact.end, "contact") for contact in judged.contacts]
    spans += [(place.start, place.end, "place") for place in judged.places]
    if judged.pay is not None:
        spans.append((judged.pay.start, judged.pay.end, "pay"))
    return CampaignText(judged.id, raw, tuple(spans))


def copies(texts: Sequence[CampaignText]) -> list[list[CampaignText]]:
    """Return the texts of a campaign that are copies of one another, the largest group first; a text without a copy is in none.

    Each is compared in full with the groups that share most of its least shingles only, so that a campaign of thousands of
    different texts costs no square of them.
    """
    groups: list[tuple[Hashes, list[CampaignText]]] = []
    having: dict[int, list[int]] = defaultdict(list)
    for text in texts:
        hashes = shingles(text.text)
        sketch = hashes[:_SKETCH].tolist()
        shared = Counter(chain.from_iterable(having[value] for value in sketch))
        near = [(likeness(hashes, groups[number][0])[0], groups[number][1]) for number, _ in shared.most_common(3)]
        best = max(near, key=lambda pair: pair[0], default=(0.0, []))
        if best[0] >= ALIKE:
            best[1].append(text)
        else:
            for value in sketch:
                if len(having[value]) < _SKETCH:  # a shingle in more groups is boilerplate
                    having[value].append(len(groups))
            groups.append((hashes, [text]))
    return sorted((group for _, group in groups if len(group) > 1), key=lambda group: -len(group))


def templates(groups: Iterable[Sequence[CampaignText]]) -> tuple[Template, ...]:
    """Return the template of each group of copies; a group that shares too little to be shown as one text has none."""
    return tuple(template for group in groups if (template := _template(group)).shared >= LEAST_SHARED)


def _template(group: Sequence[CampaignText]) -> Template:
    used = [*group[: ALIGNED // 2], *group[-ALIGNED // 2 :]] if len(group) > ALIGNED else list(group)
    tokens = [list(tokens_of(campaign_text.text[:LONGEST])) for campaign_text in used]
    base = typical(tokens)
    over = [laid_over(tokens[base], other) for other in tokens]
    runs = constant_runs(tokens[base], over)
    parts: list[str | Slot] = []
    after: int | None = None
    for run in [*runs, None]:
        if gap := _gap(used, tokens, over, after, run[0] if run else None):
            parts.append(gap)
        if run:
            text = write_run(used[base].text, tokens[base], run)
            parts.append(text if parts else text.lstrip())
            after = run[-1]
    said = sum(token.end - token.start for token in tokens[base])
    kept = sum(tokens[base][at].end - tokens[base][at].start for run in runs for at in run)
    ids = tuple(campaign_text.id for campaign_text in group)
    return Template(members=ids, aligned=len(used), parts=tuple(parts), shared=kept / said if said else 0.0)


def _gap(
    used: Sequence[CampaignText],
    tokens: Sequence[Sequence[Token]],
    over: Sequence[dict[int, int]],
    after: int | None,
    before: int | None,
) -> Slot | str | None:
    """Return what stands between two constant tokens (``None``: the text's edge), over the texts that have both."""
    values: Counter[str] = Counter()
    kinds: Counter[Kind] = Counter()
    empty = 0
    for text, own, lies in zip(used, tokens, over, strict=True):
        start = -1 if after is None else lies.get(after)
        end = len(own) if before is None else lies.get(before)
        if start is None or end is None:
            continue
        if end - start == 1:
            empty += 1
            continue
        low, high = own[start + 1].start, own[end - 1].end
        values[" ".join(text.text[low:high].split())] += 1
        kinds[_kind(text, low, high)] += 1
    if len(values) == 1 and not empty:
        return next(iter(values))
    ranked = tuple(sorted(values.items(), key=lambda item: (-item[1], item[0])))
    return Slot(kind=max(kinds, key=lambda kind: (kinds[kind], kind)), values=ranked, empty=empty) if values else None


def _kind(text: CampaignText, low: int, high: int) -> Kind:
    inside: Counter[Kind] = Counter()
    for start, end, kind in text.spans:
        inside[kind] += max(0, min(end, high) - max(start, low))
    for best, letters in inside.most_common(1):
        if letters:
            return best
    letters = sum(char.isalpha() for char in text.text[low:high])
    return "number" if any(char.isdecimal() for char in text.text[low:high]) and letters < 4 else "words"
