"""How a text is worded: pieces of words of every script, bounded sums, and nothing learned about who or where."""

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from enrichment.assess import Assessor
from enrichment.assessment import Signal
from enrichment.errors import ModelError
from enrichment.features import TextFeatures, features
from enrichment.ngram_model import (
    BOUND,
    SIZE,
    SUMS,
    UNLEVELLED,
    NgramModel,
    encode_model,
    heaviest_words,
    load,
    pieces,
    place_of,
    script_of,
)
from enrichment.scoring import score
from enrichment.stance import Stance
from enrichment.text.characters import Points
from enrichment.text.quotations import Quotes
from enrichment.text.views import View, Views


def view(text: str) -> View:
    """Return the folded view wording is read on."""
    return Views(text).unleet


def codes(text: str) -> Points:
    """Return the code points of a folded text."""
    return view(text).codes


def places(text: str) -> set[int]:
    """Return where the pieces of a text stand in the table."""
    return set(pieces(codes(text)).places.tolist())


def spans(text: str) -> set[str]:
    """Return the pieces of a text as they stand in it."""
    shown = pieces(codes(text))
    return {text[max(start, 0) : end] for start, end in zip(shown.starts.tolist(), shown.ends.tolist(), strict=True)}


def model(points: dict[str, tuple[int, int]], rarity: int = 100, bias: tuple[int, int] = (0, 0)) -> NgramModel:
    """Return a model that knows some pieces, in hundredths."""
    table = np.zeros((SIZE, 1 + len(SUMS)), np.int16)
    for piece, sums in points.items():
        table[place_of(piece)] = (rarity, *sums)
    return NgramModel(table, bias)


def words_of(text: str) -> set[str]:
    """Return the pieces of two to five signs of a text of one-gap words, as they are keyed."""
    padded = f" {text} "
    runs = {padded[start : start + size] for size in range(2, 6) for start in range(len(padded) - size + 1)}
    return {piece for piece in runs if " " not in piece[1:-1]}


def test_pieces_are_two_to_five_signs_inside_a_word() -> None:
    """A word's beginning and end count as signs; a number says only how long it is."""
    assert places("no, ab") == {place_of(piece) for piece in words_of("no, ab")}
    assert places("pay 2500$") == places("pay 9174$") != places("pay 25$")
    assert spans("no ab") >= {"no", "no ", " ab", "ab"}


@pytest.mark.parametrize("text", ["", " ", "a", "ab", "a b"])
def test_a_text_of_hardly_any_signs_has_hardly_any_pieces(text: str) -> None:
    """None of them reaches over its ends."""
    assert places(text) == {place_of(piece) for piece in words_of(text) if piece.strip()}


def test_every_script_gives_pieces() -> None:
    """In scripts without spaces they run across words; marks stay with their letters."""
    assert {place_of(piece) for piece in ("包吃", "包吃住", " 包吃住 ")} <= places("包吃住")
    assert {place_of("หา"), place_of("หาคน")} <= places("หาคน")
    assert place_of(" नौक") in places("नौकरी चाहिए")


SAID = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda omega"


def test_what_is_told_is_bounded_and_names_the_loudest() -> None:
    """Too few pieces say nothing."""
    known = model({piece: (900 if "a" in piece else -100, -50) for piece in sorted(words_of(SAID))})
    assert known.score(codes("alph")) is None
    told = known.score(codes(SAID))
    assert told is not None
    assert told.value == 1.0
    assert -1.0 <= told.reports < 0.0
    assert all("a" in SAID[max(start, 0) : end] for start, end in told.loudest)


def test_the_sum_is_that_of_the_pieces_shown() -> None:
    """Recomputed by hand: points times rarity of what is shown, over its length."""
    shown = sorted(words_of(SAID))
    assert len({place_of(piece) for piece in shown}) == len(shown)
    known = model({piece: (number - 50, 0) for number, piece in enumerate([*shown, "zzz"])}, rarity=150, bias=(10, 0))
    told = known.score(codes(SAID))
    assert told is not None
    total = sum((number / 100 - 0.5) * 1.5 for number in range(len(shown)))
    assert told.value == pytest.approx(max(-1.0, min(1.0, (0.1 + total / (1.5 * len(shown) ** 0.5)) / BOUND)), abs=1e-5)


