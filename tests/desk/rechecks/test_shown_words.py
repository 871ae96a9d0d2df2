"""How far a page shows an advert: in any script, dressed anew, cut off, with its number hidden from guests."""

import pytest

from desk.rechecks.shown_words import ShownWords

TEXT = (
    "We look for people who answer our chat desk at night. No experience is needed and the journey is paid by us. "
    "The passport stays at the office until the contract ends. Pay 1,500 USD a month, call 0900 000 001 or write to "
    "@bright_hr_demo."
)


def test_the_share_of_words_is_counted_in_any_script():
    thai = "รับสมัครพนักงานตอบแชทเงินเดือนสูงมีที่พักฟรีหนังสือเดินทางเก็บที่บริษัท"
    for text in (TEXT, "高薪诚聘客服人员包吃住月薪三万到岗后护照由公司统一保管", thai):
        assert ShownWords(text, f"<p>{text}</p>").share == 1
        assert ShownWords(text, "<p>nothing of it</p>").share == 0
    assert ShownWords("short", "<p>short</p>").share == 0


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "up"),
        ({"We look": "WE LOOK", ". ": " – "}, "up"),
        ({"1,500 USD": "$1500"}, "up"),
        ({"The passport": "<button>Show more photos</button>The passport"}, "up"),
        ({"0900 000 001": "0900 *** *** <button>show</button>"}, "up"),
        ({"The passport stays at the office until": "… <a>Read more</a>§"}, "up"),
        ({"0900 000 001": "0911 *** ***"}, "edited"),
        ({"0900 000 001": "0900 000 002"}, "edited"),
        ({"1,500 USD": "1,600 USD"}, "edited"),
        ({"@bright_hr_demo": "@other_hr_demo"}, "edited"),
        ({"at night": "every morning from six o'clock"}, "edited"),
        ({"The passport stays at the office until": "§"}, "edited"),
    ],
)
def test_an_edit_is_told_from_another_dress(change, state):
    page = TEXT
    for old, new in change.items():
        page = page.replace(old, new)
    assert ShownWords(TEXT, f"<p>{page.partition('§')[0]}</p>").state == state
