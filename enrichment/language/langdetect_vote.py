"""langdetect as third voice: asked which of two languages a text is in, when words and CLD2 together hardly tell them apart.

Only for languages that it measured better than they did: it takes Swahili and Tagalog
for English and back, and knows neither Malay nor Hausa nor Uzbek. Its profiles are read when it is first asked.
"""

from functools import cache
from importlib.resources import files
from typing import Any

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
