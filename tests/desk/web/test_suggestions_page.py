"""The page of suggested sources: what leads there, refused, blocked and taken back with a reason; page text stays text."""

from dataclasses import replace

import pytest

from desk.refusals import DeskRefusal
from desk.seed_editors import SiteLook, SuggestionLine

HOSTILE = "<img src=x onerror=alert(1)> \u202egnp.exe"


class Suggestions:
    """Suggested sources in memory; keeps what was ruled."""

    def __init__(self) -> None:
        self.ruled: list[tuple[str, ...]] = []
        self.begun: list[SiteLook] = []
        self.lines = [
            SuggestionLine(
                venue="telegram:sample_crew", points=61.4, what=HOSTILE, facts=("3 different lures lead there",),
                lures=(("a" * 64, f"flagged: {HOSTILE}"),),
            ),
            SuggestionLine(venue="site:jobs.example.org", points=3, what="a site", ruling="refused by minh", hidden="refused"),
        ]  # fmt: skip

    def list_venues(self, *, every):
        return [line for line in self.lines if every or not line.hidden]

    def rule(self, step, venue, *, by, reason):
        if not reason and step != "look":
            raise DeskRefusal("say why in a sentence (LUREWATCH_DESK_LOOKS)")
        self.ruled.append((step, venue, by.name, reason))

    def looks(self):
        return self.begun


@pytest.fixture
def suggestions():
    return Suggestions()


@pytest.fixture
def desk(desk, suggestions):
    return replace(desk, suggestions=suggestions)


def test_it_shows_what_leads_where_and_how_to_accept_it(login):
    text = login("lead").page("/suggestions")
    assert "telegram:sample_crew" in text and "61.4 points" in text and "3 different lures lead there" in text
    assert f'href="/item/{"a" * 64}"' in text
    assert 'formaction="/suggestions/accept"' in text and 'formaction="/suggestions/look"' in text
    assert "jobs[.]example[.]org" not in text
    assert "jobs[.]example[.]org" in login("lead").page("/suggestions?every=true")


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


def test_a_look_and_an_acceptance_begin_as_the_person_who_asks(login, suggestions):
    person = login("operator")
    assert person.post("/suggestions/look", venue="telegram:sample_crew").status_code == 303
    refused = person.post("/suggestions/accept", venue="telegram:sample_crew", why="")
    assert refused.status_code == 422 and "Say why in a sentence (LUREWATCH_DESK_LOOKS)" in refused.text
    assert person.post("/suggestions/accept", venue="telegram:sample_crew", why="three lures").status_code == 303
    assert suggestions.ruled == [
        ("look", "telegram:sample_crew", "operator", ""),
        ("accept", "telegram:sample_crew", "operator", "three lures"),
    ]


def test_what_a_look_found_and_why_one_failed_stand_there_as_words(login, suggestions, now):
    looks = {"by": "lan", "begun": now}
    suggestions.begun += [
        SiteLook(key="Look at site:jobs.example.org", **looks),
        SiteLook(key="Look at site:slow.example.org", waits=True, **looks),
        SiteLook(key="Look at telegram:a", running=False, lines=(HOSTILE,), **looks),
        SiteLook(key="Accept telegram:b", running=False, failure=f"the site wants no robots {HOSTILE}", **looks),
    ]
    text = login("lead").page("/suggestions")
    assert "Under way" in text and "Waits for a process that reaches sites" in text and "the site wants no robots" in text
    assert "<img src=x" not in text and text.count("&lt;img src=x") >= 2 and "\u202e" not in text


def test_an_empty_list_says_what_else_can_be_done(login, suggestions):
    suggestions.lines.clear()
    assert "Nothing is suggested" in login("lead").page("/suggestions")
