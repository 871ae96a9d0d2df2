"""A sentence is English, and knows what it was made of."""

import json

import msgspec
import pytest

from foundation.messages import Message, _, join, ngettext, sentence_of


def test_a_message_is_its_english_sentence() -> None:
    """Whoever knows nothing of languages uses it as text."""
    told = _("%(most)s %% of %(what)s", most=5, what="<b>")
    assert told == "5 % of <b>" and isinstance(told, Message) and told.source == "%(most)s %% of %(what)s"
    assert json.dumps(told) == '"5 % of <b>"' and f"{told}." == "5 % of <b>."
    assert msgspec.json.encode({"told": str(told)}) == b'{"told":"5 % of <b>"}'


@pytest.mark.parametrize(("number", "words"), [(0, "0 items"), (1, "1 item"), (2, "2 items")])
def test_plurals(number: int, words: str) -> None:
    """English knows two forms."""
    assert ngettext("%(num)s item", "%(num)s items", number) == words


def test_an_error_made_of_another_keeps_the_sentence_and_several_stay_sentences() -> None:
    """So that the page says it in the language of the reader; what was no sentence is told as it is."""
    told = sentence_of(ValueError(_("list %(id)s", id=7)))
    assert isinstance(told, Message) and told.source == "list %(id)s"
    assert sentence_of(ValueError("gone", 2)) == "('gone', 2)" and sentence_of(ValueError()) == ""
    both = join([told, "100%"])
    assert both == "list 7; 100%" and list(both.values.values()) == [told, "100%"]


def test_a_placeholder_that_nobody_fills_is_an_error_where_the_sentence_is_made() -> None:
    """Not first at a reader in another language."""
    with pytest.raises(KeyError):
        _("%(name)s")
