"""Finds quotations: stretches between quotation marks in a text that says more around them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from enrichment.assessment import Contact

Spans = tuple[tuple[int, int], ...]
_MARKS = "“«「『《„\"＂‘'"
QUOTED = re.compile(
    r"“(?:[^“”]|“[^“”]{0,80}”){6,1200}”|«(?:[^«»]|«[^«»]{0,80}»){6,1200}»|「[^「」]{4,600}」|『[^『』]{4,600}』|《[^《》\n]{4,300}》|„[^„“”]{6,1200}[“”]"
    r"|(?<!\w)\"(?=\S)[^\"]{6,1200}\"(?!\w)|\"[^\"\n]{6,600}\"|＂[^＂]{6,1200}＂"
    r"|‘[^‘\n]{6,600}?’(?!\w)|(?<!\w)'(?=\S)[^'\n](?:[^'\n]|(?<=\w)'(?=\w)){5,600}'(?!\w)"
)
"""A quoted advert has several lines; but marks that open and close alike, or are apostrophes too, may stand alone."""
SENTENCE = 30
"""Letters from which a quotation is no name or slogan but what somebody said."""
OWN = 40
"""Letters a text needs outside its quotations to be about them: who puts all he says between marks quotes nobody."""
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class Quotes(NamedTuple):
    """The spans between quotation marks."""

    words: Spans = ()
    """Of a few words and more; a single quoted word is mostly a name."""
    sentences: Spans = ()
    """Those of them that are long enough to be what somebody said."""
    around: int = SENTENCE
    """Letters outside the marks."""
    inside: int = SENTENCE
    """Letters of the quoted sentences."""
    passed_on: Spans = ()
    """Spans between marks that the text makes its own: whoever passes an offer on with a way to answer it speaks for it."""

    @property
    def own_share(self) -> float:
        """How much the text says itself, measured by its quoted sentences; at most 1."""
        return self.share(self.around)

    def share(self, around: int) -> float:
        """Return the same where ``around`` letters outside the marks say something."""
        return min(1.0, max(0, around) / max(SENTENCE, self.inside))

    def hold(self, start: int, end: int) -> bool:
        """Tell whether a stretch stands inside quotation marks."""
        return _within(self.words, start, end)

    def repeated_share(self, lures: Sequence[tuple[int, int, float]], reached: Sequence[Contact]) -> float:
        """Return how much of an offer a text repeats and does not make, 0 to 1: the share of its lure words (start, end, value)
        that stand in quoted sentences, half of it where the text gives a contact outside them."""
        inside = sum([value for start, end, value in lures if _within(self.sentences, start, end)])
        everything = sum([value for _, _, value in lures])
        open_contact = any(not _within(self.sentences, contact.start, contact.end) for contact in reached)
        return inside / everything * self.own_share / (2 if open_contact else 1) if everything else 0.0


def quotes(raw: str) -> Quotes:
    """Return what ``raw`` quotes; nothing where it says next to nothing outside the marks."""
    if not any(map(raw.__contains__, _MARKS)):
        return Quotes()
    words = tuple([match.span() for match in QUOTED.finditer(raw)])
    sizes = [room(raw[start:end]) for start, end in words]
    own = room(raw) - sum(sizes)
    if own < OWN:
        return Quotes()
    sentences = tuple([span for span, size in zip(words, sizes, strict=True) if size >= SENTENCE])
    return Quotes(words, sentences, own, sum([size for size in sizes if size >= SENTENCE]))


def _within(spans: Spans, start: int, end: int) -> bool:
    return any(first <= start and end <= last for first, last in spans)


def room(text: str) -> int:
    """Return the length of a text in letters of an alphabet: a Chinese, Japanese or Korean character says as much as two."""
    return len(text) + dense_letters(text)


def dense_letters(text: str) -> int:
    """Return how many Chinese, Japanese and Korean characters ``text`` has: each says as much as several of an alphabet."""
    return len(_DENSE.findall(text))
