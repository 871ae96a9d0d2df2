"""What an address stands for as a venue, and where a posting points."""

import pytest
from msgspec.structs import replace

from crawlers.items import Posting
from enrichment.assessment import Assessment, Contact, Language
from index.terms.venue_pointers import pointer_tokens, pointers, search_tokens, venue_of


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("https://t.me/s/Sample_Jobs", "telegram:sample_jobs"),
        ("https://telegram.me/sample_jobs/12?single", "telegram:sample_jobs"),
        ("@Sample_Jobs", "telegram:sample_jobs"),
        ("telegram:sample_jobs", "telegram:sample_jobs"),
        ("https://t.me/+AbCdEf", "group:t.me/+AbCdEf"),
        ("https://t.me/joinchat/AbCdEf", "group:t.me/+AbCdEf"),
        ("https://chat.whatsapp.com/AbC1", "group:chat.whatsapp.com/AbC1"),
        ("zalo.me/g/abc123", "group:zalo.me/g/abc123"),
        ("https://m.facebook.com/groups/ViecLam/posts/1", "login:facebook.com/groups/vieclam"),
        ("https://www.tiktok.com/@sample", "login:tiktok.com/@sample"),
        ("https://www.Jobs.example.org/list?page=2", "site:jobs.example.org"),
        ("jobs.example.org", "site:jobs.example.org"),
        ("site:jobs.example.org", "site:jobs.example.org"),
        ("http://127.0.0.1:8102/x", "site:127.0.0.1:8102"),
    ],
)
def test_a_venue_has_one_name(written, name):
    assert venue_of(written).name == name


@pytest.mark.parametrize(
    "written",
    [
        "https://t.me/", "https://t.me/share/url?url=x", "https://t.me/+84500000123", "@ab", "telegram:a b",
        "https://wa.me/84500000123",
        "https://www.google.com/maps", "https://youtu.be/x", "https://www.facebook.com/", "nothing", "",
        "https://chat.whatsapp.com/",
        "ftp://jobs.example.org/", "https://[::1", "site:t.me/sample_jobs", "https://x.example.org:99999/",
    ],
)  # fmt: skip
def test_what_is_nobodys_venue_is_none(written):
    assert venue_of(written) is None


def _posting(url="https://t.me/sample_here/7", **more):
    return Posting(id="a", source="s", url=url, text="", **more)


def _make_assessment(*contacts):
    values = tuple(Contact(type=kind, value=value, start=0, end=0) for kind, value in contacts)
    language = Language(code="en", script="Latn", confidence=1.0)
    return Assessment(id="a", language=language, stance="offer", score=0, flagged=False, tag="none", contacts=values)


def test_forwards_links_and_names_are_told_apart():
    posting = _posting(
        forwarded_from="Sample_Source",
        contacts=("https://t.me/s/sample_second", "https://t.me/sample_third", "tel:+84500000123", "https://t.me/sample_source"),
        links=("https://jobs.example.org/1", "https://facebook.com/groups/work"),
        company_url="https://firm.example.org/",
    )
    judged = _make_assessment(
        ("telegram", "sample_third"), ("telegram", "sample_fourth"), ("url", "board.example.com/x"), ("phone", "+845")
    )
    pointing = pointers(posting, judged)
    assert {name: pointer.manner for name, pointer in pointing.items()} == {
        "telegram:sample_source": "forwarded", "telegram:sample_second": "linked", "telegram:sample_third": "linked",
        "telegram:sample_fourth": "mentioned", "site:jobs.example.org": "linked", "login:facebook.com/groups/work": "linked",
        "site:firm.example.org": "linked", "site:board.example.com": "mentioned",
    }  # fmt: skip
    assert [name for name, pointer in pointing.items() if pointer.sure_channel] == [
        "telegram:sample_source",
        "telegram:sample_second",
    ]


@pytest.mark.parametrize(
    ("kind", "value", "name"),
    [
        ("telegram", "+AbCd", "group:t.me/+AbCd"), ("whatsapp", "AbCd", "group:chat.whatsapp.com/AbCd"),
        ("zalo", "g/abcd", "group:zalo.me/g/abcd"), ("kakaotalk", "o/abcd", "group:open.kakao.com/o/abcd"),
    ],
)  # fmt: skip
def test_invitations_in_the_text_are_groups(kind, value, name):
    assert list(pointers(_posting(), _make_assessment((kind, value)))) == [name]


def test_a_number_a_shown_name_and_the_own_place_are_no_pointers():
    posting = _posting(forwarded_from="A shown name", contacts=("https://t.me/sample_here/3",))
    judged = _make_assessment(
        ("whatsapp", "+84500000123"), ("zalo", "84500000123"), ("email", "a@example.org"), ("telegram", "sample_here")
    )
    assert pointers(posting, judged) == {}
    assert pointers(_posting("https://board.example.org/1", links=("https://board.example.org/2",)), _make_assessment()) == {}


def test_telegram_names_need_no_key_of_their_own():
    tokens = list(pointer_tokens(_posting(links=("https://jobs.example.org/1",)), _make_assessment(("telegram", "sample_crew"))))
    assert tokens == ["points:site:jobs.example.org"]


def test_both_stores_find_who_points_to_a_venue(store, record):
    named = record("named", contacts=("telegram:sample_crew",))
    linked = _make_linked(record("linked"), links=("https://jobs.example.org/1",))
    forwarded = _make_linked(record("forwarded"), forwarded_from="sample_crew")
    store.put([named, linked, forwarded, record("other", contacts=("telegram:sample_other",))])

    def ids_pointing_to(written):
        return sorted(store.find_alike((), search_tokens(venue_of(written))))

    assert ids_pointing_to("@sample_crew") == ["forwarded", "named"]
    assert ids_pointing_to("jobs.example.org") == ["linked"]
    assert ids_pointing_to("other.example.org") == []


def _make_linked(record, **more):
    return replace(record, posting=replace(record.posting, **more))
