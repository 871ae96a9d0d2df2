"""The weekly mail: what it tells, once, and in what form."""

import ssl
import subprocess
from datetime import timedelta
from email import policy
from functools import partial

import msgspec
import pytest
from lxml.html import fromstring
from msgspec.structs import replace
from sqlalchemy import func, insert, select

from crawlers.sources.health import HealthProblem
from desk.cases import case_decisions
from desk.cases.reason_marks import mark_reason, reason_of
from desk.database import writing
from desk.digest import render, weekly_mail
from desk.digest.edition import iso_week, week_end
from desk.digest.select import edition
from desk.mail import MailError, MailSettingsError, transport
from desk.outbox import deliver, list_deliveries
from desk.people import saved_searches
from desk.tables import digests, mentions
from desk.tables import saved_searches as saved_searches_table
from desk.week_coverage import SourceCoverage
from enrichment.assessment import Harm, HarmReason, Signal
from tests.desk.conftest import build_week
from tests.services.mail_server import AnyPort

ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "h3", "p", "table", "tbody", "tr", "td", "b",
    "a", "bdi", "span", "br",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "name", "content", "style", "class", "dir", "href", "role", "width", "height", "align", "valign",
    "cellpadding", "cellspacing", "aria-label",
}  # fmt: skip
READERS = ("one@example.org", "two@example.org")


@pytest.fixture
def built(desk_db, store):
    """Return a function that builds a week's digest."""
    return partial(build_week, desk_db, store, recipients=READERS)


@pytest.fixture
def sent(desk_db, smtp, now):
    """Return a function that sends a week's messages."""
    return lambda at=now: deliver(desk_db, smtp, period=iso_week(at), subscription="weekly", clock=lambda: at)


def confirm(engine, item, by, now, seen=0, **more):
    values = {"tag": "scam_compound", "severity": "critical", "clause": "forced_labour"} | more
    case_decisions.confirm(engine, [item], by=by, now=now, seen={item.id: seen}, **values)


def test_confirmed_and_unreviewed_stand_apart_and_dismissed_stands_nowhere(desk_db, store, staff, record, now, built):
    minh = staff(desk_db)["minh"]
    items = [record(1, title="sure"), record(2, title="maybe"), record(3, title="wrong")]
    store.put(items)
    confirm(desk_db, items[0], minh, now, note="passport kept", disclose=["passport kept"])
    case_decisions.dismiss(desk_db, [items[2]], reason="misread", by=minh, now=now, seen={items[2].id: 0})
    found, queued = built()
    assert [item.title for item in found.confirmed] == ["sure"]
    assert [item.title for item in found.unreviewed] == ["maybe"]
    assert (found.confirmed[0].severity, found.confirmed[0].note) == ("critical", "passport kept")
    assert (found.counts.new_flagged, found.counts.confirmed, found.counts.dismissed, found.counts.waiting) == (3, 1, 1, 1)
    assert queued == 2


def test_a_struck_reason_stands_in_no_mail_and_an_item_without_another_is_not_listed(desk_db, store, staff, record, now, built):
    minh, items = staff(desk_db)["minh"], [record(1, title="sure"), record(2, title="maybe")]
    store.put(items)
    confirm(desk_db, items[0], minh, now, ground="We pay flight and visa")
    for item in items:
        mark_reason(desk_db, item, reason_of(item.assessment.signals[0]), "struck", by=minh, now=now)
    found, _ = built()
    assert (found.confirmed[0].reasons, found.unreviewed, found.counts.learned_alone) == ((), (), 1)


def test_nothing_is_told_twice_and_a_later_confirmation_is_told(desk_db, store, staff, record, now, built):
    minh, items = staff(desk_db)["minh"], [record(1, title="first"), record(2, title="second")]
    store.put(items)
    built()
    later = now + timedelta(days=7)
    store.put([record(3, title="third", first_seen=later - timedelta(days=1))])
    confirm(desk_db, items[0], minh, later)
    found, _ = built(later)
    assert [item.title for item in found.confirmed] == ["first"]
    assert [item.title for item in found.unreviewed] == ["third"]
    assert built(later + timedelta(days=7))[0].empty


