"""Makes the features of a text: the best phrase of each indicator, combinations, promised pay, stance, and hidden words.
Nothing is weighed here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import msgspec
import numpy as np

from crawlers.text.money import amounts, han_amounts
from enrichment.assessment import MonthlyPay
from enrichment.combinations import COMBINATIONS, CONTROL, GRAVE, RELATED
from enrichment.facts.wages import strength
from enrichment.lexicon.matches import LexiconMatch
from enrichment.ngram_model import NgramModel, NgramScore, heaviest_words
from enrichment.stance import CALLS, OwnPart, ShownAdvert, Stance, sentences, stance
from enrichment.stance_cues import COUNTER, CUES, MOST_SHARE, PROMOTION, StanceWeights
from enrichment.text.characters import Points
from enrichment.text.obfuscation_signal import KINDS, Obfuscation
from enrichment.text.questions import answered_questions
from enrichment.text.quotations import Quotes, Spans, dense_letters
from enrichment.text.views import View

AGAINST = ("honest", "voice")
"""Families that argue against, apart from the offer voice."""
OFFER_CUES = ("offer", "call_to_contact")
"""Indicators of the offer voice."""
FAMILIES = {
    "geo": "place",
    "job": "kind of work",
    "requirement": "what is asked",
    "logistics": "journey",
    "channel": "way of contact",
    "targeting": "who is sought",
    "related": "trade in bodies or brides",
    "evasion": "disguise",
}
"""Families in words, where the name alone does not say it."""
COMPUTED = ("pay_above_wage",)
"""Read from the facts of a text, so that no entry of the lexicon shows them."""
WORDING = "wording"
"""How the whole text is worded (``enrichment.ngram_model``)."""
SILENT = ("hotspot_country", "hotspot_town", "compound_name", "border_gateway")
"""Names of places: no country and no town is evidence, so they have no points of their own and count in combinations only."""


def speaks_against(family: str, indicator: str) -> bool:
    """Tell whether an indicator argues against a lure."""
    return family in AGAINST and indicator not in OFFER_CUES


class Feature(msgspec.Struct, frozen=True):
    """One argument, for or against, before it is weighed."""

    name: str
    family: str
    value: float
    start: int
    end: int
    gloss: str
    reference: str | None = None
    against: str | None = None


OPPOSITES: Mapping[str, tuple[str, ...]] = {
    "keeps_documents": ("documents_held",),
    "no_fee": ("upfront_fee", "exit_fee", "task_scam", "tourist_visa_or_none", "official_route_avoided"),
    "contract_first": ("tourist_visa_or_none", "place_withheld"),
    "office_interview": ("no_interview_fast",),
    "own_share": ("exit_fee", "free_travel"),
    "social_insurance": ("secrecy", "exit_fee"),
    "no_experience_degree": ("qualified",),
    "official_route_avoided": (
        "licence", "state_program", "checkable", "no_fee", "contract_first", "social_insurance", "office_interview", "qualified",
        "own_share",
    ),
}  # fmt: skip
"""What a term takes back when both are read from the same words: ``the passport stays with you``, ``no licence needed``,
``no fee, passport …``."""
PARTICULAR = frozenset(slug for combination in COMBINATIONS for part in combination.parts for slug in part) - {
    *SILENT,
    "customer_service", "chat_operator", "data_entry_typing", "crypto_marketing", "translator_it", "model_hostess", "decoy_trade",
    "vague_duties", "client_relations", "free_travel", "visa_passport_handled", "pickup", "board_lodging", "pay_out_of_line",
    "pay_above_wage", "home_work", "advance_or_daily_pay", "commission", "no_experience_degree", "typing_speed",
    "light_work_high_pay", "no_interview_fast", "referral_bonus", "usd_crypto_pay", "offer", "call_to_contact",
    "private_message", "messenger_only", "urgent_mass",
} | {"task_scam", "home_daily_pay", "upfront_fee", "prepaid_return", "unsolicited_hire", "minors"}  # fmt: skip
"""What honest adverts at home do not say: without any of it, many kinds of promises are only a promising advert."""
MARKETS = ("crypto_marketing",)
"""What markets are spoken of, and work for them is described, in the same words."""
WHERE_OR_HOW = ("geo", "channel", "voice")
"""Families whose words tell least of two things together."""
PAID_BY_WORKERS = ("exit_fee", "upfront_fee")
"""What a sum is taken from workers for."""
MENTION = 0.25
"""What a rule or a story is worth where it is only spoken of."""
TOLD = 55
"""Letters from which one sentence has room to seek, offer or pay."""
MENTIONED = frozenset((*RELATED, *CONTROL, *MARKETS, "cover_story", "tourist_visa_or_none", "commission", "urgent_mass"))
"""What news, law, rules and families speak of as well, in the words of a lure."""
WORK_FAMILIES = ("job", "requirement", "logistics", "control", "targeting", "geo")
WORK = frozenset({
    "offer", "private_message", "referral_bonus", "home_daily_pay", "task_scam", "prepaid_return", "unsolicited_hire",
    "grooming_sales", "advance_or_daily_pay", "light_work_high_pay", "home_work", "remote_bait", "fee_before_work",
})  # fmt: skip
"""Beside one of these a deposit that brings a commission is asked for work or trust, not sold as a bonus."""
SHORT, LONG = 120, 360
"""Letters of a message that makes one point, and of an advert that has room for several."""
FULL = 0.3
"""Arguments worth less than this do not count as a kind of their own."""
DISGUISES = ("unleet",)
"""Views that undo a disguise of letters; others only read emoji as words or put left-out vowels back."""
TELLS, ENOUGH_SAID = 40, 120
"""Letters, names left out, from which wording tells in full, and signs that are counted: three words tell nothing."""
LEAST_AGAINST = 0.4
"""How much the wording of a message of few words argues against a lure at most, or for one by itself (1 for a long text): it has
hardly any."""
BLANK = 0x0A
"""What stands for letters that are not read."""
QUOTED = 0.35
"""What a phrase inside quotation marks is worth: somebody else's words."""


