"""A name that comes back is recognised by its contacts and texts, told apart from a second name, and warners are never named."""

from index.terms.venue_pointers import venue_of
from lurewatch.app.venues.relatives import relatives, sample_of_record

TEXT = (
    "Chat agents wanted in the casino town, flight and passport paid, room with four beds, 1500 dollars a month, write today. "
    * 2
)
CREW = ("telegram:sample_hr_anna", "phone:+447700900123")


def _channel(record, name, number, **more):
    return record(f"{name}{number}", url=f"https://t.me/{name}/{number}", author=name, text=TEXT, bands=("b1",), **more)


def _of(store, *records):
    return relatives(store, venue_of("@sample_new"), map(sample_of_record, records))


def test_a_channel_that_stopped_and_came_back_is_the_renamed_one(sqlite_store, record):
    sqlite_store.put([_channel(record, "sample_old", 1, contacts=CREW)])
    forward = record("f", forwarded_from="sample_new", text=TEXT, bands=("b1",), contacts=CREW, day=9)
    sqlite_store.put([forward])
    (relative,) = _of(sqlite_store, forward)
    assert (relative.venue, relative.contacts, relative.texts, relative.stopped) == (
        "telegram:sample_old",
        tuple(sorted(CREW)),
        1,
        True,
    )
    assert relative.sentence.startswith(
        "probably the renamed telegram:sample_old (shared contacts: 2, near-same texts: 1, last seen"
    )


def test_a_channel_that_goes_on_is_a_second_name(sqlite_store, record):
    sqlite_store.put([_channel(record, "sample_old", 1, contacts=CREW), _channel(record, "sample_old", 2, contacts=CREW, day=20)])
    forward = record("f", forwarded_from="sample_new", text=TEXT, bands=("b1",), contacts=CREW, day=9)
    assert "run by the same people" in _of(sqlite_store, forward)[0].sentence


def test_one_shared_contact_is_too_little(sqlite_store, record):
    other = record("o1", url="https://t.me/sample_old/1", contacts=CREW[:1])
    sqlite_store.put([other])
    assert _of(sqlite_store, record("f", forwarded_from="sample_new", contacts=CREW[:1], day=9)) == ()


def test_who_warns_with_the_crews_words_is_not_related(sqlite_store, record):
    sqlite_store.put([_channel(record, "sample_warner", 1, contacts=CREW, stance="warning", flagged=False)])
    assert _of(sqlite_store, record("f", forwarded_from="sample_new", text=TEXT, bands=("b1",), contacts=CREW, day=9)) == ()


def test_where_everybody_posts_is_no_relative(sqlite_store, record):
    sqlite_store.put([_channel(record, "sample_open", number, contacts=CREW) for number in range(2)])
    others = [record(f"x{n}", url=f"https://t.me/sample_open/9{n}", author="sample_open", flagged=False) for n in range(9)]
    sqlite_store.put(others)
    assert _of(sqlite_store, record("f", forwarded_from="sample_new", text=TEXT, bands=("b1",), contacts=CREW, day=9)) == ()


def test_a_contact_of_many_venues_says_nothing(sqlite_store, record):
    sqlite_store.put([record(f"v{n}", url=f"https://t.me/sample_venue_{n}/1", contacts=CREW) for n in range(5)])
    assert _of(sqlite_store, record("f", forwarded_from="sample_new", contacts=CREW, day=9)) == ()


def test_nothing_of_a_venue_has_no_relatives(sqlite_store):
    assert _of(sqlite_store) == ()
