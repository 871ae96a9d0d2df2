"""Texts looked up in tables get the terms they get word by word, or are left to be read word by word."""

import json
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.text_sets import carried_texts
from index.terms.analysis import INVISIBLE, LONGEST, _table, index_terms, running, terms
from index.terms.analysis_table import SIZE, locate_terms
from index.terms.analysis_table import index_texts as table_indexed

BLOCKS = [
    (start, start + 127)
    for start in range(0, SIZE, 128)
    if any(unicodedata.category(chr(code))[0] in "LMN" for code in range(start, start + 128))
]
LETTERS = st.sampled_from(BLOCKS).flatmap(lambda block: st.text(st.characters(min_codepoint=block[0], max_codepoint=block[1])))
MIXED = st.lists(st.one_of(LETTERS, st.sampled_from([*INVISIBLE, " ", "a", "高", "ก", "\u0301", "\u094d", "\u3099", "ﾷ", "✅"])))


def word_by_word(raw):
    return [term.term for term in terms(raw)]


@settings(max_examples=1500)
@given(MIXED.map("".join))
def test_the_table_says_what_reading_word_by_word_says(raw):
    words: set[str] = set()
    found = table_indexed([raw], _table(), LONGEST, words)[0]
    if found is not None:
        assert found.split() == word_by_word(raw)
        assert words == {term for term in word_by_word(raw) if not running(term)}


@settings(max_examples=500)
@given(st.lists(MIXED.map("".join) | st.sampled_from(["a" * (LONGEST + 1), "e\u0301", "\n", "高\u200b"]), max_size=6))
def test_many_texts_at_once_are_told_as_each_alone(raws):
    words: set[str] = set()
    assert list(index_terms(raws, words)) == [" ".join(word_by_word(raw)) for raw in raws]
    told = {term for raw in raws for term in word_by_word(raw)}
    assert {word for word in words if not running(word)} == {term for term in told if not running(term)}
    assert table_indexed(raws, _table(), LONGEST) == [table_indexed([raw], _table(), LONGEST)[0] for raw in raws]


@settings(max_examples=1500)
@given(MIXED.map("".join))
def test_words_and_runs_stand_where_reading_word_by_word_finds_them(raw):
    told = locate_terms(raw, _table(), LONGEST)
    if told is not None:
        words, runs = told
        assert len(words) == len(runs) == len(raw)
        found = list(terms(raw))
        assert [(m[0], *m.span()) for m in re.finditer("[^\0]+", words)] == [term for term in found if not running(term.term)]
        pairs = [(runs[at : at + 2], at, at + 2) for at in range(len(runs) - 1) if "\0" not in runs[at : at + 2]]
        assert pairs == [term for term in found if running(term.term) and len(term.term) == 2]


ODD = ["", " ", "高", "a", "\u200b", "a\u200bb", "高\u200d薪", "x高y薪", "ab" * 50, "A1๓", "✅\ufe0fok"]


@pytest.mark.parametrize("raw", ODD)
def test_the_shortest_and_the_odd_are_told_alike(raw):
    assert table_indexed([raw], _table(), LONGEST)[0].split() == word_by_word(raw)


@pytest.mark.parametrize("raw", ["a" * (LONGEST + 1), "e\u0301", "ﾃﾚ", "æ", "aี", "\U00020000", "ﾷￍ"])
def test_what_needs_its_neighbours_is_left_to_be_read(raw):
    assert table_indexed([raw], _table(), LONGEST)[0] is None


def test_nearly_all_our_listings_are_told_by_table_and_alike():
    rows = (carried_texts().training / "listings-dev.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(row)["text"] for row in rows]
    told = [found for found in table_indexed(texts, _table(), LONGEST) if found is not None]
    assert len(told) > 0.9 * len(texts)
    assert [found.split() for found in index_terms(texts)] == list(map(word_by_word, texts))