class Promise(NamedTuple):
    """Pay a text promises in so many words, and how many ordinary wages it is (``enrichment.facts.wages``)."""

    pay: MonthlyPay
    times: float


class TextFeatures(NamedTuple):
    """All a text shows before anything is argued."""

    found: Sequence[LexiconMatch]
    promise: Promise | None
    hidden: Obfuscation | None
    view: View
    """What its wording is read on, and ``codes`` its code points with names blanked."""
    codes: Points
    quotes: Quotes
    repeated: float
    """How much of an offer is quoted and not made (``Quotes.repeated``)."""
    own: OwnPart | None = None
    """The part in which the text makes an offer itself, beside sentences of another stance or quotations."""
    reached: bool = False
    """It gives a contact."""
    honest: Spans = ()
    """Clauses that are denied or honest (``enrichment.lexicon.meaning.find_honest_clauses``)."""
    advert: ShownAdvert | None = None
    """The advert that the text only shows: it is judged as if its author offered it, and bounded in ``enrichment.scoring``."""
    teller: tuple[int, int] | None = None
    """Where the text tells of an offer that others made (``enrichment.stance.find_teller``)."""

    def stance(self, ngrams: NgramModel, voices: StanceWeights) -> Stance:
        """Return whose words the words of a lure are, as ``ngrams`` and ``voices`` have learned it."""
        if self.advert:
            return Stance(ngrams.score(self.codes), 0.0, offers=True)
        if self.teller:
            return Stance(ngrams.score(self.codes), MOST_SHARE)
        short = _room(self.view.text) < SHORT  # a few n-grams are a guess
        heard = stance(self.found, self.repeated, ngrams.score(self.codes), self.own, ngrams, voices, self.reached, short=short)
        if heard.told is None or heard.told.value <= 0 or not self.honest:
            return heard
        codes = self.own.codes if heard.offers and self.own and self.own.codes is not None else self.codes
        rest = ngrams.score(np.where(self.view.blank_spans(self.honest) == self.view.codes, codes, BLANK))
        if rest is not None and rest.value >= heard.told.value:
            return heard
        return heard._replace(told=rest if rest is not None and rest.value > 0 else None)


