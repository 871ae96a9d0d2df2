"""Seen or not seen: two houses learn which of their confirmed items match, and nothing else is in what they hand over."""

import json
import random
from datetime import timedelta

import msgspec
import pytest

from crawlers.items import Media
from crawlers.pictures.picture import PictureReading
from desk.takedown import exchange
from desk.takedown.exchange import ExchangeError
from enrichment.assessment import Contact
from enrichment.text.fingerprint import fingerprint
from tests.desk.conftest import NOW

KEY, OTHER = bytes(range(32)), bytes(32)
LETTERS = "abcdefghijklmnoprstuvw"


def words(seed, count=60):
    """Return a made-up text without contacts or numbers."""
    chance = random.Random(seed)
    return " ".join("".join(chance.choice(LETTERS) for _ in range(chance.randrange(4, 9))) for _ in range(count))


def poster(seed, flips=0):
    """Return the hash of a made-up poster, or of a copy in which so many bits differ."""
    value = random.Random(seed).getrandbits(256)
    for place in random.Random(seed * 1000 + flips).sample(range(256), flips):
        value ^= 1 << place
    return f"{value:064x}"


@pytest.fixture
def made(record):
    """Return a function that makes a confirmed item with a text, a contact or a poster of its own."""

    def make(number, *, text=None, phone=None, picture=None):
        text = text or words(9_000_000 + number)
        media = ()
        if picture:
            reading = PictureReading(state="read", pdq=picture)
            media = (Media(url="https://board.example.org/p.png", kind="image", reading=reading, start=0, end=60),)
        item = record(number, title="", text=text, media=media)
        contacts = (Contact(type="phone", value=phone, start=0, end=0),) if phone else ()
        judged = msgspec.structs.replace(item.assessment, contacts=contacts, fingerprint=fingerprint(text))
        return msgspec.structs.replace(item, assessment=judged)

    return make


def played(theirs, ours, key=KEY):
    """Play one exchange; return what the asker and the answerer learn."""
    asked, _ = exchange.ask(theirs, key, NOW)
    file, _, learned = exchange.answer(asked, ours, key, NOW)
    return exchange.read_answer(file, theirs, key), learned


def test_each_side_learns_its_own_items_that_match_and_no_others(made):
    same = words(1)
    near = same.rsplit(" ", 3)[0]  # a copy that lost its last words
    theirs = [
        made(1, text=same), made(2, phone="+84000000001"), made(3, picture=poster(5)), made(4, phone="+84000000002"), made(5)
    ]  # fmt: skip
    ours = [
        made(11, text=near), made(12, phone="+84000000001"), made(13, picture=poster(5, 12)), made(14, phone="+84000000003"),
        made(15),
    ]  # fmt: skip
    asker, answerer = played(theirs, ours)
    assert asker == {theirs[0].id: ("text",), theirs[1].id: ("contact",), theirs[2].id: ("picture",)}
    assert answerer == {ours[0].id: ("text",), ours[1].id: ("contact",), ours[2].id: ("picture",)}


def test_of_a_thousand_unlike_items_none_match(made):
    theirs = [made(at, phone=f"+8400{at:07}", picture=poster(at)) for at in range(500)]
    ours = [made(at, phone=f"+8401{at:07}", picture=poster(at + 10_000)) for at in range(10_000, 10_500)]
    assert played(theirs, ours) == ({}, {})


@pytest.mark.parametrize(("flips", "least"), [(0, 1.0), (8, 0.99), (16, 0.95), (24, 0.75)])
def test_copies_of_a_poster_are_found_as_often_as_the_handbook_says(made, flips, least):
    theirs = [made(at, picture=poster(at)) for at in range(200)]
    ours = [made(1000 + at, picture=poster(at, flips)) for at in range(200)]
    asker, _ = played(theirs, ours)
    assert len(asker) >= least * 200


