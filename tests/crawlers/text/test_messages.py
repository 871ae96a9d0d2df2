"""A sentence is English, and knows what it was made of."""

import json

import msgspec
import pytest

from crawlers.text.messages import Message, _, ngettext


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


def test_a_placeholder_that_nobody_fills_is_an_error_where_the_sentence_is_made() -> None:
    """Not first at a reader in another language."""
    with pytest.raises(KeyError):
        _("%(name)s")
