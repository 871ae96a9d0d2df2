"""A notice that a person reads runs nothing, loads nothing, and is in the receiver's language."""

import re

import msgspec
import pytest
from selectolax.lexbor import LexborHTMLParser

from desk.takedown.formats import html_file
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
        assert not tree.css("script, a, link, iframe, object, form, base, img, [onerror], [onload]")
        assert re.fullmatch(
            r"default-src 'none'; img-src data:; style-src 'unsafe-inline'", tree.css("meta")[1].attributes["content"]
        )
        for entry in document.entries:
            assert entry.body["url"] in tree.body.text()
            assert all(ground["quote"] in tree.body.text() for ground in entry.body.get("grounds", ()))


@pytest.mark.parametrize(
    ("language", "rule", "back"),
    [("en", "Rule it breaks", "We apologise"), ("vi", "Quy định bị vi phạm", "xin lỗi"), ("fr", "Règle enfreinte", "excuses"),
     ("km", "Rule it breaks", "We apologise")],
)  # fmt: skip
def test_fixed_sentences_are_in_the_receivers_language(hostile, language, rule, back):
    told, taken = page_of(hostile(1), language), page_of(hostile(1, change="withdrawn"), language)
    assert rule in told and rule not in taken and back in taken
    assert f'<html lang="{language if language != "km" else "en"}">' in told


def test_translation_and_screenshot_stand_beside_the_quote_marked_with_the_engine(hostile):
    document = hostile(1)
    pair = SentencePair(original="công ty giữ <hộ chiếu>", words="the company keeps the <passport>")
    exhibit = Exhibit(picture=b"jpeg", engine="Sample engine 1", sentences=(pair,))
    shown = page_of(msgspec.structs.replace(document, exhibits={document.entries[0].item_id: exhibit}))
    assert shown.count("By a machine: Sample engine 1") == 1
    assert "the company keeps the &lt;passport&gt;" in shown and "công ty giữ &lt;hộ chiếu&gt;" in shown
    assert shown.count('src="data:image/jpeg;base64,anBlZw=="') == 1
