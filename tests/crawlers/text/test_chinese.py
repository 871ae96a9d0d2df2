"""OpenCC's tables are read once, for matching, alignment and the search index alike."""

from crawlers.text.chinese import only_simplified, simplified_pairs, to_traditional
from index.terms.analysis import terms


def test_traditional_characters_become_simplified_one_for_one() -> None:
    assert "高薪招聘電話詐騙園區".translate(simplified_pairs()) == "高薪招聘电话诈骗园区"


def test_a_character_of_both_writings_is_no_sign_of_either() -> None:
    assert ord("们") in only_simplified()
    assert ord("台") not in only_simplified() and ord("人") not in only_simplified()


def test_the_index_finds_one_writing_by_the_other() -> None:
    assert [term.term for term in terms("園區")] == [term.term for term in terms("园区")]


def test_a_simplified_character_becomes_the_traditional_one_it_most_often_stands_for() -> None:
    assert [to_traditional(letter) for letter in "们马门a"] == ["們", "馬", "門", "a"]
