"""What people subscribe to is sent to them: in their language, of their search, when it is due, with a link to leave by."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from desk.cases import case_decisions
from desk.custody.published_heads import LABEL, head_in
from desk.digest import weekly_mail
from desk.digest.edition import iso_week
from desk.outbox import deliver, waiting_periods
from desk.people import saved_searches
from desk.subscribers import subscriptions
from desk.subscribers.subscriptions import active_subscriptions
from desk.tables import deliveries

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def people(desk_db, staff):
    return staff(desk_db)


@pytest.fixture
def subscribed(desk_db, people, now):
    """Return a function that subscribes minh and returns the subscription."""

    def subscribe(by="minh", **values):
        number = subscriptions.subscribe(desk_db, by=people[by], now=now, **values)
        with desk_db.connect() as connection:
            return next(one for one in active_subscriptions(connection) if one.id == number)

    return subscribe


@pytest.fixture
def built(desk_db, store):
    """Return a function that builds a mail, of one subscription or the weekly one."""

    def build(at, one=None, **more):
        values = {"week": one.period(at), "readers": [one], "subscription": one} if one else {"week": iso_week(at)}
        return weekly_mail.build(
            desk_db, store, [], "/nowhere", now=at, sender="watch@example.org", organisation="Test desk",
            desk_url="https://desk.example.org", **({"recipients": ()} | values | more),
        )  # fmt: skip

    return build


def test_a_mail_gives_out_its_head_in_any_language_and_tells_who_has_no_account(
    desk_db, store, record, now, subscribed, built, smtp, mailbox
):
    store.put([record()])
    readers = [subscribed("admin", address=f"{language}@example.net", language=language) for language in ("en", "vi", "fr")]
    built(now, readers=[*readers, subscribed()])
    deliver(desk_db, smtp, period=iso_week(now), subscription="weekly", clock=lambda: now)
    mails = {message["To"].partition("@")[0]: message for _, message in mailbox.messages}
    texts = {name: mail.get_body(("plain",)).get_content() for name, mail in mails.items()}
    heads = {head_in(mail) for mail in mails.values()}
    assert len(heads) == 1 and None not in heads
    assert ["Audit log head" in texts[name] for name in ("en", "vi", "fr")] == [True, False, False]
    words = {"en": "asks for an account", "vi": "cần tài khoản", "fr": "demande un compte", "minh": "asks for an account"}
    assert {name for name, said in words.items() if said in texts[name]} == {"en", "vi", "fr"}
    old = EmailMessage()
    old.set_content(f"Digest 2026-W40 · {LABEL}: 7:{'a' * 64}\n")
    quoting = EmailMessage()
    quoting.set_content(f"An advert says {LABEL}: 9:{'b' * 64}\n\n2026-W48 · Đầu: 7:{'a' * 64}\n")
    assert head_in(old) == head_in(quoting) == f"7:{'a' * 64}"


def test_the_weekly_mail_is_written_in_each_readers_language_with_a_link_of_their_own(
    desk_db, store, record, now, subscribed, built, smtp, mailbox
):
    store.put([record()])
    readers = [subscribed(language="vi", zone="Asia/Ho_Chi_Minh"), subscribed(address="minh@example.org", schedule="daily")]
    built(now, readers=readers[:1], recipients=("list@example.org", "minh@example.org"))
    deliver(desk_db, smtp, period=iso_week(now), subscription="weekly", clock=lambda: now)
    mails = {message["To"]: message for _, message in mailbox.messages}
    assert set(mails) == {"list@example.org", "minh@example.org"}, "one mail for one address"
    own, other = mails["minh@example.org"], mails["list@example.org"]
    assert own["List-Unsubscribe"] == f"<https://desk.example.org/unsubscribe/{readers[0].token()}>"
    assert own["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert other["List-Unsubscribe"] == "<mailto:watch@example.org?subject=unsubscribe>"
    assert (own["Content-Language"], other["Content-Language"]) == ("vi", "en")
    text, html = (part.get_content() for part in own.iter_parts())
    assert "THƯ HẰNG TUẦN" in text and '<html lang="vi"' in html and "UTC+7" in text
    for body in (text, html):
        assert f"https://desk.example.org/unsubscribe/{readers[0].token()}" in body


def test_a_narrow_subscription_tells_only_what_its_search_finds_and_tells_it_once(
    desk_db, store, people, record, now, subscribed, built
):
    number = saved_searches.save(desk_db, "Viet", "lang:vi", shared=False, by=people["minh"], now=now)
    mine = subscribed(search_id=number, least_score=50)
    items = [
        record(1, title="vi high", language="vi"), record(2, title="vi low", language="vi", score=20.0), record(3, title="en"),
        record(4, title="vi old", language="vi", first_seen=now - 30 * DAY), record(5, title="vi sure", language="vi"),
        record(6, title="never flagged", language="vi", flagged=False, score=60.0), record(7, title="en sure"),
    ]  # fmt: skip
    store.put(items)
    for item in items[4:]:
        case_decisions.confirm(
            desk_db, [item], tag="scam_compound", severity="high", clause="forced_labour", by=people["minh"], now=now,
            seen={item.id: 0}, ground="passport kept",
        )  # fmt: skip
    found, queued = built(now, mine)
    assert queued == 1
    assert {one.title for one in found.confirmed} == {"vi sure", "never flagged"}
    assert [one.title for one in found.unreviewed] == ["vi high"]
    assert (found.counts.confirmed, found.counts.new_flagged, found.about) == (2, 2, "Viet")
    assert built(now)[0].counts.confirmed == 3, "the whole mail is another"
    later, queued = built(now + 7 * DAY, mine)
    assert (later.empty, queued) == (True, 1), "a weekly mail says that there is nothing"


def test_an_alert_is_one_mail_an_hour_only_with_news_and_nothing_is_told_twice(desk_db, store, record, now, subscribed, built):
    mine = subscribed(schedule="immediate", least_score=80)
    assert built(now, mine)[1] == 0
    store.put([record(number, title=f"item {number}", first_seen=now + HOUR / 2) for number in range(30)])
    found, queued = built(now + HOUR, mine)
    assert (queued, found.counts.new_flagged, found.schedule) == (1, 30, "immediate")
    store.put([record(99, title="late", first_seen=now + HOUR)])
    assert built(now + HOUR + HOUR / 4, mine)[1] == 0, "the mail of this hour was built"
    again, queued = built(now + 2 * HOUR, mine)
    assert (queued, [one.title for one in again.unreviewed]) == (1, ["late"])
    assert built(now + 3 * HOUR, mine)[1] == 0
    assert waiting_periods(desk_db, mine.name) == [mine.period(now + HOUR), mine.period(now + 2 * HOUR)]


def test_the_bytes_of_a_reader_stay_the_same(store, record, now, subscribed, built, desk_db):
    store.put([record()])
    mine = subscribed(language="fr")
    for _ in range(3):
        built(now, readers=[mine])
    with desk_db.connect() as connection:
        (raw,) = connection.execute(select(deliveries.c.message)).scalars()
    assert b"Content-Language: fr" in raw
    address = f"<https://desk.example.org/unsubscribe/{mine.token()}>"
    assert f"\r\nList-Unsubscribe: {address}\r\n".encode() in raw, "in one line, not as encoded words"
