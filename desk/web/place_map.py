"""Where the places lie that a text names, as a small map drawn on the server over ``static/land.svg``.

It shows what the text says and counts nothing: no place, least of all a country, is evidence by itself.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from enrichment.assessment import Place
from enrichment.errors import SeedsError
from foundation.yaml_limits import YamlRefused, compose_limited, values_of

PER_DEGREE = 10
"""Units of the map in a degree; latitude is drawn downwards."""
LEAST_WIDTH, ASPECT = 250, 1.6
"""Degrees times ``PER_DEGREE`` that a map shows at least from west to east, and how much wider than high it is."""
MARGIN = 1.4
"""How much wider than its places a map is: names stand beside them."""
NEAR = 0.04
"""Share of the width within which places are one point: their names would lie on each other."""
Position = tuple[float, float]
"""Latitude and longitude, in degrees."""


class MapPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A point of the map and the places that lie there."""

    names: str
    x: float
    y: float
    leftwards: bool
    """Its name stands at the left, because there is no room at the right."""


class PlaceMap(msgspec.Struct, frozen=True, kw_only=True):
    """A window of the world with points in it."""

    left: float
    top: float
    width: float
    height: float
    points: tuple[MapPoint, ...]
    unplaced: tuple[str, ...]
    """Places named whose position is not known."""

    @property
    def unit(self) -> float:
        """What letters and points are sized by."""
        return self.width / 100


def read_positions(file: Path) -> dict[str, Position]:
    """Return where each place of ``positions.yml`` lies; nothing where there is no such file.

    Raises SeedsError naming file and fix.
    """
    if not file.is_file():
        return {}
    try:
        loaded = values_of(compose_limited(file))
        found: dict[str, Position] = msgspec.convert(loaded["positions"], dict[str, Position])
    except YamlRefused as exc:
        raise SeedsError(f"{file}:{exc.line}: {exc}") from exc
    except (msgspec.ValidationError, ValueError, TypeError, KeyError) as exc:
        raise SeedsError(f"{file}: {exc}; write `positions:` with a line `name: [latitude, longitude]` for each place") from exc
    for name, (latitude, longitude) in found.items():
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            raise SeedsError(f"{file}: {name} lies nowhere; write [latitude, longitude] in degrees")
    return found


def place_map(places: Iterable[Place], positions: Mapping[str, Position]) -> PlaceMap | None:
    """Return the map of the places named, None when none can be drawn; a country gives way to places in it."""
    named = list({place.name: place for place in places}.values())
    drawn = list(_drawn_places(named, positions))
    if not drawn:
        return None
    spots = [(positions[name][1] * PER_DEGREE, -positions[name][0] * PER_DEGREE) for name in drawn]
    (west, east), (north, south) = ((min(values), max(values)) for values in zip(*spots, strict=True))
    width = max(LEAST_WIDTH, MARGIN * (east - west), MARGIN * (south - north) * ASPECT)
    left, top = (west + east - width) / 2, (north + south - width / ASPECT) / 2
    points: dict[tuple[float, float], list[str]] = {}
    for name, spot in zip(drawn, spots, strict=True):
        here = next((point for point in points if math.dist(point, spot) < NEAR * width), spot)
        points.setdefault(here, []).append(name)
    return PlaceMap(
        left=round(left, 1),
        top=round(top, 1),
        width=round(width, 1),
        height=round(width / ASPECT, 1),
        points=tuple(
            MapPoint(names=", ".join(names), x=round(x, 1), y=round(y, 1), leftwards=x > left + width * 0.6)
            for (x, y), names in points.items()
        ),
        unplaced=tuple(place.name for place in named if place.name not in positions),
    )


def _drawn_places(named: Iterable[Place], positions: Mapping[str, Position]) -> Iterator[str]:
    """Yield the names of the places that are drawn."""
    known = [place for place in named if place.name in positions]
    closer = {place.country for place in known if place.kind != "country"}
    return (place.name for place in known if place.kind != "country" or place.country not in closer)
