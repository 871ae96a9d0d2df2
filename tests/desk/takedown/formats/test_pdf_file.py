"""A printed notice is read by a PDF reader written elsewhere, in every script; the same list gives the same bytes."""

import re
import unicodedata

import msgspec
import pytest
from selectolax.lexbor import LexborHTMLParser

from crawlers.fetch.handlers import chromium
from crawlers.fetch.handlers.chromium import print_page
from desk.languages.catalogues import read_catalogue
from desk.refusals import ListError
from desk.takedown import letters as fixed
from desk.takedown.formats import html_file, pdf_file
from tests.desk.takedown.accusing_words import STEMS, accusing_words
from tests.desk.takedown.conftest import readable_text

SAID = {
    "vi": "Tuyển nhân viên, công ty giữ hộ chiếu, trả vé máy bay",
    "zh": "高薪招聘客服人员护照由公司保管",
    "km": "ក្រុមហ៊ុនរក្សាទុកលិខិតឆ្លងដែន ប្រាក់ខែខ្ពស់",
    "my": "နိုင်ငံကူးလက်မှတ်ကို ကုမ္ပဏီက သိမ်းထားသည်",
    "ur": "کمپنی پاسپورٹ اپنے پاس رکھتی ہے",
    "th": "บริษัทเก็บพาสปอร์ตไว้ ต้องการด่วน",
    "hi": "कंपनी पासपोर्ट अपने पास रखती है",
    "am": "ኩባንያው ፓስፖርት ይይዛል",
}

ALPHABETIC = {"es", "fr", "id", "ms", "pt", "vi"}
"""Whose stems are looked for in letters and pages with their spaces, where they are words."""
END = "end of the last page"


def letters(text):
    """Return a text without what a layout changes: spaces, line ends and marks of direction."""
    return "".join(
        char for char in unicodedata.normalize("NFC", text) if not char.isspace() and unicodedata.category(char) != "Cf"
    )


@pytest.fixture
def multilingual(hostile):
    """A list whose items say the same in eight languages."""
    document = hostile(1, items=len(SAID))
    entries = tuple(
        msgspec.structs.replace(
            entry,
            body=entry.body
            | {
                "title": said,
                "text_excerpt": said,
                "language": code,
                "grounds": [{"indicator": "x", "quote": said, "meaning": "m"}],
            },
        )
        for entry, (code, said) in zip(document.entries, SAID.items(), strict=True)
    )
    return msgspec.structs.replace(document, entries=entries)


def test_pdftotext_reads_every_script_and_two_printings_are_one(multilingual):
    (printed,) = pdf_file.render(multilingual).values()
    assert printed == pdf_file.render(multilingual)["notice.pdf"]
    read = letters(readable_text("notice.pdf", printed))
    assert {code: letters(said) in read for code, said in SAID.items()} == dict.fromkeys(SAID, True)
    assert all(letters(entry.body["url"]) in read for entry in multilingual.entries)
    assert multilingual.built_at.strftime("CreationDate (D:%Y%m%d%H%M%S+00'00')").encode() in printed


def test_a_machine_without_a_browser_says_what_to_do(hostile, monkeypatch):
    monkeypatch.setattr(chromium, "launch_options", lambda: {"executable_path": "/nowhere/chromium", "args": []})
    with pytest.raises(ListError, match=r"cannot be printed .*take pdf out of the formats"):
        pdf_file.render(hostile(1))


def test_a_hundred_retractions_printed_say_nothing_of_what_was_said(hostile):
    document = hostile(4, items=100, change="withdrawn")
    read = readable_text("notice.pdf", pdf_file.render(document)["notice.pdf"])
    assert read.count("Taken back on") == 100
    assert all(letters(entry.body["notice_id"]) in letters(read) for entry in document.entries)
    assert accusing_words(re.sub(r"https?://\S+|jobs/\S*", "", read)) == []


def printed_in_every_language(document):
    """Return what pdftotext reads of one PDF with the notice in every language, each language's part by itself."""
    parts = []
    for language in STEMS:
        platform = document.platform.model_copy(update={"language": language})
        tree = LexborHTMLParser(html_file.page(msgspec.structs.replace(document, platform=platform)))
        direction = tree.css_first("html").attributes["dir"]
        parts.append(f'<div lang="{language}" dir="{direction}" style="break-before: page">{tree.body.inner_html}</div>')
    head = LexborHTMLParser(html_file.page(document)).head.html
    pages = print_page(f"<!doctype html><html>{head}<body>{''.join(parts)}<p>{END}</p></body></html>", document.built_at)
    return letters(readable_text("notice.pdf", pages))


@pytest.mark.parametrize("change", ["new", "withdrawn"])
def test_the_notice_is_printed_and_read_in_every_language(hostile, change):
    """A sentence is found letter by letter, between its marks, which pdftotext sets in another order where directions mix; what
    accuses stands in a notice alone."""
    document = hostile(2, items=1, change=change)
    read = printed_in_every_language(document)
    sentence = str(fixed.TWO_PEOPLE if change == "new" else fixed.NO_CLAIM)
    unread, accused = [], {}
    for language, stems in STEMS.items():
        (said,) = (message.string for message in read_catalogue(language, "notice") if message.id == sentence)
        unread += [language for piece in re.split("[،؛:.]", said) if letters(piece) not in read]
        found = [stem for stem in stems.split("|") if letters(stem) in read]
        accused |= {language: found} if language not in ALPHABETIC and found else {}
    assert unread == []
    assert bool(accused) == (change == "new"), accused
