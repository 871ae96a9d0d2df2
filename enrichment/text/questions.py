"""Finds questions that a text answers itself: an offer told in questions and answers.

Who asks the reader, or others, leaves the questions open. Where each is answered at once, the answers are the author's words,
and a question and its answer say one thing: ``Interview? None.``
"""

import re
from typing import NamedTuple

from enrichment.text.characters import SENTENCE_ENDS

LEAST = 2
"""Answered questions from which a text is told in them."""
LONGEST = 90
"""Letters of a question, or of an answer, at most."""
_STOPS = rf"{SENTENCE_ENDS}.;；\n"
_PART = re.compile(rf"[^{_STOPS}]*(?:\.(?!\s|$)[^{_STOPS}]*)*([{_STOPS}]*)")
_ASKS = re.compile("[?？؟፧]")
_GAP = re.compile(r"(?<=[\u0e00-\u0eff\u1780-\u17ff]) (?=[\u0e00-\u0eff\u1780-\u17ff])")
"""Where Thai, Lao and Khmer part sentences."""


class AnsweredQuestion(NamedTuple):
    """A question in the raw text; its answer begins where it ends."""

    start: int
    end: int


def answered_questions(raw: str) -> list[AnsweredQuestion]:
    """Return the questions that are answered at once; none in a text that answers fewer than two, or leaves more open."""
    if len(_ASKS.findall(raw)) < LEAST:
        return []
    parts = [match for match in _PART.finditer(_GAP.sub("\n", raw)) if match[0].strip()]
    asks = [bool(_ASKS.search(part[1])) for part in parts]
    found = [
        AnsweredQuestion(part.start(), part.end())
        for part, answer, asked, again in zip(parts, parts[1:], asks, asks[1:], strict=False)
        if asked and not again and len(part[0]) <= LONGEST and len(answer[0]) <= LONGEST
    ]
    return found if len(found) >= max(LEAST, sum(asks) - len(found)) else []