def features(text_features: TextFeatures, heard: Stance, raw: str) -> list[Feature]:
    """Return what is argued in ``raw``; ``heard`` says how it is worded and whose words they are."""
    best: dict[str, Feature] = {}
    lexicon_matches = text_features.found
    taken = _taken_back(lexicon_matches)
    for feature in (
        *(_entry_feature(item) for item in lexicon_matches if item.entry.place not in taken),
        *_pay_features(text_features),
    ):
        counted = _count_quoted(feature, text_features.quotes, heard)
        kept = best.get(counted.name)
        if counted.value and (kept is None or counted.value > kept.value):
            best[counted.name] = counted
    if _only_mentions(best, text_features, raw):
        best = {name: item for name, item in map(_mention, best.items()) if item.value}
    if not _particular(best):
        best = {name: _halve(item) for name, item in best.items()}
    return [
        *(item for name, item in best.items() if name not in SILENT),
        *_together(best),
        *(() if heard.offers else _voices(lexicon_matches)),
        *_breadth(best),
        *_brevity_features(best, raw),
        *(() if heard.less else _hidden_phrase_features(lexicon_matches)),
        *_letter_features(text_features.hidden),
        *_wording_features(heard.told, text_features, raw, alone=_is_unanswered(best, text_features)),
    ]


def _mention(named: tuple[str, Feature]) -> tuple[str, Feature]:
    """Return an argument at what it is worth where nobody offers anything: nothing of a trade, little of a rule or a story."""
    name, item = named
    if speaks_against(item.family, name):
        return named
    share = 0.0 if name in (*RELATED, *MARKETS) else MENTION
    return name, _worth(item, item.value * share, "nothing is sought, offered or paid here: these words only speak of it")


def _only_mentions(best: Mapping[str, Feature], read: TextFeatures, raw: str) -> bool:
    """Tell whether a text speaks of a body, a marriage, a rule, a story or a market, and seeks, offers and pays nothing.

    It gives no contact, hires nobody and names no work. A sum, or a call to write, beside a body or a marriage is an offer of it,
    and so is pay beside a rule, or any sum beside two; of one short sentence nobody can tell. A bride price is a sum by itself.
    """
    names = {
        name
        for name, item in best.items()
        if item.family != "geo" and not speaks_against(item.family, name) and name not in CALLS
    }
    if read.reached or not names or not names <= MENTIONED:
        return False
    cues = {item.entry.indicator.slug for item in read.found}
    if names <= {"bride_price", "marriage"} and "bride_price" in names:
        return cues.isdisjoint((*OFFER_CUES, *CALLS))
    if _room(raw) < TOLD and len(sentences(raw.strip())) < 2:
        return False
    if names & {*RELATED, *MARKETS}:
        return cues.isdisjoint((*OFFER_CUES, *CALLS)) and not (names & {*RELATED} and _names_a_sum(read.view.text))
    return "offer" not in cues and read.promise is None and not (len(names) > 1 and _names_a_sum(read.view.text))


def _names_a_sum(text: str) -> bool:
    years = range(1900, 2100)
    return any(
        item.currency or item.multiplier or item.low not in years for item in chain(amounts(text, least=100), han_amounts(text))
    )


def _entry_feature(item: LexiconMatch) -> Feature:
    entry, reference = item.entry, next(iter(item.entry.references), None)
    against = f"seen only after undoing a disguise ({item.disguise}): one step less" if item.disguise else None
    return Feature(
        entry.indicator.slug, entry.indicator.family, item.value, item.start, item.end, entry.gloss, reference, against
    )


def _pay_features(read: TextFeatures) -> Iterator[Feature]:
    """Pay far over an ordinary wage of the places named or of its currency.

    Where a body, a child or a bride is traded and no work is offered, the sum is a price, and no wage to compare it with; so is a
    sum in the words of what workers pay.
    """
    promise = read.promise
    families = {item.entry.indicator.family for item in read.found}
    is_price = "related" in families and "job" not in families
    if promise is None or is_price or _stands_in(read.found, promise.pay, PAID_BY_WORKERS):
        return
    if value := strength(promise.times):
        most = "up to " if promise.pay.low < promise.pay.high else ""
        gloss = f"pays {most}about {promise.times:.1f} times what unskilled work ordinarily brings here or there"
        yield Feature("pay_above_wage", "pay", value, promise.pay.start, promise.pay.end, gloss)


def _stands_in(lexicon_matches: Sequence[LexiconMatch], pay: MonthlyPay, slugs: Sequence[str]) -> bool:
    """Tell whether a sum stands in the words that show one of the indicators ``slugs``."""
    return any(
        item.start <= pay.start and pay.end <= item.end
        for item in lexicon_matches
        if item.value and item.entry.indicator.slug in slugs
    )