def test_a_file_holds_no_value_in_clear_and_two_files_share_none(made):
    item = made(1, text=words(1), phone="+84000000001", picture=poster(5))
    one, two = (exchange.ask([item], KEY, NOW)[0].decode() for _ in range(2))
    clear = [item.id, "84000000001", poster(5), *item.assessment.fingerprint.bands, *words(1).split(), "board.example"]
    assert [value for value in clear if value in one] == []
    tokens = [
        set(entry["contacts"]) | set(entry["text"]) | {each for bands in entry["pictures"] for each in bands} | {entry["ref"]}
        for file in (one, two) for entry in json.loads(file)["items"]
    ]  # fmt: skip
    assert len(tokens[0]) > 20 and not tokens[0] & tokens[1]


def test_an_answer_names_nothing_of_the_answerer(made):
    theirs, ours = [made(1, phone="+84000000001"), made(2)], [made(3, phone="+84000000001"), made(4), made(5)]
    asked, question = exchange.ask(theirs, KEY, NOW)
    file, given, _ = exchange.answer(asked, ours, KEY, NOW)
    assert {match.ref for match in given.matches} <= {item.ref for item in question.items}
    assert set(json.loads(file)) == {"schema", "salt", "made_at", "mac", "matches"} and len(given.matches) == 1
    nothing, _, _ = exchange.answer(asked, [], KEY, NOW)
    assert json.loads(nothing)["matches"] == []


def test_the_key_is_all_that_stands_between_a_partner_and_a_number(made):
    """What docs/takedown.md says is not protected: whoever holds the key tries the numbers out."""
    _, question = exchange.ask([made(1, phone="+84000000123")], KEY, NOW)
    hasher = exchange.Hasher(KEY, question.salt)
    tried = [n for n in range(1000) if hasher.token("contact", f"phone:+84{n:09}") in question.items[0].contacts]
    assert tried == [123]
    stranger = exchange.Hasher(OTHER, question.salt)
    assert not any(stranger.token("contact", f"phone:+84{n:09}") in question.items[0].contacts for n in range(1000))


def alter_file(content, **change):
    return json.dumps(json.loads(content) | change).encode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"mac": ""}, "changed on its way"),
        ({"items": []}, "changed on its way"),
        ({"salt": "0" * 32}, "changed on its way"),
        ({"extra": 1}, "not a file of an exchange"),
        ({"items": [{"ref": "x" * 24}]}, "not a file of an exchange"),
        ({"salt": "0" * 31}, "not a file of an exchange"),
        ({"made_at": "2026-11-23T12:00:00"}, "changed on its way"),
    ],
)
def test_a_file_that_was_altered_is_refused(made, change, says):
    asked, _ = exchange.ask([made(1, phone="+84000000001")], KEY, NOW)
    with pytest.raises(ExchangeError, match=says):
        exchange.answer(alter_file(asked, **change), [], KEY, NOW)


def test_files_of_another_kind_key_age_or_size_are_refused(made):
    asked, _ = exchange.ask([made(1)], KEY, NOW)
    file, _, _ = exchange.answer(asked, [], KEY, NOW)
    for content, key, now, says in (
        (asked, OTHER, NOW, "another key"), (file, KEY, NOW, "not a file of an exchange"),
        (asked, KEY, NOW + timedelta(days=8), "one of the last 7 days"), (b"[" * 50_000, KEY, NOW, "not a file"),
        (asked, KEY, NOW - timedelta(hours=1), "one of the last"),
        (b" " * (exchange.MOST_BYTES + 1), KEY, NOW, "more than 16 MiB"), (b"\xff", KEY, NOW, "not a file"),
    ):  # fmt: skip
        with pytest.raises(ExchangeError, match=says):
            exchange.answer(content, [], key, now)
    with pytest.raises(ExchangeError, match="not a file of an exchange"):
        exchange.read_answer(asked, [], KEY)
    with pytest.raises(ExchangeError, match="narrow it with --days"):
        exchange.ask([made(1)] * (exchange.MOST_ITEMS + 1), KEY, NOW)


def test_a_key_is_read_whole_or_not_at_all():
    key = exchange.new_key()
    assert len(exchange.read_key(key)) == 32 and exchange.new_key() != key
    for wrong in ("", "00", "zz" * 32, key + "00"):
        with pytest.raises(ExchangeError, match="64 hexadecimal digits"):
            exchange.read_key(wrong)
