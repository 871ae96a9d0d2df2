"""How a text is worded: terms of every script, bounded points, and nothing learned about who or where."""

from pathlib import Path

import pytest

from enrichment.arguments import Shown, arguments
from enrichment.assess import WORDING, Assessor
from enrichment.lures import FLAGGED
from enrichment.text import View, Views
from enrichment.wording import Term, Wording, place, terms, wording
from lurewatch.evaluation.wordings import Barred


def view(text: str) -> View:
    """Return the folded view wording is read on."""
    return Views(text).unleet


def test_terms_are_words_their_neighbours_and_their_beginnings() -> None:
    """Numbers are left out; inflected forms share a beginning."""
    made = terms(view("Recruiting 25 agents, recruited, 1,000.50").text)
    assert {"recruiting", "recruiting agents", "recr~", "recrui~", "agen~"} <= made
    assert not any(char.isdigit() for term in made for char in term)


def test_scripts_without_spaces_give_pieces() -> None:
    """One to three characters, and no words."""
    assert terms("包吃住") == {"包", "吃", "住", "包吃", "吃住", "包吃住"}
    assert {"ห", "หา", "หาค"} <= terms("หาคน")


def test_marks_stay_with_their_letters() -> None:
    """Vowel signs of Indic scripts are no gaps."""
    assert "नौकरी" in terms("नौकरी चाहिए")


def test_what_is_told_is_bounded_and_names_its_terms() -> None:
    """A sum over known terms, divided by their length; too few known terms say nothing."""
    known = Wording(terms={f"word{letter}": Term(3.0 if letter < "e" else -1.0, -0.5, 1.0) for letter in "abcdefgh"})
    assert known.told(view("worda wordb").codes) is None
    told = known.told(view("worda wordb wordc wordd worde wordf").codes)
    assert told is not None
    assert told.value == 1.0
    assert -1.0 < told.reports < 0.0
    assert set(told.terms) <= {"worda", "wordb", "wordc", "wordd"}


def test_the_argument_stands_on_the_raw_text() -> None:
    """Its span slices to the first telling word, disguised or not."""
    raw = "WORDa wordb wordc wordd worde wordf"
    known = Wording(terms={f"word{letter}": Term(1.0, 0.0, 1.0) for letter in "abcdef"})
    read = view(raw)
    (made,) = arguments(Shown([], None, None, read, read.codes), known.told(read.codes), 0.0, raw)
    assert raw[made.start : made.end].lower() in made.gloss
    assert -1 <= made.value <= 1


def test_a_term_is_found_where_it_stands() -> None:
    """Numbers between two words are no obstacle; what is not there has no place."""
    text = "phí 25 triệu"
    assert place(view(text), "phí triệu") == (0, 12)
    assert place(view(text), "nothing") is None


def test_names_say_nothing(assessor: Assessor) -> None:
    """Contacts and places are blanked before a text's wording is read."""
    shown = assessor.shown("Work in Phnom Penh, Telegram @sample_hr_77")
    read = "".join(map(chr, shown.codes.tolist()))
    assert "phnom" not in read
    assert "sample_hr_77" not in read
    assert "work in" in read


def test_alone_it_neither_flags_nor_clears(assessor: Assessor) -> None:
    """Its points stay below what flags a text without any evidence, so that every flag has a reason in the lexicon."""
    for text in ("hello", "การแจ้งเตือน", "we are hiring, urgent"):
        made = assessor.assess(id="1", title=None, text=text)
        others = [signal for signal in made.signals if signal.indicator != "wording"]
        assert others or made.score < FLAGGED, text


def test_nothing_is_learned_of_places_peoples_and_messengers(seeds: Path) -> None:
    """The shipped terms hold none of them: no country is evidence, and no way of contact."""
    barred = Barred(seeds)
    known = wording(WORDING)
    assert len(known.terms) > 1000
    assert [term for term in known.terms if barred(term)] == []


@pytest.mark.parametrize(
    "term",
    ["cambodia", "cambod~", "kampuchea", "campuchia lương", "柬埔", "缅甸", "ไทย", "telegram", "whatsa~",
     "filipino", "vietna~", "भारतीय"],
)
def test_names_are_barred_whole_and_in_part(seeds: Path, term: str) -> None:
    """In every script."""
    assert Barred(seeds)(term)


@pytest.mark.parametrize("term", ["company", "lương", "包吃", "เงินเดือน", "we are", "passport"])
def test_ordinary_words_are_not_barred(seeds: Path, term: str) -> None:
    """Only names are."""
    assert not Barred(seeds)(term)