def test_an_undone_confirmation_is_taken_back_once_and_told_again_when_confirmed_again(desk_db, store, staff, record, now, built):
    minh, item = staff(desk_db)["minh"], record(1, title="first")
    store.put([item])
    confirm(desk_db, item, minh, now)
    built()
    week = timedelta(days=7)
    case_decisions.undo(desk_db, [item.id], by=minh, now=now + week, seen={item.id: 1})
    second, _ = built(now + week)
    assert [(one.title, one.week) for one in second.retracted] == [("first", "2026-W48")]
    assert not second.unreviewed
    assert built(now + 2 * week)[0].empty
    confirm(desk_db, item, minh, now + 3 * week, seen=2)
    assert [one.title for one in built(now + 3 * week)[0].confirmed] == ["first"]


def test_a_retraction_stands_in_the_subject_and_repeats_nothing_of_the_accusation(desk_db, store, staff, record, now, built):
    minh, item, gone = staff(desk_db)["minh"], record(1, title="Driver, Example Haulage"), record(2)
    store.put([item, gone])
    for each in (item, gone):
        confirm(desk_db, each, minh, now, note="they keep people locked up", disclose=["they keep people locked up"])
    built()
    week = timedelta(days=7)
    case_decisions.dismiss(desk_db, [item], reason="honest_employer", by=minh, now=now + week, seen={item.id: 1})
    case_decisions.undo(desk_db, [gone.id], by=minh, now=now + week, seen={gone.id: 1})
    store.delete({gone.id: gone.revision})
    back, _ = built(now + week)
    assert render.subject(back) == "LureWatch: 2 taken back, 0 newly flagged, 24 Nov – 1 Dec 2026"
    for form in (render.text, render.html):
        mail = form(back, "https://desk.example.org", "Test desk")
        assert "Driver, Example Haulage" in mail and "looked at again: no lure" in mail
        assert "No longer in the index" in mail and f"https://desk.example.org/item/{gone.id}" in mail
        for accusation in ("Scam compound", "score", "passport", "locked up", "severity", "critical", "forced labour"):
            assert accusation not in mail.replace("A score is not a verdict", ""), accusation


def test_what_does_not_fit_is_counted_and_told_as_counted(desk_db, store, record, now, built):
    store.put([record(number, title=f"item {number}") for number in range(40)])
    found, _ = built()
    assert (len(found.unreviewed), found.more_unreviewed) == (11, 29)
    for form in (render.text, render.html):
        mail = form(found, "https://desk.example.org", "x")
        assert "and 29 more" in mail
        assert f"https://desk.example.org/digest/{found.week}?standing=unreviewed" in mail
    assert built(now + timedelta(days=7))[0].empty


def test_victims_and_seekers_are_counted_never_listed(store, record, built):
    store.put(
        [record(1, title="I was taken", stance="testimony"), record(2, title="I look for work", stance="seeker"), record(3)]
    )
    found, _ = built()
    assert (len(found.unreviewed), found.counts.withheld) == (1, 2)
    assert "I was taken" not in render.text(found, "https://x", "x")


def test_what_is_only_worded_like_lures_is_counted_never_listed(store, record, built):
    """No reason can be named for it, so it waits for a person at the desk."""
    gloss = "worded as lures are: easy"
    worded = Signal(indicator="wording", family="wording", start=0, end=4, text="easy", weight=30.0, gloss=gloss)
    item = record(1, title="easy money for you")
    store.put([replace(item, assessment=replace(item.assessment, signals=(worded,))), record(2)])
    found, _ = built()
    assert (len(found.unreviewed), found.counts.learned_alone, found.counts.withheld) == (1, 1, 0)
    for form in (render.text, render.html):
        mail = form(found, "https://desk.example.org", "x")
        assert "easy money" not in mail
        assert "Never listed in mails, for want of a reason that a person can check: 1." in mail


