"""Cuts a text into sentences and masks in each what identifies somebody, before anything of it leaves the process.

Masked are contacts that enrichment found, every other writing of them, and what has the shape of a link, an account, a number or
a person's name (``desk.masks``). Each stands as ``⟦1⟧`` in what is sent and is put back into what comes back.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

import msgspec

from desk.highlighting import plain_line
from desk.masks import contact_marks, private_spans
from enrichment.contacts.extract import contacts
from enrichment.stance import sentences
from index.base import Record

MOST = 20_000
"""Characters of a text that are translated; what follows is read in the original."""
LONGEST = 1000
"""Characters of a sentence that is sent; a longer one is cut at a space."""
_CLAUSE = 60
"""Characters under which a clause that ends at a mere space is no sentence of its own."""
_SIGN = re.compile(r"[⟦〚]\s*(\d{1,4})\s*[⟧〛]")
_BRACKETS = str.maketrans("⟦〚⟧〛", "[[]]")
_GROWTH = 8
"""How many times longer than its original a translation may be."""


class MaskedSentence(msgspec.Struct, frozen=True, array_like=True):
    """Where a sentence stands in its text, and which parts of it never leave."""

    start: int
    end: int
    spans: tuple[tuple[int, int], ...]


class RestoredSentence(msgspec.Struct, frozen=True, kw_only=True):
    """A translation with the masked parts put back."""

    words: str
    complete: bool
    """Every masked part came back exactly once, and nothing was cut."""


def masked_sentences(record: Record, part: str, offset: int) -> tuple[MaskedSentence, ...]:
    """Return the sentences of ``part``, which begins at ``offset`` of the record's ``title + "\\n" + text``, that have words."""
    read = part[:MOST]
    spans = [(mark.start, mark.end) for mark in contact_marks(record, offset, read)]
    spans += [(contact.start, contact.end) for contact in contacts(read, record.assessment.language)]
    hidden = _merge([*spans, *private_spans(read)])
    starts = [start for start in _starts(read) if not any(first < start < last for first, last in hidden)]
    found = []
    for start, end in pairwise([*starts, len(read)]):
        for low, high in _cut_sentence(read, start, end, hidden):
            inside = tuple((first, last) for first, last in hidden if low <= first and last <= high)
            if any(char.isalpha() for char in mask_sentence(read, MaskedSentence(low, high, inside))):
                found.append(MaskedSentence(low, high, inside))
    return tuple(found)


def mask_sentence(part: str, sentence: MaskedSentence) -> str:
    """Return a sentence as it is sent: one line, each masked part as its number in brackets that nothing else in it has."""
    pieces, at = [], sentence.start
    for number, (start, end) in enumerate(sentence.spans, 1):
        pieces += [part[at:start].translate(_BRACKETS), f"⟦{number}⟧"]
        at = end
    return plain_line("".join([*pieces, part[at : sentence.end].translate(_BRACKETS)]))


def restore_words(part: str, sentence: MaskedSentence, translated: str) -> RestoredSentence:
    """Return a translation as one plain line with the masked parts put back; a number nothing stands behind is left out."""
    most = max(200, _GROWTH * (sentence.end - sentence.start))
    line = plain_line(translated[: 4 * most])
    numbers: list[int] = []

    def put_back(match: re.Match[str]) -> str:
        numbers.append(int(match[1]))
        if not 0 < numbers[-1] <= len(sentence.spans):
            return "…"
        start, end = sentence.spans[numbers[-1] - 1]
        return plain_line(part[start:end])

    cut = len(line) > most or len(translated) > 4 * most
    words = _SIGN.sub(put_back, f"{line[:most]}…" if cut else line)
    return RestoredSentence(words=words, complete=not cut and sorted(numbers) == list(range(1, len(sentence.spans) + 1)))


def _starts(part: str) -> Iterable[int]:
    """Yield where sentences start; Thai, Lao and Khmer part clauses by a space too, of which short ones stay together."""
    last = -_CLAUSE
    for start in sentences(part):
        if part[start : start + 1] == " " and part[start - 1] not in ".!?…" and start - last < _CLAUSE:
            continue
        last = start
        yield start


def _merge(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, those that meet made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        elif start < end:
            merged.append((start, end))
    return merged


def _cut_sentence(part: str, start: int, end: int, hidden: list[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """Yield a sentence without the spaces around it, cut where it is too long: at a space, never inside a masked part."""
    while start < end and part[start].isspace():
        start += 1
    while end > start and part[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        space = part.rfind(" ", start + LONGEST // 2, start + LONGEST)
        at = space if space > 0 else start + LONGEST
        at = next((last for first, last in hidden if first < at < last), at)
        yield start, min(at, end)
        start = min(at, end)
    if start < end:
        yield start, end
