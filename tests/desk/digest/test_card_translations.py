"""Titles of cards in the readers' languages: from the provider, masked; without it the mail stands as it is."""

from functools import partial

import msgspec
from sqlalchemy import func, select

from desk.digest import render
from desk.digest.edition import iso_week
from desk.digest.select import edition
from desk.digest.weekly_mail import translate_cards
from desk.languages.reader_locale import ReaderLocale
from desk.tables import translation_items
from enrichment.contacts.extract import contacts


def week(desk_db, store, now):
    with desk_db.connect() as connection:
        return edition(connection, store, [], week=iso_week(now), subscription="weekly", until=now)


def test_titles_are_translated_masked_and_shown_to_readers_of_the_language(desk_db, store, record, now, translator, double):
    made = record(1, title="Nhan vien, goi @bright_hr_demo", language="vi", text="passport kept")
    raw = f"{made.posting.title}\n{made.posting.text}"
    judged = msgspec.structs.replace(made.assessment, contacts=contacts(raw, made.assessment.language))
    at_risk = record(2, title="I was taken", language="vi", stance="testimony")
    store.put([msgspec.structs.replace(made, assessment=judged), at_risk])
    found = translate_cards(week(desk_db, store, now), store, translator, ask=True)
    (item,) = found.unreviewed
    assert {language for language, _ in item.translated} == {"en", "fr"}
    assert "bright" not in str(item.translated) and "[telegram]" in dict(item.translated)["fr"]
    french = render.html(found, "https://desk.example.org", "x", ReaderLocale("fr"))
    assert dict(item.translated)["fr"].split("[")[0].strip() in french
    assert "I was taken" not in str(found)


def test_a_preview_asks_no_service_and_a_service_that_fails_stops_no_mail(desk_db, store, record, now, translator, double):
    store.put([record(1, title="Nhan vien", language="vi")])
    found = week(desk_db, store, now)
    assert translate_cards(found, store, translator, ask=False) == found
    with desk_db.connect() as connection:
        assert connection.execute(select(func.count()).select_from(translation_items)).scalar_one() == 0
    double.status = 500
    assert partial(translate_cards, ask=True)(found, store, translator).counts == found.counts
