"""What a notice says: grounds a person can read, in whole words of the page, and no contact from an analyst's note."""

import json
import random
import re

import pytest
import yaml
from msgspec.structs import replace
from sqlalchemy import update

from desk.cases.case_decisions import CaseError, Decision
from desk.platforms import NAMED_WORDS, load_platforms
from desk.refusals import ListError
from desk.tables import list_entries
from desk.takedown import notice as notices
from desk.takedown import repository
from enrichment.assess import Assessor
from enrichment.assessment import Signal
from enrichment.contacts.extract import contacts
from tests.desk.takedown.conftest import readable_files


def signal(raw, words, *, indicator="documents_held", family="control", weight=30.0, gloss="the employer keeps the passport"):
    at = raw.find(words)
    return Signal(
        indicator=indicator, family=family, start=at, end=at + len(words), text=words, weight=weight, gloss=gloss, reference=None
    )


def learned(raw, kind="wording"):
    """Return what the learned part says of a text: the heaviest signal of most flagged texts."""
    return signal(raw, "usd", indicator=kind, family="wording", weight=60.0, gloss="worded as lures are: usd, chat")


@pytest.fixture
def minh(staff, desk_db):
    return staff(desk_db)["minh"]


@pytest.fixture
def noticed(desk_db, store, minh, kept, confirm, build):
    """Return a function that confirms a record and returns its notice, or why it is held back."""

    def do(item, note="", **more):
        store.put([item])
        confirm(item, by=minh, note=note, **more)
        result = build()[0][0]
        if result.list_id is None:
            return result.held[0]
        with desk_db.connect() as connection:
            return repository.entries(connection, result.list_id)[0].body

    return do


def with_signals(item, *signals):
    return replace(item, assessment=replace(item.assessment, signals=signals))


def test_learned_features_are_no_ground_of_a_notice(kept, noticed):
    item = kept(1, text="usd chat job, passport kept at the office")
    raw = f"{item.posting.title}\n{item.posting.text}"
    body = noticed(with_signals(item, learned(raw), learned(raw, "worded_scam_compound"), signal(raw, "passport kept")))
    assert [ground["indicator"] for ground in body["grounds"]] == ["documents_held"]
    assert "worded" not in json.dumps(body)
    assert "It says “passport kept”: the employer keeps the passport." in body["explanation"]


def test_learned_features_stand_in_no_file_of_a_list(desk_db, store, minh, kept, confirm, build, every_format):
    item = kept(1, text="usd chat job, passport kept at the office")
    raw = f"{item.posting.title}\n{item.posting.text}"
    item = with_signals(item, learned(raw), learned(raw, "worded_scam_compound"), signal(raw, "passport kept"))
    store.put([item])
    confirm(item, by=minh)
    (made, *_), _ = build(platforms=every_format)
    with desk_db.connect() as connection:
        files = readable_files(repository.files(connection, made.list_id))
    assert [name for name, said in files.items() if "worded" in said] == []
    reasons = [name for name, said in files.items() if "the employer keeps the passport" in re.sub(r"\s+", " ", said)]
    assert sorted({*files} - {*reasons}) == ["SHA256SUMS", "manifest.json"]


def unfounded(kept):
    """Return an item that no reason a person can check speaks for: learned wording, a call to write, a sum of them."""
    item = kept(1, text="4500 usd to each holder of a card, write to me")
    raw = f"{item.posting.title}\n{item.posting.text}"
    called = signal(raw, "write to me", indicator="call_to_contact", family="voice", gloss="write to us")
    both = signal(raw, "write", indicator="trap", family="combination", gloss="worded so, with a call")
    return with_signals(item, learned(raw), called, both)


def test_what_rests_on_learned_wording_is_not_confirmed_until_a_person_names_the_words(kept, noticed):
    """A note that stays in the house names none; the words are those of the text, and the notice quotes them first."""
    item = unfounded(kept)
    for typed in ({}, {"note": "clearly mules"}, {"ground": "bank card"}, {"ground": "usd"}, {"ground": "x" * 301}):
        with pytest.raises(CaseError, match="words that show it"):
            noticed(item, **typed)
    body = noticed(item, ground="  each holder\tOF a card")
    assert body["grounds"][0] == {
        "indicator": "named_by_analyst", "quote": "each holder OF a card", "meaning": "named by the analyst who confirmed it",
    }  # fmt: skip
    assert "It says “each holder OF a card”: named by the analyst who confirmed it." in body["explanation"]