def _count_quoted(feature: Feature, quotes: Quotes, heard: Stance) -> Feature:
    """Return an argument for a lure at what it is worth where somebody else's words are quoted; a cue at nothing where the
    text makes the offer itself, for there the share alone counts it; others as they are."""
    value, against = feature.value, feature.against
    if heard.offers and CUES.get(feature.name) in COUNTER:
        return _worth(feature, 0.0, against)
    if not speaks_against(feature.family, feature.name):
        if quotes.hold(feature.start, feature.end):
            value, against = value * QUOTED, "inside quotation marks: somebody else's words"
        if less := heard.share(feature.start, feature.end):
            value, against = value * (1 - less), "the text warns, reports or tells what was suffered: lure words are quoted"
    return _worth(feature, value, against)


def _worth(feature: Feature, value: float, against: str | None) -> Feature:
    """Return an argument at another value; building it anew is four times quicker than ``msgspec.structs.replace``."""
    value = round(value, 3)
    if value == feature.value and against == feature.against:
        return feature
    item = feature
    return Feature(item.name, item.family, value, item.start, item.end, item.gloss, item.reference, against)


def _halve(feature: Feature) -> Feature:
    if feature.family in AGAINST:
        return feature
    why = "promises alone: nothing beside them that honest adverts do not say as well, so they count half"
    return _worth(feature, feature.value / 2, feature.against or why)


def _taken_back(lexicon_matches: Sequence[LexiconMatch]) -> set[str]:
    """Return the entries whose words a term of the opposite meaning covers or crosses, and deposits with a bonus where nothing is
    offered for them but the bonus: an operator's top-up, a shop's or a bookmaker's first deposit."""
    sold = set() if _offers_work(lexicon_matches) else {"deposit_commission"}
    return {item.entry.place for item in lexicon_matches if item.entry.indicator.slug in sold and not item.words} | {
        item.entry.place
        for other in lexicon_matches
        if (opposite := OPPOSITES.get(other.entry.indicator.slug))
        for item in lexicon_matches
        if item.entry.indicator.slug in opposite and item.start < other.end and other.start < item.end
    }


def _offers_work(lexicon_matches: Sequence[LexiconMatch]) -> bool:
    """Tell whether anything beside a deposit speaks of work, of pay for it or of a way to it."""
    names = {item.entry.indicator.slug for item in lexicon_matches}
    families = {item.entry.indicator.family for item in lexicon_matches}
    return (PROMOTION not in names and not (families.isdisjoint(WORK_FAMILIES) and names.isdisjoint(WORK))) or "offer" in names


def _particular(best: Mapping[str, Feature]) -> list[Feature]:
    """Return the features that honest adverts at home do not give, of those worth counting."""
    return [feature for feature in best.values() if feature.name in PARTICULAR and feature.value >= FULL]


def _together(best: Mapping[str, Feature]) -> Iterable[Feature]:
    shown_by = best.keys()
    for combination in COMBINATIONS:
        if not any(map(shown_by.isdisjoint, combination.parts)):
            entries = [max([best[slug] for slug in part if slug in best], key=lambda f: f.value) for part in combination.parts]
            telling = max(entries, key=lambda f: (f.name in GRAVE, f.family not in WHERE_OR_HOW, f.start, f.end))
            value = min(part.value for part in entries)
            text = "; ".join(dict.fromkeys(part.gloss for part in entries))
            yield Feature(combination.slug, "combination", value, telling.start, telling.end, f"{combination.gloss}: {text}")


def _voices(lexicon_matches: Sequence[LexiconMatch]) -> Iterable[Feature]:
    """Several cues of one voice say more than one."""
    by_voice: dict[str, list[LexiconMatch]] = {}
    for item in lexicon_matches:
        voice = CUES.get(item.entry.indicator.slug)
        if voice in COUNTER:
            by_voice.setdefault(voice, []).append(item)
    for kind, items in by_voice.items():
        if len(items) > 1:
            value = min(1.0, sum(item.value for item in items[1:]) / 2)
            yield Feature(f"{kind}_again", "voice", value, items[1].start, items[1].end, f"{len(items)} phrases of a {kind}")


