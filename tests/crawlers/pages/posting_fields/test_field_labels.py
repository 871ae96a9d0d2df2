"""Labels in the languages served announce a field; other words, addresses and lone labels do not."""

import pytest

from crawlers.pages.posting_fields import field_labels as labels
from crawlers.text.folding import fold_text


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Company", "company"), ("  CÔNG TY : ", "company"), ("公司", "company"), ("雇主", "company"), ("ບໍລິສັດ", "company"),
        ("สถานที่ทำงาน", "location"), ("Lokasi", "location"), ("ទីតាំង", "location"), ("နေရာ", "location"),
        ("वेतन", "pay_raw"), ("বেতন", "pay_raw"), ("تنخواہ", "pay_raw"), ("ደመወዝ", "pay_raw"), ("зарплата", "pay_raw"),
        ("締切", "valid_through"), ("Mshahara", "pay_raw"), ("ＳＡＬＡＲＹ", "pay_raw"),
        ("", None), ("Cook", None), ("company " * 20, None), ("javascript:", None),
    ],
)  # fmt: skip
def test_a_label_announces_its_field(text: str, field: str | None) -> None:
    assert labels.field(text) == field


@pytest.mark.parametrize(
    ("line", "pair"),
    [
        ("Company: Reef & Rope", ("company", "Reef & Rope")), ("公司：海鲜", ("company", "海鲜")),
        ("Location: Hue: east", ("location", "Hue: east")), ("地点：西港 10:30", ("location", "西港 10:30")), ("Company:", None),
        ("Contact://evil.example.org", None), ("https://board.example.org", None), ("Reef: Company", None), (":" * 1000, None),
    ],
)  # fmt: skip
def test_a_line_is_a_label_and_its_value(line: str, pair: tuple[str, str] | None) -> None:
    assert labels.read_label(line) == pair


@pytest.mark.parametrize(
    ("line", "opens"),
    [
        ("Zalo 0900 000 000", True), ("联系微信 sample_ops：1", True), ("Phone", True), ("Contact lenses are sold here", False),
        ("Telegraph operator, 2 posts", False), ("", False),
    ],
)  # fmt: skip
def test_a_contact_line_opens_with_its_word_and_reaches_somebody(line: str, opens: bool) -> None:
    assert labels.opens_contact(line) is opens


def test_every_label_is_in_the_form_that_is_compared_and_short_enough_to_be_one() -> None:
    wrong = [label for label in labels.FIELD_OF if not label or len(label) > 60 or fold_text(label) != label]
    assert wrong == []
    assert [label for label, field in labels.FIELD_OF.items() if labels.field(label) != field] == []


def test_labels_of_monthly_pay_are_labels_of_pay() -> None:
    others = {label for label in labels.MONTHLY if labels.field(label) not in ("pay_raw", None)}
    assert others == set()
    assert labels.is_monthly("Lương tháng:") and labels.is_monthly("月薪") and not labels.is_monthly("salary")