def test_what_was_confirmed_on_a_reason_that_the_next_lexicon_takes_back_is_held_back(desk_db, store, kept, confirm, build, minh):
    """A decision made before, or by a release that asked for no words, sends nothing that nobody can check."""
    item = kept(1, text="4500 usd to each holder of a card, passport kept")
    store.put([item])
    confirm(item, by=minh, note="clearly mules")
    held = unfounded(kept)
    store.put([replace(held, revision=2, posting=item.posting)])
    result = build()[0][0]
    assert (result.list_id, [one.field for one in result.held]) == (None, ["explanation"])


def test_a_list_of_an_older_release_that_quotes_nothing_does_not_leave(desk_db, store, staff, kept, confirm, build, approve):
    """The guard stands before approval and before sending as well."""
    people = staff(desk_db)
    item = kept(1)
    store.put([item])
    confirm(item, by=people["minh"])
    list_id = build()[0][0].list_id
    with desk_db.begin() as connection:
        body = json.dumps(repository.entries(connection, list_id)[0].body | {"grounds": []})
        connection.execute(update(list_entries).values(body=body))
    with pytest.raises(ListError, match="quotes no words"):
        approve(list_id, people["lead"])


def test_what_has_no_words_of_its_own_does_not_leave(kept, noticed):
    """What sums up other reasons, and another reason on words that are quoted already."""
    item = kept(1, text="We keep it. passport kept, flight paid")
    raw = f"{item.posting.title}\n{item.posting.text}"
    both = signal(raw, "flight", indicator="trap", family="combination", gloss="a journey paid and papers taken")
    again = signal(raw, "kept", indicator="phone_restricted", gloss="telephones are taken", weight=20.0)
    body = noticed(with_signals(item, signal(raw, "passport kept"), both, again))
    assert [ground["quote"] for ground in body["grounds"]] == ["passport kept"]


@pytest.mark.parametrize(
    ("text", "span", "quote"),
    [
        ("We keep all passports safely", "keep all passp", "keep all passports"),
        ("Write to @bright_hr_demo now", "bright_hr", "[contact]"),
        ("See t.me/sample_crew?start=1 today", "sample_crew", "[contact]"),
        ("Pay $1,500 a month", "1,5", "$1,500"),
        ("待遇：包机票包食宿，护照由公司保管。加我", "照由公", "护照由公司保管"),
        ("รายได้ดี พาสปอร์ตบริษัทเก็บไว้ ติดต่อ", "ปอร์ตบริษัทเก็", "พาสปอร์ตบริษัทเก็บไว้"),
        ("ប្រាក់ខែ\u200bលិខិតឆ្លងដែន\u200bក្រុមហ៊ុនរក្សាទុក", "ខិតឆ្លងដែ", "លិខិតឆ្លងដែន"),
        ("lương cao\u0301 nhận hộ chiếu", "lương cao", "lương cao\u0301"),
        ("join 👩🏽\u200d💻 team", "👩", "👩🏽\u200d💻"),
        ("go 🇻🇳🇰🇭 now", "🇻", "🇻🇳🇰🇭"),
        ("(passport kept), paid", "passport ke", "passport kept"),
    ],
)
def test_quotes_keep_whole_words(kept, noticed, text, span, quote):
    item = kept(1, title="Job", text=text)
    body = noticed(with_signals(item, signal(f"Job\n{text}", span)))
    assert body["grounds"][0]["quote"] == quote


@pytest.mark.parametrize("word", ["passport ", "护照，", "พาสปอร์ต ", "👩🏽\u200d💻 ", "ក្រុមហ៊ុន ", "@sample_crew_1 "])
def test_an_excerpt_ends_with_a_whole_word(kept, noticed, word):
    item = kept(1, title="Job", text=f"passport kept x {word * 1000}")
    body = noticed(with_signals(item, signal(f"Job\n{item.posting.text}", "passport kept")))
    excerpt = body["text_excerpt"]
    assert len(excerpt) <= 1000
    assert excerpt.endswith("…")
    shown = "[contact]" if "@" in word else word.strip(" ，")
    assert excerpt.removesuffix("…").split(shown)[-1].strip(" ，") == ""