@pytest.mark.parametrize(("bias", "levelled"), [(60, 1.1), (-60, -0.4)])
def test_the_first_sum_is_levelled_by_the_script_most_letters_are_of(bias: int, levelled: float) -> None:
    """The shift, and below the pivot the slope, hold for texts in that script only, also where a name in another stands in it."""
    thai = "รับสมัครแอดมินตอบแชท office"
    levels = UNLEVELLED.copy()
    levels[script_of(codes(thai))] = (50, 200, 20)
    assert script_of(codes("12 !")) == script_of(codes(SAID)) == 0 != script_of(codes(thai))
    before, after = model({}, bias=(bias, 20)), NgramModel(model({}).points, (bias, 20), levels)
    told = [(known.score(codes(text)) or pytest.fail(text)) for text in (SAID, thai) for known in (before, after)]
    assert [round(score.value * BOUND, 2) for score in told] == [bias / 100] * 3 + [levelled]


def test_the_argument_stands_on_the_raw_text() -> None:
    """Its span slices to the first telling word, as written."""
    raw = SAID.replace("gamma", "GAMMA")
    known = model({piece: (500 if piece == "gamm" else 10, 0) for piece in sorted(words_of(SAID))})
    read = view(raw)
    (made,) = features(TextFeatures([], None, None, read, read.codes, Quotes(), 0.0), Stance(known.score(read.codes), 0.0), raw)
    assert raw[made.start : made.end] == "GAMMA"
    assert made.gloss.startswith("worded as lures are: gamma")


def test_words_are_shown_whole_and_once() -> None:
    """In scripts without spaces a long run is shown by its piece."""
    read = view("passport, passports")
    named = heaviest_words(read, read.codes, ((2, 5), (0, 4), (-1, 3)))
    assert [word for word, _, _ in named] == ["passport,"]
    raw = "บริษัทเปิดรับเจ้าหน้าที่ประสานงานลูกค้าต่างประเทศ"
    thai = view(raw)
    start = raw.index("งาน")
    assert [word for word, _, _ in heaviest_words(thai, thai.codes, ((start, start + 3),))] == ["งาน"]


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
    assert places("việc làm") == places("viec lam") == places("viëc läm")
    assert places("đi") == places("di")
    assert places("หา") != places("ห")


def test_alone_it_stays_below_what_the_lexicon_is_sure_of(assessor: Assessor) -> None:
    """Its points are bounded: a text it carries alone ranks below one with evidence to quote."""
    weights = assessor.model.weights
    alone = Signal(indicator="wording", family="wording", start=0, end=1, text="x", weight=weights.points["wording"], gloss="x")
    assert score([alone], weights) < 95
    assert score([replace(alone, weight=-alone.weight)], weights) < 5


def test_a_model_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """The same points make the same bytes."""
    first, second = (model({" vi": (120, 3), "包吃": (-40, 7)}, bias=(5, -1)) for _ in range(2))
    assert encode_model(first) == encode_model(second)
    (tmp_path / "ngrams.npz").write_bytes(encode_model(first))
    read = load(tmp_path / "ngrams.npz")
    assert np.array_equal(read.points, first.points)
    assert read.bias == first.bias


def test_a_table_of_another_size_is_named_with_its_fix(tmp_path: Path) -> None:
    """A model of an older version."""
    np.savez_compressed(tmp_path / "ngrams.npz", points=np.zeros((4, 3), np.int16), bias=np.zeros(2, np.int32))
    with pytest.raises(ModelError, match=r"a table of \(4, 3\).*evaluation train --write"):
        load(tmp_path / "ngrams.npz")


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut short", b"not a zip"])
def test_a_damaged_file_is_named_with_its_fix(tmp_path: Path, damage: bytes) -> None:
    """Nothing is judged with half a model."""
    file = tmp_path / "ngrams.npz"
    file.write_bytes(damage)
    with pytest.raises(ModelError, match=r"ngrams\.npz: no n-gram model .*evaluation train --write"):
        load(file)
