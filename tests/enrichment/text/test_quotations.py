"""Who repeats an offer between quotation marks makes none; who puts all he says between marks quotes nobody."""

import pytest

from enrichment.assessment import Contact
from enrichment.text.quotations import quotes
from tests.growth import LIMIT, MORE, growth

OFFER = "Typists for Poipet, free flight, no experience, write to boss_sample now"
AROUND = "Look what came into my inbox this morning. {} A whole office for nobody who can type, how lucky my cousin must be!"


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "'{}'", "‘{}’", "«{}»", "„{}“", "「{}」", "『{}』", "＂{}＂"])
def test_a_sentence_between_any_marks_is_quoted(marks: str) -> None:
    """The span holds the marks."""
    raw = AROUND.format(marks.format(OFFER))
    ((start, end),) = quotes(raw).sentences
    assert raw[start:end] == marks.format(OFFER)


def test_an_apostrophe_inside_a_word_ends_no_quotation() -> None:
    """``don't`` between single marks."""
    raw = AROUND.format("'You don't need papers, it's all paid by the boss'")
    ((start, end),) = quotes(raw).sentences
    assert raw[start:end] == "'You don't need papers, it's all paid by the boss'"
    assert not quotes("It's the boss's car, isn't it? They're sure that we'll go where the driver's brother works.").words


def test_a_name_or_slogan_is_no_sentence() -> None:
    """A few words between marks are quoted words, and repeat no offer."""
    found = quotes(AROUND.format("They call it “easy money”."))
    assert found.words
    assert not found.sentences
    assert found.repeated_share([(0, 4, 1.0)], []) == 0.0


def test_who_puts_all_he_says_between_marks_quotes_nobody() -> None:
    """An advert does not pass for a report by marks around it."""
    assert not quotes(f"“{OFFER}”").words
    assert not quotes(f"Hello all: “{OFFER}” thanks").words


def test_what_is_repeated_is_the_share_of_lure_words_inside() -> None:
    """Half where the text itself gives a contact; less where it says less than it quotes."""
    raw = AROUND.format(f"“{OFFER}”")
    at, after = raw.index("Typists"), raw.index("lucky")
    found = quotes(raw)
    assert found.repeated_share([(at, at + 7, 1.0)], []) == 1.0
    assert found.repeated_share([(at, at + 7, 1.0), (after, after + 5, 1.0)], []) == 0.5
    assert found.repeated_share([(at, at + 7, 1.0)], [Contact(type="telegram", value="x", start=after, end=after + 5)]) == 0.5
    assert found.repeated_share([], []) == 0.0
    short = quotes(f"“{OFFER} {OFFER}” they wrote to me, and then they wrote again")
    assert 0 < short.repeated_share([(1, 8, 1.0)], []) < 0.5


@pytest.mark.parametrize("unit", ["'a ", "‘a", "“a", "'a'b", '"a ', "「", "‘’a", "a'"])
def test_a_mebibyte_of_marks_is_read_in_linear_time(unit: str) -> None:
    """Whatever opens and does not close."""
    text = (unit * ((1 << 20) // len(unit)))[: 1 << 20]
    assert growth(quotes, text[: len(text) // MORE], text) <= LIMIT
