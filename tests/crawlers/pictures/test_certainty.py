"""A contact that is not surely read is shown as unread, so that no name of somebody else is offered."""

import shutil

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from crawlers.pictures import certainty
from crawlers.pictures.certainty import SURE, UNREAD, mark_unread
from crawlers.pictures.ocr import OcrFailed, OcrLine, OcrWord, picture_lines
from enrichment.assess import Assessor
from lurewatch.settings import SHIPPED_SEEDS
from tests.crawlers.pictures.conftest import FONT

PICTURE = Image.new("L", (600, 60), 255)


def line(*words: tuple[str, float]) -> OcrLine:
    return OcrLine(
        tuple(OcrWord(text, 80 * place, 10, 70, 30, confidence) for place, (text, confidence) in enumerate(words)), paragraph=0
    )


def read_as(monkeypatch, *readings: str | None) -> None:
    """Have the readings of the second and third preparation say these words; None for one that fails."""
    waiting = list(readings)

    def lines_of(picture, packs, seconds, *, mode):
        said = waiting.pop(0)
        if said is None:
            raise OcrFailed("too_slow")
        return [line(*((word, 90.0) for word in said.split()))]

    monkeypatch.setattr(certainty.ocr, "lines_of", lines_of)


def texts(lines) -> list[str]:
    return [word.text for word in lines[0].words]


@pytest.mark.parametrize(
    ("readings", "said"),
    [
        (("Telegram @sample_hr88", "Telegram @sample_hr88"), "@sample_hr88"),
        (("Telegram @sample_ hr88", "Telegram (@Sample_hr88)."), "@sample_hr88"),
        (("Telegram @sample_hr88", "Telegram @sarnple_hr88"), UNREAD),
        (("Telegram @sample_hr8", "Telegram @sample_hr88"), UNREAD),
        (("Telegram @my_sample_hr88", "Telegram @sample_hr88"), UNREAD),
        (("Telegram @sample_hr88", None), UNREAD),
        (("", "x"), UNREAD),
    ],
)
def test_a_doubtful_handle_stands_when_two_more_readings_agree(monkeypatch, readings, said) -> None:
    read_as(monkeypatch, *(reading or "?" if reading is not None else None for reading in readings))
    assert texts(mark_unread(PICTURE, [line(("Telegram", 95), ("@sample_hr88", SURE - 20))], 5)) == ["Telegram", said]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("@tuyendung", "pp24"), [UNREAD, UNREAD]),
        (("Telegram", "(@sample", "hr88)", "now"), ["Telegram", UNREAD, UNREAD, "now"]),
        (("@samplehr", "500$"), ["@samplehr", "500$"]),
        (("@samplehr", "liên", "hệ"), ["@samplehr", "liên", "hệ"]),
        (("@samplehr", "for", "details"), ["@samplehr", "for", "details"]),
    ],
)
def test_the_first_part_of_a_handle_is_no_handle(words, said) -> None:
    """Regression: of ``@tuyendung_pp24``, read with a space for the underscore, somebody else's name was offered."""
    assert texts(mark_unread(PICTURE, [line(*((word, 95.0) for word in words))], 5)) == said


def test_a_line_drawn_low_between_two_words_is_an_underscore() -> None:
    picture = PICTURE.copy()
    ImageDraw.Draw(picture).line((70, 38, 80, 38), fill=0, width=2)
    assert texts(mark_unread(picture, [line(("@sample", 95.0), ("hr", 95.0))], 5)) == [UNREAD, UNREAD]


def test_what_is_hardly_read_at_all_is_unread_whatever_the_others_say(monkeypatch) -> None:
    read_as(monkeypatch, "@sample_hr88", "@sample_hr88")
    assert texts(mark_unread(PICTURE, [line(("@sample_hr88", 30))], 5)) == [UNREAD]


@pytest.mark.parametrize(
    "words",
    [
        (("@sample_hr88", SURE),),
        (("2500USD", 50), ("8:00am", 50), ("15/03/2026", 50), ("kidn3y", 50), ("kantor.", 50), ("3000", 50), ("K1", 50)),
        (("Telegram", 50), ("us", 50), ("today", 50)),
        (("ศูนย์", 30), ("၀၉၁၂၃၄၅၆၇", 30)),
    ],
)
def test_what_is_sure_or_no_contact_stays_and_is_not_read_again(monkeypatch, words) -> None:
    read_as(monkeypatch)  # a reading would raise IndexError
    assert texts(mark_unread(PICTURE, [line(*words)], 5)) == [text for text, _ in words]


@pytest.mark.parametrize(
    "words",
    [
        ("Zalo:", "linhsample"), ("LINE", "@samplehr"), ("+84", "90", "000", "0012"), ("hr@sample.example.org",),
        ("t.me/sample",), ("sample88",),
    ],
)  # fmt: skip
def test_contacts_of_every_form_are_looked_at(monkeypatch, words) -> None:
    read_as(monkeypatch, "?", "?")
    assert UNREAD in texts(mark_unread(PICTURE, [line(*((word, 60.0) for word in words))], 5))


def test_an_unread_contact_is_no_contact_of_the_assessment() -> None:
    assessor = Assessor(SHIPPED_SEEDS)
    for said, count in (("@sample_hr88", 1), (UNREAD, 0), (f"@{UNREAD}", 0)):
        text, _ = picture_lines([line(("Telegram", 95), (said, 95))], 1.0)
        assert len(assessor.assess(id="1", title=None, text=text).contacts) == count


def test_a_blurred_handle_is_right_or_unread(missing_service) -> None:
    """Tesseract itself, over two degrees of blur: what is offered is what was drawn."""
    if shutil.which("tesseract") is None:
        missing_service("Tesseract (Debian: tesseract-ocr)")
    font = ImageFont.truetype(FONT, 20)
    wrong, unread = [], 0
    for blur in (0.8, 2.0):
        for name in ("@vieclam_mocbai88", "sample_cl1d9"):
            picture = Image.new("L", (640, 80), 240)
            ImageDraw.Draw(picture).text((30, 25), f"Contact Telegram {name} today", 60, font)
            picture = picture.filter(ImageFilter.GaussianBlur(blur)).resize((960, 120))
            lines = certainty.ocr.lines_of(picture, ("eng",), 30)
            for word in (word for read in mark_unread(picture, lines, 30) for word in read.words):
                unread += word.text == UNREAD
                if "_" in word.text and word.text.strip(".,") != name and word.confidence < SURE:
                    wrong.append((blur, name, word.text, word.confidence))
    assert not wrong and unread, "the blur left nothing to doubt"