@pytest.mark.parametrize(
    ("note", "kept_words"),
    [
        ("her sister wrote from +855 12 345 678 that she is held", "that she is held"),
        ("a witness, witness@example.org, says so", "says so"),
        ("see @bright_hr_demo and t.me/sample_witness too", "too"),
        ("zalo 0912 345 678 of the mother", "of the mother"),
    ],
)
def test_a_contact_in_an_analysts_note_is_masked(kept, noticed, note, kept_words):
    body = noticed(kept(1), note)
    said = body["explanation"].split("The analyst adds: ")[1]
    assert kept_words in said
    for contact in ("345", "witness@", "bright_hr", "sample_witness"):
        assert contact not in said
    assert notices.lacking(body) == []


WORDS = (
    "passport", "flight", "Telegram", "ทำงานที่", "คาสิโน", "ປະເທດ", "公司包食宿", "không", "cần", "bằng", "cấp", "💰💰💰", "အလုပ်",
)  # fmt: skip


def wordy(dice, kept, number):
    """Return an item with up to ten reasons, each with a quote of up to 300 characters and a meaning of up to 160."""
    phrases = [" ".join(dice.choice(WORDS) for _ in range(dice.choice((1, 3, 10, 40)))) for _ in range(dice.randint(1, 10))]
    item = kept(number, title=None, text=". ".join(phrases) + ".")
    raw = f"\n{item.posting.text}"
    meanings = [
        "the employer keeps the passport",
        "a journey is paid and " * 5 + "papers are taken",
        "a very long meaning of words " * 5 + "x",
    ]
    signals = [
        signal(raw, phrase, indicator=f"mark_{at}", gloss=dice.choice(meanings), weight=50.0 - at)
        for at, phrase in enumerate(phrases)
    ]
    return with_signals(item, *signals)


def test_a_report_of_xarf_is_written_to_its_budget_and_never_cut(desk_db, store, minh, kept, confirm, build):
    """What is accused comes first, what was looked at last; every sentence is whole, and only quotes are shortened."""
    from desk.takedown import repository

    dice = random.Random(5)
    items = [wordy(dice, kept, number) for number in range(200)]
    store.put(items)
    for item in items:
        confirm(item, by=minh, note=dice.choice(("", "Seen before.", "Words of an analyst. " * 20, "y" * 1900)))
    (made, *_), _ = build()
    with desk_db.connect() as connection:
        files = repository.files(connection, made.list_id)
    listed = {entry["url"]: entry for entry in json.loads(files["list.json"])["entries"]}
    reports = [json.loads(line) for line in files["reports.xarf.jsonl"].decode().split("\n") if line]
    assert len(reports) == 200
    long = 0
    for report in reports:
        entry, said = listed[report["url"]], report["description"]
        assert said == entry["summary"]
        assert len(said) <= 1000
        assert said.startswith(
            "The item is a job offer that lures people into a closed online-scam compound. It breaks: Recruitment"
        )
        assert said.endswith("the desk has no record that this item was opened.")
        if len(entry["explanation"]) <= 900:
            assert said == entry["explanation"]
            continue
        long += 1
        quotes = re.findall(r"It says “(.*?)”: (.*?)\.(?= It says| The analyst| Reasons left| A person)", said)
        full = {ground["meaning"]: ground["quote"] for ground in entry["grounds"]}
        assert all(meaning in full for _, meaning in quotes)
        left = re.search(r"Reasons left out here, all in the list beside: (\d+)\.", said)
        assert len(quotes) + (int(left[1]) if left else 0) == min(8, len(entry["grounds"]))
    assert long > 40


def test_a_clause_that_leaves_no_room_for_reasons_is_refused(platforms):
    from pydantic import ValidationError

    from desk.platforms import Clause

    for field, most in (("title", 120), ("law", 200), ("means", 240)):
        values = {"title": "t", "law": "l", "means": "m"} | {field: "x" * (most + 1)}
        with pytest.raises(ValidationError, match=f"at most {most} characters"):
            Clause.model_validate(values)


VICTIM = "Victim Nguyen Thi Lan Anh (CCCD 079203001234, born 12/03/2003), passport C1234567."


