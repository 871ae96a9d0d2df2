"""Which entries a text shows: by the files its language and script call for, with the words' own marks, and how openly."""

from pathlib import Path

import pytest

from enrichment.assessment import Language
from enrichment.language.detect import language
from enrichment.lexicon.lexicon import Lexicon, lexicon
from enrichment.lexicon.matches import LexiconMatch, LexiconMatcher
from enrichment.lexicon.pattern import bare_long
from enrichment.text.views import Views, bare, fold


@pytest.fixture(scope="module")
def shipped(seeds: Path) -> Lexicon:
    """Return the shipped lexicon."""
    return lexicon(seeds / "lures")


@pytest.fixture(scope="module")
def matcher(shipped: Lexicon) -> LexiconMatcher:
    """Return it ready for reading."""
    return LexiconMatcher(shipped)


def read(matcher: LexiconMatcher, text: str) -> list[LexiconMatch]:
    """Return what is found in a text."""
    seen = Views(f"\n{text}")
    return matcher.evidence(seen, language(seen))


def test_a_match_slices_to_the_words_of_the_raw_text(matcher: LexiconMatcher) -> None:
    """Whatever was folded on the way."""
    text = "We keep your PASSPORT safe until the contract ends. Free flight!"
    matches = read(matcher, text)
    spans = {("\n" + text)[match.start : match.end].lower() for match in matches}
    assert any("passport" in span for span in spans)
    assert matches == sorted(matches, key=lambda match: (match.start, match.end))


def test_a_disguised_phrase_is_found_and_worth_a_step_less(matcher: LexiconMatcher) -> None:
    """The disguise is named."""
    plain = {match.entry.id: match for match in read(matcher, "free flight to the office, visa handled by us")}
    hidden = {match.entry.id: match for match in read(matcher, "fr33 fl1ght to the office, visa handled by us")}
    both = [name for name in plain if name in hidden and hidden[name].disguise]
    assert both
    assert all(hidden[name].value < plain[name].value for name in both)


def test_a_word_with_other_marks_is_another_word(matcher: LexiconMatcher) -> None:
    """Vietnamese ``bảo`` and ``bao`` differ; written without any mark both may be meant."""
    found = {match.entry.language for match in read(matcher, "Công ty bảo hiểm tuyển nhân viên văn phòng tại Hà Nội")}
    assert "th" not in found


def test_latin_files_stay_shut_on_a_text_of_another_language(matcher: LexiconMatcher) -> None:
    """French phrases say nothing about an Indonesian text."""
    text = "Dibutuhkan segera karyawan toko, gaji bulanan, hubungi kami di kantor. Pengalaman tidak diperlukan."
    assert "fr" not in {match.entry.language for match in read(matcher, text)}


def find_indicators(matcher: LexiconMatcher, text: str) -> set[str]:
    """Return the indicators that are found in a text."""
    return {match.entry.indicator.slug for match in read(matcher, text)}


@pytest.mark.parametrize(
    "text",
    [
        "Nhớ mang hộ chiếu còn hạn",
        "Nhớ mang hộ chiếu còn hạn khi ra sân bay.",
        "Khi đi phỏng vấn anh chị mang theo hộ chiếu còn giá trị trên 6 tháng và hai ảnh thẻ.",
        "Mang hộ cô Lan tập hồ sơ, chiều nay cô còn họp.",
    ],
)
def test_a_valid_passport_is_no_surrogacy(matcher: LexiconMatcher, text: str) -> None:
    """``còn`` is no ``con``, though another wording of the same rule holds a ``còn``."""
    assert "surrogacy_egg" not in find_indicators(matcher, text)
    assert "surrogacy_egg" in find_indicators(matcher, "Tìm người mang thai hộ, sinh hộ vợ chồng em một bé, bồi dưỡng 300 triệu")


TONES = str.maketrans(
    "áàảãạéèẻẽẹíìỉĩịóòỏõọúùủũụấầẩẫậếềểễệốồổỗộắằẳẵặớờởỡợứừửữựçñşğ", "àảãạáèẻẽẹéìỉĩịíòỏõọóùủũụúầẩẫậấềểễệếồổỗộốằẳẵặắờởỡợớừửữựứčňšĝ"
)


def test_words_with_other_marks_are_other_words(matcher: LexiconMatcher, shipped: Lexicon) -> None:
    """Any word in Vietnamese, a short one elsewhere: the marks of longer ones are spellings and forms of one word. The same words
    without any mark are found."""
    entries = [
        entry
        for entry in shipped.entries
        if entry.form.plain and " " in entry.phrase and entry.phrase.translate(TONES) != entry.phrase and "seeker" not in entry.id
    ]
    assert {"vi", "fr", "pt", "es"} <= {entry.language for entry in entries}
    for entry in entries:
        spelling = entry.language != "vi" and bare_long(fold(entry.phrase)) == bare(entry.phrase)
        for text, there in ((entry.phrase, True), (entry.phrase.translate(TONES), spelling), (bare(entry.phrase), True)):
            seen = Views(text)
            spoken = Language(code=entry.language, script="Latn", confidence=0.9)
            ids = {match.entry.id for match in matcher.evidence(seen, spoken)}
            assert (entry.id in ids) == there, (entry.id, text)


def test_a_tone_counts_wherever_it_is_set(matcher: LexiconMatcher) -> None:
    """Some set it on the first of two vowels, some on the second: both write the same word."""
    assert find_indicators(matcher, "Công ty giữ hộ chiếu, muốn về thì phải nộp tiền thoả thuận") == find_indicators(
        matcher, "Công ty giữ hộ chiếu, muốn về thì phải nộp tiền thỏa thuận"
    )


@pytest.mark.parametrize(
    "half", ["Cong ty giu ho chieu cua nhan vien den het hop dong.", "CONG TY GIU HO CHIEU CUA NHAN VIEN DEN HET HOP DONG."]
)
def test_a_sentence_without_marks_is_read_beside_one_with_them(matcher: LexiconMatcher, half: str) -> None:
    """One sentence typed with marks does not hide another."""
    assert "documents_held" in find_indicators(matcher, half)
    assert "documents_held" in find_indicators(
        matcher, f"{half} Môi trường làm việc thân thiện, đồng nghiệp vui vẻ, có thưởng tháng mười ba."
    )


@pytest.mark.parametrize("text", [
    "Please send your resume to our office by Friday.", "Chat with the team about your first week.",
    "The following rules hold in the library.", "You will get shortlisted within two days.",
    "Our agents email you the timetable.", "A cv and one reference are enough.", "Line managers approve the rota.",
])  # fmt: skip
def test_words_of_the_language_of_a_text_say_nothing_in_another(matcher: LexiconMatcher, text: str) -> None:
    """Rules of all languages are read on a short text; what is English in it is no Indonesian, Burmese or Hausa."""
    assert {match.entry.language for match in read(matcher, text)} <= {"en"}


def test_a_word_of_its_own_language_counts_in_an_english_sentence(matcher: LexiconMatcher) -> None:
    """Adverts mix languages: the word that is no English one tells which is spoken."""
    assert any(match.entry.language == "tl" for match in read(matcher, "CSR chat, 70k sahod, sagot ticket, pm me"))
