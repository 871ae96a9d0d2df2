"""Filters lexicon matches: none that a word beside it denies, none that is part of an address.

A word that denies has a scope: it reaches what stands next to it in its clause, over words that carry no meaning of their own
(``no need to pay a deposit``), on the side where its language puts it. A rule that holds the denying word itself
(``no experience``) has said so, and is left alone.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from enrichment.assessment import Contact, Place
from enrichment.lexicon.matches import LexiconMatch
from enrichment.lexicon.negation_words import NEGATION, ONLY
from enrichment.lexicon.pattern import compile_pattern
from enrichment.lexicon.stream import stream
from enrichment.text.views import Views, fold

DENIABLE = frozenset(
    {
        "abroad",
        "advance_or_daily_pay",
        "board_lodging",
        "bride_price",
        "chat_operator",
        "commission",
        "customer_service",
        "data_entry_typing",
        "debt_hardship",
        "deposit_commission",
        "documents_held",
        "exit_fee",
        "fixed_contract",
        "foetus_baby",
        "free_travel",
        "gambling_staff",
        "irregular_crossing",
        "long_shift",
        "marriage",
        "mule_account",
        "organ",
        "phone_restricted",
        "pickup",
        "prepaid_return",
        "referral_bonus",
        "surrogacy_egg",
        "target_penalty",
        "upfront_fee",
        "usd_crypto_pay",
        "visa_passport_handled",
    }
)
"""Indicators that say that something is done or given: denied, it is not."""
ADDRESSES = ("email", "url")
NAMES = ("telegram", "line", "zalo", "wechat", "whatsapp", "qq", "viber", "signal", "kakaotalk")
SPOKEN = ("channel", "voice")
"""Families whose words may be an address: how somebody is reached."""
DENSE = ("zh", "ja", "th", "lo", "km", "my")
MERGED = 160
"""Letters from which a rule may hold several wordings, each with its own words."""
REACH = 48
"""A denying word may be this many characters away from a match."""
WHOLE_DAY = 6
"""Hours from which work is no part-time work from home."""
_HOURS = re.compile(
    r"(?<!\d)(\d{1,2}) ?(?:h\b|hrs?\b|hours?|jam|giờ|tiếng|gio\b|tieng|小时|小時|時間|시간|час|horas?|heures?|घंट|घण्ट|ชั่วโมง|ชม|"
    r"ঘণ্টা|saat|soat|oras|masaa|saa\b|ម៉ោង|ຊົ່ວໂມງ|နာရီ|ሰዓት|گھنٹ|ساع|மணி|පැය|awa|awoyi)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,.;:!?\n()，。；：！？、،؛।॥။၊|•…]| [-–—] ")
_WORD = r"[\w’'‘ʻ\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e\u0eb1-\u0ece\u102b-\u103e\u17b4-\u17d3]"
_ADDRESS = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}|(?:https?://|www\.)\S{1,500}|\b[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/\S{0,500}",
    re.IGNORECASE,
)
"""Mail addresses and links, also those that are no contact (``enrichment.contacts``)."""


def keep_meant(
    lexicon_matches: Sequence[LexiconMatch], raw: str, spoken: str, reached: Iterable[Contact], places: Iterable[Place]
) -> list[LexiconMatch]:
    """Return the matches that mean what their rules say in ``raw``, most of which is in the language ``spoken``."""
    letters = [match.span() for match in _ADDRESS.finditer(raw)] if "@" in raw or "." in raw else []
    letters += [(one.start, one.end) for one in reached if not one.link and one.type in (*ADDRESSES, *NAMES)]
    addresses, names = _Spans(letters), _Spans([(place.start, place.end) for place in places])
    return [
        item
        for item in lexicon_matches
        if not (item.entry.indicator.family not in SPOKEN and addresses.hold_an_end(item))
        and not (item.entry.indicator.family != "geo" and names.hold(item))
        and not (item.entry.indicator.slug in DENIABLE and is_denied(raw, item, spoken))
        and not (item.entry.indicator.slug == "home_work" and _whole_day(raw[item.start : item.end]))
    ]


def _whole_day(said: str) -> bool:
    """Tell whether words name the hours of a whole day of work: 12 hours a day are not an hour or two."""
    return any(WHOLE_DAY <= int(match[1]) <= 24 for match in _HOURS.finditer(said))


class _Spans:
    """Stretches of a text, to be asked quickly: hostile texts have tens of thousands."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._ends: dict[int, int] = {}
        start = end = -1
        for first, last in sorted(spans):
            if first > end or start < 0:
                start = first
            end = max(end, last)
            self._ends[start] = end
        self._starts = list(self._ends)

    def _around(self, place: int) -> tuple[int, int]:
        at = bisect_right(self._starts, place) - 1
        return (self._starts[at], self._ends[self._starts[at]]) if at >= 0 else (0, 0)

    def hold(self, item: LexiconMatch) -> bool:
        """Tell whether a match stands in one of them whole: แม่ in แม่สอด, the name of a town."""
        return item.end <= self._around(item.start)[1]

    def hold_an_end(self, item: LexiconMatch) -> bool:
        """Tell whether a match begins or ends in the midst of one: a part of what it reads are letters of a name."""
        return item.start < self._around(item.start)[1] or item.end <= self._around(item.end - 1)[1]


