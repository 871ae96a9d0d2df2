"""How a text is worded: pieces of words of every script, bounded sums, and nothing learned about who or where."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from enrichment.assess import Assessor
from enrichment.assessment import Signal
from enrichment.errors import ModelError
from enrichment.features import TextFeatures, features
from enrichment.ngram_model import BOUND, SUMS, NgramModel, encode_model, grams, heaviest_words, key_of, load, piece_of
from enrichment.scoring import score
from enrichment.stance import Stance
from enrichment.text.characters import Points
from enrichment.text.quotations import Quotes
from enrichment.text.views import View, Views
from evaluation.ngram_training import TrainingText, learned


def view(text: str) -> View:
    """Return the folded view wording is read on."""
    return Views(text).unleet


def codes(text: str) -> Points:
    """Return the code points of a folded text."""
    return view(text).codes


def pieces(text: str) -> set[str]:
    """Return the pieces of a folded text."""
    return {piece_of(key) for key in grams(codes(text)).tolist()}


def test_pieces_are_one_to_four_letters_inside_a_word() -> None:
    """A word's beginning and end count as letters; numbers and signs are none."""
    assert pieces("No. 25 a") == {"n", "o", "a", " n", "no", "o ", " a", "a ", " no", "no ", " a ", " no "}


def test_every_script_gives_pieces() -> None:
    """In scripts without spaces they run across words; marks stay with their letters."""
    assert {"包", "包吃", "包吃住", " 包吃住"} <= pieces("包吃住")
    assert {"หา", "หาคน"} <= pieces("หาคน")
    assert " नौक" in pieces("नौकरी चाहिए")


@pytest.mark.parametrize("piece", ["a", " a ", "việc", "包吃住", " နေ"])
def test_a_piece_and_its_key_stand_for_each_other(piece: str) -> None:
    """Sixteen bits a letter."""
    assert piece_of(key_of(piece)) == piece


SAID = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda omega"


def term(lure: int, report: int = 0, organ: int = 0, rarity: int = 100) -> tuple[int, ...]:
    """Return what a piece is worth, in hundredths."""
    return (rarity, lure, report, organ, *(0,) * (len(SUMS) - 3))


def test_what_is_told_is_bounded_and_names_the_loudest() -> None:
    """Too few known pieces say nothing."""
    known = NgramModel.of({piece: term(900 if "a" in piece else -100, -50) for piece in sorted(pieces(SAID))})
    assert known.score(codes("alpha")) is None
    told = known.score(codes(SAID))
    assert told is not None
    assert told.value == 1.0
    assert -1.0 <= told.reports < 0.0
    assert all("a" in piece for piece in told.terms)


def test_the_sum_is_that_of_the_pieces_shown() -> None:
    """Recomputed by hand: points times rarity of what is shown, over its length."""
    shown = sorted(pieces(SAID))
    known = NgramModel.of(
        {piece: term(number - 50, rarity=150) for number, piece in enumerate([*shown, "zzz"])}, (10, *(0,) * (len(SUMS) - 1))
    )
    told = known.score(codes(SAID))
    assert told is not None
    total = sum((number / 100 - 0.5) * 1.5 for number in range(len(shown)))
    assert told.value == pytest.approx(max(-1.0, min(1.0, (0.1 + total / (1.5 * len(shown) ** 0.5)) / BOUND)))


def test_the_argument_stands_on_the_raw_text() -> None:
    """Its span slices to the first telling word, as written."""
    raw = SAID.replace("gamma", "GAMMA")
    known = NgramModel.of({piece: term(500 if piece == "gamm" else 10) for piece in sorted(pieces(SAID))})
    read = view(raw)
    made, *kinds = features(
        TextFeatures([], None, None, read, read.codes, Quotes(), 0.0), Stance(known.score(read.codes), 0.0), raw
    )
    assert {one.name for one in kinds} <= {f"worded_{kind}" for kind in SUMS[2:]}
    assert raw[made.start : made.end] == "GAMMA"
    assert made.gloss.startswith("worded as lures are: gamma")


