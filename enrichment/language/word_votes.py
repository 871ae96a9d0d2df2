"""Votes of a text's words for a language: by listed everyday words, and by endings of other words.

langdetect is a third voice, asked which of two languages a text is in when words and CLD2 together hardly tell them apart. It is
heard only for languages that it measured better than they did: it takes Swahili and Tagalog for English and back, and knows
neither Malay nor Hausa nor Uzbek. Its profiles are read when it is first asked.
"""

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import msgspec

from enrichment.text.views import fold
from foundation.yaml_limits import read_table


@cache
def listed_words() -> dict[str, dict[str, str]]:
    """Return the everyday words of each language by its script, from ``words.yml``; a list of two languages is of each."""
    lists: dict[str, dict[str, str]] = {}
    for script, groups in read_table(__file__, "words.yml", dict[str, dict[str, str]]).items():
        own = lists[script] = {}
        for codes, words in groups.items():
            own.update({code: f"{own.get(code, '')} {words}" for code in codes.split()})
    return lists


@cache
def profile(script: str) -> dict[str, tuple[tuple[str, float], ...]]:
    """Return each word's weight per language: 1 shared among the languages that list it, less for words of one or two letters."""
    holders: dict[str, list[str]] = {}
    for code, words in listed_words()[script].items():
        for word in dict.fromkeys(fold(words).split()):
            holders.setdefault(word, []).append(code)
    table = {}
    for word, codes in holders.items():
        size = 1.0 if script in ("Deva", "Arab") else 0.35 if len(word) == 1 else 0.75 if len(word) == 2 else 1.0
        groups = {RELATED.get(code, code) for code in codes}
        table[word] = tuple((code, size / len(groups) ** 0.5 / (1.0 if len(groups) == 1 else 1.25)) for code in codes)
    return table


RELATED = {"vi-bare": "vi", "ur-Latn": "hi-Latn", "ms": "id"}
"""Lists that share most words: a word in both speaks for the pair in full, and what only one holds decides inside it."""


class WordEnding(msgspec.Struct, frozen=True):
    """An ending in ``endings.yml``, as an expression for a whole word, and its votes by language."""

    ending: str
    votes: dict[str, float]


_ENDINGS = [
    (re.compile(each.ending), tuple(each.votes.items())) for each in read_table(__file__, "endings.yml", list[WordEnding])
]
_SYLLABLE = re.compile(r"(?:ngh?|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnprstvx])?(?:[aeiouy]{1,3})(?:ng|nh|ch|[cmnpt])?$")


@lru_cache(maxsize=1 << 16)
def _word_votes(word: str) -> tuple[tuple[str, float], ...]:
    """Return what one word in Latin letters says: its lists, or else its ending."""
    listed = profile("Latn").get(word)
    if listed is not None:
        return listed
    return next((votes for ending, votes in _ENDINGS if ending.match(word)), ())


@lru_cache(maxsize=1 << 16)
def is_syllable(word: str) -> bool:
    return len(word) <= 7 and _SYLLABLE.match(word) is not None


def votes_of(words: list[str], script: str) -> dict[str, float]:
    table = profile(script)
    votes: dict[str, float] = {}
    for word in words:
        for code, weight in _word_votes(word) if script == "Latn" else table.get(word, ()):
            votes[code] = votes.get(code, 0.0) + weight
    return votes


APART = frozenset({
    "ar", "bg", "de", "en", "es", "fa", "fr", "hi", "it", "mk", "mr", "ne", "nl", "pt", "ro", "ru", "tr", "uk", "ur",
})  # fmt: skip
"""Languages between which it is asked, in the codes that it shares with ours."""
CLOSE = 0.4
"""Lead of the first answer over the second, as a share of the first, under which it is asked: more gained nothing."""
_SEED = 0


@cache
def _profiles() -> Any:
    from langdetect.detector_factory import DetectorFactory  # a tenth of a second: few processes ever ask

    factory = DetectorFactory()
    factory.set_seed(_SEED)
    folder = files("langdetect") / "profiles"
    factory.load_json_profile([(folder / code).read_text(encoding="utf-8") for code in sorted(APART)])
    return factory


def third_voice(text: str, first: str, second: str) -> str:
    """Return which of the two languages, both of ``APART``, ``text`` is in; ``first`` when langdetect has no opinion.

    The same text gets the same answer: the detector's sampling starts from a fixed seed each time.
    """
    detector = _profiles().create()
    detector.set_prior_map({first: 0.5, second: 0.5})
    detector.append(text)
    if not detector.text.strip():
        return first
    from langdetect.lang_detect_exception import LangDetectException

    try:
        results: list[Any] = detector.get_probabilities()
    except LangDetectException:  # no letters that any of its profiles has
        return first
    return str(results[0].lang) if results else first