def test_within_five_points_the_graver_harm_is_listed_first_and_named(store, record, built):
    """The mail's own order: network points never leave the house."""
    taken = HarmReason(level="taken", indicator="irregular_crossing", start=0, end=4, why="crosses the river by night")
    store.put(
        [
            record(1, title="fee", score=94.9, harm=Harm(level="money")),
            record(2, title="river", score=90.0, harm=Harm(level="taken", reasons=(taken,))),
            record(3, title="unclear", score=99.0),
        ]
    )
    found, _ = built()
    assert [item.title for item in found.unreviewed] == ["unclear", "river", "fee"]
    for form in (render.text, render.html):
        mail = form(found, "https://desk.example.org", "x")
        assert mail.count("people are taken away") == 1
        assert "no harm named" not in mail


def test_a_confirmed_testimony_is_told_without_its_words_and_a_warning_as_one(desk_db, store, staff, record, now, built):
    minh = staff(desk_db)["minh"]
    told = record(1, title="I was taken", text="They sold me on and kept my passport", stance="testimony")
    warned = record(2, title="Beware", text="They keep your passport there", stance="warning", flagged=False, score=0, tag="none")
    store.put([told, warned, record(3, title="Typist")])
    for one in (told, warned):
        confirm(desk_db, one, minh, now, note="a relative asked us", disclose=["a relative asked us"], ground="passport")
    found, _ = built()
    assert {item.id for item in found.confirmed} == {told.id, warned.id}
    for form in (render.text, render.html):
        mail = form(found, "https://desk.example.org", "Test desk")
        assert "I was taken" not in mail
        assert "They sold me" not in mail
        assert f"https://desk.example.org/item/{told.id}" in mail
        assert mail.count("Reads as told by somebody it happened to") == 1
        assert mail.count("Reads as a warning of such offers") == 1
        assert "They keep your passport there" in mail
        assert mail.count("a relative asked us") == 2
    case_decisions.undo(desk_db, [told.id], by=minh, now=now, seen={told.id: 1})
    back, _ = built(now + timedelta(days=7))
    assert [item.id for item in back.retracted] == [told.id]
    assert "I was taken" not in render.text(back, "https://desk.example.org", "Test desk")


def test_campaigns_are_new_growing_moved_back_or_quiet(store, record, now, built):
    def members(name, ages, **more):
        return [
            record(hash((name, age)) % 10**6, title=name, campaign=name, first_seen=now - timedelta(days=age), **more)
            for age in ages
        ]

    store.put(
        members("new", [1, 2])
        + members("growing", [20, 9, 3])
        + members("back", [50, 60, 2])
        + members("quiet", [15, 30])
        + members("long gone", [90, 95])
        + members("moved", [10, 11])
        + members("moved", [3], language="th")
    )
    found, _ = built()
    changes = {one.campaign: one.change for one in found.movements}
    assert changes == {"new": "new", "growing": "growing", "back": "back", "quiet": "quiet", "moved": "moved"}
    moved = next(one for one in found.movements if one.campaign == "moved")
    assert (moved.members, moved.added, moved.new_ground) == (3, 1, ("language th",))


def test_shared_searches_say_how_much_is_new_in_them(desk_db, store, staff, record, now, built):
    people = staff(desk_db)
    for name, typed, shared in (("Viet", "lang:vi", True), ("None", "lang:th", True), ("Own", "lang:vi", False)):
        saved_searches.save(desk_db, name, typed, shared=shared, by=people["minh"], now=now)
    with writing(desk_db) as connection:
        connection.execute(
            insert(saved_searches_table).values(
                owner_id=people["minh"].id, name="Old", typed="tag:gone", shared=True, created_at=now
            )
        )
    store.put(
        [
            record(1, language="vi"),
            record(2, language="vi", first_seen=now - timedelta(days=30)),
            record(3, language="vi", score=3.0, flagged=False, tag="none"),
        ]
    )
    made, _ = built()
    assert [(one.name, one.added) for one in made.searches] == [("Old", None), ("Viet", 2)]
    for told in (render.text(made, "https://desk.example.org", "x"), render.html(made, "https://desk.example.org", "x")):
        assert "https://desk.example.org/saved/1" in told
        assert "2 new" in told
        assert "cannot be run any more" in told
    assert built(now + timedelta(days=7))[0].searches == (made.searches[0],)


