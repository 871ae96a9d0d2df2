"""What people subscribe to is sent to them: in their language, of their search, when it is due, with a link to leave by."""

import json
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select, update

from desk.custody import audit
from desk.custody.ledger_check import check_ledger
from desk.custody.published_heads import LABEL, head_in
from desk.digest.edition import iso_week
from desk.outbox import deliver, list_deliveries, waiting_periods
from desk.people import saved_searches
from desk.people.accounts import set_disabled
from desk.subscribers.subscriptions import active_subscriptions, end_address, enlist, is_wanted, leave, recall_unwanted
from desk.tables import deliveries
from lurewatch.app.monitoring.part_samples import desk_samples
from tests.desk.conftest import build_week, confirm_item

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def built(desk_db, store):
    """Return a function that builds a mail, of one subscription or the weekly one."""

    def build(at, one=None, **more):
        values = {"week": one.period(at), "readers": [one], "subscription": one} if one else {}
        return build_week(desk_db, store, at, **(values | more))

    return build


def test_a_mail_gives_out_its_head_in_any_language_and_tells_who_has_no_account(
    desk_db, store, record, now, add_reader, built, smtp, inbox
):
    store.put([record()])
    readers = [add_reader("admin", address=f"{language}@example.net", language=language) for language in ("en", "vi", "fr")]
    built(now, readers=[*readers, add_reader()])
    deliver(desk_db, smtp, period=iso_week(now), subscription="weekly", clock=lambda: now)
    mails = {message["To"].partition("@")[0]: message for _, message in inbox.got}
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
    desk_db, store, record, now, add_reader, built, smtp, inbox
):
    store.put([record()])
    readers = [add_reader(language="vi", zone="Asia/Ho_Chi_Minh"), add_reader(address="minh@example.org", schedule="daily")]
    built(now, readers=readers[:1], recipients=("list@example.org", "minh@example.org"), contact="desk@example.org")
    deliver(desk_db, smtp, period=iso_week(now), subscription="weekly", clock=lambda: now)
    mails = {message["To"]: message for _, message in inbox.got}
    assert set(mails) == {"list@example.org", "minh@example.org"}, "one mail for one address"
    own, other = mails["minh@example.org"], mails["list@example.org"]
    assert own["List-Unsubscribe"] == f"<https://desk.example.org/unsubscribe/{readers[0].token()}>"
    assert own["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert other["List-Unsubscribe"] == "<mailto:desk@example.org?subject=unsubscribe>"
    assert (own["Content-Language"], other["Content-Language"]) == ("vi", "en")
    text, html = (part.get_content() for part in own.iter_parts())
    assert "THƯ HẰNG TUẦN" in text and '<html lang="vi"' in html and "UTC+7" in text
    assert "rời danh sách: trả lời" not in text, "who leaves by a click need not write"
    assert "to leave the list: answer this mail" in other.get_body(("plain",)).get_content()
    for body in (text, html):
        assert f"https://desk.example.org/unsubscribe/{readers[0].token()}" in body


def test_a_narrow_subscription_tells_only_what_its_search_finds_and_tells_it_once(
    desk_db, store, people, record, now, add_reader, built
):
    number = saved_searches.save(desk_db, "Viet", "lang:vi", shared=False, by=people["minh"], now=now)
    mine = add_reader(search_id=number, least_score=50)
    items = [
        record(1, title="vi high", language="vi"), record(2, title="vi low", language="vi", score=20.0), record(3, title="en"),
        record(4, title="vi old", language="vi", first_seen=now - 30 * DAY), record(5, title="vi sure", language="vi"),
        record(6, title="never flagged", language="vi", flagged=False, score=60.0), record(7, title="en sure"),
    ]  # fmt: skip
    store.put(items)
    for item in items[4:]:
        confirm_item(desk_db, item, by=people["minh"], now=now, ground="passport kept")
    found, queued = built(now, mine)
    assert queued == 1
    assert {one.title for one in found.confirmed} == {"vi sure", "never flagged"}
    assert [one.title for one in found.unreviewed] == ["vi high"]
    assert (found.counts.confirmed, found.counts.new_flagged, found.about) == (2, 2, "Viet")
    assert built(now)[0].counts.confirmed == 3, "the whole mail is another"
    later, queued = built(now + 7 * DAY, mine)
    assert (later.empty, queued) == (True, 1), "a weekly mail says that there is nothing"


def test_an_alert_is_one_mail_an_hour_only_with_news_and_nothing_is_told_twice(desk_db, store, record, now, add_reader, built):
    mine = add_reader(schedule="immediate", least_score=80)
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


@pytest.mark.parametrize(("answer", "ends"), [
    ("550 5.1.1 <minh@example.org>: Recipient address rejected", True), ("553 5.1.3 bad address", True),
    ("550-5.1.1 no such account, see\r\n550 5.1.1 https://mail.example.org", True), ("550 5.2.1 disabled", True),
    ("550 5.1.8 the sender's domain is unknown", False), ("550 5.7.1 not wanted 5.1.1", False), ("552 5.2.2 full", False),
    ("450 4.1.1 try later", False), ("550 no such user", False),
])  # fmt: skip
def test_an_address_that_does_not_exist_is_tried_no_more(
    answer, ends, desk_db, store, record, now, add_reader, built, smtp, inbox
):
    store.put([record()])
    weekly, daily = add_reader(), add_reader(schedule="daily")
    other = add_reader("lead")
    inbox.no["minh@example.org"] = answer
    enlist(desk_db, ["minh@example.org"], now=now)
    built(now, readers=[weekly, other])
    told = {"subscription": "weekly", "clock": lambda: now, "wanted": is_wanted, "end_address": end_address}
    assert deliver(desk_db, smtp, period=iso_week(now), **told).sent == 1
    with desk_db.connect() as connection:
        left = {one.id for one in active_subscriptions(connection)}
        assert not check_ledger(connection).faults
    assert left == ({other.id} if ends else {weekly.id, daily.id, other.id})
    enlist(desk_db, ["minh@example.org"], now=now + 7 * DAY)
    with desk_db.connect() as connection:
        assert {one.id for one in active_subscriptions(connection)} == left, "the operator's list tries it no more either"


def test_what_waits_for_a_reader_who_leaves_does_not_leave_any_more(desk_db, store, record, now, add_reader, built, smtp, inbox):
    store.put([record(first_seen=now)])
    weekly, alert = add_reader(), add_reader(schedule="immediate")
    built(now, readers=[weekly], recipients=("other@example.org",))
    built(now, alert)
    inbox.no |= dict.fromkeys(("minh@example.org", "other@example.org"), "450 busy")
    send = {"period": iso_week(now), "subscription": "weekly", "clock": lambda: now}
    assert deliver(desk_db, smtp, **send).waiting == 2
    assert leave(desk_db, weekly.token(), now=now)
    inbox.no.clear()
    done = deliver(desk_db, smtp, **send)
    assert (done.sent, done.failed, done.waiting) == (1, 0, 0), "to leave is no failure that an operator is called for"
    assert [to for (to,), _ in inbox.got] == ["other@example.org"]
    assert [one.state for one in list_deliveries(desk_db, iso_week(now), "weekly")] == ["recalled", "sent"]
    assert waiting_periods(desk_db, alert.name), "another mail of the same reader waits on"
    with desk_db.connect() as connection:
        assert not check_ledger(connection).faults
        assert not any(one.value for one in desk_samples(connection, now) if one.name == "lurewatch_deliveries_failing")


def test_a_reader_who_leaves_while_mails_are_handed_over_gets_none(desk_db, store, record, now, add_reader, built, smtp, inbox):
    store.put([record()])
    mine = add_reader()
    built(now, readers=[mine], recipients=("a-first@example.org",))
    take = inbox.handle_DATA

    async def take_and_leave(*args):
        leave(desk_db, mine.token(), now=now)
        return await take(*args)

    inbox.handle_DATA = take_and_leave
    assert deliver(desk_db, smtp, period=iso_week(now), subscription="weekly", clock=lambda: now).sent == 1
    assert [to for (to,), _ in inbox.got] == ["a-first@example.org"]


@pytest.mark.parametrize("during", [False, True])
def test_who_is_disabled_while_a_mail_waits_gets_none_and_pages_nobody(
    desk_db, store, record, now, add_reader, built, smtp, inbox, during
):
    store.put([record(first_seen=now)])
    weekly, alert = add_reader(), add_reader(schedule="immediate")
    built(now, readers=[weekly], recipients=("a-first@example.org",))
    built(now, alert)
    take = inbox.handle_DATA

    def disable():
        set_disabled(desk_db, "minh", disabled=True, now=now, actor="admin")

    async def take_and_disable(*args):
        disable()
        return await take(*args)

    if during:
        inbox.handle_DATA = take_and_disable
    else:
        disable()
    clock = {"clock": lambda: now}
    done = deliver(desk_db, smtp, period=iso_week(now), subscription="weekly", wanted=is_wanted, **clock)
    assert (done.sent, done.failed, done.waiting) == (1, 0, 0)
    assert [to for (to,), _ in inbox.got] == ["a-first@example.org"]
    recall_unwanted(desk_db, now=now)
    assert waiting_periods(desk_db, alert.name) == [], "nor does what is of their own wait for ever"
    with desk_db.connect() as connection:
        assert not check_ledger(connection).faults
        assert not any(
            one.value for one in desk_samples(connection, now + 2 * HOUR) if one.name == "lurewatch_deliveries_failing"
        )


def test_what_waits_ends_with_the_right_to_it(desk_db, store, record, people, now, add_reader, built):
    store.put([record(first_seen=now)])
    number = saved_searches.save(desk_db, "Everything", "chat", shared=True, by=people["lead"], now=now)
    shared = add_reader(search_id=number, schedule="immediate")
    built(now, shared)
    recall_unwanted(desk_db, now=now)
    assert len(waiting_periods(desk_db, shared.name)) == 1
    saved_searches.remove(desk_db, number, by=people["lead"], now=now)
    recall_unwanted(desk_db, now=now)
    assert waiting_periods(desk_db, shared.name) == []
    with desk_db.connect() as connection:
        assert active_subscriptions(connection) == []


def test_a_mail_that_an_ended_run_may_have_sent_is_sent_again_counted_and_named(desk_db, store, record, now, built, smtp, inbox):
    store.put([record()])
    built(now, recipients=("one@example.org", "two@example.org"))
    with desk_db.begin() as connection:  # as a run leaves it that dies before it notes the answer
        connection.execute(update(deliveries).where(deliveries.c.recipient == "two@example.org").values(state="sending"))
    done = deliver(desk_db, smtp, period=iso_week(now), subscription="weekly", clock=lambda: now)
    assert (done.sent, done.repeated, len(inbox.got)) == (2, 1, 2)
    with desk_db.connect() as connection:
        details = [json.loads(one.detail) for one in audit.entries(connection, "mail_sent")]
    noted = {one["recipient"]: one.get("again", False) for one in details}
    assert noted == {"one@example.org": False, "two@example.org": True}


def test_mails_that_fail_are_counted(desk_db, store, record, now, built):
    store.put([record(first_seen=now)])
    built(now, recipients=("one@example.org", "two@example.org"))

    def failing(at):
        with desk_db.connect() as connection:
            return [one.value for one in desk_samples(connection, at) if one.name == "lurewatch_deliveries_failing"]

    assert (failing(now), failing(now + 2 * HOUR)) == ([0], [2])


def test_the_bytes_of_a_reader_stay_the_same(store, record, now, add_reader, built, desk_db):
    store.put([record()])
    mine = add_reader(language="fr")
    for _ in range(3):
        built(now, readers=[mine])
    with desk_db.connect() as connection:
        (raw,) = connection.execute(select(deliveries.c.message)).scalars()
    assert b"Content-Language: fr" in raw
    address = f"<https://desk.example.org/unsubscribe/{mine.token()}>"
    assert f"\r\nList-Unsubscribe: {address}\r\n".encode() in raw, "in one line, not as encoded words"
