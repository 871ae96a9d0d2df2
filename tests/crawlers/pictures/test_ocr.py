"""Words become lines as they were written."""

from crawlers.pictures.ocr import OcrLine, OcrWord, line_text, picture_lines


def word(text: str, left: int, width: int, top: int = 0) -> OcrWord:
    return OcrWord(text, left, top, width, 20, 90.0)


def line(*words: OcrWord, paragraph: int = 0) -> OcrLine:
    return OcrLine(words, paragraph)


def test_words_without_spaces_between_them_are_joined_where_they_stand_close():
    assert line_text((word("หางาน", 0, 50), word("ด่วน", 52, 40), word("Telegram", 95, 80))) == "หางานด่วน Telegram"
    assert line_text((word("高薪", 0, 40), word("急招", 60, 40))) == "高薪 急招"


def test_a_number_wrapped_at_the_edge_is_one_number_again():
    text, lines = picture_lines([line(word("Call +44 7700", 0, 500)), line(word("900748", 0, 100, top=30))], 1.0)
    assert text == "Call +44 7700 900748"
    assert [text[item.start : item.end] for item in lines] == ["Call +44 7700", "900748"]


def test_an_address_wrapped_at_a_hyphen_has_no_space():
    text, _ = picture_lines([line(word("hr@sample-", 0, 500)), line(word("group.example", 0, 200, top=30))], 1.0)
    assert text == "hr@sample-group.example"


def test_a_short_line_and_a_new_paragraph_end_where_they_end():
    short = picture_lines([line(word("Salary 2500", 0, 100)), line(word("Free visa and a ticket", 0, 500, top=30))], 1.0)[0]
    assert short == "Salary 2500\nFree visa and a ticket"
    apart = picture_lines([line(word("Salary", 0, 500)), line(word("visa", 0, 500, top=30), paragraph=1)], 1.0)[0]
    assert apart == "Salary\nvisa"


def test_debris_is_left_out_and_boxes_are_those_of_the_picture():
    text, lines = picture_lines([line(word("/", 0, 9)), line(word("Salary", 100, 200, top=40))], 2.0)
    assert text == "Salary"
    assert (lines[0].box.left, lines[0].box.top, lines[0].box.width, lines[0].box.height) == (50, 20, 100, 10)
