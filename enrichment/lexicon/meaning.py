"""Filters lexicon matches: none that a word beside it denies, none that is part of an address, no question that is answered.

A rule that holds the denying word itself (``no experience``) has said so, and is left alone. A concept was asked already when
it was found (``enrichment.lexicon.concepts``).
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from enrichment.assessment import Contact, Place
from enrichment.combinations import GRAVE, HIDDEN_ROUTE
from enrichment.lexicon.denial import (
    CLAUSE,
    DENSE,
    NEGATION,
    ONLY,
    clause_before,
    clause_behind,
    denial_patterns,
    find_clause,
    lower_words,
)
from enrichment.lexicon.matches import SHARED, LexiconMatch
from enrichment.lexicon.pattern import compile_pattern
from enrichment.lexicon.stream import stream
from enrichment.text.characters import SENTENCE_ENDS
from enrichment.text.questions import answered_questions
from enrichment.text.views import Views, fold

DENIABLE = frozenset({
    "abroad", "advance_or_daily_pay", "board_lodging", "bride_price", "chat_operator", "commission", "customer_service",
    "data_entry_typing", "debt_hardship", "deposit_commission", "documents_held", "exit_fee", "fixed_contract", "foetus_baby",
    "free_travel", "gambling_staff", "irregular_crossing", "long_shift", "marriage", "mule_account", "organ",
    "phone_restricted", "pickup", "prepaid_return", "referral_bonus", "surrogacy_egg", "target_penalty", "upfront_fee",
    "usd_crypto_pay", "visa_passport_handled", "seeker",
})  # fmt: skip
"""Indicators that say that something is done or given: denied, it is not."""
DENIED = GRAVE.difference(HIDDEN_ROUTE) | {"upfront_fee"}
"""Indicators of what no honest employer does, so that a denial of it is an honest term."""
OPPOSITES = ("keeps_documents", "no_fee", "contract_first", "office_interview", "own_share", "social_insurance")
"""Honest terms that say the opposite of it."""
TERMS = ("local_terms", "ordinary_duties", "local_work", "own_share")
"""Honest terms that an honest employer offers; others deny what he does not do."""
TAKES_TERMS = GRAVE | {"upfront_fee", "home_daily_pay", "unsolicited_hire", "pickup", "romance"}
"""Indicators in whose sentence nothing ordinary is offered: a rule, a penalty, a part to play, a trade or a trick is told."""
ADDRESSES = ("email", "url")
NAMES = ("telegram", "line", "zalo", "wechat", "whatsapp", "qq", "viber", "signal", "kakaotalk")
SPOKEN = ("channel", "voice")
"""Families whose words may be an address: how somebody is reached."""
MERGED = 160
"""Letters from which a rule may hold several wordings, each with its own words."""
PART_TIME = ("home_work", "home_daily_pay")
"""Indicators of work from home."""
WHOLE_DAY = 8
"""Hours, below the 24 of a service, from which work is no part-time work from home."""
_HOURS = re.compile(
    r"(?<!\d)(\d{1,2}) ?(?:h\b|hrs?\b|hours?|jam|giờ|tiếng|gio\b|tieng|小时|小時|時間|시간|час|horas?|heures?|घंट|घण्ट|ชั่วโมง|ชม|"
    r"ঘণ্টা|saat|soat|oras|masaa|saa\b|ម៉ោង|ຊົ່ວໂມງ|နာရီ|ሰዓት|گھنٹ|ساع|மணி|පැය|awa|awoyi)|"
    r"\b(?:masaa|saa|awa|awoyi|පැය) ?(\d{1,2})(?!\d)",
    re.IGNORECASE,
)
_EMPLOYER = re.compile(
    r"\b(?:we|company|employer|boss|office|agency|hospital|hotel|factory|empresa|empleador|empregador|patrón|patrao|patrão|agencia|"
    r"agência|fábrica|société|entreprise|employeur|agence|usine|perusahaan|majikan|pabrik|công ty|bệnh viện|nhà máy|компания|"
    r"работодатель|фирма|kampuni|mwajiri|şirket|işveren)(?: will| shall| also| nos| te| les| se)?\s{1,3}\Z"
)
"""Who pays, right before a verb: then it is not the reader."""
LONGEST = 400
"""Letters of a sentence that are read on each side at most."""
_SENTENCE_END = re.compile(rf"\.(?=\s|$)|[{SENTENCE_ENDS}\n]")
_ADDRESS = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}|(?:https?://|www\.)\S{1,500}|\b[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/\S{0,500}",
    re.IGNORECASE,
)
"""Mail addresses and links, also those that are no contact (``enrichment.contacts``)."""


def keep_meant(
    lexicon_matches: Sequence[LexiconMatch], raw: str, spoken: str, reached: Iterable[Contact], places: Iterable[Place]
) -> list[LexiconMatch]:
    """Return the matches that mean what their rules say in ``raw``, most of which is in the language ``spoken``."""
    letters = [match.span() for match in _ADDRESS.finditer(raw)] if "@" in raw or "/" in raw or "ww." in raw.lower() else []
    letters += [(one.start, one.end) for one in reached if not one.link and one.type in (*ADDRESSES, *NAMES)]
    addresses, names = _Spans(letters), _Spans([(place.start, place.end) for place in places])
    answered = _Spans([(asked.start, asked.end) for asked in answered_questions(raw)])
    back = _take_back(lexicon_matches, raw)
    meant = [
        item
        for item in lexicon_matches
        if item.value
        and not any(spans.hold_an_end(item) for spans in _takers(back, item, spoken))
        and not _reads_a_name(item, addresses, names)
        and not (item.entry.indicator.slug == "seeker" and answered.hold_an_end(item))
        and not _says_otherwise(raw, item, spoken)
    ]
    return _keep_offered_terms(meant, raw)


def _keep_offered_terms(meant: Sequence[LexiconMatch], raw: str) -> list[LexiconMatch]:
    """Return the matches without the ordinary terms and duties that nobody offers: those in a sentence of a penalty, a part
    to play, a trade or a trick, and duties named where nothing is sought or offered, unless it is in the first line."""
    taken, offered = (
        _Spans([_sentence(raw, item.start, item.end) for item in meant if item.entry.indicator.slug in slugs])
        for slugs in (TAKES_TERMS, ("offer",))
    )
    heading = raw.find("\n", len(raw) - len(raw.lstrip()))

    def is_offered(item: LexiconMatch) -> bool:
        return not taken.hold(item) and (
            item.entry.indicator.slug != "ordinary_duties" or item.start < heading or offered.hold(item)
        )

    return [item for item in meant if item.entry.indicator.slug not in TERMS or is_offered(item)]


def find_honest_clauses(
    lexicon_matches: Sequence[LexiconMatch], meant: Sequence[LexiconMatch], raw: str
) -> tuple[tuple[int, int], ...]:
    """Return the clauses that deny what no honest employer does, or say its opposite, and say nothing of the kind beside it: how
    they are worded is no argument for a lure. ``meant`` are those of the matches that mean what their rules say."""
    kept = {id(item) for item in meant}
    grave = [item for item in meant if item.entry.indicator.slug in GRAVE]
    clauses = [
        find_clause(raw, item.start, item.end)
        for item in lexicon_matches
        if item.entry.indicator.slug in (OPPOSITES if id(item) in kept else DENIED) and not item.entry.counter
    ]
    return tuple((start, end) for start, end in clauses if not any(item.start < end and start < item.end for item in grave))


def _reads_a_name(item: LexiconMatch, addresses: "_Spans", names: "_Spans") -> bool:
    """Tell whether a part of a match is letters of an address, or the match of a place's name, and neither is its meaning."""
    family = item.entry.indicator.family
    return (family not in SPOKEN and addresses.hold_an_end(item)) or (family != "geo" and names.hold(item))


