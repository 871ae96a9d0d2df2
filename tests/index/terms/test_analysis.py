"""Words people would call the same are the same term, spans lead back to the raw text, and hostile input costs little."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.query.highlights import highlights
from index.terms.analysis import LONGEST, beginnings, fold, index_terms, read_search_term, running, terms, whole_words
from tests.growth import LIMIT, MORE, growth


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Việc", "viec"), ("việc", "viê\u0323c"), ("đường", "DUONG"), ("ＴＥＬＥ", "tele"), ("Straße", "strasse"),
        ("ребёнок", "ребенок"), ("t\u200bele", "tele"), ("๓๐", "30"), ("၂၅", "25"), ("৬", "6"), ("كتاب", "کتاب"),
        ("İstanbul", "istanbul"), ("ﬁx", "fix"),
    ],
)  # fmt: skip
def test_spellings_of_one_word_are_one_term(one, two):
    assert fold(one) == fold(two)


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("高薪招聘", "高薪 薪招 招聘 聘"), ("打字員", "打字 字员 员"), ("ทำงาน", "ทำ ำง งา าน น"), ("ทํางาน", "ทำ ำง งา าน น"),
        ("ក្រុម\u200bហ៊ុន", "ក្ ្រ រុ ុម មហ ហ៊ ៊ុ ុន ន"), ("5万", "5 万"), ("ﾊﾟｽ", "パス ス"), ("a_b-c", "a b c"),
        ("채용합니다", "채용 용합 합니 니다 다"), ("हिन्दी में", "हिन्दी में"), ("", ""), ("!!", ""),
    ],
)  # fmt: skip
def test_runs_without_spaces_are_pairs_and_words_are_words(raw, wanted):
    assert index_terms(raw) == wanted
    assert " ".join(term.term for term in terms(raw)) == wanted


@pytest.mark.parametrize(
    ("raw", "typed", "marked"),
    [
        ("Việc nhẹ lương cao", "luong cao", ["lương", "cao"]), ("海外高薪直招打字員", "打字员", ["打字員"]),
        ("รับทํางานที่บ้าน", "ทำงาน", ["ทํางาน"]), ("ក្រុម\u200bហ៊ុនចិន", "មហ៊", ["ម\u200bហ៊"]), ("赌场招人", "赌", ["赌"]),
        ("ＴＥＬＥ gram", "tele", ["ＴＥＬＥ"]), ("x高y薪高薪z", "高薪", ["高薪"]),
    ],
)  # fmt: skip
def test_marks_stand_on_the_raw_text(raw, typed, marked):
    wanted = tuple(filter(None, (read_search_term(word) for word in typed.split())))
    assert [raw[start:end] for start, end in highlights(raw, wanted)] == marked


def test_a_phrase_is_marked_as_one_stretch_and_a_beginning_marks_its_word():
    assert highlights("the customer service desk", (read_search_term("customer service"),)) == ((4, 20),)
    assert highlights("recruiting now", (read_search_term("recruit", prefix=True),)) == ((0, 10),)


@settings(max_examples=400)
@given(st.text(max_size=80) | st.text(alphabet="ทำํา高薪ក្\u200b\u200dab1 ﾊﾟ_\ud800é", max_size=40))
def test_documents_and_queries_are_analysed_alike(raw):
    found = list(terms(raw))
    words: set[str] = set()
    assert index_terms(raw, words) == " ".join(term.term for term in found)
    assert words == {term.term for term in whole_words(raw) if term.term}
    assert all(0 <= term.start < term.end <= len(raw) for term in found)
    assert all(term.term and " " not in term.term and "_" not in term.term for term in found)
    assert all(len(term.term) <= LONGEST * 18 for term in found)
    if phrase := read_search_term(raw):
        marked = highlights(raw, (phrase,))
        assert marked, "a text is found by itself"
        assert all(running(term) or term for term in phrase.terms)


@settings(max_examples=1500)
@given(st.text(alphabet="ทำ\u0e35高薪ក្\u200bab1 ﾊﾟ〸〹_é", max_size=30))
def test_the_lone_characters_of_a_text_are_those_that_terms_begin_with(raw):
    assert beginnings(index_terms(raw)) == {term.term[0] for term in terms(raw) if running(term.term[0])}


@pytest.mark.parametrize("unit", ["a", "高", "ก\u200b", "a\u0301", "a ", "_", "\u0301"])
def test_a_long_text_of_anything_is_analysed_in_linear_time(unit):
    assert growth(index_terms, unit * (200_000 // MORE), unit * 200_000) <= LIMIT
