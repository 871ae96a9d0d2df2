"""A printed notice is read by a PDF reader written elsewhere, in every script; the same list gives the same bytes."""

import re
import unicodedata

import msgspec
import pytest

from crawlers.fetch.handlers import chromium
from desk.refusals import ListError
from desk.takedown.formats import pdf_file
from tests.desk.takedown.accusing_words import accusing_words
from tests.desk.takedown.conftest import readable_text

SAID = {
    "vi": "Tuyển nhân viên, công ty giữ hộ chiếu, trả vé máy bay", "zh": "高薪招聘客服人员护照由公司保管",
    "km": "ក្រុមហ៊ុនរក្សាទុកលិខិតឆ្លងដែន ប្រាក់ខែខ្ពស់", "my": "နိုင်ငံကူးလက်မှတ်ကို ကုမ္ပဏီက သိမ်းထားသည်",
    "ur": "کمپنی پاسپورٹ اپنے پاس رکھتی ہے", "th": "บริษัทเก็บพาสปอร์ตไว้ ต้องการด่วน", "hi": "कंपनी पासपोर्ट अपने पास रखती है",
    "am": "ኩባንያው ፓስፖርት ይይዛል",
}  # fmt: skip


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
                "title": said, "text_excerpt": said, "language": code,
                "grounds": [{"indicator": "x", "quote": said, "meaning": "m"}],
            },
        )
        for entry, (code, said) in zip(document.entries, SAID.items(), strict=True)
    )  # fmt: skip
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
