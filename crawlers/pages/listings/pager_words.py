"""Words of pagers in the languages served: whole phrases, and hints at the ends of longer ones."""

import re

import re2

from foundation.yaml_limits import read_table

_WORDS = {name: text.replace("| ", "|") for name, text in read_table(__file__, "pager_words.yml", dict[str, str]).items()}
"""The tables of ``pager_words.yml``, as one line each."""


def _phrases(name: str) -> frozenset[str]:
    return frozenset(_WORDS[name].split("|"))


NOTHING_FOUND = re2.compile(_WORDS["nothing_found"].replace(r"\w", r"[\pL\pM\pN_]"))
FOUND, MORE, BARE = (re.compile(_WORDS[name], re.I) for name in ("found", "more", "bare"))
"""Words beside a total, those that bring more of a list, and those of them that also open a folded text: these count right
behind the adverts only."""
NEXT, PREVIOUS = _phrases("next"), _phrases("previous")
OLDER, NEWER = re.compile(_WORDS["older"], re.I), re.compile(_WORDS["newer"], re.I)
"""Blog software calls the older page "previous" or "next" as it likes: the class it writes decides, these words only where
it writes none."""
AMBIGUOUS = _phrases("ambiguous")
"""Words that mean another page only inside a pager; elsewhere they close a dialogue or open an article."""
COUNTED = re.compile(
    r"^(?:go to |to )?(?:the )?|\s*の?\s*\d+\s*(?:件|页|頁|条|個|개|posts|results|entries|jobs|items|bài|kết quả)?へ?$|"
    r"\s+(?:entries|posts|results|jobs)$"
)
"""What stands around the word itself: "go to next page", "次の20件", "Next 10"."""
ARROWS_NEXT, ARROWS_PREVIOUS = (">", "›", "→", "»", "⟩", "▶", ">>", "→|"), ("<", "‹", "←", "«", "⟨", "◀", "<<")
TRIM = " \u00a0<>‹›«»←→⟨⟩◀▶[]()|.…:·\n"

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
"""Letters of scripts without spaces: a word may continue there."""


def says_next(said: str) -> bool:
    """Tell whether words of a pager lead forward: "Next", "Go to next page", "›"."""
    return len(said) <= 40 and (phrase_of(said) in NEXT or said.replace(" ", "") in ARROWS_NEXT)


def phrase_of(said: str) -> str:
    """Return the words of a link without arrows and without what stands around them: "next" of "Go to next page »"."""
    return COUNTED.sub("", said.strip(TRIM).lower()).strip(TRIM)


def hint(said: str) -> bool | None:
    """Return whether words begin or end with such that lead forward ("next 100 postings": True) or back (False); None for others.

    A hint alone decides nothing: an advert may begin so.
    """
    text = said.strip().lower()
    if not text or len(text) > 40:
        return None
    forward, back = _longest(_HINT_NEXT, text), _longest(_HINT_PREVIOUS, text)
    if forward == back:
        forward, back = int(text[-1] in "›»→⟩▶>"), int(text[0] in "‹«←⟨◀<")
    return forward > back if forward != back else None


def is_plain(said: str) -> bool:
    """Tell whether a text is a pager's word alone, or such a one with a number or an arrow."""
    return phrase_of(said) in NEXT | PREVIOUS or re.search(r"\d|[›»→⟩▶>‹«←⟨◀<]", said) is not None


def _longest(pattern: re.Pattern[str], text: str) -> int:
    return max((len(match[0]) for match in pattern.finditer(text)), default=0)


def _at_an_end(words: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern of these words at the beginning or the end of a text, the longest first."""
    whole = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    loose = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if re.search(f"[{_UNSPACED}]", word))
    return re.compile(rf"^\W*(?:(?:{whole})(?!\w)|(?:{loose}))|(?<!\w)(?:{whole})\W*$|(?:{loose})\W*$")


_HINT_NEXT, _HINT_PREVIOUS = _at_an_end(NEXT), _at_an_end(PREVIOUS)
