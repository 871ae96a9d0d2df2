"""What people type becomes a Query, and what cannot be read is refused with the column and the fix."""

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.base import Query
from index.query.parse import QueryError, parse, place_names
from index.query.plan import UnusableQuery
from index.query.values import absent

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def _day(month, day, *clock):
    return datetime(2026, month, day, *clock, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Query()),
        ("lương cao", Query(words=("lương", "cao"))),
        ('"việc nhẹ" -"cảnh báo" -tin', Query(phrases=("việc nhẹ",), exclude=("cảnh báo", "tin"))),
        ("telegarm~ recruit*", Query(typos=("telegarm",), prefixes=("recruit",))),
        ("food & drink - ✈", None),
        ("food & drink ✈", Query(words=("food", "drink"))),
        ("tag:scam_compound,organ_trade", Query(filters={"tag": ("scam_compound", "organ_trade")})),
        ("lang:vietnamese", Query(filters={"language": ("vi",)})),
        ('lang:"tieng viet"', Query(filters={"language": ("vi",)})),
        (
            "lang:Vietnamien,vie,Khmer,zh-Hans,ga,tl,filipino",
            Query(filters={"language": ("vi", "vi", "km", "zh-hans", "ga", "tl", "tl")}),
        ),
        ("-language:birman", Query(exclude_filters={"language": ("my",)})),
        ("country:Cambodia,khm,Campuchia,burma,KH", Query(filters={"country": ("kh", "kh", "kh", "mm", "kh")})),
        ('country:"viet nam"', Query(filters={"country": ("vn",)})),
        ("-lang:EN", Query(exclude_filters={"language": ("en",)})),
        ('place:"mae sot" app:telegram', Query(filters={"place": ("mae sot",), "contact_type": ("telegram",)})),
        ("contact:@Some_Handle", Query(contact=("some_handle",))),
        ("contact:https://t.me/Some_Handle", Query(contact=("some_handle",))),
        ("contact:t.me/s/Some_Handle", Query(contact=("some_handle",))),
        ("contact:https://wa.me/447700900123?text=hi", Query(contact=("+447700900123",))),
        ('contact:"+44 7700-900 123"', Query(contact=("+447700900123",))),
        ("contact:00447700900123", Query(contact=("+447700900123",))),
        ("contact:07700900123", Query(contact=("07700900123",))),
        ("contact:LINE:@Some_Handle", Query(contact=("line:some_handle",))),
        ("contact:HR@Example.org", Query(contact=("hr@example.org",))),
        ("https://jobs.example.org/1", Query(words=("https://jobs.example.org/1",))),
        ("score:>70", Query(score_min=math.nextafter(70, math.inf))),
        ("score:>=70", Query(score_min=70)),
        ("score:40..60.5", Query(score_min=40, score_max=60.5)),
        ("score:<5", Query(score_max=math.nextafter(5, -math.inf))),
        ("score:0", Query(score_min=0, score_max=math.nextafter(1, -math.inf))),
        ("first_seen:>2026-01-01", Query(since=_day(1, 2))),
        ("first_seen:<2026-01-02", Query(until=_day(1, 1, 23, 59, 59))),
        ("first_seen:2026-01-01..2026-01-31", Query(since=_day(1, 1), until=_day(1, 31, 23, 59, 59))),
        ("first_seen:2026-01-01..9999-12-31", Query(since=_day(1, 1), until=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))),
        ("first_seen:>7d", Query(since=_day(3, 3, 12))),
        ("flagged:true sort:newest campaign:c-12", Query(filters={"flagged": ("true",)}, sort="newest", campaign="c-12")),
        ('a"b c"d', Query(words=("a", "d"), phrases=("b c",))),
    ],
)
def test_typed_queries_mean_what_people_mean(typed, meant):
    if meant is None:
        with pytest.raises(QueryError):
            parse(typed, now=NOW)
        return
    assert parse(typed, now=NOW) == meant


@pytest.mark.parametrize(
    ("typed", "column", "says"),
    [
        ("job plce:x", 5, "did you mean place:?"), ("job wages:900", 5, 'put them into "quotes"'),
        ('job "never closed', 5, "never closed"), ("tag:scam_compond", 1, "did you mean scam_compound?"),
        ("job lang:vietnamse", 5, "did you mean vi?"), ("country:camboda", 1, "did you mean kh?"),
        ("lang:gibberishese", 1, "there is no language 'gibberishese'"), ("job tag:", 5, "without a space"),
        ("score:high", 1, "no number from 0 to 100"), ("score:>3 score:>5", 10, "a second time"),
        ("sort:newest,score", 1, "takes one value"), ("-score:>3", 1, "cannot be excluded"),
        ("first_seen:>2026-13-01", 1, "is no day"), ("first_seen:>9999y", 1, "outside the calendar"),
        ("job first_seen:<0001-01-01", 5, "outside the calendar"), ("first_seen:>9999-12-31", 1, "outside the calendar"),
        ("place:,", 1, "has no value"), ("✈ !!", 1, "no letter or digit"), ("a" * 3000, 2000, "at most 2000"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_names_its_column_and_the_fix(typed, column, says):
    with pytest.raises(QueryError, match=f"^column {column}: ") as caught:
        parse(typed, now=NOW)
    assert says in str(caught.value)


def test_a_word_that_nothing_has_is_told_with_the_words_it_may_be(store, record):
    texts = {"a": "Write on Telegram", "b": "telegram only", "c": "telegrams, telegraph", "d": "Liên hệ zalo"}
    store.put([record(name, text) for name, text in texts.items()])
    asked = ("telegarm", "telegarm zalo", "lien zalo telegram", "qqqqqqq", "lang:fr")
    told = {typed: absent(store, parse(typed)) for typed in asked}
    assert told["telegarm"] == told["telegarm zalo"] == ["nothing here has telegarm; did you mean telegram, telegrams?"]
    assert told["lien zalo telegram"] == told["qqqqqqq"] == []
    assert told["lang:fr"] == ["nothing here has language fr; there are en"]


def test_a_place_is_found_by_any_of_its_spellings():
    assert parse("place:妙瓦底", places={"妙瓦底": "Myawaddy"}.get).filters == {"place": ("Myawaddy",)}


def test_the_seed_gazetteer_knows_a_place_in_every_script(seeds):
    names = place_names(seeds / "places.yml")
    for spelling in ("Myawaddy", "妙瓦底", "เมียวดี", "မြဝတီ"):
        assert parse(f"place:{spelling}", places=names).filters == {"place": ("Myawaddy",)}
    assert parse("place:Nowhereton", places=names).filters == {"place": ("Nowhereton",)}


@settings(max_examples=500)
@given(st.text(max_size=60) | st.text(alphabet='ab:"-~*,. <>0\n\x00\ud800高ก', max_size=30))
def test_anything_typed_is_a_query_or_a_clear_refusal(sqlite_store_of_two, typed):
    try:
        query = parse(typed)
        page = sqlite_store_of_two.search(query)
    except UnusableQuery as exc:
        assert len(str(exc)) > 10
    else:
        assert 0 <= page.total <= 2
