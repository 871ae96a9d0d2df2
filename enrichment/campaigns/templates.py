"""Finds what a crew's copied texts have in common, and the slots in which they differ: "Hiring ⟨words⟩ in ⟨place⟩, contact
⟨contact⟩".

Texts that are copies of one another are laid over one of them token by token; what nearly all share is constant, what stands
between is a slot with its values. The idea of showing campaigns so is InfoShield's (Lee et al., ICDE 2021); the alignment
here is plain block matching, because a campaign's texts are few and nearly the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Literal, NamedTuple

import msgspec

from enrichment.assessment import Assessment
from enrichment.campaigns.alignment import Token, constant_runs, laid_over, tokens_of, typical, write_run
from enrichment.text.fingerprint import Hashes, likeness, shingles

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
