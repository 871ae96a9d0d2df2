"""A notice that a person reads runs nothing, loads nothing, and is in the receiver's language."""

import re

import msgspec
import pytest
from markupsafe import escape
from selectolax.lexbor import LexborHTMLParser

from desk.languages.catalogues import languages_of, read_catalogue
from desk.takedown import letters
from desk.takedown.formats import html_file
from desk.takedown.notice import GOOD_FAITH
from desk.takedown.takedown_document import Exhibit, SentencePair


def page_of(document, language="en"):
    platform = document.platform.model_copy(update={"language": language})
    return html_file.render(msgspec.structs.replace(document, platform=platform))["notice.html"].decode()


@pytest.mark.parametrize("change", ["new", "updated", "withdrawn"])
def test_no_hostile_text_becomes_markup(hostile, change):
    for number in range(6):
        document = hostile(number, items=4, change=change)
        tree = LexborHTMLParser(page_of(document))
        assert len(tree.css("section")) == 4
        assert not tree.css("script, a, link, iframe, object, form, base, [onerror], [onload]")
        assert {node.attributes["src"][:23] for node in tree.css("img")} <= {"data:image/jpeg;base64,"}
        assert re.fullmatch(
            r"default-src 'none'; img-src data:; style-src 'unsafe-inline'", tree.css("meta")[1].attributes["content"]
        )
        for entry in document.entries:
            assert entry.body["url"] in tree.body.text()
            assert all(ground["quote"] in tree.body.text() for ground in entry.body.get("grounds", ()))


def said_in(domain, language):
    """Return English -> the sentence of a language."""
    return {message.id: message.string for message in read_catalogue(language, domain) if message.id}


@pytest.mark.parametrize("language", languages_of("notice"))
def test_fixed_sentences_are_in_the_receivers_language_with_english_beside(hostile, language):
    told, taken = (page_of(hostile(1, change=change), language) for change in ("new", "withdrawn"))
    tree = LexborHTMLParser(told).css_first("html")
    assert tree.attributes == {"lang": language, "dir": "ltr"}
    said = said_in("notice", language)
    for shown, source in ((told, "Rule it breaks"), (told, str(GOOD_FAITH)), (taken, "We apologise to them and to you.")):
        assert str(escape(source)) in shown
        assert str(escape(said.get(source, source))) in shown
    assert (str(letters.BINDING) in told, str(letters.BINDING) in taken) == (language != "en", language != "en")
    assert "Rule it breaks" not in taken and said.get("Rule it breaks", "Rule it breaks") not in taken
    beside = [node.text() for node in LexborHTMLParser(told).css(".en")]
    assert len(beside) == len([*LexborHTMLParser(told).css('.en[lang="en"][dir="ltr"]')]) and bool(beside) == (language != "en")


def test_a_language_without_catalogue_is_told_in_english(hostile):
    assert '<html lang="en" dir="ltr">' in page_of(hostile(1), "eu") and 'class="en"' not in page_of(hostile(1), "eu")


def test_translation_and_screenshot_stand_beside_the_quote_marked_with_the_engine(hostile):
    document = hostile(1)
    pair = SentencePair(original="công ty giữ <hộ chiếu>", words="the company keeps the <passport>")
    exhibit = Exhibit(picture=b"jpeg", engine="Sample engine 1", sentences=(pair,))
    shown = page_of(msgspec.structs.replace(document, exhibits={document.entries[0].item_id: exhibit}))
    assert shown.count("By a machine: Sample engine 1") == 1
    quoted = SentencePair(original="Hired at once, passport kept at the office.", words="Embauché, passeport gardé au bureau.")
    exhibit = msgspec.structs.replace(exhibit, sentences=(quoted, pair), language="fr")
    rows = list(exhibit.pair_quotes([{"quote": "passport kept", "meaning": "held"}, {"quote": "", "meaning": "together"}]))
    assert rows == [("passport kept", quoted.words, "held"), ("", "", "together"), (pair.original, pair.words, "")]
    assert "the company keeps the &lt;passport&gt;" in shown and "công ty giữ &lt;hộ chiếu&gt;" in shown
    assert shown.count('src="data:image/jpeg;base64,anBlZw=="') == 1
