"""Each table of common characters covers adverts of the language it is named for and tells them from its neighbours."""

import unicodedata

import pytest

from crawlers.text.chinese import only_simplified
from crawlers.text.common_letters import HANGUL, HANS, HANT

TABLES = {"simplified": HANS, "traditional": HANT, "Korean": HANGUL}
ADVERTS = {
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
    shares = {name: share(ADVERTS[writing], table) for name, table in TABLES.items()}
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
