"""Where words end, in writing without spaces above all: spans that cut none in two, and hits that are parts of longer words.

ICU's dictionaries (``icu4py``) tell words of Chinese, Japanese, Thai, Lao, Khmer and Burmese apart. 服装成品 (clothes, goods)
holds 装成 (to pose as), アパート (flat) holds パート (part-time), ครอบครัว (family) holds ครัว (kitchen).
"""

import re
import unicodedata
from bisect import bisect_left
from functools import lru_cache
from itertools import accumulate

WRITINGS = (
    "\u0e01-\u0e4e",
    "\u0e81-\u0ecd\u0edc-\u0edf",
    "\u1780-\u17d3",
    "\u1000-\u103f\u104c-\u109f",
    "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U000323af",
)
"""Letters of Thai, Lao, Khmer, Burmese, and Chinese with Japanese; digits and the marks between phrases are none."""
EAST = 4
"""Number of Chinese with Japanese."""
LONGEST = 96
"""Letters of a run without spaces that are read at once; of a longer one as many around a place."""
_LETTER = re.compile("|".join(f"([{letters}])" for letters in WRITINGS))
_LEADING = frozenset("เแโใไເແໂໃໄ")
_TRAILING = frozenset("ะาำๅະາຳຽーァィゥェォャュョぁぃぅぇぉゃゅょ")
_STACKING = frozenset("\u17d2\u1039")
SILENT = frozenset("\u0e4c\u0ecc")
"""Signs over letters that are not spoken, which people leave out."""
_INSIDE = 2


@lru_cache(maxsize=10_000)
def writing(char: str) -> int | None:
    """Return the number of the writing a letter belongs to; None for everything that stands in words parted by spaces."""
    match = _LETTER.match(char)
    return match.lastindex - 1 if match and match.lastindex else None


def joins_letters(text: str, place: int) -> bool:
    """Tell whether letters of one such writing stand on both sides of ``place``."""
    return 0 < place < len(text) and _joining_kind(text[place - 1], text[place]) > 0


def inside_letter(text: str, place: int) -> bool:
    """Tell whether ``place`` parts a letter from its vowel, its tone or the letter under it (a silent one may be left out)."""
    return 0 < place < len(text) and _joining_kind(text[place - 1], text[place]) == _INSIDE


def word_across(text: str, place: int) -> tuple[int, int] | None:
    """Return the span of the word that ``place`` stands inside of; None where a word ends, or no such letters meet."""
    if not joins_letters(text, place):
        return None
    first, last = _run(text, place)
    bounds = _bounds(text[first:last])
    number = bisect_left(bounds, place - first)
    if bounds[number] == place - first:
        return None
    if not inside_letter(text, place) and not (_kana(text[place - 1]) and _kana(text[place])):
        # Letters of a word ICU does not know are joined with their neighbours: then no more words come of cutting there.
        low, high = max(0, number - 3), min(len(bounds) - 1, number + 2)
        before, behind = text[first + bounds[low] : place], text[place : first + bounds[high]]
        if len(_bounds(before)) + len(_bounds(behind)) <= high - low + 2:
            return None
    return first + bounds[number - 1], first + bounds[number]


def _kana(char: str) -> bool:
    return "\u30a1" <= char <= "\u30ff"


