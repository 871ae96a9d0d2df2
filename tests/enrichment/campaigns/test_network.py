"""What neighbours say: bounded, explained, and nothing for warners and hubs."""

from datetime import UTC, datetime, timedelta

from enrichment.campaigns.network import MOST, POINTS, Network, NetworkReason, Node, Tie, network, trust

DAY = datetime(2026, 3, 1, tzinfo=UTC)
SHARED = Tie("contact", "crew_one", (":crew_one",))


def node(name, *, day=0.0, ties=(SHARED,), **more):
    tokens = frozenset(token for tie in ties for token in tie.tokens)
    names = more.pop("names", frozenset({"crew_one"}))
    given = {"offer": True, "length": 40, "source": "board", **more}
    return Node(id=name, ties=ties, tokens=tokens, names=names, first_seen=DAY + timedelta(days=day), **given)


def test_a_contact_of_a_confirmed_lure_raises_and_says_since_when():
    found = network(node("a", day=3), [node("b", state="confirmed"), node("c", day=1, state="confirmed")])
    assert [(one.kind, one.confirmed, one.since) for one in found.reasons] == [("contact", 2, DAY)]
    assert found.reasons[0].why == "contact crew_one is that of 2 confirmed lures since 2026-03-01"
    assert 0 < found.points <= POINTS["contact"]


def test_more_confirmed_lures_say_more_and_a_dismissed_one_takes_away():
    one = network(node("a"), [node("b", state="confirmed")]).points
    two = network(node("a"), [node("b", state="confirmed"), node("c", state="confirmed")]).points
    less = network(node("a"), [node("b", state="confirmed"), node("c", state="confirmed"), node("d", state="dismissed")]).points
    assert one < two
    assert less < two


def test_nothing_confirmed_says_nothing_however_much_is_flagged():
    assert network(node("a"), [node(str(n), flagged=True, source=str(n)) for n in range(6)]) == Network()


def test_who_warns_or_asks_gains_nothing_and_lends_nothing():
    lure = node("b", state="confirmed")
    assert network(node("a", offer=False), [lure]) == Network()
    assert network(node("a"), [node("b", state="confirmed", offer=False)]) == Network()


def test_a_text_that_does_not_call_gains_by_its_poster_and_not_by_the_contact_it_names():
    poster = Tie("poster", "crew", ("poster:board/crew",))
    lure = node("b", state="confirmed", ties=(SHARED, poster))
    assert network(node("a", calls=False), [lure]) == Network()
    assert [one.kind for one in network(node("a", calls=False, ties=(SHARED, poster)), [lure]).reasons] == ["poster"]


def test_a_longer_text_gains_by_the_contact_it_names_only_when_it_is_flagged():
    lure = node("b", state="confirmed")
    assert network(node("a", length=400), [lure]) == Network()
    assert [one.kind for one in network(node("a", length=400, flagged=True), [lure]).reasons] == ["contact"]


def test_an_agency_with_one_wrongly_confirmed_advert_raises_nobody():
    adverts = [node(str(n), honest=True, length=400) for n in range(12)]
    assert network(adverts[0], [*adverts[1:], node("x", state="confirmed")]) == Network()
    assert trust([*adverts, node("x", state="confirmed")]) < 0.1


def test_an_agency_is_not_raised_by_its_poster_either_but_by_a_crew_s_contact_it_is():
    poster, other = Tie("poster", "agency", ("poster:board/agency",)), Tie("contact", "crew_two", (":crew_two",))
    agency = [node(str(n), honest=True) for n in range(6)]
    wrong = node("x", state="confirmed", ties=(poster,))
    assert network(node("a", ties=(SHARED, poster)), [*agency, wrong]) == Network()
    crew = node("y", state="confirmed", ties=(other,))
    assert [one.kind for one in network(node("a", ties=(SHARED, other)), [*agency, crew]).reasons] == ["contact"]


def test_a_contact_that_people_named_a_hub_says_nothing():
    assert network(node("a"), [node("b", state="confirmed")], frozenset({"crew_one"})) == Network()


def test_a_renamed_handle_counts_only_between_different_handles():
    stem = Tie("renamed", "crew_one_hr2", ("stem:crew_one_hr",))
    old = node("b", state="confirmed", ties=(stem,), names=frozenset({"crew_one_hr"}))
    new = node("a", ties=(stem,), names=frozenset({"crew_one_hr2"}))
    assert [one.kind for one in network(new, [old]).reasons] == ["renamed"]
    assert network(new, [node("c", state="confirmed", ties=(stem,), names=frozenset({"crew_one_hr2"}))]) == Network()


def test_many_names_and_bursts_only_add_to_what_is_known():
    words = Tie("words", "its words", ("words:1",))
    copies = [node(str(n), ties=(words,), names=frozenset({f"name_{n}"})) for n in range(4)]
    assert network(copies[0], copies[1:]) == Network()
    known = [*copies[1:], node("x", state="confirmed", ties=(words,), names=frozenset({"name_x"}))]
    assert [one.kind for one in network(copies[0], known).reasons] == ["words", "names"]
    spread = [node(str(n), source=str(n), state="confirmed" if n == 1 else "open") for n in range(4)]
    assert [one.kind for one in network(spread[0], spread[1:]).reasons] == ["contact", "burst"]
    late = [*spread[1:2], *(node(str(n), source=str(n), day=9) for n in range(2, 4))]
    assert [one.kind for one in network(spread[0], late).reasons] == ["contact"]


def test_points_are_bounded_and_order_changes_nothing():
    assert Network(reasons=tuple(NetworkReason(kind="contact", points=45.0, why="") for _ in range(3))).points == MOST
    others = [node("b", state="confirmed"), node("c", state="dismissed"), node("d"), node("e", state="confirmed", day=2)]
    assert network(node("a"), others) == network(node("a"), others[::-1])
