"""Finds hits of the lexicon that are parts of longer words, in writing without spaces.

服装成品 (clothes, goods) holds 装成 (to pose as), アパート (flat) holds パート (part-time), ครอบครัว (family) holds ครัว (kitchen).
"""

from enrichment.lexicon.lexicon import LexiconEntry
from enrichment.text.unspaced import EAST, SILENT, inside_letter, joins_letters, word_across, writing

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


def phrases(entries: list[LexiconEntry], indicator: str) -> str:
    """Return all phrases of an indicator in one string, to look words up in."""
    return "\n".join(entry.phrase for entry in entries if entry.indicator.slug == indicator)


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
