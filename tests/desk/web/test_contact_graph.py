"""A campaign's contacts and adverts as two columns: bounded, the same each time, nothing left out without being counted."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from desk.web.campaign_summaries import spread_of, week_changes
from desk.web.contact_graph import MOST_CONTACTS, MOST_GROUPS, contact_graph
from enrichment.assessment import Contact, Place
from index.base import Revision


@pytest.fixture
def advert(record, now):
    """Return a function that makes an advert with contacts, a language, places, first seen some days ago."""

    def do(number, *contacts, days=0, language="en", places=()):
        made = record(number, title=f"advert {number}")
        found = tuple(Contact(type="telegram", value=value, start=0, end=0) for value in contacts)
        named = tuple(Place(name=name, country="kh", kind="city", start=0, end=0) for name in places)
        judged = replace(made.assessment, contacts=found, language=replace(made.assessment.language, code=language), places=named)
        return replace(made, assessment=judged, first_seen=now - timedelta(days=days))

    return do


def test_adverts_with_the_same_contacts_are_one_node(advert):
    graph = contact_graph([advert(1, "a", "b"), advert(2, "b", "a"), advert(3, "b"), advert(4)])
    assert [(node.value, node.adverts) for node in graph.contacts] == [("telegram:b", 3), ("telegram:a", 2)]
    assert sorted((group.title, group.adverts, group.contacts) for group in graph.groups) == [
        ("advert 1", 2, ("telegram:a", "telegram:b")),
        ("advert 3", 1, ("telegram:b",)),
    ]
    assert (len(graph.lines), graph.silent, graph.more_contacts, graph.more_adverts) == (3, 1, 0, 0)
    heights = {node.value: node.y for node in graph.contacts} | {group.title: group.y for group in graph.groups}
    assert (heights["telegram:b"], heights["advert 1"], 1) not in graph.lines
    assert (heights["telegram:b"], heights["advert 3"], 1) in graph.lines
    assert all(0 < height < graph.height for height in heights.values())


def test_a_large_campaign_is_at_most_sixty_nodes_and_the_rest_is_counted(advert):
    members = [advert(number, *(f"crew_{bit}" for bit in range(8) if number >> bit & 1)) for number in range(1, 201)]
    graph = contact_graph(members)
    assert (len(graph.contacts), len(graph.groups), graph.more_adverts) == (8, MOST_GROUPS, 160)
    members = [advert(number, f"own_{number:03}", f"crew_{number % 7}") for number in range(200)]
    graph = contact_graph(members)
    assert (len(graph.contacts), graph.more_contacts) == (MOST_CONTACTS, 187)
    assert len(graph.contacts) + len(graph.groups) <= 60
    assert sum(group.adverts for group in graph.groups) == 200
    assert graph == contact_graph(members)
    assert contact_graph([advert(1)]).contacts == ()


def test_weeks_by_languages_have_every_advert_once(advert):
    members = [advert(n, days=7 * (n % 30), language=f"x{n % 12}") for n in range(120)]
    spread = spread_of(members)
    assert len(spread.weeks) == 16
    assert [code for code, _, _ in spread.rows].count("") == 1 and len(spread.rows) == 9
    assert sum(before + sum(cells) for _, before, cells in spread.rows) == 120
    assert spread.top == max(max(cells) for _, _, cells in spread.rows)
    (row,) = spread_of([advert(1)]).rows
    assert row == ("en", 0, (1,))


def test_what_is_new_this_week_and_what_is_gone(advert, now):
    old = advert(1, "a", days=8, places=("Bavet",))
    deleted = Revision(revision=2, change="deleted", at=now - timedelta(days=2), run_id="r", text_sha256="", title=None, text="")
    gone = replace(advert(2, "a", days=30), revisions=(deleted,))
    new = advert(3, "a", "b", days=1, language="vi", places=("Bavet", "Poipet"))
    changes = week_changes([gone, old, new], now)
    assert (changes.members, changes.gone) == ((new,), (gone,))
    assert (changes.contacts, changes.languages, changes.places) == (("telegram:b",), ("vi",), ("Poipet",))
    assert week_changes([old], now).nothing
    assert not week_changes([gone], now).nothing


def test_the_page_draws_them_and_says_the_same_in_tables(login, advert, store, clock, now):
    members = [replace(advert(number, "crew_one", f"own<{number % 2}>"), campaign="c1") for number in range(3)]
    store.put(members)
    page = login("minh").page("/campaign/c1")
    graph = page[page.index('id="t-graph"') : page.index('id="t-why"')]
    assert graph.count("<circle") == 3
    assert graph.count("<rect") == 2
    assert graph.count('<th scope="row">') == 3
    assert "own&lt;1&gt;" in graph and "own<1>" not in graph
    changed = page[page.index('id="t-changed"') : page.index('id="t-spread"')]
    assert "New adverts" in changed and "crew_one" in changed
    assert 'class="n4">3</td>' in page
    clock.at = now + timedelta(days=30)
    assert "Nothing in the last seven days." in login("minh").page("/campaign/c1")
