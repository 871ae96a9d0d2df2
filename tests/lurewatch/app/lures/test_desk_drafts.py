"""Drafts of rules at the desk: what is refused, what they would bring, in shadow, in force with a second person, withdrawn."""

import shutil
from datetime import timedelta

import pytest
from msgspec.structs import replace

from desk.cases.case_decisions import confirm, dismiss
from desk.custody.ledger_check import check_ledger
from desk.refusals import DeskRefusal
from desk.seed_editors import DraftFaults, RuleDraft
from enrichment.lexicon.lexicon import lexicon
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.app.lures import desk_drafts
from lurewatch.app.lures.desk_drafts import DeskDrafts
from lurewatch.app.lures.drafts_in_force import seeds_with_drafts
from lurewatch.settings import Settings
from tests.desk.conftest import desk_db, migrated_file, now, record, sqlite_url, staff  # noqa: F401 - fixtures

RULE = RuleDraft(kind="rule", language="en", target="documents_held", wording="passport kept at the (office|ship)")
WORDS = RuleDraft(kind="words", language="en", target="papers", wording="seaman book~\ndischarge book")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, seeds):
    """Return a seeds folder of one language: it is read once."""
    made = tmp_path_factory.mktemp("seeds")
    (made / "lures" / "en").mkdir(parents=True)
    for name in ("lures/indicators.yml", "lures/concepts.yml", "lures/en/control.yml", "lures/en/words.yml", "places.yml"):
        shutil.copy(seeds / name, made / name)
    return made


@pytest.fixture
def settings(tmp_path, folder, sqlite_url):  # noqa: F811
    return Settings(seeds=folder, state=tmp_path / "state", database=sqlite_url)


@pytest.fixture
def drafts(settings, desk_db, now):  # noqa: F811
    return DeskDrafts(settings, desk_db, lambda: now)


@pytest.fixture
def store(tmp_path, record, now):  # noqa: F811
    """Keep items of two months: three that say the words, one of them decided each way, one that does not."""
    opened = SqliteStore(tmp_path / "index.sqlite")
    bare = replace(record(4).assessment, signals=(), flagged=False, score=10.0)
    opened.put(
        [
            record(1), record(2, text="Your passport kept at the office."), record(3, text="A cook for our kitchen."),
            replace(record(4, first_seen=now - timedelta(days=60), text="passport kept at the ship"), assessment=bare),
        ]
    )  # fmt: skip
    yield opened
    opened.close()


def test_a_look_counts_hits_overlap_and_what_people_decided(drafts, store, desk_db, staff, record, now):  # noqa: F811
    minh = staff(desk_db)["minh"]
    items = [record(1), record(2, text="Your passport kept at the office.")]
    step = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour"}
    confirm(desk_db, items[:1], by=minh, now=now, seen={items[0].id: 0}, **step)
    dismiss(desk_db, items[1:], reason="misread", by=minh, now=now, seen={items[1].id: 0})
    look = drafts.look(RULE, store)
    assert (look.looked, look.total, look.hits, look.flagged, look.confirmed, look.dismissed) == (4, 4, 3, 2, 1, 1)
    assert look.overlaps == (("documents_held", 2),)
    assert (look.minutes_each, look.measured, look.weeks) == (2.0, False, 4.0)
    assert "passport kept at the office" in {sample.words for sample in look.samples}
    assert drafts.list_drafts() == []


def test_words_hit_what_their_concepts_hold_with_them_alone(drafts, tmp_path, record):  # noqa: F811
    opened = SqliteStore(tmp_path / "words.sqlite")
    opened.put([record(1, text="The manager keeps your discharge book."), record(2, text="The manager keeps your passport.")])
    look = drafts.look(WORDS, opened)
    opened.close()
    assert (look.hits, [sample.words for sample in look.samples]) == (1, ["manager keeps your discharge book"])


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"wording": ""}, "wording", "write the words"),
        ({"wording": "(a|b"}, "wording", ""),
        ({"wording": "a~ * " * 60 + "b"}, "wording", "at most 3 gaps"),
        ({"wording": "((((((((a"}, "wording", ""),
        ({"wording": "(one * two|three * four) * " * 30}, "wording", "at most 400"),
        ({"wording": "x" * (1 << 20)}, "wording", "at most 400"),
        ({"wording": "call +66 81 234 5678 now"}, "wording", "a contact is no rule"),
        ({"wording": "write to @bright_hr_demo"}, "wording", "a contact is no rule"),
        ({"wording": "vietnamese workers"}, "wording", "people or a place"),
        ({"wording": "(filipina|girl) wanted"}, "wording", "people or a place"),
        ({"wording": "job in Bavet"}, "wording", "people or a place"),
        ({"target": "nothing"}, "target", "what the words show"),
        ({"language": "../en"}, "language", "choose a language"),
        ({"spares": ("your passport kept at the office",)}, "spares", "must spare"),
        ({"catches": ("nothing of the kind",)}, "catches", "does not catch"),
        ({"kind": "words", "target": "papers", "wording": "passport~"}, "wording", "stand there already"),
        ({"kind": "words", "target": "papers", "wording": "thai card"}, "wording", "people or a place"),
    ],
)
def test_what_is_wrong_is_named_by_field_and_nothing_is_kept(drafts, desk_db, staff, change, field, words):  # noqa: F811
    with pytest.raises(DraftFaults) as caught:
        drafts.keep(replace(RULE, **change), by=staff(desk_db)["minh"], reason="seen today")
    assert any(words in fault for fault in caught.value.fields[field]), caught.value.fields
    assert drafts.list_drafts() == []