def test_a_search_no_index_can_carry_out_stops_neither_the_mail_nor_the_others(desk_db, store, staff, record, now, built):
    """It was saved by an earlier release, which took any number of exclusions."""
    people = staff(desk_db)
    saved_searches.save(desk_db, "Viet", "lang:vi", shared=True, by=people["minh"], now=now)
    with writing(desk_db) as connection:
        connection.execute(
            insert(saved_searches_table).values(
                owner_id=people["lead"].id, name="Long", typed=" ".join(f"-w{number}" for number in range(290)), shared=True,
                created_at=now,
            )
        )  # fmt: skip
    store.put([record(1, language="vi")])
    made, _ = built()
    assert [(one.name, one.added) for one in made.searches] == [("Long", None), ("Viet", 1)]


def test_the_mail_says_what_was_not_covered(desk_db, store, now):
    dark = SourceCoverage(
        source="a", title="Board A", runs=3, states={"blocked": 3},
        findings=(HealthProblem(name="blocked", problem="the last 3 runs ended blocked: CAPTCHA", fix="-"),),
    )  # fmt: skip
    fine = SourceCoverage(source="b", title="Board B", runs=7, states={"ok": 7}, postings=900)
    with desk_db.connect() as connection:
        found = edition(connection, store, [dark, fine], week=iso_week(now), subscription="weekly", until=now)
    for text in (render.text(found, "https://x", "x"), render.html(found, "https://x", "x")):
        assert "Board A" in text
        assert "blind: Board A (blocked)" in " ".join(text.split())
        assert "silence is not safety" in text
        assert "1 of 2 boards seen" in text
        assert text.index("silence is not safety") < text.rindex("1 of 2 boards seen") < text.index("Board A") < 5_000
    assert render.subject(found) == "LureWatch: nothing new, 1 board not read whole, 17–24 Nov 2026"


def test_the_message_is_safe_to_read(store, record, built, now):
    store.put(
        [
            record(
                1,
                title="Go to https://evil.example.com/x and t.me/abc",
                text=(
                    "passport kept. Write @bright_hr_demo or <img src=http://canary.example.com/p.png> "
                    "http://evil.example.com visit evil.example.com"
                ),
            )
        ]
    )
    found, _ = built()
    made = render.message(
        found, recipient="one@example.org", sender="watch@example.org", desk_url="https://desk.example.org", organisation="Org"
    )
    plain, rich = (part.get_content() for part in made.iter_parts())
    assert made.get_content_type() == "multipart/alternative"
    assert (made["Auto-Submitted"], made["Message-ID"]) == ("auto-generated", build_id(found))
    for body in (plain, rich):
        assert "evil.example.com" not in body
        assert "://" not in body.replace("https://desk.example.org/", "")
        assert "[contact]" in body
        assert "bright_hr_demo" not in body
        assert "[telegram]" in body
        assert "https://desk.example.org/item/" in body
    tree = fromstring(rich)
    assert {element.tag for element in tree.iter() if isinstance(element.tag, str)} <= ELEMENTS
    assert {name for element in tree.iter() for name in element.attrib} <= ATTRIBUTES
    assert all(link.startswith("https://desk.example.org/") for _, _, link, _ in tree.iterlinks())
    assert "url(" not in rich
    assert made.as_bytes(policy=policy.SMTP) == render.message(
        msgspec.json.decode(msgspec.json.encode(found), type=type(found)), recipient="one@example.org",
        sender="watch@example.org", desk_url="https://desk.example.org", organisation="Org",
    ).as_bytes(policy=policy.SMTP)  # fmt: skip


def build_id(found):
    from desk.outbox import message_id

    return message_id(found.week, "weekly", "one@example.org", "example.org")


@pytest.mark.parametrize("hostile", ["x\r\nBcc: evil@example.com", "x\x00y", "x\u2028Bcc: a", "\x1b[31mred", "a\x0bb"])
def test_page_text_never_reaches_a_header_or_a_terminal(store, record, built, hostile):
    store.put([record(1, title=hostile)])
    found, _ = built()
    made = render.message(found, recipient="one@example.org", sender="watch@example.org", desk_url="https://x", organisation="x")
    head = made.as_bytes(policy=policy.SMTP).split(b"\r\n\r\n")[0]
    assert b"Bcc" not in head
    assert not any(ord(char) < 32 and char not in "\n\t" for char in render.text(found, "https://x", "x"))


