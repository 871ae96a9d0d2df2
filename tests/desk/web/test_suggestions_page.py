"""The page of suggested sources: what leads there, refused, blocked and taken back with a reason; page text stays text."""

from dataclasses import replace

import pytest

from desk.custody import audit
from desk.refusals import DeskRefusal
from desk.seed_views import SuggestionLine, waiting_proposals

HOSTILE = "<img src=x onerror=alert(1)> \u202egnp.exe"


class Suggestions:
    """Suggested sources in memory; keeps what was ruled."""

    def __init__(self) -> None:
        self.ruled: list[tuple[str, ...]] = []
        self.lines = [
            SuggestionLine(
                venue="telegram:sample_crew", what=HOSTILE, facts=("3 different lures lead there",),
                lures=(("a" * 64, f"flagged: {HOSTILE}"),),
            ),
            SuggestionLine(venue="site:jobs.example.org", what="a site", ruling="refused by minh", hidden="refused"),
        ]  # fmt: skip

    def list_venues(self, *, every):
        return [line for line in self.lines if every or not line.hidden]

    def rule(self, step, venue, *, by, reason):
        if not reason:
            raise DeskRefusal("say why in a sentence")
        self.ruled.append((step, venue, by.name, reason))


@pytest.fixture
def suggestions():
    return Suggestions()


@pytest.fixture
def desk(desk, suggestions):
    return replace(desk, suggestions=suggestions)


def test_it_shows_what_leads_where_and_how_to_look_at_it(login):
    text = login("lead").page("/suggestions")
    assert "telegram:sample_crew" in text and "3 different lures lead there" in text
    assert f'href="/item/{"a" * 64}"' in text
    assert "lurewatch sources suggest --probe telegram:sample_crew" in text and 'action="/suggestions/refuse"' in text
    assert "jobs[.]example[.]org" not in text
    assert "jobs[.]example[.]org" in login("lead").page("/suggestions?every=true")
    assert 'action="/suggestions/refuse"' not in login("analyst").page("/suggestions")


def test_words_of_pages_stay_words(login):
    text = login("lead").page("/suggestions?every=true")
    assert "<img src=x" not in text and "&lt;img src=x" in text
    assert "\u202e" not in text


def test_a_ruling_is_kept_with_its_reason_and_who_made_it(login, suggestions):
    person = login("lead")
    answer = person.post("/suggestions/block", venue="telegram:sample_crew", why="a private person")
    assert (answer.status_code, answer.headers["location"]) == (303, "/suggestions")
    answer = person.post("/suggestions/undo", venue="telegram:sample_crew", why="a mistake", every="true")
    assert answer.headers["location"] == "/suggestions?every=true"
    assert suggestions.ruled == [
        ("block", "telegram:sample_crew", "lead", "a private person"),
        ("undo", "telegram:sample_crew", "lead", "a mistake"),
    ]


def test_a_ruling_without_a_reason_is_refused_and_says_so(login, suggestions):
    answer = login("lead").post("/suggestions/refuse", venue="telegram:sample_crew", why="")
    assert answer.status_code == 422 and "Say why in a sentence" in answer.text
    assert suggestions.ruled == []
    assert login("lead").post("/suggestions/allow", venue="x", why="y").status_code == 404


def test_what_is_proposed_waits_until_somebody_closes_it(login, desk_db):
    analyst, operator = login("analyst"), login("operator")
    given = {"kind": "phrase", "value": f" giữ hộ chiếu  {HOSTILE}", "language": "vi", "why": "seen in three adverts"}
    assert analyst.post("/suggestions/propose", **given).status_code == 303
    assert analyst.post("/suggestions/propose", kind="site", value="https://jobs.example.org/list", why="x").status_code == 303
    text = operator.page("/suggestions")
    assert "giữ hộ chiếu" in text and "Vietnamese" in text and "jobs[.]example[.]org/list" in text and "<img src=x" not in text
    assert analyst.post("/suggestions/1/close").status_code == 403
    assert operator.post("/suggestions/1/close").status_code == 303
    assert operator.post("/suggestions/1/close").status_code == 422
    assert "giữ hộ chiếu" not in operator.page("/suggestions")
    with desk_db.connect() as connection:
        assert [each.value for each in waiting_proposals(connection)] == ["https://jobs.example.org/list"]
        log = [
            (each.actor, each.action, each.subject) for each in audit.entries(connection, "seed_proposed", "seed_proposal_closed")
        ]
    assert log == [
        ("analyst", "seed_proposed", "proposal:1"), ("analyst", "seed_proposed", "proposal:2"),
        ("operator", "seed_proposal_closed", "proposal:1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "site", "value": "jobs.example.org", "why": "x"}, "the whole address"),
        ({"kind": "site", "value": "javascript:alert(1)", "why": "x"}, "the whole address"),
        ({"kind": "phrase", "value": "no pay, no passport", "why": "x"}, "choose the language"),
        ({"kind": "phrase", "value": "x", "language": "../..", "why": "x"}, "choose the language"),
        ({"kind": "receiver", "value": " ", "why": "x"}, "write what you propose"),
        ({"kind": "receiver", "value": "trust@board.example", "why": " "}, "say why"),
        ({"kind": "rule", "value": "x", "why": "x"}, "cannot have"),
    ],
)
def test_a_proposal_that_says_nothing_is_refused_in_words(login, desk_db, given, said):
    answer = login("analyst").post("/suggestions/propose", **given)
    assert answer.status_code == 422 and said in answer.text.lower()
    assert login("viewer").post("/suggestions/propose", kind="receiver", value="x", why="x").status_code == 422
    with desk_db.connect() as connection:
        assert waiting_proposals(connection) == []


def test_words_selected_in_the_reader_stand_in_the_form(login):
    text = login("analyst").page("/suggestions?language=vi&value=%3Cb%3Egi%E1%BB%AF")
    assert 'value="&lt;b&gt;giữ"' in text and '<option value="phrase" selected>' in text


def test_an_empty_list_says_what_else_can_be_done(login, suggestions):
    suggestions.lines.clear()
    assert "Nothing is suggested" in login("lead").page("/suggestions")