def is_denied(raw: str, item: LexiconMatch, spoken: str) -> bool:
    """Tell whether a word beside a match, or in the midst of it, denies what its rule says.

    The words are those of the rule's language and of the text's: rules are read on texts of other languages as well.
    """
    said, phrase = raw[item.start : item.end].lower(), item.entry.phrase
    codes = [code for code in dict.fromkeys((item.entry.language, spoken)) if code in NEGATION]
    inside = [_denies(said, match, phrase, code) for code in codes for match in _patterns(code)[2].finditer(said)]
    if None in inside:  # the rule itself holds the denying word: it has said so
        return False
    if True in inside:
        return True
    head = raw[max(0, item.start - REACH) : item.start]
    head = head[max((match.end() for match in _CLAUSE.finditer(head)), default=0) :].lower()
    tail = _CLAUSE.split(raw[item.end : item.end + REACH], maxsplit=1)[0].lower()
    for before, after, _ in map(_patterns, codes):
        if (match := before.search(head)) and ONLY.isdisjoint(match[0].split()):
            return True
        if after.match(tail):
            return True
    return False


def _denies(said: str, match: re.Match[str], phrase: str, code: str) -> bool | None:
    """Tell whether a denying word inside a match denies a word of its rule; None where it is a word of the rule itself."""
    rest = _CLAUSE.split(said[match.end() :], maxsplit=1)[0].strip()
    words = rest.split()
    head = (rest[:2] if code in DENSE else words[0][:4]) if words else ""
    rule = _fold_phrase(phrase) if len(phrase) < MERGED else _fold_wording(phrase, said)
    if fold(match[0].strip() + ("" if code in DENSE else " ") + head).strip() in rule:
        return None
    if not words:  # a verb that carries the denial in its ending or beginning
        return True
    return words[0] not in ONLY and bool(head) and fold(head) in rule


@lru_cache(maxsize=4096)
def _fold_wording(phrase: str, said: str) -> str:
    """Return those of the wordings of a rule that stand in ``said``, folded: another one may hold the denying word."""
    data = stream(Views(said).folded_view, said).data
    parts = [part for part in _wordings(phrase) if re.search(compile_pattern(part).expression, data)]
    return "|".join(map(fold, parts)) or _fold_phrase(phrase)


def _wordings(phrase: str) -> list[str]:
    """Return the choices of a rule that is one group, or the rule itself."""
    depth, cuts = 0, [0]
    for place, char in enumerate(phrase):
        depth += (char == "(") - (char == ")")
        if depth == 0 and place < len(phrase) - 1:
            return [phrase]
        if char == "|" and depth == 1:
            cuts.append(place)
    return [phrase[start + 1 : end] for start, end in pairwise([*cuts, len(phrase) - 1])]


@lru_cache(maxsize=65_536)
def _fold_phrase(phrase: str) -> str:
    return fold(phrase)


@cache
def _patterns(code: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return what finds a denying word before a match, behind one, and in the midst of one."""
    words = NEGATION[code]
    dense = code in DENSE
    edge, gap = ("", "") if dense else (rf"(?<!{_WORD})", r"\s+")
    over = f"(?:{gap}(?:{_alternatives(words.between, dense)}))*"
    pause = gap or r"\s*"
    until = f"(?:(?:{_alternatives(words.until, dense)}){pause})*"
    end = r"\s*" if dense else rf"{_WORD}{{0,3}}\s*"  # of the word that a match ends in
    both = _alternatives(f"{words.before}|{words.after}", dense)
    return (
        re.compile(f"{edge}(?:{_alternatives(words.before, dense)}){over}{gap}$"),
        re.compile(f"{end}{until}(?:{_alternatives(words.after, dense)})" + ("" if dense else f"(?!{_WORD})")),
        re.compile(f"{edge}(?:{both}){over}"),
    )


def _alternatives(listed: str, dense: bool) -> str:
    """Return words parted by ``|`` as a pattern, the longest first; one that matches nothing where there are none."""
    forms = []
    some = r"[^ ]{1,12}?" if dense else rf"{_WORD}{{0,14}}"
    for word in sorted(filter(None, listed.split("|")), key=lambda one: -len(one)):
        form = re.escape(word).replace(r"\ ", r"\s+").replace(r"\~", "~").replace("~", some)
        forms.append(form if dense or word.endswith("~") else rf"{form}(?!{_WORD})")
    return "|".join(forms) or r"(?!)"