def test_words_are_shown_whole_and_once() -> None:
    """In scripts without spaces a long run is shown by its piece."""
    read = view("passport, passports")
    assert [word for word, _, _ in heaviest_words(read, read.codes, ("ssp", "spor", " pas"))] == ["passport"]
    thai = view("บริษัทเปิดรับเจ้าหน้าที่ประสานงานลูกค้าต่างประเทศ")
    assert [word for word, _, _ in heaviest_words(thai, thai.codes, ("งาน",))] == ["งาน"]


def test_names_say_nothing(assessor: Assessor) -> None:
    """Contacts, places, peoples and messengers are blanked before a text's wording is read."""
    shown = assessor.text_features(
        "Work in Phnom Penh for Vietnamese and 越 speakers, WhatsApp or @sample_hr_77, nhận người Việt"
    )
    read = "".join(map(chr, shown.codes.tolist()))
    for name in ("phnom", "vietnamese", "越", "whatsapp", "sample_hr_77", "việt"):
        assert name not in read
    assert "work in" in read


def test_latin_letters_lose_their_marks_and_others_keep_them() -> None:
    """Mass messages drop or swap the marks of Vietnamese; in Thai or Hindi they are vowels."""
    assert pieces("việc làm") == pieces("viec lam") == pieces("viëc läm")
    assert pieces("đi") == pieces("di")
    assert pieces("หา") != pieces("ห")


def test_alone_it_stays_below_what_the_lexicon_is_sure_of(assessor: Assessor) -> None:
    """Its points are bounded: a text it carries alone ranks below one with evidence to quote."""
    weights = assessor.model.weights
    alone = Signal(indicator="wording", family="wording", start=0, end=1, text="x", weight=weights.points["wording"], gloss="x")
    assert score([alone], weights) < 95
    assert score([replace(alone, weight=-alone.weight)], weights) < 5


def test_the_shipped_model_knows_every_script(assessor: Assessor) -> None:
    """Latin, Thai, Khmer, Burmese, Chinese, Devanagari, Ethiopic, Hangul."""
    letters = {letter for term in assessor.model.ngrams.terms for letter in term}
    assert set("aกកက包नያ가") <= letters


def test_a_model_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """In any order of its n-grams the same bytes."""
    first = NgramModel.of({" vi": term(120), "包吃": term(-40, 7)}, (5, *(0,) * (len(SUMS) - 1)))
    second = NgramModel.of({"包吃": term(-40, 7), " vi": term(120)}, (5, *(0,) * (len(SUMS) - 1)))
    assert encode_model(first) == encode_model(second)
    (tmp_path / "ngrams.npz").write_bytes(encode_model(first))
    read = load(tmp_path / "ngrams.npz")
    assert (read.terms, read.bias) == (second.terms, first.bias)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut short", b"not a zip"])
def test_a_damaged_file_is_named_with_its_fix(tmp_path: Path, damage: bytes) -> None:
    """Nothing is judged with half a model."""
    file = tmp_path / "ngrams.npz"
    file.write_bytes(damage)
    with pytest.raises(ModelError, match=r"ngrams\.npz: no n-gram model .*evaluation train --write"):
        load(file)


def test_learning_is_deterministic_and_needs_several_authors() -> None:
    """A piece only one campaign shows is not learned."""
    texts = [
        TrainingText(f"{word} {own} paid trip", kind, f"{word}{number}")
        for number in range(4)
        for word, own, kind in (
            ("typist", "secret", "scam_compound"),
            ("police", "warned", "warning"),
            ("kidney", "cash", "organ_trade"),
        )
    ] + [TrainingText("quixotic typist", "scam_compound", "one crew")] * 5
    made = learned(texts)
    again = learned(texts)
    assert (made.terms, made.bias) == (again.terms, again.bias)
    assert "typi" in made.terms
    lure, report, organ = 1, 2, 3
    assert made.terms["typi"][lure] > 0 > made.terms["poli"][lure]
    assert made.terms["poli"][report] > 0
    assert made.terms["kidn"][organ] > 0 > made.terms["typi"][organ]
    assert made.bias[SUMS.index("marriage_broker")] < -300, "of what no text shows, nothing is heard"
    assert "quix" not in made.terms