def test_a_messenger_may_be_named(drafts, store):
    assert drafts.look(replace(RULE, wording="write us on telegram first"), store).hits == 0


def test_a_draft_waits_in_shadow_and_the_second_person_puts_it_in_force(drafts, settings, desk_db, staff):  # noqa: F811
    people = staff(desk_db)
    for draft in (RULE, WORDS):
        name = drafts.keep(draft, by=people["minh"], reason="seen on a boat")
        assert [(line.name, line.state, line.by) for line in drafts.list_drafts() if line.name == name] == [
            (name, "shadow", "minh")
        ]
        assert name not in {entry.id for entry in lexicon(seeds_with_drafts(settings, settings.seeds) / "lures").entries}
        with pytest.raises(DeskRefusal, match="signs no drafts"):
            drafts.sign(name, by=people["minh"], reason="mine")
        drafts.sign(name, by=people["lead"], reason="read the sample")
    read = lexicon(seeds_with_drafts(settings, settings.seeds) / "lures")
    (entry,) = [entry for entry in read.entries if entry.phrase == RULE.wording]
    assert (entry.status, entry.indicator.slug) == ("experimental", "documents_held")
    assert "seaman book" in {word.written for word in read.words["en"]}
    assert [line.state for line in drafts.list_drafts()] == ["in-force", "in-force"]
    with desk_db.connect() as connection:
        assert check_ledger(connection).faults == ()


def test_nobody_signs_twice_and_withdrawal_in_force_takes_two(drafts, settings, desk_db, staff):  # noqa: F811
    people = staff(desk_db)
    name = drafts.keep(RULE, by=people["lead"], reason="seen")
    with pytest.raises(DeskRefusal, match="second person"):
        drafts.sign(name, by=people["lead"], reason="again")
    drafts.sign(name, by=people["operator"], reason="read")
    drafts.withdraw(name, by=people["lead"], reason="fires on crew lists")
    assert [line.state for line in drafts.list_drafts()] == ["withdrawal-waits"]
    assert seeds_with_drafts(settings, settings.seeds) != settings.seeds
    drafts.sign(name, by=people["operator"], reason="so it does")
    assert (drafts.list_drafts(), seeds_with_drafts(settings, settings.seeds)) == ([], settings.seeds)


def test_a_draft_in_shadow_is_withdrawn_at_once_and_may_be_drafted_again(drafts, desk_db, staff):  # noqa: F811
    people = staff(desk_db)
    name = drafts.keep(RULE, by=people["minh"], reason="seen")
    with pytest.raises(DraftFaults, match="drafted already"):
        drafts.keep(RULE, by=people["analyst"], reason="seen")
    with pytest.raises(DeskRefusal, match="keeps no drafts"):
        drafts.keep(WORDS, by=people["viewer"], reason="seen")
    drafts.withdraw(name, by=people["lead"], reason="too broad")
    assert drafts.list_drafts() == []
    with pytest.raises(DeskRefusal, match="no draft"):
        drafts.sign(name, by=people["lead"], reason="x")
    with pytest.raises(DeskRefusal, match="say why"):
        drafts.keep(RULE, by=people["minh"], reason=" ")
    assert drafts.keep(RULE, by=people["minh"], reason="narrower now") == name


def test_a_look_ends_in_time(drafts, store, monkeypatch):
    monkeypatch.setattr(desk_drafts, "SECONDS", -1.0)
    look = drafts.look(RULE, store)
    assert (look.looked, look.hits, look.minutes_per_week) == (0, 0, None)
