"""The map shows where a text says, and nothing where it says nothing."""

import re
from xml.etree import ElementTree

import msgspec
import pytest

from desk.web.place_map import place_map, read_positions
from enrichment.assessment import Place
from enrichment.errors import SeedsError
from enrichment.facts.places import spellings

POSITIONS = {"Myawaddy": (16.69, 98.51), "Bavet": (11.07, 106.13), "Myanmar": (21.0, 96.2), "KK Park": (16.69, 98.51)}


def place(name, country="MM", kind="town"):
    return Place(name=name, country=country, kind=kind, start=0, end=1)


def test_a_map_holds_every_place_once_within_its_window():
    made = place_map([place("Myawaddy"), place("Bavet", "KH"), place("Bavet", "KH"), place("Venus", "KH")], POSITIONS)
    assert [point.names for point in made.points] == ["Myawaddy", "Bavet"]
    assert made.unplaced == ("Venus",)
    for point in made.points:
        assert made.left < point.x < made.left + made.width
        assert made.top < point.y < made.top + made.height
    assert [point.leftwards for point in made.points] == [False, True]


def test_places_of_one_spot_are_one_point_and_a_country_gives_way_to_its_places():
    made = place_map([place("Myawaddy"), place("KK Park"), place("Myanmar", kind="country")], POSITIONS)
    assert [point.names for point in made.points] == ["Myawaddy, KK Park"]
    assert [point.names for point in place_map([place("Myanmar", kind="country")], POSITIONS).points] == ["Myanmar"]


@pytest.mark.parametrize("named", [[], [place("Venus")]])
def test_nothing_is_drawn_where_nothing_is_known(named):
    assert place_map(named, POSITIONS) is None


def test_shipped_positions_are_of_shipped_places(seeds):
    known = {spelling.name for _, spelling in spellings(seeds / "places.yml")}
    found = read_positions(seeds / "positions.yml")
    assert set(found) <= known
    assert len(found) >= 100


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("positions: {Nowhere: [91.0, 0.0]}", "Nowhere lies nowhere"),
        ("positions: {Nowhere: [north]}", "latitude, longitude"),
        ("positions: [", "positions.yml:2: not YAML"),
        ("places: []", "latitude, longitude"),
    ],
)
def test_a_wrong_file_is_named_with_its_fix(tmp_path, text, told):
    file = tmp_path / "positions.yml"
    file.write_text(text)
    with pytest.raises(SeedsError, match=re.escape(told)):
        read_positions(file)
    assert read_positions(tmp_path / "none.yml") == {}


def test_the_outline_is_a_drawing_without_scripts_or_references(seeds):
    file = seeds.parent / "desk" / "web" / "static" / "land.svg"
    assert file.stat().st_size <= 30_000
    drawn = [element.tag.rpartition("}")[2] for element in ElementTree.fromstring(file.read_text()).iter()]
    assert drawn == ["svg", "path"]


def test_an_item_shows_its_places_and_says_that_they_count_for_nothing(login, store, desk, record):
    object.__setattr__(desk, "positions", POSITIONS)
    made = record(1)
    places = (place("Bavet", "KH"), place("<b>Venus</b>", "KH"))
    store.put([msgspec.structs.replace(made, assessment=msgspec.structs.replace(made.assessment, places=places))])
    page = login("minh").page(f"/item/{made.id}")
    assert 'aria-label="Map of places the text names: Bavet"' in page
    assert "counts for nothing by itself" in page
    assert "Not drawn: &lt;b&gt;Venus&lt;/b&gt;" in page
    other = record(2)
    store.put([msgspec.structs.replace(other, assessment=msgspec.structs.replace(other.assessment, places=()))])
    assert "placemap" not in login("minh").page(f"/item/{other.id}")