def _breadth(best: Mapping[str, Feature]) -> Iterable[Feature]:
    """Arguments from several families weigh more than many from one; so do several honest terms."""
    lure: dict[str, Feature] = {}
    honest: list[Feature] = []
    for feature in best.values():
        if feature.family == "honest":
            honest.append(feature)
        elif feature.family != "voice" and feature.name not in SILENT and feature.value >= FULL:
            lure.setdefault(feature.family, feature)
    if len(lure) > 2 and _particular(best):
        last = max(lure.values(), key=lambda f: f.start)
        yield Feature(
            "many_families",
            "combination",
            min(1.0, (len(lure) - 2) / 4),
            last.start,
            last.end,
            f"{len(lure)} kinds of indicators: {', '.join(sorted(FAMILIES.get(family, family) for family in lure))}",
        )
    if len(honest) > 1:
        last = max(honest, key=lambda f: f.start)
        yield Feature(
            "honest_terms",
            "honest",
            min(1.0, (len(honest) - 1) / 3),
            last.start,
            last.end,
            f"{len(honest)} terms honest employers name: {'; '.join(sorted({f.gloss for f in honest}))}",
        )


def _brevity_features(best: Mapping[str, Feature], raw: str) -> Iterator[Feature]:
    """A message of few words has no room for a second kind of argument: one that honest adverts do not give is its point."""
    brevity = min(1.0, (LONG - _room(raw)) / (LONG - SHORT))
    points = [item for item in _particular(best) if item.family != "geo"]
    if brevity > 0 and points:
        feature = max(points, key=lambda f: (f.value, -f.start))
        gloss = f"a short message, and this is its point: {feature.gloss}"
        yield Feature("few_words", "combination", round(brevity * feature.value, 3), feature.start, feature.end, gloss)


def _room(raw: str) -> float:
    """Return the length of a text in letters of an alphabet: a Chinese, Japanese or Korean character says as much as two and a
    half."""
    return len(raw) + 1.5 * dense_letters(raw)


def _hidden_phrase_features(lexicon_matches: Sequence[LexiconMatch]) -> Iterable[Feature]:
    """Words that had to be undone to be read were hidden from filters."""
    hidden = [item for item in lexicon_matches if item.disguise in DISGUISES and item.entry.indicator.family not in AGAINST]
    if len(hidden) > 1:
        yield Feature(
            "hidden_words",
            "evasion",
            min(1.0, len(hidden) / 4),
            hidden[0].start,
            hidden[0].end,
            f"{len(hidden)} phrases written in disguised letters",
        )


def _letter_features(hidden: Obfuscation | None) -> Iterator[Feature]:
    """Letters disguised all over a text: few who have nothing to hide write so."""
    if hidden is not None:
        kinds = ", ".join(f"{number} {KINDS[kind]}" for kind, number in hidden.counts.items())
        value = min(1.0, sum(hidden.counts.values()) / 12)
        yield Feature("hidden_letters", "evasion", round(value, 3), hidden.start, hidden.end, f"letters are disguised: {kinds}")


def _is_unanswered(best: Mapping[str, Feature], read: TextFeatures) -> bool:
    """Tell whether nothing but its wording argues for a lure in a text that calls nobody and gives no contact."""
    argued = (item.family not in AGAINST and item.name not in SILENT for item in best.values())
    return not read.reached and best.keys().isdisjoint(CALLS) and not any(argued)


def _wording_features(ngram_score: NgramScore | None, read: TextFeatures, raw: str, *, alone: bool) -> Iterator[Feature]:
    """How the whole text is worded, as one argument from -1 to 1; it stands on the first of the words that tell most.

    Of few words it says little where it is all that speaks for a lure, and nobody can answer it (``alone``). Questions are worded
    as reports and seekers put them: where a text that gives a contact answers its own, that says nothing.
    """
    if ngram_score is None or not ngram_score.value:
        return
    if ngram_score.value < 0 and read.reached and answered_questions(raw):
        return
    whose = "as lures are" if ngram_score.value > 0 else "as reports and honest adverts are"
    room = min(1.0, len(read.codes) / LONG)
    letters = sum(code not in (0x0A, 0x20) for code in read.codes.tolist()[:ENOUGH_SAID])
    most = LEAST_AGAINST + (1 - LEAST_AGAINST) * room
    value = max(-most, min(ngram_score.value, most if alone else 1.0)) * min(1.0, letters / TELLS)
    results = heaviest_words(read.view, read.codes, ngram_score.loudest)
    text = ", ".join(word for word, _, _ in results)
    _, start, end = results[0]
    yield Feature(WORDING, "wording", round(value, 3), start, end, f"worded {whose}: {text}")
