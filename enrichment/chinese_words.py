"""Where Chinese words begin and end: a phrase of the lexicon that starts or stops inside a longer word is another word.

服装成品 (clothes, goods) holds 装成 (to pose as), 测试工程师 (test engineer) holds 试工 (trial work). Words are cut by jieba's
dictionary (``rjieba``, without its model for unknown words), only a few characters around the edges of a hit.
"""

from enrichment.lexicon import Entry

_AROUND = 8
"""Characters read on either side of an edge: longer words are no part of everyday Chinese."""
SHORT = 3
"""Characters of a hit at most that the rest of a word can turn into another meaning; longer ones are several words."""
_GOES_ON = frozenset({
    "住宿", "以上学历", "里面", "合约", "签约", "老客户", "女生", "男生", "出来", "出去", "进来", "进去", "起来", "下来",
    "下去", "上来", "上去", "过来", "过去", "回来", "回去", "左右", "有无", "垫付",
})
"""Words that go on with what a phrase says (交出|来)."""
_NUMBER = frozenset("〇零一二三四五六七八九十百千万亿两")


def splits_a_word(text: str, start: int, end: int, phrases: str) -> str | None:
    """Return the word that ``text[start:end]`` begins or ends inside of; None where it does not, or where one of ``phrases``
    (all of its indicator) holds that word, so that it means the same. A hit of several words, and one that the longer word holds
    whole (翻译|器), mean the same as well."""
    hit = text[start:end]
    if len(hit) > SHORT:
        return None
    for edge in (start, end):
        word = _across(text, edge)
        if word is None or word in _GOES_ON or word in phrases or not _NUMBER.isdisjoint(word):
            continue
        if len(hit) == 1 or hit not in word:
            return word
    return None


def phrases(entries: list[Entry], indicator: str) -> str:
    """Return all phrases of an indicator in one string, to look words up in."""
    return "\n".join(entry.phrase for entry in entries if entry.indicator.slug == indicator)


def _across(text: str, edge: int) -> str | None:
    """Return the word of several characters that lies on both sides of ``edge``."""
    if not (0 < edge < len(text) and _han(text[edge - 1]) and _han(text[edge])):
        return None
    import rjieba  # reads its dictionary on first use: 0.5 s and 33 MiB that texts without Chinese need not pay

    place = max(0, edge - _AROUND)
    for word in rjieba.cut(text[place : edge + _AROUND], False):
        if place < edge < place + len(word):
            return str(word)
        place += len(word)
    return None


def _han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"