def test_what_is_not_ticked_stays_in_the_house(kept, noticed):
    """The note is for the house."""
    body = noticed(kept(1), f"{VICTIM} They keep the passport.", disclose=["They keep the passport."])
    assert body["explanation"].count("The analyst adds: They keep the passport.") == 1
    assert "Victim" not in json.dumps(body)


def test_a_victims_identity_is_masked_in_what_is_ticked(kept, noticed):
    """Name, number, birth and passport."""
    said = json.dumps(noticed(kept(1), VICTIM), ensure_ascii=False)
    for part in ("Nguyen", "Lan Anh", "079203001234", "12/03/2003", "C1234567"):
        assert part not in said
    assert "Victim [name]" in said


SPOTS = ("title", "text", "author", "note", "ground")


def planted():
    """Return 500 contacts in ten ways of writing and 200 identities, each with a spot of an item or of what was decided on it."""
    ways = (
        "@sample_hr_{0}", "t.me/sample_hr_{0}", "+855 12 3{0} 678", "0912 3{0} 678", "wa.me/8551233{0}", "sample_{0}@example.org",
        "Zalo 09123{0}678", "WeChat: sample_wx_{0}", "LINE ID sample_line_{0}", "https://{0}.example.net/join?x=1",
    )  # fmt: skip
    identities = (
        "CCCD 0792030{0}34", "passport C12{0}67", "born 12/03/{0}", "12 Sample Street, Ward 5{0}", "01-2345-{0}",
    )  # fmt: skip
    written = [ways[number % 10].format(f"{1000 + number}") for number in range(500)]
    years = [1990 + number // 5 % 30 for number in range(200)]
    named = [identities[at % 5].format(f"{years[at] if at % 5 == 2 else 3000 + at}") for at in range(200)]
    values = [*written, *named]
    return [dict(zip(SPOTS, values[at::140], strict=True)) for at in range(140)]


def left_of(value):
    """Return the parts of a planted value that would tell whose it is."""
    return [part for part in re.split(r"[^\w]+", value) if re.search(r"\d{3}", part) or "sample_" in part]


def planted_item(kept, number, values):
    """Return an item with a planted value in each spot, and what was decided on it."""
    text = f"We pay the flight, passport kept at the office. {values['text']} today. Then {values['ground']} now"
    title = f"Job in Bavet {values['title']}"
    item = kept(number, title=title, text=text, author=values["author"])
    read = replace(item.assessment, contacts=tuple(contacts(f"{title}\n{text}", item.assessment.language)))
    return replace(item, assessment=read), {
        "note": f"A family wrote: {values['note']} and more.",
        "ground": f"Then {values['ground']} now",
    }


def test_no_planted_contact_or_identity_is_in_a_notice_of_any_format(desk_db, store, minh, kept, confirm, build, every_format):
    """500 contacts and 200 identities, in the item and in what a person wrote about it."""
    plants = planted()
    for number, values in enumerate(plants):
        item, decided = planted_item(kept, number, values)
        store.put([item])
        confirm(item, by=minh, **decided)
    (made, *_), _ = build(platforms=every_format)
    assert made.new == len(plants)
    with desk_db.connect() as connection:
        entries = repository.entries(connection, made.list_id)
        readable = readable_files(repository.files(connection, made.list_id))
    for entry in entries:
        values = plants[int(entry.body["url"].rpartition("/")[2])]
        said = json.dumps(entry.body, ensure_ascii=False).replace(entry.body["url"], "")
        assert [item for item in values.items() if any(part in said for part in left_of(item[1]))] == [], said
    for name, said in readable.items():
        assert [value for values in plants for value in values.values() if "sample_" in value and value in said] == [], name


@pytest.fixture(scope="module")
def charged(seeds, compiled_phrases):
    """Return a function that judges a text and returns what the shipped clauses can say of it, or why nothing."""
    assessor, receivers = Assessor(seeds), load_platforms(seeds)

    def do(record, text, **more):
        item = record(1, title=None, text=text)
        judged = assessor.assess(id=item.id, title=None, text=text)
        assert judged.flagged, text
        (clause, *_), tag = [key for key, clause in receivers.clauses_for(judged.tag)], judged.tag
        decided = Decision(
            id=1, item_id=item.id, seq=1, kind="confirm", tag=tag, severity="high", clause=clause, note="", source="s",
            url=item.posting.url, revision=1, text_sha256="0" * 64, by="minh", at=item.first_seen, **more,
        )  # fmt: skip
        charge = notices.find_charge(replace(item, assessment=judged), decided, receivers)
        return charge, charge.kind(tag) if isinstance(charge, notices.Charge) else charge.reason

    return do


WEAK = frozenset({
    "messenger_only", "customer_service", "urgent_mass", "offer", "hotspot_town", "hotspot_country", "crypto_marketing", "abroad",
    "call_to_contact", "private_message", "few_words", "many_families", "age_band",
})  # fmt: skip
"""What honest posts say as well: it never leaves as a reason."""


@pytest.mark.parametrize(
    ("text", "key", "quoted"),
    [
        ("Passport in HR's safe. 25 seats: online marketing in Bavet, airfare and hostel on us, 2,000 USD. Telegram @sample_x",
         "forced_labour", "Passport in HR's safe"),
        ("Kami cari orang Kamboja, paspor disimpan HRD, tiket kami bayar, gaji 12 juta. Tele @sample_x",
         "forced_labour", "paspor disimpan"),
        ("Recrutons agents au Cambodge, 2500 dollars, billet et visa payés, l'entreprise garde le passeport. @sample_x",
         "forced_labour", "l'entreprise garde le passeport"),
        ("🇰🇭 CS kripto kamboja gaji 12–16 juta masih open, batch Kamis. Chat @sample_cs", "deceptive_recruitment", ""),
        ("Typists wanted in Sihanoukville, no experience. USD 2,200 base and commission, ticket on us. Telegram @sample_x",
         "deceptive_recruitment", ""),
        ("Egg donors wanted abroad, nineteen days with other girls, hotel paid, 4,000 USD. Telegram @sample_egg",
         "reproductive_exploitation", "Egg donors"),
    ],
)  # fmt: skip
def test_a_clause_is_said_only_where_words_bear_each_of_its_elements(charged, record, text, key, quoted):
    """No ground of control, exit or route, no forced labour; no child, no sale of children; the strongest words are quoted."""
    charge, kind = charged(record, text)
    assert charge.key == key
    assert charge.clause.missing([ground["indicator"] for ground in charge.grounds]) == []
    assert WEAK.isdisjoint(ground["indicator"] for ground in charge.grounds)
    assert [ground["quote"] for ground in charge.grounds if quoted and ground["quote"].casefold() == quoted.casefold()] == (
        [quoted] if quoted else []
    )
    assert (kind == "unstated") == (key == "deceptive_recruitment")
    assert "sale of children" not in charge.clause.law


def test_words_that_a_person_names_bear_the_element_of_their_kind_alone(charged, record, seeds):
    """A post whose reasons bear no clause is held back until the person who confirms it names the words that show its kind; they
    show no control, payment or child beside it."""
    text = "Typing job Poipet, ticket paid, food free, dormitory, no experience, commission. Telegram @sample_x"
    _, why = charged(record, text)
    assert why == "no words of the post show deception; confirm it again and name the words that show it"
    charge, kind = charged(record, text, ground="ticket paid")
    assert (charge.key, kind, charge.grounds[0]["quote"]) == ("deceptive_recruitment", "unstated", "ticket paid")
    charge, kind = charged(record, f"Passport in HR's safe. {text}", ground="ticket paid")
    assert (charge.key, charge.grounds[1]["quote"]) == ("forced_labour", "Passport in HR's safe")
    clauses = load_platforms(seeds).clauses
    borne = {key for key, clause in clauses.items() if not clause.missing(["named_by_analyst"])}
    assert borne == {"deceptive_recruitment", "organ_trade", "reproductive_exploitation"}
    assert clauses["marriage_trade"].missing(["named_by_analyst"]) == ["payment"]


def test_no_weak_reason_bears_a_shipped_clause_and_each_is_an_indicator(seeds):
    known = {line["slug"] for line in yaml.safe_load((seeds / "lures" / "indicators.yml").read_text())["indicators"]}
    bearing = {
        slug for clause in load_platforms(seeds).clauses.values() for element in clause.elements.values() for slug in element
    }
    assert bearing <= {*known, NAMED_WORDS}
    assert bearing.isdisjoint(WEAK)
