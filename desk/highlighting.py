"""Makes hostile text safe to show: cut into pieces by its evidence spans, with invisible and re-ordering characters named.

Nothing here makes HTML: a piece is plain text with its marks, and templates escape it. Each hidden character is shown by its
name at its place; the record keeps it.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from crawlers.items import Posting
from desk.word_edges import edge_before, grapheme_end, shorten

NAMES = {
    "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ", "\u200e": "LRM", "\u200f": "RLM", "\u202a": "LRE", "\u202b": "RLE",
    "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO", "\u2060": "WJ", "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI",
    "\u2069": "PDI", "\ufeff": "BOM", "\u00ad": "SHY", "\u061c": "ALM", "\u2028": "LSEP", "\u2029": "PSEP", "\u034f": "CGJ",
    "\u115f": "HCF", "\u1160": "HJF", "\u3164": "HF", "\uffa0": "HHF", "\u180e": "MVS", "\x00": "NUL", "\x1b": "ESC",
    "\r": "CR", "\u2800": "BLANK",
}  # fmt: skip
_JOINING = re.compile(r"[\u0600-\u06ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\U0001f000-\U0001faff\ufe0f\u2600-\u27bf]")
_REACH = 48
"""How far before its evidence an excerpt may begin, so that no word or handle is cut in two."""
_SPACELESS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A span to show: a signal for or against, a contact, a place, a pay figure, or a searched word."""

    start: int
    end: int
    kind: str
    """``for``, ``against``, ``contact``, ``place``, ``pay``, ``hit``."""
    key: str
    """What ties the mark to its line in the list of reasons."""
    label: str
    """What it means, for the tool tip and for screen readers."""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of text under the same marks; ``hidden`` pieces hold the name of a character instead of the character."""

    text: str
    marks: tuple[Mark, ...] = ()
    hidden: str = ""
    """``U+202E RIGHT-TO-LEFT OVERRIDE`` where ``text`` stands for such a character."""


class Excerpt(msgspec.Struct, frozen=True, kw_only=True):
    """The most important part of a text, with its marks moved to match."""

    text: str
    marks: tuple[Mark, ...]
    before: bool
    """Something was left out before it."""
    after: bool

    @property
    def pieces(self) -> list[Piece]:
        """The excerpt as pieces, with an ellipsis where text was left out."""
        dots = [Piece(text="…")]
        return [*(dots if self.before else []), *pieces(self.text, self.marks), *(dots if self.after else [])]


def pieces(raw: str, marks: Iterable[Mark] = ()) -> list[Piece]:
    """Cut ``raw`` at every edge of every mark and around every hidden character; the order of the text is kept."""
    wanted = [
        msgspec.structs.replace(mark, start=grapheme_end(raw, mark.start), end=grapheme_end(raw, mark.end))
        for mark in marks
        if 0 <= mark.start < mark.end <= len(raw)
    ]
    cuts = sorted({0, len(raw), *(mark.start for mark in wanted), *(mark.end for mark in wanted)})
    results: list[Piece] = []
    for start, end in pairwise(cuts):
        over = tuple(mark for mark in wanted if mark.start <= start and end <= mark.end)
        results.extend(_shown_pieces(raw, start, end, over))
    return results


def plain_line(raw: str) -> str:
    """Return one line without hidden, control or re-ordering characters: for titles, subjects, logs and tables."""
    if _DOUBTFUL.search(raw) is None:
        return " ".join(raw.split())
    text = "".join(
        " " if char in "\r\n\t\u2028\u2029" else char
        for place, char in enumerate(raw)
        if char.isspace() or not hides(char, raw[max(0, place - 1) : place], raw[place + 1 : place + 2])
    )
    return " ".join(text.split())


def heading(posting: Posting, most: int = 120) -> str:
    """Return what a posting is called in a list: its title or, where it has none to read, the first words of its text, in at most
    ``most`` characters; nothing for one without words."""
    return shorten(plain_line(posting.title or "") or plain_line(posting.text[: 4 * most]), most)


def excerpt(raw: str, marks: Sequence[Mark], width: int = 220) -> Excerpt:
    """Return about ``width`` characters of ``raw`` around its densest evidence."""
    spans = [mark for mark in marks if mark.kind == "for"] or list(marks)
    best, start = -1, 0
    for mark in spans:
        inside = sum(1 for other in spans if mark.start <= other.start and other.end <= mark.start + width)
        if inside > best:
            best, start = inside, max(0, mark.start - width // 5)
    start, end = edge_before(raw, start, _REACH), min(len(raw), start + width)
    if end < len(raw):
        end = edge_before(raw, end, width // 2)
    moved = tuple(
        msgspec.structs.replace(mark, start=max(0, mark.start - start), end=min(end, mark.end) - start)
        for mark in marks
        if mark.start < end and mark.end > start
    )
    return Excerpt(text=raw[start:end], marks=moved, before=start > 0, after=end < len(raw))


def hides(char: str, before: str, after: str) -> bool:
    """Tell whether a character must be shown by name: invisible, re-ordering or a control character.

    Joiners between letters that need them (Arabic, Indic, Khmer, Burmese, emoji) are ordinary writing and stay.
    """
    if char in "\n\t":
        return False
    if char in "\u200c\u200d" and _JOINING.match(before or " ") and (char == "\u200c" or not after or _JOINING.match(after)):
        return False
    if char in NAMES:
        return True
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _doubtful_class() -> str:
    """Return a pattern of every character that ``hides`` may answer for: nearly all text has none and is not looked at."""
    hidden = [hides(chr(code), "", "") or chr(code) in "\u200c\u200d" for code in range(0x10000)]
    edges = [code for code in range(0x10000) if hidden[code] != (code > 0 and hidden[code - 1])] + [0x10000]
    ranges = [rf"\u{start:04x}-\u{end - 1:04x}" for start, end in zip(edges[::2], edges[1::2], strict=False)]
    return f"[{''.join(ranges)}\U00010000-\U0010ffff]"


_DOUBTFUL = re.compile(_doubtful_class())


def _shown_pieces(raw: str, start: int, end: int, over: tuple[Mark, ...]) -> Iterable[Piece]:
    run = start
    for found in _DOUBTFUL.finditer(raw, start, end):
        place = found.start()
        char, before, after = raw[place], raw[place - 1 : place], raw[place + 1 : place + 2]
        breaks = char == "\u200b" and _SPACELESS.match(before or " ") is not None
        if not breaks and not hides(char, before, after):
            continue
        if run < place:
            yield Piece(text=raw[run:place], marks=over)
        if breaks:
            yield Piece(text="", marks=over, hidden="break")
        else:
            name = unicodedata.name(char, "CONTROL" if ord(char) < 160 else "UNASSIGNED")
            yield Piece(text=NAMES.get(char, f"U+{ord(char):04X}"), marks=over, hidden=f"U+{ord(char):04X} {name}")
        run = place + 1
    if run < end:
        yield Piece(text=raw[run:end], marks=over)


_SCHEME = re.compile(r"\bhtt(?=ps?:)", re.IGNORECASE)
_OTHER = re.compile(r"\b(ftps?|javascript|data|vbscript|file|mailto|tel|sms|tg|intent|line|zalo|whatsapp)(?=:)", re.IGNORECASE)
_WORLD = "рф|中国|中國|公司|网络|香港|台灣|ไทย|한국|भारत|বাংলা|ලංකා|இலங்கை"
_DOT = re.compile(rf"(?<=\w)[.．。｡](?=(?:[\w-]+[.．。｡])*(?:[a-z]{{2,24}}|xn--[a-z0-9-]+|{_WORLD})(?!\w))", re.IGNORECASE)
_QUAD = re.compile(r"\b(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\b")
_AT = re.compile(r"(?<=[\w.+-])@(?=[\w-]+\.[\w.-]*[a-z])", re.IGNORECASE)


def defang(text: str) -> str:
    """Return ``text`` with every scheme, domain dot and e-mail sign broken, so that no reader makes a link of it.

    Mail programs make links of bare domains too, so a dot before what may be a top-level domain is broken in running text as
    well; the price is an occasional ``[.]`` where a space is missing after a full stop.
    """
    text = _AT.sub("[@]", text)
    text = _OTHER.sub(r"\1_", _SCHEME.sub("hxx", text))
    return _DOT.sub("[.]", _QUAD.sub(r"\1[.]\2[.]\3[.]\4", text))
