"""Bytes score high in the encoding they were written in, lower in every other, and nothing where they are no text."""

import unicodedata

import pytest

from crawlers.text.chinese import only_simplified
from crawlers.text.encodings.encoding_score import HANGUL, HANS, HANT, encoding_score
from tests.growth import LIMIT, MORE, growth

ADVERTS = {
    "cp874": "รับสมัครพนักงานขับรถส่งของ เชียงใหม่ เงินเดือน 15,000 บาท",
    "gb18030": "招聘客服人员，月薪一万元，包吃包住，联系微信。工作地点在海外。",
    "big5hkscs": "誠徵客服人員，月薪十萬元，供食宿，無經驗可，意者請洽。工作地點在海外。",
    "cp949": "고객 상담 직원을 모집합니다. 월급 삼백만원, 숙식 제공, 경험 무관.",
    "cp1251": "Требуется оператор чата, зарплата от тысячи долларов, проживание бесплатно.",
    "cp1250": "Přijímáme zaměstnance na pozici vývojáře, příjemné prostředí a žádný stres.",
}


@pytest.mark.parametrize("codec", ADVERTS)
def test_text_scores_highest_in_its_own_encoding(codec: str) -> None:
    scores = {other: encoding_score(ADVERTS[codec].encode(codec), other) for other in ADVERTS}
    assert scores.pop(codec) >= 0.8
    assert max(scores.values()) < 0.5


@pytest.mark.parametrize("sample", [b"", b"Cook wanted", b"0123 <p>"])
def test_ascii_speaks_for_no_encoding(sample: bytes) -> None:
    assert [encoding_score(sample, codec) for codec in ADVERTS] == [0.0] * len(ADVERTS)


def test_an_encoding_nobody_knows_scores_nothing() -> None:
    assert encoding_score("Cà phê".encode(), "banana") == 0.0


@pytest.mark.parametrize("codec", ["cp874", "gb18030", "cp949", "big5hkscs"])
def test_binary_bytes_are_no_text(codec: str) -> None:
    assert encoding_score(bytes(range(128, 256)) * 50, codec) == 0.0


def test_thai_signs_where_no_word_has_them_score_less_than_thai() -> None:
    """Vowel signs without a consonant: Thai letters in an order that only other scripts give when misread."""
    assert encoding_score("ะะัั่่ๆๆๆ".encode("cp874"), "cp874") < 0.1


@pytest.mark.parametrize("codec", ["cp874", "gb18030", "cp1258"])
def test_scoring_is_linear_work(codec: str) -> None:
    assert growth(lambda sample: encoding_score(sample, codec), b"\xc7\xd1x" * 5_000, b"\xc7\xd1x" * 5_000 * MORE) <= LIMIT


TABLES = {"simplified": HANS, "traditional": HANT, "Korean": HANGUL}
ADVERTS_COMMON_LETTERS = {
    "simplified": "招聘客服人员，月薪一万元，包吃包住，工作地点在海外，无需经验",
    "traditional": "誠徵客服人員，月薪十萬元，供食宿，無經驗可，工作地點在海外",
    "Korean": "고객 상담 직원을 모집합니다. 월급 삼백만원, 숙식 제공, 경험 무관.",
}


def share(text: str, table: frozenset[str]) -> float:
    """Return which part of the letters of ``text`` is in ``table``."""
    letters = [char for char in text if char.isalpha()]
    return sum(char in table for char in letters) / len(letters)


@pytest.mark.parametrize("writing", TABLES)
def test_an_advert_is_made_of_the_characters_of_its_own_writing(writing: str) -> None:
    shares = {name: share(ADVERTS_COMMON_LETTERS[writing], table) for name, table in TABLES.items()}
    assert max(shares, key=lambda name: shares[name]) == writing
    assert shares.pop(writing) >= 0.9 and max(shares.values()) <= 0.75


def test_a_foreign_script_has_no_character_in_any_table() -> None:
    foreign = "Lái xe nâng รับสมัครพนักงานขับรถ Требуется оператор مطلوب موظفين フォークリフト"
    assert [share(foreign, table) for table in TABLES.values()] == [0, 0, 0]


def test_tables_hold_single_composed_characters_of_one_script() -> None:
    assert {unicodedata.name(char).split()[0] for char in HANS | HANT} == {"CJK"}
    assert {unicodedata.name(char).split()[:2][1] for char in HANGUL} == {"SYLLABLE"}
    assert all(unicodedata.normalize("NFC", char) == char for char in HANS | HANT | HANGUL)


def test_no_purely_simplified_character_stands_in_the_traditional_table() -> None:
    assert {char for char in HANT if ord(char) in only_simplified()} == set()
    assert {char for char in HANS if ord(char) in only_simplified()} > set("这们为发")