def _says_otherwise(raw: str, item: LexiconMatch, spoken: str) -> bool:
    """Tell whether the words around a match deny it, give it another subject or another measure."""
    slug = item.entry.indicator.slug
    if not item.words and slug in DENIABLE and is_denied(raw, item, spoken):
        return True
    if slug == "upfront_fee":
        return _EMPLOYER.search(clause_before(raw, item.start)) is not None
    return slug in PART_TIME and _whole_day(raw, item)


def _take_back(lexicon_matches: Sequence[LexiconMatch], raw: str) -> dict[tuple[str, str, bool], "_Spans"]:
    """Return where concepts are denied, or spared by a word beside them, by indicator and language; those that take back what
    other concepts say in their sentence apart."""
    spans: dict[tuple[str, str, bool], list[tuple[int, int]]] = {}
    for item in lexicon_matches:
        if not item.value:
            entry = item.entry
            stretch = _sentence(raw, item.start, item.end) if entry.counter else (item.start, item.end)
            spans.setdefault((entry.indicator.slug, entry.language, entry.counter), []).append(stretch)
    return {key: _Spans(some) for key, some in spans.items()}


def _takers(back: dict[tuple[str, str, bool], "_Spans"], item: LexiconMatch, spoken: str) -> list["_Spans"]:
    """Return what may take a match back: a concept of its language, where it is no concept itself, or of a language whose texts
    it is read on as well, that of the text and English, and the law."""
    kinds = (True,) if item.words else (True, False)
    languages = dict.fromkeys((item.entry.language, spoken, "en"))
    keys = [(item.entry.indicator.slug, language, kind) for language in languages for kind in kinds]
    keys += [(item.entry.indicator.slug, language, False) for language in SHARED.get(item.entry.language, ()) if item.words]
    return [back[key] for key in keys if key in back]


def _sentence(raw: str, start: int, end: int) -> tuple[int, int]:
    """Return the sentence, or the two, that a stretch stands in."""
    before = max((match.end() for match in _SENTENCE_END.finditer(raw, max(0, start - LONGEST), start)), default=start)
    behind = _SENTENCE_END.search(raw, end, end + LONGEST)
    return before, behind.start() if behind else min(len(raw), end + LONGEST)


def _whole_day(raw: str, item: LexiconMatch) -> bool:
    """Tell whether the sentence of a match names the hours of a whole day of work: 12 hours a day are not an hour or two, and
    not worked from home."""
    start, end = _sentence(raw, item.start, item.end)
    hours = [int(match[1] or match[2]) for match in _HOURS.finditer(raw, start, end)]
    return any(WHOLE_DAY <= number < 24 for number in hours)


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
    said, phrase = lower_words(raw[item.start : item.end]), item.entry.phrase
    codes = [code for code in dict.fromkeys((item.entry.language, spoken)) if code in NEGATION]
    inside = [_denies(said, match, phrase, code) for code in codes for match in denial_patterns(code).inside.finditer(said)]
    if None in inside:  # the rule itself holds the denying word: it has said so
        return False
    if True in inside:
        return True
    head, tail = clause_before(raw, item.start), clause_behind(raw, item.end)
    for patterns in map(denial_patterns, codes):
        if (match := patterns.before.search(head)) and ONLY.isdisjoint(match[0].split()):
            return True
        if patterns.after.match(tail):
            return True
    return False


def _denies(said: str, match: re.Match[str], phrase: str, code: str) -> bool | None:
    """Tell whether a denying word inside a match denies a word of its rule; None where it is a word of the rule itself."""
    rest = CLAUSE.split(said[match.end() :], maxsplit=1)[0].strip()
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