def test_each_reader_gets_one_message_of_their_own_and_a_second_run_sends_nothing(store, record, built, sent, inbox):
    store.put([record()])
    built()
    assert sent().sent == 2
    assert sorted(to for to, _ in inbox.got) == [["one@example.org"], ["two@example.org"]]
    assert all(message["To"] == to[0] for to, message in inbox.got)
    built()
    assert sent().sent == 0
    assert len(inbox.got) == 2
    assert len({message["Message-ID"] for _, message in inbox.got}) == 2


def test_a_reader_added_later_gets_the_same_digest(store, record, built, sent, inbox):
    store.put([record()])
    built()
    sent()
    store.put([record(2)])
    found, queued = built(recipients=(*READERS, "three@example.org"))
    assert (queued, sent().sent, len(found.unreviewed)) == (1, 1, 1)
    assert inbox.got[-1][0] == ["three@example.org"]


def test_a_refused_address_fails_for_good_and_a_busy_one_waits(store, record, built, sent, inbox):
    store.put([record()])
    built()
    inbox.no = {"one@example.org": "550 no such user", "two@example.org": "451 try later"}
    outcome = sent()
    assert (outcome.sent, outcome.failed, outcome.waiting) == (0, 1, 1)
    inbox.no = {}
    outcome = sent()
    assert (outcome.sent, outcome.failed, outcome.waiting) == (1, 1, 0)


def test_without_a_mail_server_nothing_is_lost(desk_db, store, record, built, now):
    store.put([record()])
    built()
    with pytest.raises(MailError, match="correct LUREWATCH_SMTP"):
        deliver(desk_db, transport("smtp://127.0.0.1:9"), period=iso_week(now), subscription="weekly", clock=lambda: now)
    assert {one.state for one in list_deliveries(desk_db, iso_week(now), "weekly")} == {"queued"}


@pytest.mark.parametrize(
    "address", ["", "http://mail", "smtp://", "mail.example.org", "smtp://u:secret@mail:99999", "smtp://mail:x", "smtp://[::1"]
)
def test_a_mail_address_that_cannot_be_used_says_how_to_write_it(address):
    with pytest.raises(MailError, match="LUREWATCH_SMTP") as told:
        transport(address)
    assert "secret" not in str(told.value) and told.value.__cause__ is None


def test_the_address_names_the_header_by_which_its_server_knows_a_message():
    assert transport("smtp://127.0.0.1:25?once=X-EE-Idempotency-Key").once == "X-EE-Idempotency-Key"
    assert transport("smtp://127.0.0.1:25").once == ""
    for wrong in ("once=X%0D%0ABcc", "once=", "once=a:b", "twice=x", "once"):
        with pytest.raises(MailSettingsError, match="must read otherwise"):
            transport(f"smtp://127.0.0.1:25?{wrong}")


def test_a_password_is_never_sent_in_the_clear(smtp):
    open_line = transport(f"smtp://user:secret@127.0.0.1:{smtp.port}")
    with pytest.raises(MailError, match="offers no TLS"), open_line.open():
        pass


def test_a_password_goes_only_to_a_server_whose_certificate_is_known(tmp_path, inbox):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "1",
            "-subj", "/CN=x",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    server = AnyPort(inbox, hostname="127.0.0.1", port=0, tls_context=context)
    server.start()
    try:
        line = transport(f"smtp://user:secret@127.0.0.1:{server.port}")
        with pytest.raises(MailError, match="certificate verify failed"), line.open():
            pass
    finally:
        server.stop()


def test_building_is_all_or_nothing(desk_db, store, record, built, monkeypatch):
    store.put([record()])
    monkeypatch.setattr(weekly_mail, "queue", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        built()
    with writing(desk_db) as connection:
        for table in (digests, mentions):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_weeks_are_iso_weeks(now):
    assert iso_week(now) == "2026-W48"
    assert week_end("2026-W48").isoformat() == "2026-11-30T00:00:00+00:00"
    with pytest.raises(ValueError, match=r"does not match|Invalid"):
        week_end("2026-48")
