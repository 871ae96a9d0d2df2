"""The mail as a program gets it: the same news, masked, grouped and counted, the same bytes each time."""

import json

import msgspec

from desk.digest.call_message import call_message
from desk.digest.edition import CARDS
from desk.digest.select import LINES
from desk.languages.reader_locale import ReaderLocale
from tests.desk.digest.weeks import CONTACT, DESK, reader


def written(edition, language="en"):
    one = msgspec.structs.replace(reader(), address="https://hooks.example.org/x", schedule="daily")
    return call_message(edition, one, sender="watch@example.org", desk_url=f"{DESK}/", locale=ReaderLocale(language))


def test_a_call_says_what_the_mail_says_and_counts_the_rest(dense_week):
    message = written(dense_week)
    told = json.loads(message.get_payload(decode=True))
    confirmed = [one for one in told["adverts"] if one["state"] == "confirmed"]
    assert len(told["adverts"]) <= CARDS + sum(LINES.values())
    assert sum(1 + one["alike"] for one in confirmed) + told["more"]["confirmed"] == told["counts"]["confirmed"] == 1_000
    assert len(told["taken_back"]) + told["more"]["taken_back"] == 40
    assert all(one["reasons"] for one in confirmed) and {one["harm"] for one in confirmed} == {"confinement"}
    assert all(one["url"].startswith(f"{DESK}/item/") for one in (*told["adverts"], *told["taken_back"]))
    assert set(told["taken_back"][0]) == {"id", "url", "title", "told"}, "nothing of what was said of it"
    assert len(message.as_bytes()) < 20_000


def test_contacts_are_masked_and_the_same_news_has_the_same_bytes_and_id(dense_week):
    message = written(dense_week)
    content = message.get_payload(decode=True).decode()
    for words in (CONTACT, "bright_hr_demo", "crew_1_demo"):
        assert words not in content
    assert written(dense_week).as_bytes() == message.as_bytes()
    other = msgspec.structs.replace(dense_week, week="26-W49.7")
    assert written(other)["Message-ID"] != message["Message-ID"]


def test_what_pages_say_makes_no_link_and_no_second_value(dense_week):
    title = '"}],"x":"https://evil.example/x\u202e\x00'
    hostile = msgspec.structs.replace(dense_week.confirmed[0], title=title)
    told = json.loads(written(msgspec.structs.replace(dense_week, confirmed=(hostile,))).get_payload(decode=True))
    assert "https://evil" not in told["adverts"][0]["title"] and "x" not in told
