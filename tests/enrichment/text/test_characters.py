"""The tables over all code points: every one has a fold, a script and a bare form."""

import numpy as np
import pytest

from enrichment.lexicon.denial import clause_before
from enrichment.lexicon.stream import stream
from enrichment.text.characters import SCRIPT, SCRIPTS, SENTENCE_ENDS, SIZE, tables
from enrichment.text.questions import answered_questions
from enrichment.text.views import Views


def test_every_code_point_has_an_entry_in_every_table() -> None:
    """No text can point outside."""
    made = tables()
    assert min(len(made.script), len(made.kind), len(made.folded), len(made.bare), len(made.traits)) >= SIZE
    assert int(made.script.max()) < len(SCRIPTS)


def test_letters_belong_to_their_script_and_digits_to_none() -> None:
    """One of each of some scripts."""
    script = tables().script
    for char, name in (("a", "Latn"), ("Ж", "Cyrl"), ("高", "Hani"), ("ก", "Thai"), ("ក", "Khmr"), ("မ", "Mymr"), ("अ", "Deva")):
        assert script[ord(char)] == SCRIPT[name]
    assert script[ord("1")] == script[ord(" ")] == 0


def test_folding_twice_is_folding_once_for_plain_letters() -> None:
    """Capitals and full-width letters become the same small ones."""
    folded = tables().folded
    assert folded[ord("A")] == folded[ord("\uff21")] == ord("a")
    small = np.arange(ord("a"), ord("z") + 1)
    assert (folded[small] == small).all()


@pytest.mark.parametrize("sign", SENTENCE_ENDS)
def test_every_stage_ends_sentences_at_the_same_signs(sign: str) -> None:
    """Urdu, Amharic, Burmese and Khmer have their own: where one stage knew less of them, a word denied the next sentence."""
    raw = f"one{sign}two"
    assert b"one . two" in stream(Views(raw).folded_view, raw).data
    assert clause_before(raw, len(raw)) == "two"


@pytest.mark.parametrize("sign", sorted(set(SENTENCE_ENDS) - set("?？؟፧")))
def test_an_answer_ends_at_the_same_signs(sign: str) -> None:
    """Else the next question was a part of it."""
    told = f"Fee? None{sign}Visa? Paid{sign}"
    assert [told[asked.start : asked.end] for asked in answered_questions(told)] == ["Fee?", "Visa?"]