def _run(text: str, place: int) -> tuple[int, int]:
    """Return the span of the letters of one writing around ``place``, ``LONGEST`` at most."""
    number = writing(text[place])
    first = last = place
    while first > max(0, place - LONGEST // 2) and writing(text[first - 1]) == number:
        first -= 1
    while last < min(len(text), place + LONGEST // 2) and writing(text[last]) == number:
        last += 1
    return first, last


@lru_cache(maxsize=4096)  # many phrases stand at the same words of a text
def _bounds(words: str) -> list[int]:
    from icu4py.breakers import WordBreaker  # texts in other writing need not pay for its data

    return list(accumulate(map(len, WordBreaker(words, "en")), initial=0))


@lru_cache(maxsize=20_000)
def _joining_kind(before: str, after: str) -> int:
    """Tell how two characters stand together: not, as letters of one such writing, or as parts of one letter (``_INSIDE``)."""
    number = writing(after)
    if number is None or writing(before) != number:
        return 0
    marked = after in _TRAILING or (after not in SILENT and unicodedata.category(after).startswith("M"))
    return _INSIDE if marked or before in _LEADING or before in _STACKING else 1


WIDENED = 40
"""Characters a span is widened by at most on each side: no word people write is longer."""


def whole_words(raw: str, start: int, end: int) -> tuple[int, int]:
    """Return ``raw[start:end]`` widened to the words, numbers and handles it begins and ends in; marks stay with their letter."""
    first, last = max(0, start - WIDENED), min(len(raw), end + WIDENED)
    while start > first and (word := word_across(raw, start)):
        start = word[0]
    while end < last and (word := word_across(raw, end)):
        end = word[1]
    while start > first and _together(raw, start):
        start -= 1
    while end < last and _together(raw, end):
        end += 1
    return start, end


def _together(raw: str, place: int) -> bool:
    before, after = raw[place - 1 : place], raw[place : place + 1]
    if unicodedata.category(after).startswith("M") if after else False:
        return True
    return _is_spaced(before) and _is_spaced(after)


def _is_spaced(char: str) -> bool:
    if char == "_":
        return True
    if not char or not (char.isalnum() or unicodedata.category(char).startswith("M")):
        return False
    return char.isascii() or writing(char) is None


SHORT, SHORT_EAST = 8, 3
"""Letters of a hit at most that the rest of a word can turn into another meaning; longer ones are several words."""
_LEAST = 2
"""Letters that what is left of a cut word has at least when it is a word of its own (ทำ|งานสบาย, but no ขายไต|ร)."""
_AGAIN = frozenset("ๆฯໆຯ")
_NUMBER = frozenset("〇零一二三四五六七八九十百千万亿两")
_BEFORE = frozenset({
    "การ", "ความ", "ผู้", "นัก", "คน", "ช่าง", "แม่", "หมอ", "ขอ", "มี", "ทำ", "ການ", "ຄວາມ", "ຜູ້", "ນັກ", "ຄົນ", "ຊ່າງ",
    "ພໍ່", "ແມ່", "ຂໍ", "ការ", "អ្នក", "ជាង", "ជា", "សូម", "ជួយ", "បើក", "ឬ", "အလုပ်", "ご", "お", "高", "即",
})  # fmt: skip
"""Words that make an action, a person or a wish of the one behind them, which keeps its meaning."""
_SAME = frozenset({
    "住宿", "以上学历", "里面", "合约", "签约", "老客户", "女生", "男生", "出来", "出去", "进来", "进去", "起来", "下来",
    "下去", "上来", "上去", "过来", "过去", "回来", "回去", "左右", "有无", "垫付", "即日", "ช่างไฟ", "ຄູສອນ", "ຄູຝຶກ", "ໂທມາ",
    "ໂທຫາ", "ຄ່າແຮງງານ", "គ្រូបង្រៀន", "គ្រូបង្វឹក", "ឃ្លាំងទំនិញ", "តុលាការខេត្ត", "သတိပေးချက်", "ခန့်အပ်", "စပေါ်ငွေ",
    "အပေါင်ခံ",
})  # fmt: skip
"""Words that go on with what a phrase says (交出|来)."""


def splits_a_word(text: str, start: int, end: int, phrases: str) -> str | None:
    """Return the word that ``text[start:end]`` begins or ends inside of; None where it does not, or where the word means the
    same: one that ``phrases`` (all of its indicator) hold, a hit of several words of which one goes on, a number that does."""
    edges = [edge for edge in (start, end) if joins_letters(text, edge)]
    if not edges:
        return None
    inside = [edge for edge in edges if inside_letter(text, edge)]
    east = EAST in (writing(text[start]), writing(text[end - 1]))
    several_words = end - start > (SHORT_EAST if east else SHORT)
    if several_words:
        edges = [edge for edge in edges if edge in inside or _is_fragment(text, edge, edge == start, east)]
    other = [
        (edge, word)
        for edge in edges
        if (word := word_across(text, edge)) and not _is_same_word(text, (start, end), word, phrases, east)
    ]
    if not other:
        return None
    edge, (first, last) = other[0]
    may_go_on = len(other) == 1 and not (several_words or east or inside)
    return None if may_go_on and _goes_on((start, end), (first, last), edge) else text[first:last]


def _goes_on(hit: tuple[int, int], span: tuple[int, int], edge: int) -> bool:
    """Tell whether a hit is several words of which the one at ``edge`` goes on beyond it as the word at ``span``."""
    (start, end), (first, last) = hit, span
    return not first <= start < end <= last and (edge == start or last - end >= _LEAST)


def _is_fragment(text: str, edge: int, at_start: bool, east: bool) -> bool:
    """Tell whether a long hit holds but the smaller part, or half, of the word it begins or ends inside of (面|包吃, ไต|รมาส).

    What stands behind Chinese words is often a particle that ICU counts to them (完|了).
    """
    word = word_across(text, edge) if at_start or not east else None
    if word is None:
        return False
    first, last = word
    return 2 * (last - edge if at_start else edge - first) <= last - first


def _is_same_word(text: str, hit: tuple[int, int], span: tuple[int, int], phrases: str, east: bool) -> bool:
    """Tell whether the word at ``span``, which a hit begins or ends inside of, means what the hit does."""
    (start, end), (first, last) = hit, span
    word, before, rest = text[first:last], text[first:start], text[end:last]
    if word in _SAME or word in phrases or before in _BEFORE:
        return True
    if not east:
        return bool(rest) and (rest[0] in _AGAIN or rest[1:] in SILENT)
    if rest and all("\u3041" <= char <= "\u3096" for char in rest):  # an ending of the same verb
        return True
    kana = any("\u30a1" <= char <= "\u30fa" for char in word)
    return not _NUMBER.isdisjoint(word) or (end - start > 1 and text[start:end] in word and not kana)
